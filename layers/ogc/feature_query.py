"""Read the query of a request for features: closed lists and bounds, nothing is trusted."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from clusters.facets import FACETS
from data.crs import GEOGRAPHIC, transformer
from data.errors import AtlasError
from data.loader import Province
from data.text import LANGUAGES
from layers.address.query import facet_choices, parse_query
from layers.specification.view import View

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
DEFAULT_LIMIT = 100
MOST_FEATURES = 1000
LONGEST_VALUE = 2000
MOST_COORDINATE = 1e9
MOST_OFFSET = 10**9
"""Where a page may begin; later beginnings are this one: no collection is as long."""
SHARED_KEYS = ("kind", "owner", "capacity")
"""Keys that are names of columns too: of these the view's where the values are its own."""
VIEW_KEYS = (
    *(facet.key for facet in FACETS if facet.key not in SHARED_KEYS),
    "years",
    "area",
    "by",
)
"""Keys of the page's address that filter features as they filter the map."""

_LISTS = (*(facet.key for facet in FACETS), "by")
_OWN_KEYS = ("f", "lang", "limit", "offset", "bbox", "bbox-crs", "crs", "datetime")
_ANY_LENGTH = ("limit", "offset", *VIEW_KEYS)
_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_HOUR, _SIXTIETH = r"([01]\d|2[0-3])", r"[0-5]\d"
_TIME = rf"[Tt]{_HOUR}:{_SIXTIETH}:{_SIXTIETH}(\.\d+)?([Zz]|[+-]{_HOUR}:{_SIXTIETH})"
_DATE = rf"\d{{4}}(-{_MONTH}(-{_DAY}({_TIME})?)?)?"
_MOMENT = re.compile(_DATE, flags=re.ASCII)
DATETIME_PATTERN = rf"^({_DATE}|{_DATE}/(\.\.)?|(\.\.)?/{_DATE}|{_DATE}/{_DATE})$".replace(
    r"\d", "[0-9]"
)
"""What ``datetime`` looks like: a moment, or an interval of which one end may be open."""


class BadRequestError(AtlasError):
    """A request with a parameter that is not understood; the message says which, and why."""


@dataclass(frozen=True, eq=False)
class FeatureQuery:
    """What is asked of a collection. ``bbox`` is (west, south, east, north) in EPSG:4326.

    A ``bbox`` whose west is greater than its east crosses the antimeridian. ``crs`` is the
    address of the CRS that geometry is wanted in, ``years`` the first and the last year of
    ``datetime`` (``None``: open), ``properties`` exact values by column.
    """

    view: View
    limit: int
    offset: int
    bbox: tuple[float, float, float, float] | None
    crs: str
    years: tuple[int | None, int | None] | None
    properties: Mapping[str, str]


def crs_address(crs: str) -> str:
    """Return the address of a CRS that has an EPSG code."""
    return f"http://www.opengis.net/def/crs/EPSG/0/{CRS.from_user_input(crs).to_epsg()}"


def crs_choices(province: Province) -> dict[str, str]:
    """Return the CRS that features can be had in: address to what pyproj reads."""
    choices = {CRS84: GEOGRAPHIC, crs_address(GEOGRAPHIC): GEOGRAPHIC}
    metric = province.settings.metric_crs
    if CRS.from_user_input(metric).to_epsg():
        choices[crs_address(metric)] = metric
    return choices


def read_query(
    items: Sequence[tuple[str, str]], province: Province, columns: Sequence[str]
) -> FeatureQuery:
    """Read the parameters of a request; raise ``BadRequestError`` for any that is not understood.

    ``columns`` are those of the collection: each can be asked for by an exact value.
    """
    pairs: dict[str, str] = {}
    shared: list[str] = []
    for key, value in items:
        is_shared = _is_of_view(key, value, province, columns)
        known = key in _OWN_KEYS or key in VIEW_KEYS or key in columns or is_shared
        too_long = key not in _ANY_LENGTH and len(value) > LONGEST_VALUE
        if not known or key in pairs or too_long:
            reason = "is there twice or too long" if known else "is not a parameter here"
            raise BadRequestError(f"{key[:60]} {reason}")
        is_list = key in _LISTS and (key in VIEW_KEYS or is_shared)
        pairs[key] = _listed(key, value) if is_list else value
        shared += [key] if is_shared else []
    language = pairs.get("lang", "en")
    if language not in LANGUAGES:
        raise BadRequestError(f"lang: choose from {', '.join(LANGUAGES)}")
    # A name that is both, as the sector of a site, is the view's: it takes several values.
    view_items = {key: [pairs[key]] for key in (*VIEW_KEYS, *shared) if key in pairs}
    parsed = parse_query({**view_items, "lang": [language]}, province)
    if parsed.ignored:
        wrong = parsed.ignored[0]
        raise BadRequestError(f"{wrong.key}={wrong.value} is not understood")
    crs = pairs.get("crs", CRS84)
    choices = crs_choices(province)
    for key in ("crs", "bbox-crs"):
        if pairs.get(key, CRS84) not in choices:
            raise BadRequestError(f"{key}: choose from {', '.join(choices)}")
    return FeatureQuery(
        view=parsed.view,
        limit=_whole(pairs, "limit", DEFAULT_LIMIT, lowest=1, highest=MOST_FEATURES),
        offset=_whole(pairs, "offset", 0, lowest=0, highest=MOST_OFFSET),
        bbox=_bbox(pairs, choices),
        crs=crs,
        years=_years(pairs.get("datetime")),
        properties={
            key: pairs[key]
            for key in columns
            if key in pairs and key not in VIEW_KEYS and key not in shared
        },
    )


