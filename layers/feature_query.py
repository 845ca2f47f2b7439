"""Read what a request for features asks: nothing of it is trusted, all of it is bounded."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import geopandas as gpd
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError

from data.errors import AtlasError
from data.loader import Province
from layers.features import FILTER_KEYS
from layers.view import MAX_QUERY_LENGTH, MAX_VALUES, View, parse_query

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"
DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
_MAX_OFFSET = 10_000_000
_OPEN = ("", "..")


class RequestError(AtlasError):
    """A parameter that cannot be understood; names it and says what was expected."""

    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(f"`{parameter}`: expected {expected}")


@dataclass(frozen=True)
class FeatureQuery:
    """What is asked of a collection.

    ``boxes`` are (west, south, east, north) in degrees, one of which a feature has to touch;
    ``years`` first and last, both included; ``equal`` column and value as text; ``crs`` the
    address of the CRS of the answer.
    """

    view: View | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    years: tuple[int, int] | None = None
    equal: tuple[tuple[str, str], ...] = ()
    crs: str = CRS84
    asked: tuple[tuple[str, str], ...] = field(default=())


def crs_names(province: Province) -> dict[str, str]:
    """Return the CRS that features are offered in: address to what pyproj calls it."""
    names = {CRS84: "OGC:CRS84", _EPSG.format(4326): "EPSG:4326"}
    code = re.fullmatch(r"EPSG:(\d+)", province.settings.metric_crs)
    return names | ({_EPSG.format(code[1]): code[0]} if code else {})


def read_query(
    pairs: Sequence[tuple[str, str]], province: Province, columns: Sequence[str]
) -> FeatureQuery:
    """Read the parameters of a request for items; raise ``RequestError`` for the first fault."""
    values = single_values(pairs)
    filters = [name for name in columns if name not in FILTER_KEYS]
    known = ("limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "f", "lang")
    for key in values:
        if key not in (*known, *FILTER_KEYS, *filters):
            choices = ", ".join((*known, *FILTER_KEYS, *filters))
            raise RequestError(key[:60], f"one of {choices}")
    return FeatureQuery(
        view=_view(values, province),
        limit=min(_whole(values, "limit", DEFAULT_LIMIT, 1), MAX_LIMIT),
        offset=_whole(values, "offset", 0, 0),
        boxes=_boxes(values, province),
        years=_years(values.get("datetime")),
        equal=tuple((name, values[name]) for name in filters if name in values),
        crs=_crs(values, "crs", province),
        asked=tuple(values.items()),
    )


def single_values(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return parameters by name; raise ``RequestError`` for doubles and for too much."""
    if len(pairs) > MAX_VALUES or sum(len(key) + len(text) for key, text in pairs) > (
        MAX_QUERY_LENGTH
    ):
        raise RequestError("?", f"at most {MAX_QUERY_LENGTH} characters")
    values = dict(pairs)
    if len(values) != len(pairs):
        raise RequestError("?", "each parameter once")
    return values


def _view(values: dict[str, str], province: Province) -> View | None:
    filters = {key: [values[key]] for key in FILTER_KEYS if key in values}
    if not filters:
        return None
    parsed = parse_query(filters, province)
    for wrong in parsed.ignored:
        raise RequestError(wrong.key, f"one of {', '.join(wrong.choices)}")
    return parsed.view


def _whole(values: dict[str, str], key: str, default: int, least: int) -> int:
    text = values.get(key, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= _MAX_OFFSET:
        raise RequestError(key, f"a whole number from {least} to {_MAX_OFFSET}")
    return int(text)


def _crs(values: dict[str, str], key: str, province: Province) -> str:
    wanted = values.get(key, CRS84)
    if wanted not in crs_names(province):
        raise RequestError(key, f"one of {', '.join(crs_names(province))}")
    return wanted


def _boxes(
    values: dict[str, str], province: Province
) -> tuple[tuple[float, float, float, float], ...]:
    crs = _crs(values, "bbox-crs", province)
    if "bbox" not in values:
        return ()
    expected = "4 or 6 numbers: lowest corner, highest corner"
    try:
        numbers = [float(part) for part in values["bbox"].split(",")]
    except ValueError:
        raise RequestError("bbox", expected) from None
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise RequestError("bbox", expected)
    half = len(numbers) // 2
    box = (numbers[0], numbers[1], numbers[half], numbers[half + 1])
    if crs != CRS84:
        box = _to_degrees(box, crs_names(province)[crs])
    west, south, east, north = box
    if south > north:
        raise RequestError("bbox", expected)
    if west > east and crs == CRS84:
        return (west, south, 180.0, north), (-180.0, south, east, north)
    return ((west, south, east, north),)


def _to_degrees(
    box: tuple[float, float, float, float], crs: str
) -> tuple[float, float, float, float]:
    """Return a box in a CRS's own order of axes as longitudes and latitudes."""
    if box[0] > box[2] or box[1] > box[3]:
        raise RequestError("bbox", "the lowest corner first")
    try:
        found = Transformer.from_crs(crs, "OGC:CRS84").transform_bounds(*box)
    except ProjError:
        found = (math.inf,) * 4
    if not all(map(math.isfinite, found)):
        raise RequestError("bbox", f"numbers inside the area of {crs}")
    return found


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    parts = text.split("/")
    expected = "a date and time of RFC 3339, or two of them (or `..`) with a slash between"
    if len(parts) > 2 or (len(parts) == 1 and text in _OPEN):
        raise RequestError("datetime", expected)
    try:
        moments = [None if part in _OPEN else _moment(part) for part in parts]
    except ValueError:
        raise RequestError("datetime", expected) from None
    first, last = moments[0], moments[-1]
    low, high = (first.year if first else 0), (last.year if last else 9999)
    if low > high:
        raise RequestError("datetime", "the earlier first")
    return low, high


def _moment(text: str) -> datetime:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([Tt][\d:.]{8,20}([Zz]|[+-]\d{2}:\d{2}))?", text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper())


def matching(table: gpd.GeoDataFrame, query: FeatureQuery) -> gpd.GeoDataFrame:
    """Return the rows of ``table`` (EPSG:4326) that a query asks for, all pages together.

    Rows without a year are within any time, as the standard wishes.
    """
    chosen = shapely.is_valid_input(table.geometry.array)
    if query.boxes:
        shapes = [table.geometry.intersects(shapely.box(*box)) for box in query.boxes]
        chosen &= sum(shapes).astype(bool).to_numpy()
    if query.years is not None and "year" in table:
        chosen &= (table["year"].isna() | table["year"].between(*query.years)).to_numpy(bool)
    for column, wanted in query.equal:
        chosen &= table[column].map(lambda value, text=wanted: _same(value, text)).to_numpy(bool)
    return table[chosen]


def _same(value: object, text: str) -> bool:
    if isinstance(value, float) and value.is_integer():
        return text in (str(value), str(int(value)))
    return str(value) == text


def in_crs(table: gpd.GeoDataFrame, crs: str) -> list[shapely.Geometry]:
    """Return geometries in a CRS, coordinates in the order of the CRS's own axes."""
    geometries = list(table.geometry)
    if crs == "OGC:CRS84":
        return geometries
    change = Transformer.from_crs("OGC:CRS84", crs)
    return [
        shapely.transform(one, lambda x, y: change.transform(x, y), interleaved=False)
        for one in geometries
    ]
