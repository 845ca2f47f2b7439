"""Say which columns look like places or another field and are not used, and why."""

from __future__ import annotations

import pandas as pd

from data.datum import Datum
from data.uploads.limits import Note, note
from data.uploads.sites.column_values import fits, is_place_pair, known_texts
from data.uploads.sites.coordinate_text import angle_in
from data.uploads.sites.heading_words import scores, without_words
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.vocabulary import datum_of_heading
from data.uploads.sites.written_list import written_list_fields

_SAMPLE = 500
_HALF_TURN = 180.0
_LONGEST = 300
_PLACES = ("longitude", "latitude", "coordinates")
_CLEAR = 2.0
"""How well a heading must fit to count: a word of two letters at least."""


def column_notes(
    frame: pd.DataFrame, mapping: Mapping, datum: Datum, *, has_geometry: bool
) -> tuple[Note, ...]:
    """Return what a person should know of the columns that are not read, and of places."""
    return (
        *_unused(frame.head(_SAMPLE), mapping, has_geometry=has_geometry),
        *_unfit(frame.head(_SAMPLE), mapping),
        *_swapped(mapping, frame.head(_SAMPLE)),
        *_other_datum(mapping, datum),
    )


def unread_places(frame: pd.DataFrame, mapping: Mapping) -> str:
    """Return the columns that look like places and are none, each with a value; empty: none."""
    found = (dict(one.details) for one in _unused(frame.head(_SAMPLE), mapping, has_geometry=False))
    return ", ".join(f"{one['column']} ({one['value']})" for one in found if "value" in one)


def written_list_notes(frame: pd.DataFrame, mapping: Mapping) -> tuple[Note, ...]:
    """Return what a person should know of a list that the atlas wrote: what is not taken over."""
    if not written_list_fields(map(str, frame.columns)):
        return ()
    used = {column for _, column in mapping.pairs}
    left = [
        name for name in map(str, frame.columns) if name not in used and known_texts(frame[name])
    ]
    return (note("written_list", columns=", ".join(left)[:_LONGEST] or "-"),)


def for_datum(mapping: Mapping, frame: pd.DataFrame, datum: Datum) -> Mapping:
    """Return ``mapping`` with the pair of columns whose headings name ``datum``, if there is one.

    A file may hold its places twice, for two datums: never one half of each is taken.
    """
    east = mapping.column("longitude")
    if east is None or datum_of_heading(east) in (datum, None):
        return mapping
    sample = frame.head(_SAMPLE)
    sides = {
        field: {
            without_words(name, field): name
            for name in map(str, frame.columns)
            if datum_of_heading(name) == datum
            and field in scores(name)
            and fits(field, sample[name])
        }
        for field in ("longitude", "latitude")
    }
    both = sorted(set(sides["longitude"]) & set(sides["latitude"]))
    if len(both) != 1:
        return mapping
    changed = mapping.changed("longitude", sides["longitude"][both[0]])
    return changed.changed("latitude", sides["latitude"][both[0]])


def _unused(sample: pd.DataFrame, mapping: Mapping, *, has_geometry: bool) -> list[Note]:
    used = {column for _, column in mapping.pairs}
    taken = ", ".join(
        column
        for field in _PLACES
        if (column := mapping.column(field)) is not None  # type: ignore[arg-type]
    )
    notes = []
    for name in map(str, sample.columns):
        texts = known_texts(sample[name])
        if name in used or not texts or not _is_placelike(name, texts):
            continue
        if has_geometry:
            notes.append(note("unused_beside_geometry", column=name))
        elif taken:
            notes.append(note("unused_beside", column=name, taken=taken))
        else:
            notes.append(note("unused_place", column=name, value=texts[0][:40]))
    return notes


def _unfit(sample: pd.DataFrame, mapping: Mapping) -> list[Note]:
    """Return notes of columns whose headings are of a field, and whose values speak against it.

    None where the field has a column with a heading that fits as well.
    """
    used = {column for _, column in mapping.pairs}
    notes = []
    for name in map(str, sample.columns):
        rated = scores(name)
        texts = known_texts(sample[name])
        if name in used or not texts or not rated:
            continue
        field = max(rated, key=lambda one: rated[one])
        column = mapping.column(field)  # type: ignore[arg-type]
        is_better = column is None or scores(column).get(field, 0.0) < rated[field]
        is_clear = field not in _PLACES and rated[field] >= _CLEAR and is_better
        if is_clear and not fits(field, sample[name]):
            wrong = (text for text in texts if not fits(field, pd.Series([text])))
            notes.append(note("unread_column", column=name, value=next(wrong, texts[0])[:40]))
    return notes


def _is_placelike(name: str, texts: list[str]) -> bool:
    fields = {field for field, score in scores(name).items() if score >= _CLEAR}
    return (bool(fields & set(_PLACES)) and "address" not in fields) or all(
        is_place_pair(text) for text in texts[:50]
    )


def _swapped(mapping: Mapping, sample: pd.DataFrame) -> list[Note]:
    east, north = mapping.column("longitude"), mapping.column("latitude")
    if east is None or north is None:
        return []
    # Of metres either may come first: which is which their size tells.
    texts = [text for name in (east, north) for text in known_texts(sample[name])]
    angles = [angle_in(text) for text in texts]
    if any(one is not None and abs(one.value) > _HALF_TURN for one in angles):
        return []
    is_swapped = "latitude" in scores(east) and "longitude" in scores(north)
    return [note("swapped_headings", east=east, north=north)] if is_swapped else []


def _other_datum(mapping: Mapping, datum: Datum) -> list[Note]:
    east = mapping.column("longitude") or mapping.column("coordinates")
    named = None if east is None else datum_of_heading(east)
    if named in (None, datum):
        return []
    return [note("heading_datum", column=east, named=named, datum=datum)]
