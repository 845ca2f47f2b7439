"""Find a province's cities and counties by what files call them: names, codes, whole addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from data.loader import Province
from data.uploads.sites.area_spellings import (
    MIN_STEM,
    digits,
    forms_of,
    index_of,
    rest_of,
    stems_of,
    suffix_of,
    without_suffix_in_front,
)
from data.uploads.sites.vocabulary import area_words, bare

_CODE_LENGTHS = (6, 9, 12)
_FIRST_ZONE = 70


@dataclass(frozen=True)
class NamedArea:
    """An area that a row names; ``county`` is ``None`` where a city is all that is known.

    ``remark`` is the code of the warning where it was called something else, with ``details``.
    """

    city: int
    county: int | None = None
    remark: str = field(default="", compare=False)
    details: tuple[tuple[str, str], ...] = field(default=(), compare=False)


class AreaNames:
    """The names of a province's areas, with and without suffixes, in Chinese and pinyin."""

    def __init__(self, province: Province) -> None:
        self._province_words = forms_of((province.settings.name.zh, province.settings.name.en))
        self._city_of = {
            int(adcode): int(city) for adcode, city in province.counties["city_adcode"].items()
        }
        self._cities = index_of(province.cities)
        self._counties = index_of(province.counties)
        self._full = {bare(name) for name in province.counties["name_zh"]}
        self._full_cities = tuple(bare(name) for name in province.cities["name_zh"])
        self._names_zh = {int(code): bare(zh) for code, zh in province.counties["name_zh"].items()}
        self._city_suffixes = tuple({end for name in self._full_cities for end in suffix_of(name)})
        self._city_adcodes = {int(adcode) for adcode in province.cities.index}
        self._former = province.former_areas
        self._labels = {
            int(adcode): f"{zh} ({en})"
            for table in (province.cities, province.counties)
            for adcode, zh, en in zip(table.index, table["name_zh"], table["name_en"], strict=True)
        }

    def label(self, adcode: int) -> str:
        """Return an area's names in both languages."""
        return self._labels[adcode]

    def by_adcode(self, text: str) -> NamedArea | None:
        """Return the area of an adcode of 6, 9 or 12 digits; ``None`` where there is none.

        Spaces, wide digits and numbers as spreadsheets write them are understood. A code of
        other years, or of a zone that is no county, has a remark.
        """
        plain = digits(text)
        if len(plain) not in _CODE_LENGTHS:
            return None
        code = int(plain[:6])
        if code in self._city_of:
            return NamedArea(self._city_of[code], code)
        if code in self._city_adcodes:
            return NamedArea(code)
        for row in self._former:
            if row.adcode == code:
                return self._of_former(row.codes, f"{row.name_zh} {code}", row.since)
        city = code // 100 * 100
        # Statistics give zones, and a city's districts as a whole, codes of their own.
        if city in self._city_adcodes and (code % 100 == 1 or code % 100 >= _FIRST_ZONE):
            return self._of_city(city, str(code))
        return None

    def cities(self, text: str) -> tuple[NamedArea, ...]:
        """Return the cities that ``text`` can mean; a county-level city counts as a county."""
        found = self._find(text, self._cities)
        if found:
            return tuple(NamedArea(code) for code in found)
        return tuple(self._ranked(one, text, self._city_suffixes) for one in self.counties(text))

    def city_in_full(self, text: str) -> int | None:
        """Return the city whose full name in Chinese ``text`` is, ``None`` where it is none's."""
        plain = self._local(text)
        return self._find(plain, self._cities)[0] if plain in self._full_cities else None

    def counties(self, text: str, city: int | None = None) -> tuple[NamedArea, ...]:
        """Return the counties that ``text`` can mean, of one city where ``city`` is given.

        Names of other years are among them, where none of today is the same.
        """
        former = self._by_former_name(bare(text), city, stems=False)
        if former:
            return former
        found = self._find(text, self._counties)
        every = (NamedArea(self._city_of[code], code) for code in found)
        areas = tuple(
            self._ranked(one, text, suffix_of(bare(text)))
            for one in every
            if city is None or one.city == city
        )
        return areas if found else self._by_former_name(bare(text), city, stems=True)

    def counties_with_city(self, text: str) -> tuple[NamedArea, ...]:
        """Return the counties of a name that begins with the name of its city."""
        return tuple(
            area
            for code, rest, _ in self._rests(bare(text), self._cities)
            for area in self.counties(rest, code)
        )

    def loosely(self, text: str, city: int | None = None) -> NamedArea | None:
        """Return what a text means that is no name: a zone, a whole city, an address.

        ``None`` where it begins with no area of the province, or of ``city``.
        """
        plain = self._local(text)
        if city is not None and plain in area_words("whole_city"):
            return self._of_city(city, text)
        zone = next((word for word in area_words("zones") if plain.endswith(word)), None)
        if zone is not None and (found := self._of_zone(plain, zone, text, city)) is not None:
            return found
        return self._begun_with(plain, city)

    def or_city(self, area: NamedArea, text: str) -> NamedArea:
        """Return an area with a remark where ``text`` is the short name of a city as well."""
        plain = self._local(text)
        is_short = area.county is not None and plain not in self._full and not plain.isascii()
        return self._of_rank(area, text) if is_short and plain in self._cities else area

    def of_city(self, city: int, text: str) -> NamedArea:
        """Return a city for a ``text`` that names no county of it, with a remark."""
        return self._of_city(city, text)

    def _local(self, text: str) -> str:
        """Return a text from its city on: without country and province, the largest area first."""
        parts = text.split(",")
        if text.isascii() and len(parts) > 1:
            text = " ".join(reversed(parts))
        plain = bare(text)
        for word in (*area_words("country"), *self._province_words):
            plain = plain.removeprefix(word)
        return plain

    def _of_zone(self, plain: str, zone: str, text: str, city: int | None) -> NamedArea | None:
        owner = plain.removesuffix(zone)
        cities = self._find(owner, self._cities) if owner else ()
        if len(cities) == 1 and city in (None, cities[0]):
            return self._of_city(cities[0], text)
        found = self._begun_with(owner, city) if owner else None
        if found is not None and found.county is not None:
            details = (("zone", text), ("now", self.label(found.county)))
            return NamedArea(found.city, found.county, "zone", details)
        if city is None:
            return None if found is None else self._of_city(found.city, text)
        return self._of_city(city, text)

    def _begun_with(self, plain: str, city: int | None) -> NamedArea | None:
        """Return the area that a text begins with: a county after its city, or alone.

        A short name is none where a road is called like it; a short name of a city alone is
        taken with a remark.
        """
        rests = [
            (code, rest, word)
            for code, rest, word in self._rests(plain, self._cities)
            if word in self._full_cities or not _is_road(rest)
        ]
        begun = [(code, rest) for code, rest, _ in rests]
        for code, rest in [(city, plain), *begun] if city is not None else begun:
            if code is None or city not in (None, code):
                continue
            for part in (rest, *without_suffix_in_front(rest)):
                county = self._county_at_start(part, code)
                if county is not None:
                    return county
        alone = self._county_at_start(plain, city)
        if alone is not None:
            return alone
        whole = self._find(plain, self._cities)
        if not rests:
            return NamedArea(whole[0]) if whole and city in (None, whole[0]) else None
        code, _, word = rests[0]
        if city not in (None, code):
            return None
        is_short = city is None and not (word.isascii() or word in self._full_cities)
        return self._of_short(code, word) if is_short and not whole else NamedArea(code)

    def _of_short(self, city: int, word: str) -> NamedArea:
        return NamedArea(city, None, "short_city", (("short", word), ("now", self.label(city))))

    def _county_at_start(self, plain: str, city: int | None) -> NamedArea | None:
        begins_with_city = plain.startswith(self._full_cities)
        for name in self._names_by_length:
            if not plain.startswith(name):
                continue
            rest = plain[len(name) :]
            is_short = name not in self._full
            # Short names of a city and a county can be the same: the city's has its suffix here.
            if is_short and (begins_with_city or rest.startswith(area_words("roads"))):
                continue
            if is_short and city is None and rest and name in self._cities:
                continue
            found = self.counties(name, city)
            if len(found) == 1:
                return found[0]
        return None

    @cached_property
    def _names_by_length(self) -> tuple[str, ...]:
        names = {*self._counties, *(bare(row.name_zh) for row in self._former)}
        return tuple(sorted((name for name in names if len(name) >= MIN_STEM), key=len))[::-1]

    def _by_former_name(
        self, plain: str, city: int | None, *, stems: bool
    ) -> tuple[NamedArea, ...]:
        if plain in self._full:
            return ()
        found = (
            self._of_former(row.codes, row.name_zh, row.since)
            for row in self._former
            if bare(row.name_zh) == plain or (stems and plain in stems_of(bare(row.name_zh)))
        )
        return tuple(one for one in found if city is None or one.city == city)

    def _of_former(self, codes: tuple[int, ...], name: str, since: int) -> NamedArea:
        city = self._city_of.get(codes[0], codes[0])
        whole = len(codes) == 1
        now = self.label(codes[0] if whole else city)
        details = (("former", name), ("since", str(since)), ("now", now))
        remark = "former" if whole else "former_split"
        county = codes[0] if whole and codes[0] != city else None
        return NamedArea(city, county, remark, details)

    def _ranked(self, area: NamedArea, text: str, asked: tuple[str, ...]) -> NamedArea:
        """Return an area with a remark where its own name ends with none of ``asked``."""
        if area.county is None or area.remark or not asked:
            return area
        return area if self._names_zh[area.county].endswith(asked) else self._of_rank(area, text)

    def _of_rank(self, area: NamedArea, text: str) -> NamedArea:
        details = (("named", text), ("now", self.label(area.county or area.city)))
        return NamedArea(area.city, area.county, "other_rank", details)

    def _of_city(self, city: int, text: str) -> NamedArea:
        details = (("zone", text), ("now", self.label(city)))
        return NamedArea(city, None, "zone_of_city", details)

    def _find(self, text: str, index: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
        plain = bare(text)
        for form in (plain, *(rest_of(plain, word) for word in self._province_words)):
            for name in (form, *stems_of(form)) if form else ():
                if name in index:
                    return index[name]
        return ()

    def _rests(
        self, plain: str, index: dict[str, tuple[int, ...]]
    ) -> Iterable[tuple[int, str, str]]:
        """Yield each area that a text begins with, what follows, and the name that it has there."""
        for start in (plain, *(rest_of(plain, word) for word in self._province_words)):
            for word in sorted(index, key=len, reverse=True):
                if start.startswith(word) and len(start) > len(word):
                    for code in index[word]:
                        yield code, start[len(word) :], word


def _is_road(rest: str) -> bool:
    """Tell whether a name before ``rest`` is that of a road, a river or a school."""
    return rest.startswith(area_words("city_roads")) and not rest.startswith(
        area_words("city_parts")
    )
