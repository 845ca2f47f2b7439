"""The step of the wizard that says which column holds what: guessed, shown, changeable."""

from __future__ import annotations

import streamlit as st

from data.uploads.sites.mapping import PLACE_FIELDS, Field, Mapping
from ui.components.markdown_text import escape
from ui.state.session import Session
from ui.state.uploading import Upload

_SITE: tuple[Field, ...] = (
    *("name_zh", "name_en", "sector", "segment", "status", "year", "capacity", "capacity_unit"),
    *("owner", "address"),
)
_WRITTEN: tuple[Field, ...] = (
    *("kind", "status_date", "capacity_meaning", "year_meaning", "precision"),
    *("note_zh", "note_en", "checked"),
)
"""What hardly any list but the atlas's own tells: asked where a column was found."""
_COORDINATES = ("longitude", "latitude", "coordinates")
_A_ROW = 5


def columns_step(session: Session, upload: Upload, target: str) -> Mapping:
    """Show a box for each field with the column that was guessed for it."""
    columns = [str(name) for name in upload.file.table.frame.columns]
    mapping = Mapping()
    groups = [("data.fields_place", _fields_of_place(upload, target))]
    if target == "sites":
        guessed = upload.file.guessed
        written = tuple(name for name in _WRITTEN if guessed.column(name) is not None)
        groups.append(("data.fields_site", (*_SITE, *written)))
    for heading, fields in groups:
        if not fields:
            continue
        st.markdown(f"**{session.say(heading)}**")
        for start in range(0, len(fields), _A_ROW):
            places = st.columns(_A_ROW)
            for place, name in zip(places, fields[start : start + _A_ROW], strict=False):
                with place:
                    mapping = mapping.changed(name, _box(session, upload, name, columns))
    doubled = _doubled(mapping)
    if doubled:
        st.warning(session.say("data.doubled", columns=escape(", ".join(doubled))))
    return mapping


def _fields_of_place(upload: Upload, target: str) -> tuple[Field, ...]:
    # Sites have an address anyway, among what else is known of them.
    fields: tuple[Field, ...] = PLACE_FIELDS if target == "sites" else (*PLACE_FIELDS, "address")
    if upload.file.table.geometry is not None:
        return tuple(name for name in fields if name not in _COORDINATES)
    return fields


def _box(session: Session, upload: Upload, name: Field, columns: list[str]) -> str | None:
    guess = upload.file.guessed.column(name)
    chosen = st.selectbox(
        session.say(f"field.{name}"),
        columns,
        index=columns.index(guess) if guess in columns else None,
        placeholder=session.say("data.no_column"),
        key=f"data.field.{name}.{upload.key}.{upload.file.encoding}.{upload.file.layer}",
    )
    if chosen is None:
        return None
    values = upload.file.table.frame[chosen].dropna()
    example = str(values.iloc[0])[:24] if len(values) else session.say("data.empty_column")
    key = "data.guessed_example" if chosen == guess else "data.example"
    st.caption(escape(session.say(key, value=example)))
    return chosen


def _doubled(mapping: Mapping) -> list[str]:
    names = [column for _, column in mapping.pairs]
    return sorted({name for name in names if names.count(name) > 1})
