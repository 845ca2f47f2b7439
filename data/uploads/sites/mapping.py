"""Guess which column holds what, from its heading and its values; the caller may change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from data.errors import UnknownChoiceError
from data.uploads.sites.column_values import (
    fits,
    has_fractions,
    is_area,
    is_name,
    is_place_pair,
    known_texts,
)
from data.uploads.sites.heading_words import scores, without_words
from data.uploads.sites.written_list import written_list_fields

Field = Literal[
    "name_zh",
    "name_en",
    "longitude",
    "latitude",
    "coordinates",
    "adcode",
    "city",
    "county",
    "sector",
    "segment",
    "status",
    "year",
    "capacity",
    "capacity_unit",
    "owner",
    "address",
    "value",
    "kind",
    "status_date",
    "capacity_meaning",
    "year_meaning",
    "precision",
    "note_zh",
    "note_en",
    "checked",
]
FIELDS: tuple[Field, ...] = get_args(Field)
PLACE_FIELDS: tuple[Field, ...] = (
    *("longitude", "latitude", "coordinates", "adcode", "city", "county"),
)

_SAMPLE = 500
_WHOLE_HEADING = 100.0


@dataclass(frozen=True)
class Mapping:
    """Which column holds what: pairs of field and column; a field is there once at most."""

    pairs: tuple[tuple[Field, str], ...] = ()

    def column(self, field: Field) -> str | None:
        """Return the column of ``field``, or ``None``."""
        return dict(self.pairs).get(field)

    def changed(self, field: str, column: str | None) -> Mapping:
        """Return the mapping with another column for ``field``; ``None`` takes it out.

        Raises ``UnknownChoiceError`` for a field that is not there.
        """
        if field not in FIELDS:
            raise UnknownChoiceError("field", field, FIELDS)
        kept = {name: found for name, found in self.pairs if name != field}
        if column is not None:
            kept[field] = column
        return Mapping(tuple((name, kept[name]) for name in FIELDS if name in kept))

    @property
    def has_place(self) -> bool:
        """Whether a column tells where a row is."""
        return self.has_coordinates or self.has_area

    @property
    def has_area(self) -> bool:
        """Whether a column tells the city or county of rows."""
        fields = {field for field, _ in self.pairs}
        return bool(fields & {"adcode", "city", "county", "address"})

    @property
    def has_coordinates(self) -> bool:
        """Whether a column, or two, hold coordinates."""
        fields = {field for field, _ in self.pairs}
        return {"longitude", "latitude"} <= fields or "coordinates" in fields

    @property
    def has_name(self) -> bool:
        """Whether a column names rows."""
        return bool({field for field, _ in self.pairs} & {"name_zh", "name_en"})


def guess_mapping(columns: Iterable[str], rows: pd.DataFrame) -> Mapping:
    """Guess the mapping of ``columns`` by the first 500 of ``rows``.

    A heading must fit and the values must not speak against it. Longitude and latitude are a
    pair whose headings are alike. Places, areas and the name are found by their values alone
    where no heading fits and one column only can be it. In a list that the atlas wrote, each
    heading alone tells what its column holds.
    """
    sample = rows.head(_SAMPLE)
    names = [name for name in columns if name in sample.columns]
    written = written_list_fields(names)
    if written:
        return _mapping(written)
    rated = [
        (score + _preferred(field, sample[name]), field, name)
        for name in names
        for field, score in scores(name).items()
        if fits(field, sample[name])
    ]
    found: dict[str, str] = {}
    for _, field, name in sorted(rated, key=lambda item: -item[0]):
        if field not in found and name not in found.values():
            found[field] = name
    _pair_up(found, rated)
    _add_by_values(found, names, sample)
    if {"longitude", "latitude"} <= set(found):
        found.pop("coordinates", None)
    return _mapping(found)


def _mapping(found: dict[str, str]) -> Mapping:
    return Mapping(tuple((field, found[field]) for field in FIELDS if field in found))


def _preferred(field: str, values: pd.Series) -> float:
    """Return what a pair of coordinates counts for more than a heading that is an address, too."""
    return _WHOLE_HEADING if field == "coordinates" and known_texts(values) else 0.0


def _pair_up(found: dict[str, str], rated: list[tuple[float, str, str]]) -> None:
    """Let the latitude be the one that stands with the longitude, where there are several."""
    if not {"longitude", "latitude"} <= set(found):
        return
    wanted = without_words(found["longitude"], "longitude")
    taken = set(found.values()) - {found["latitude"]}
    same = [
        name
        for _, field, name in rated
        if field == "latitude" and name not in taken and without_words(name, field) == wanted
    ]
    if same and found["latitude"] not in same:
        found["latitude"] = same[0]


def _add_by_values(found: dict[str, str], names: list[str], sample: pd.DataFrame) -> None:
    def free() -> list[str]:
        return [name for name in names if name not in found.values() and known_texts(sample[name])]

    if not {"longitude", "latitude"} & set(found) and "coordinates" not in found:
        _add_coordinates(found, free(), sample)
    if not {"adcode", "city", "county"} & set(found):
        areas = [name for name in free() if is_area(sample[name])]
        # The larger area is written first.
        found |= dict(
            zip(("city", "county") if len(areas) == 2 else ("county",), areas, strict=False)
        )
    if "name_zh" not in found and "name_en" not in found:
        texts = [name for name in free() if is_name(sample[name])]
        if len(texts) == 1:
            found["name_zh"] = texts[0]


def _add_coordinates(found: dict[str, str], free: list[str], sample: pd.DataFrame) -> None:
    fractions = [name for name in free if has_fractions(sample[name])]
    named = [name for name in free if {"longitude", "latitude"} & set(scores(name))]
    for some in (fractions, named):
        east = [name for name in some if fits("longitude", sample[name])]
        north = [name for name in some if fits("latitude", sample[name])]
        if len(east) == len(north) == 1 and east != north:
            found["longitude"], found["latitude"] = east[0], north[0]
            return
    pairs = [
        name for name in free if all(is_place_pair(text) for text in known_texts(sample[name])[:50])
    ]
    if len(pairs) == 1:
        found["coordinates"] = pairs[0]
