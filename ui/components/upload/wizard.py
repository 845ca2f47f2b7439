"""The wizard that turns a file into own data: each step appears when the one before is done."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from data.datum import Datum
from data.errors import AtlasError
from data.own.own_source import MOST_SITES
from data.uploads.formats.encoding import ENCODINGS
from data.uploads.limits import RefusedError
from data.uploads.sandbox.walls import prepare_readers, walls
from data.uploads.sites.mapping import Mapping
from data.uploads.uploaded_file import Interpretation
from ui.components.markdown_text import escape
from ui.components.upload.columns_step import columns_step
from ui.components.upload.datum_step import crs_step, datum_step
from ui.components.upload.preview_step import check_step
from ui.state.session import Session
from ui.state.uploading import Upload, forget_upload, open_upload, turn
from ui.words.messages import sentences

_ENCODING = "data.encoding"
_LAYER = "data.layer"
_FEWEST_LAYERS = 2
_SHOWN_ROWS = 5


def upload_wizard(session: Session) -> None:
    """Ask for a file, and for what it does not tell by itself."""
    st.subheader(session.say("data.step_file"), anchor=False)
    _own_words(session)
    file = st.file_uploader(
        session.say("data.choose"),
        key=f"data.file.{turn()}",
        help=session.say("data.choose_help"),
    )
    st.caption(session.say("data.private"))
    _walls(session)
    if file is None:
        forget_upload()
        return
    key = f"{turn()}.{file.file_id}"
    upload = _read(session, key, file.name, file.getvalue())
    if upload is None:
        return
    _about(session, upload)
    _layer_box(session, upload)
    _encoding(session, upload)
    head = upload.file.table.frame.head(_SHOWN_ROWS)
    st.dataframe(head.rename_axis(session.say("data.fault_row")), height="content")
    st.subheader(session.say("data.step_columns"), anchor=False)
    target = _target(session, upload)
    mapping = columns_step(session, upload, target)
    if not _complete(session, upload, mapping, target):
        return
    _steps_after(session, upload, mapping, target)


def _walls(session: Session) -> None:
    """Get readers ready, and say which walls around them this system lacks."""
    with suppress(OSError):
        prepare_readers()
        if missing := walls().missing:
            named = session.say("list.separator").join(
                session.say(f"data.wall_{name}") for name in missing
            )
            st.caption(session.say("data.walls_missing", missing=named))


def _own_words(session: Session) -> None:
    """Name the kinds of file, where Streamlit lists endings."""
    kinds = session.say("data.choose_help")
    zone = '[data-testid="stFileUploaderDropzoneInstructions"]'
    st.html(
        f"""<style>
        {zone} {{ font-size: 0; }}
        {zone} * {{ display: none; }}
        {zone}::after {{ font-size: 0.875rem; content: "{kinds}"; }}
        </style>"""
    )


def _steps_after(session: Session, upload: Upload, mapping: Mapping, target: str) -> None:
    crs: str | None = None
    datum: Datum | None = None
    try:
        if upload.file.has_coordinates(mapping):
            st.subheader(session.say("data.step_datum"), anchor=False)
            crs, ready = crs_step(session, upload, mapping)
            datum = _datum(session, upload, mapping, crs) if ready else None
            if datum is None:
                return
        st.subheader(session.say("data.step_check"), anchor=False)
        check_step(session, upload, Interpretation(mapping, datum or "wgs84", crs), target)
    except AtlasError as error:
        show_problem(session, error)


def _datum(session: Session, upload: Upload, mapping: Mapping, crs: str | None) -> Datum | None:
    """Return the datum that the file states, or else that which the person chooses."""
    stated = upload.file.stated_datum(mapping)
    if stated is None:
        return datum_step(session, upload, mapping, crs)
    st.caption(session.say("data.datum_stated", datum=session.say(f"datum.{stated}")))
    return stated


def _read(session: Session, key: str, name: str, content: bytes) -> Upload | None:
    encoding = st.session_state.get(f"{_ENCODING}.{key}")
    if encoding == "":
        encoding = None
    place = st.empty()

    def tell(stage: str) -> None:
        if stage == "done":
            place.empty()
        else:
            place.info(session.say(f"data.stage_{stage}"), icon=":material/hourglass_top:")

    try:
        layer = st.session_state.get(f"{_LAYER}.{key}")
        return open_upload(key, name, content, tell, encoding=encoding, layer=layer)
    except AtlasError as error:
        place.empty()
        show_problem(session, error)
        if encoding is not None:
            _encoding_box(session, key, "")
        return None


def show_problem(session: Session, error: AtlasError) -> None:
    """Say why a file or a step did not work, and what to do."""
    if isinstance(error, RefusedError):
        st.error(error.note.say(session.language), icon=":material/error:")
        st.caption(session.say("data.refused_hint"))
        return
    heading, *details = sentences(error, session.language)
    st.error(heading)
    if details:
        st.code("\n".join(details[:20]), language=None)


def _about(session: Session, upload: Upload) -> None:
    file, table = upload.file, upload.file.table
    rows = session.say("data.rows_first" if file.large else "data.rows", count=len(table.frame))
    parts = [
        f"**{escape(file.name)}**",
        _size(len(file.content)),
        table.driver,
        rows,
        session.say("data.column_count", count=len(table.frame.columns)),
    ]
    if table.encoding and not file.leaves_encoding_open:
        parts.append(session.label("data.encoding", table.encoding))
    if table.crs:
        parts.append(session.label("data.crs", _crs_name(table.crs)))
    st.markdown(" · ".join(parts))
    for note in table.notes:
        st.caption(escape(note.say(session.language)))
    if file.large:
        began = upload.ahead is not None
        st.caption(session.say("data.large_note_ahead" if began else "data.large_note"))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _crs_name(crs: str) -> str:
    from pyproj import CRS

    return str(CRS.from_user_input(crs).name)


def _layer_box(session: Session, upload: Upload) -> None:
    """Let a person choose the sheet or layer, where the file has several."""
    table = upload.file.table
    if len(table.layers) < _FEWEST_LAYERS:
        return
    st.selectbox(
        session.say("data.layer"),
        table.layers,
        index=None,
        placeholder=session.say("data.layer_read", layer=table.layer or ""),
        key=f"{_LAYER}.{upload.key}",
        width=320,
    )


def _encoding(session: Session, upload: Upload) -> None:
    if upload.file.leaves_encoding_open:
        detected = "" if upload.file.encoding else (upload.file.table.encoding or "")
        _encoding_box(session, upload.key, detected)


def _encoding_box(session: Session, key: str, detected: str) -> None:
    def words(value: str) -> str:
        if value:
            return value.upper()
        found = detected.removesuffix("-sig").upper()
        return session.say("data.detected", encoding=found) if found else session.say("data.detect")

    st.selectbox(
        session.say("data.encoding"),
        ["", *ENCODINGS],
        format_func=words,
        key=f"{_ENCODING}.{key}",
        help=session.say("data.encoding_help"),
        width=320,
    )


def _target(session: Session, upload: Upload) -> str:
    """Ask whether the rows are sites of the atlas or plain points with columns of their own."""
    many = upload.file.large or len(upload.file.table.frame) > MOST_SITES
    choices = ["points"] if many else ["sites", "points"]
    chosen = st.radio(
        session.say("data.target"),
        choices,
        index=0 if many or upload.file.guessed.has_name else 1,
        format_func=lambda name: session.say(f"data.target_{name}"),
        captions=[session.say(f"data.target_{name}_note") for name in choices],
        key=f"data.target.{upload.key}",
    )
    if many:
        st.caption(session.say("data.many_note", limit=MOST_SITES))
    return chosen or choices[0]


def _complete(session: Session, upload: Upload, mapping: Mapping, target: str) -> bool:
    """Say what is missing before rows can be placed."""
    needs = []
    if not upload.file.has_place(mapping):
        needs.append("intake.needs_place")
    if target == "sites" and not mapping.has_name:
        needs.append("intake.needs_name")
    for key in needs:
        st.info(session.say(key), icon=":material/arrow_upward:")
    return not needs
