"""Turn columns of data into columns to read: headings with units, words for codes, decimals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from data.loader import Province
from data.text import Language, catalogue, join, say
from layers.specification.derived import ALL_SECTORS
from layers.tables.read_table import (
    ReadColumn,
    digits,
    number_column,
    share_column,
    words_column,
    year_column,
)
from layers.words.plan_words import hub_name

_DECIMALS = {
    "area_km2": 1,
    "distance_km": 0,
    "hub_km": 0,
    "port_km": 0,
    "airport_km": 0,
    "main_road_km": 1,
    "railway_km": 1,
    "score": 1,
    "added": 1,
    "normalised": 2,
    "herfindahl": 3,
    "gini": 3,
    "proximity": 2,
    "similarity": 2,
    "gi_star": 2,
    "gi_p": 4,
    "moran": 2,
    "moran_p": 4,
    "longitude": 5,
    "latitude": 5,
}
_MOST_DECIMALS = 2
_YEARS = {"year", "first_year", "last_year", "earlier", "later"}
_SHARES = {"score_known"}
_SAID: dict[str, Callable[[str], str]] = {
    "state": lambda code: f"chain.state_{code}",
    "measured_by": lambda code: f"distance.{code}",
    "kind": lambda code: f"county_kind.{code}",
    "hot_spot": lambda code: f"hot_spots.{code}",
    "quadrant": lambda code: f"quadrant.{code}",
    "in_area": lambda code: f"area.{code}",
    "year_meaning": lambda code: f"year.{code}",
}
"""Columns whose codes have a phrase each."""

_LISTS = {"partners", "cities"}
"""Columns that join several values by semicolons."""

_NAMED = "_name"


@dataclass(frozen=True, eq=False)
class ColumnWords:
    """How columns of data are read in a language."""

    province: Province
    language: Language

    def knows(self, sheet: str, name: str) -> bool:
        """Say whether a column has a heading of its own."""
        return self._key(sheet, name) in catalogue(self.language)

    def head(self, sheet: str, name: str, unit: str = "") -> str:
        """Return the heading of a column of the sheet with the id ``sheet``."""
        hub = hub_name(self.province, self.language)
        return say(self._key(sheet, name), self.language, hub=hub, unit=unit)

    def _key(self, sheet: str, name: str) -> str:
        name = name.removesuffix(_NAMED).removesuffix(f"_{self.language}")
        special = f"column.{sheet}_{name}"
        return special if special in catalogue(self.language) else f"column.{name}"

    def column(
        self, head: str, name: str, values: pd.Series, decimals: int | Sequence[int] | None = None
    ) -> ReadColumn:
        """Return a column under ``head``, as its name and its values tell how it is read.

        ``decimals`` are those of numbers whose unit the name does not tell.
        """
        if name in _YEARS:
            return year_column(head, values)
        if name in _SHARES:
            return share_column(head, values)
        if decimals is None:
            decimals = _DECIMALS.get(name)
        if is_bool_dtype(values):
            words = {True: say("column.yes", self.language), False: say("column.no", self.language)}
            return words_column(head, [words[bool(value)] for value in values])
        if name in self._codes or name in _SAID:
            return words_column(head, [self._said(name, value) for value in values])
        if decimals is not None or is_numeric_dtype(values):
            values = values.astype(float)
            return number_column(
                head, values, digits(values, _MOST_DECIMALS) if decimals is None else decimals
            )
        return words_column(head, [self._said(name, value) for value in values])

    def _said(self, name: str, value: object) -> str | None:
        """Return what a code is called; other text as it is."""
        if value is None or pd.isna(value):
            return None
        if name in _LISTS:
            return join([self._named(name, one) for one in str(value).split(";")], self.language)
        return self._named(name, value)

    def _named(self, name: str, value: object) -> str:
        names = self._codes.get(name)
        if names is not None:
            key = str(int(value)) if isinstance(value, float) else str(value)
            return names.get(key, str(value))
        if name in _SAID:
            code = str(value).replace(", ", "_").replace(" ", "_").replace("-", "_")
            return say(_SAID[name](code), self.language)
        return str(value)

    @cached_property
    def _codes(self) -> dict[str, dict[str, str]]:
        """What the ids of a column are called, by its name."""
        province, language = self.province, self.language
        field = f"name_{language}"
        sectors = {one.id: one.name.say(language) for one in province.plan.sectors}
        sectors[ALL_SECTORS] = say("ranking.all_sectors", language)
        cities = {str(adcode): str(name) for adcode, name in province.cities[field].items()}
        companies = {str(name): str(words) for name, words in province.companies[field].items()}
        return {
            "sector": sectors,
            "main_sector": sectors,
            "city_adcode": cities,
            "cities": cities,
            "group": companies,
        }
