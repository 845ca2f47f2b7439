"""Name the places of the default province that tests open, by what they are to the plan."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Place:
    """An area: its code, its full Chinese name, its English name, its syllables (or none)."""

    adcode: int
    zh: str
    en: str
    pinyin: str = field(default="", kw_only=True)

    @property
    def short_zh(self) -> str:
        """The Chinese name without the word for what the area is."""
        return self.zh[:-1]

    def name(self, language: str) -> str:
        return {"zh": self.zh, "en": self.en}[language]


@dataclass(frozen=True)
class StudyArea(Place):
    """The province, with its ``id``: the name of its folder."""

    id: str


@dataclass(frozen=True)
class City(Place):
    """A city: its word in an address, its roles in the plan, ways in which people write it."""

    slug: str
    roles: tuple[str, ...]
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class ListedSite:
    """A site of the list: its id, and the words by which it is looked for."""

    id: str
    search: str


@dataclass(frozen=True)
class Places:
    """Each place that a test opens; ``places.toml`` says what it is chosen for."""

    province: StudyArea
    site: ListedSite

    capital: City
    hub: City
    other_hub: City
    namesake_hub: City
    battery_base: City
    parts_pilot: City
    border_city: City
    without_role: City
    other_without_role: City
    of_three_syllables: City

    capital_district: Place
    hub_county: Place
    hub_district: Place
    parts_pilot_county: Place
    other_parts_pilot_county: Place
    border_county: Place
    namesake: Place
    other_namesake: Place
    of_one_character: Place
    of_rare_characters: Place

    def all_cities(self) -> dict[str, City]:
        return {name: one for name, one in vars(self).items() if isinstance(one, City)}

    def all_counties(self) -> dict[str, Place]:
        return {name: one for name, one in vars(self).items() if type(one) is Place}


def _city(roles: list[str], spellings: list[str] | None = None, **known: str | int) -> City:
    return City(roles=tuple(roles), spellings=tuple(spellings or ()), **known)


def read_places(path: Path = FILE) -> Places:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Places(
        province=StudyArea(**told["province"]),
        site=ListedSite(**told["site"]),
        **{name: _city(**known) for name, known in told["cities"].items()},
        **{name: Place(**known) for name, known in told["counties"].items()},
    )


PLACES = read_places()
