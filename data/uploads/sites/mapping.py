"""Guess which column holds what, from its heading and its values; the caller may change it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from data.datum import CHINA_BOX
from data.errors import UnknownChoiceError
from data.uploads.sites.vocabulary import bare, headings

Field = Literal[
    "name_zh",
    "name_en",
    "longitude",
    "latitude",
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
]
FIELDS: tuple[Field, ...] = get_args(Field)
PLACE_FIELDS: tuple[Field, ...] = ("longitude", "latitude", "adcode", "city", "county")

_SHARE = 0.8
"""The share of the values of a column that must fit its field."""

_RANGES: dict[str, tuple[float, float]] = {
    "longitude": (CHINA_BOX[0], CHINA_BOX[2]),
    "latitude": (CHINA_BOX[1], CHINA_BOX[3]),
    "year": (1950, 2100),
}
_SAMPLE = 500
_NUMBERS = {"longitude", "latitude", "value"}
_HAN = re.compile(r"[\u4e00-\u9fff]")


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
        fields = {field for field, _ in self.pairs}
        return {"longitude", "latitude"} <= fields or bool(fields & {"adcode", "city", "county"})

    @property
    def has_name(self) -> bool:
        """Whether a column names rows."""
        return bool({field for field, _ in self.pairs} & {"name_zh", "name_en"})


def guess_mapping(columns: Iterable[str], rows: pd.DataFrame) -> Mapping:
    """Guess the mapping of ``columns`` by the first 500 of ``rows``.

    A heading must fit and the values must not speak against it. Longitude, latitude and the
    name are found by their values alone where no heading fits and one column only can be it.
    """
    sample = rows.head(_SAMPLE)
    names = [name for name in columns if name in sample.columns]
    spellings = {name: (bare(name), _latin_words(name)) for name in names}
    scores = [
        (score, field, name)
        for field, words in headings().items()
        for name in names
        if (score := _score(*spellings[name], words)) > 0 and _fits(field, sample[name])
    ]
    found: dict[str, str] = {}
    for _, field, name in sorted(scores, key=lambda item: -item[0]):
        if field not in found and name not in found.values():
            found[field] = name
    _add_by_values(found, names, sample)
    return Mapping(tuple((field, found[field]) for field in FIELDS if field in found))


def _score(plain: str, latin: frozenset[str], words: tuple[str, ...]) -> float:
    """Score a heading: 100 for a word itself, else the length of the longest word in it.

    A word in Latin letters stands by itself there: ``lat`` is not in ``platform``.
    """
    if plain in words:
        return 100.0 - words.index(plain) / 100
    inside = [
        len(word)
        for word in words
        if len(word) >= 2 and word in plain and (word in latin or not word.isascii())
    ]
    return float(max(inside, default=0))


def _latin_words(heading: str) -> frozenset[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return frozenset(re.split(r"[^a-z0-9]+", split.lower()))


def _fits(field: str, values: pd.Series) -> bool:
    known = values.dropna()
    if known.empty:
        return True
    texts = known.astype(str).str.strip()
    if field == "adcode":
        return float(texts.str.fullmatch(r"\d{6}(\d{3}|\d{6})?(\.0)?").mean()) >= _SHARE
    if field == "year":
        texts = texts.str.extract(r"^(\d{4})(?!\d)", expand=False)
    if field in _RANGES:
        numbers = pd.to_numeric(texts, errors="coerce")
        return float(numbers.between(*_RANGES[field]).mean()) >= _SHARE
    if field in _NUMBERS:
        numbers = pd.to_numeric(texts.str.replace(",", ""), errors="coerce")
        return float(numbers.notna().mean()) >= _SHARE
    return True


def _add_by_values(found: dict[str, str], names: list[str], sample: pd.DataFrame) -> None:
    free = [name for name in names if name not in found.values() and sample[name].notna().any()]
    if "longitude" not in found and "latitude" not in found:
        fractions = [name for name in free if _has_fractions(sample[name])]
        east = [name for name in fractions if _fits("longitude", sample[name])]
        north = [name for name in fractions if _fits("latitude", sample[name])]
        if len(east) == len(north) == 1:
            found["longitude"], found["latitude"] = east[0], north[0]
            free = [name for name in free if name not in (east[0], north[0])]
    if "name_zh" not in found and "name_en" not in found:
        texts = [name for name in free if _is_name(sample[name])]
        if len(texts) == 1:
            found["name_zh"] = texts[0]


def _has_fractions(values: pd.Series) -> bool:
    numbers = pd.to_numeric(values.dropna().astype(str), errors="coerce").dropna()
    return bool(len(numbers)) and bool((numbers % 1 != 0).mean() >= _SHARE)


def _is_name(values: pd.Series) -> bool:
    texts = values.dropna().astype(str)
    return bool(texts.str.contains(_HAN).mean() >= _SHARE) and texts.is_unique and len(texts) > 1