def _is_of_view(key: str, value: str, province: Province, columns: Sequence[str]) -> bool:
    """Tell whether a value of a key that may be a column's name too is what the address holds.

    ``kind=plant`` is, and ``kind=district`` of a county is not; a range has a colon. Where the
    collection has no such column, the key can only be the view's.
    """
    if key not in SHARED_KEYS:
        return False
    if key not in columns:
        return True
    if key == "capacity":
        return ":" in value
    return not set(value.split(",")).isdisjoint(facet_choices(province)[key])


def _listed(key: str, value: str) -> str:
    """Return a list with each value once: it is then no longer than its choices are many."""
    parts = dict.fromkeys(value.split(","))
    if "" in parts:
        raise BadRequestError(f"{key}: a value is empty")
    return ",".join(parts)


def _whole(pairs: Mapping[str, str], key: str, default: int, *, lowest: int, highest: int) -> int:
    """Return a whole number of any length; what is above ``highest`` is ``highest``."""
    text = pairs.get(key)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]+", text):
        raise BadRequestError(f"{key}: expected a whole number from {lowest}")
    # Its length tells first: Python reads no number of thousands of digits.
    digits = text.lstrip("0")
    number = highest if len(digits) > len(str(highest)) else int(digits or "0")
    if number < lowest:
        raise BadRequestError(f"{key}: expected a whole number from {lowest}")
    return min(number, highest)


def _bbox(
    pairs: Mapping[str, str], choices: Mapping[str, str]
) -> tuple[float, float, float, float] | None:
    if "bbox" not in pairs:
        return None
    try:
        numbers = [float(part) for part in pairs["bbox"].split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(abs(number) <= MOST_COORDINATE for number in numbers):
        raise BadRequestError("bbox: expected four (or six) numbers")
    address = pairs.get("bbox-crs", CRS84)
    if address != CRS84 and north_first(choices[address]):
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers
    # Only in degrees may west be the greater one: then the box crosses the antimeridian.
    if south > north or (west > east and choices[address] != GEOGRAPHIC):
        raise BadRequestError("bbox: the lower corner comes first")
    if choices[address] == GEOGRAPHIC:
        return west, south, east, north
    return _to_degrees((west, south, east, north), choices[address])


def _to_degrees(
    box: tuple[float, float, float, float], crs: str
) -> tuple[float, float, float, float]:
    west, south, east, north = box
    bounds = transformer(crs, GEOGRAPHIC).transform_bounds(west, south, east, north)
    if not all(math.isfinite(number) for number in bounds):
        raise BadRequestError("bbox: outside where its CRS is defined")
    left, bottom, right, top = bounds
    return left, bottom, right, top


def north_first(crs: str) -> bool:
    """Tell whether a CRS, as its authority defines it, gives northing or latitude first."""
    return CRS.from_user_input(crs).axis_info[0].direction == "north"


def _years(text: str | None) -> tuple[int | None, int | None] | None:
    """Read ``datetime``: a moment, or an interval with ``..`` or nothing for an open end."""
    if text is None:
        return None
    ends = text.split("/")
    if len(ends) > 2 or all(end in ("", "..") for end in ends):
        raise BadRequestError("datetime: expected a date, or two with / between")
    years = [None if end in ("", "..") else _year(end) for end in ends]
    first, last = ends[0], ends[-1]
    if None not in years and first[:10] > last[:10]:
        raise BadRequestError("datetime: the earlier date comes first")
    return years[0], years[-1]


def _year(text: str) -> int:
    """Return the year of a date; its month and day must be there in the calendar."""
    if _MOMENT.fullmatch(text):
        year, month, day = (int(part) for part in f"{text[:10]}-01-01".split("-")[:3])
        if year and day <= calendar.monthrange(year, month)[1]:
            return year
    raise BadRequestError("datetime: expected a date as in RFC 3339")


def _boxes(bbox: tuple[float, float, float, float]) -> shapely.Geometry:
    west, south, east, north = bbox
    if west <= east:
        return shapely.box(west, south, east, north)
    halves = [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
    return shapely.MultiPolygon(halves)


def matching(table: gpd.GeoDataFrame, query: FeatureQuery) -> gpd.GeoDataFrame:
    """Return the rows of a collection that bbox, datetime and properties leave."""
    kept = np.ones(len(table), dtype=bool)
    if query.bbox is not None:
        kept &= shapely.intersects(table.geometry.to_numpy(), _boxes(query.bbox))
    if query.years is not None and "year" in table:
        first, last = query.years
        years = table["year"].astype("Float64")
        # What has no time matches any time, says the standard.
        inside = years.isna() | ((years >= (first or 0)) & (years <= (last or 9999)))
        kept &= inside.fillna(True).to_numpy(dtype=bool)
    for column, value in query.properties.items():
        kept &= (table[column].map(_as_text) == value).to_numpy()
    return table[kept]


def _as_text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def in_crs(table: gpd.GeoDataFrame, address: str, province: Province) -> gpd.GeoDataFrame:
    """Return a table in the CRS of an address, with its axes in the order of its authority.

    On the map, outer rings of polygons run counter-clockwise, as RFC 7946 wants them.
    """
    crs = crs_choices(province)[address]
    oriented = shapely.orient_polygons(table.geometry.to_numpy(), exterior_cw=False)
    table = table.set_geometry(gpd.GeoSeries(oriented, index=table.index, crs=table.crs))
    moved = table if crs == GEOGRAPHIC else table.to_crs(crs)
    if address == CRS84 or not north_first(crs):
        return moved
    turned = shapely.transform(moved.geometry.to_numpy(), lambda points: points[:, ::-1])
    return moved.set_geometry(gpd.GeoSeries(turned, index=moved.index, crs=moved.crs))
