"""Find a province's cities and counties by what files call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd

from data.loader import Province
from data.uploads.sites.vocabulary import bare, suffixes

_MIN_STEM = 2
"""A name keeps two letters at least when its suffix is left out."""


@dataclass(frozen=True)
class NamedArea:
    """An area that a row names; ``county`` is ``None`` where a city is all that is known."""

    city: int
    county: int | None = None


class AreaNames:
    """The names of a province's areas, with and without suffixes, in Chinese and pinyin."""

    def __init__(self, province: Province) -> None:
        self._province_words = _forms((province.settings.name.zh, province.settings.name.en))
        self._city_of = {
            int(adcode): int(city) for adcode, city in province.counties["city_adcode"].items()
        }
        self._cities = _index(province.cities)
        self._counties = _index(province.counties)
        self._city_adcodes = {int(adcode) for adcode in province.cities.index}
        self._labels = {
            int(adcode): f"{zh} ({en})"
            for table in (province.cities, province.counties)
            for adcode, zh, en in zip(table.index, table["name_zh"], table["name_en"], strict=True)
        }

    def label(self, adcode: int) -> str:
        """Return an area's names in both languages."""
        return self._labels[adcode]

    def by_adcode(self, text: str) -> NamedArea | None:
        """Return the area of an adcode of 6, 9 or 12 digits; ``None`` where there is none."""
        digits = text.strip().removesuffix(".0")
        if len(digits) not in (6, 9, 12) or not (digits.isascii() and digits.isdigit()):
            return None
        code = int(digits[:6])
        if code in self._city_of:
            return NamedArea(self._city_of[code], code)
        return NamedArea(code) if code in self._city_adcodes else None

    def cities(self, text: str) -> tuple[NamedArea, ...]:
        """Return the cities that ``text`` can mean; a county-level city counts as a county."""
        found = self._find(text, self._cities)
        return tuple(NamedArea(code) for code in found) or self.counties(text)

    def counties(self, text: str, city: int | None = None) -> tuple[NamedArea, ...]:
        """Return the counties that ``text`` can mean, of one city where ``city`` is given."""
        found = self._find(text, self._counties)
        areas = tuple(NamedArea(self._city_of[code], code) for code in found)
        return tuple(one for one in areas if city is None or one.city == city)

    def counties_with_city(self, text: str) -> tuple[NamedArea, ...]:
        """Return the counties of a name that begins with the name of its city."""
        return tuple(
            area
            for code, rest in self._rests(bare(text), self._cities)
            for area in self.counties(rest, code)
        )

    def _find(self, text: str, index: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
        plain = bare(text)
        for form in (plain, *(_rest(plain, word) for word in self._province_words)):
            for name in (form, *_stems(form)) if form else ():
                if name in index:
                    return index[name]
        return ()

    def _rests(self, plain: str, index: dict[str, tuple[int, ...]]) -> Iterable[tuple[int, str]]:
        for start in (plain, *(_rest(plain, word) for word in self._province_words)):
            for word in sorted(index, key=len, reverse=True):
                if start.startswith(word) and len(start) > len(word):
                    for code in index[word]:
                        yield code, start[len(word) :]


def _rest(plain: str, word: str) -> str:
    return plain[len(word) :] if plain.startswith(word) and plain != word else ""


def _stems(plain: str) -> list[str]:
    """Return the name without each suffix that it ends with."""
    return [
        plain[: -len(word)]
        for word in suffixes()
        if plain.endswith(word) and len(plain) - len(word) >= _MIN_STEM
    ]


def _forms(names: Iterable[str]) -> list[str]:
    plain = [bare(name) for name in names]
    return sorted({*plain, *(name[:-1] for name in plain if not name.isascii())}, key=len)[::-1]


def _index(table: gpd.GeoDataFrame) -> dict[str, tuple[int, ...]]:
    """Index names: a full name hides the same letters as another's stem."""
    full: defaultdict[str, list[int]] = defaultdict(list)
    stems: defaultdict[str, list[int]] = defaultdict(list)
    for adcode, zh, en in zip(table.index, table["name_zh"], table["name_en"], strict=True):
        for name in {bare(zh), bare(en)}:
            full[name].append(int(adcode))
            for stem in _stems(name):
                stems[stem].append(int(adcode))
    every = {name: tuple(sorted(set(codes))) for name, codes in stems.items()}
    return every | {name: tuple(sorted(set(codes))) for name, codes in full.items()}
