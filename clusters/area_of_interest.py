"""Ask about an area that no list names: a circle, a box, a polygon, along a line, by road.

In addresses it is written ``circle:LAT,LON,KM``, ``box:WEST,SOUTH,EAST,NORTH``,
``polygon:LAT,LON;LAT,LON;...``, ``corridor:KM:LAT,LON;...`` (KM on either side of the line) or
``road:LAT,LON,KM`` (what lies within KM by road), in decimal degrees (EPSG:4326) and kilometres.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clusters.distances.province_roads import has_roads, road_network
from clusters.distances.road_reach import border_tolerance_m, reach_by_road
from data.crs import GEOGRAPHIC
from data.loader import Province
from data.province_cache import cached_on_province

AreaForm = Literal["circle", "box", "polygon", "corridor", "road"]
AREA_OUTLINES: tuple[AreaForm, ...] = get_args(AreaForm)
AREA_WRITTEN = (
    "circle:LAT,LON,KM",
    "box:WEST,SOUTH,EAST,NORTH",
    "polygon:LAT,LON;LAT,LON;...",
    "corridor:KM:LAT,LON;...",
    "road:LAT,LON,KM",
)
"""How areas are written in addresses."""
Position = Literal["inside", "perhaps", "outside"]
"""Where a site is: ``perhaps`` where no more is known than an area that reaches into this one."""

MOST_VERTICES = 200
LEAST_KM, MOST_KM = 0.1, 500.0
DEGREE_DECIMALS = 4
KM_DECIMALS = 1
_LEAST_VERTICES = {"polygon": 3, "corridor": 2}
_QUARTER_SEGMENTS = 32


@dataclass(frozen=True)
class AreaOfInterest:
    """An area that is asked about.

    ``points`` are (latitude, longitude) in decimal degrees: the centre of a circle or of what lies
    within ``km`` by road, the south-west and north-east corners of a box, the vertices of a polygon
    or of the line of a corridor, ``km`` to either side.
    """

    form: AreaForm
    points: tuple[tuple[float, float], ...]
    km: float | None = None


class AreaError(ValueError):
    """A text is no area: ``reason`` is the key of a phrase (``area_fault.<reason>``)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def write_area(area: AreaOfInterest) -> str:
    """Write an area as addresses have it."""
    if area.form == "box":
        (south, west), (north, east) = area.points
        return f"box:{','.join(_degrees(one) for one in (west, south, east, north))}"
    places = ";".join(f"{_degrees(lat)},{_degrees(lon)}" for lat, lon in area.points)
    if area.form == "polygon":
        return f"polygon:{places}"
    km = f"{area.km or 0:.{KM_DECIMALS}f}".removesuffix(".0")
    return f"corridor:{km}:{places}" if area.form == "corridor" else f"{area.form}:{places},{km}"


def read_area(text: str, window: tuple[float, float, float, float]) -> AreaOfInterest:
    """Read an area as ``write_area`` writes it; raises ``AreaError`` for anything else.

    ``window`` is (west, south, east, north): every point has to lie in it.
    """
    form, _, rest = text.strip().partition(":")
    forms: dict[str, AreaForm] = {one: one for one in AREA_OUTLINES}
    if form not in forms:
        raise AreaError("form")
    km: float | None = None
    if form == "box":
        west, south, east, north = _numbers(rest, 4)
        places = [(south, west), (north, east)]
    elif form in ("circle", "road"):
        latitude, longitude, km = _numbers(rest, 3)
        places = [(latitude, longitude)]
    else:
        if form == "corridor":
            width, _, rest = rest.partition(":")
            (km,) = _numbers(width, 1)
        pairs = [_numbers(one, 2) for one in rest.split(";") if one.strip()]
        places = [(latitude, longitude) for latitude, longitude in pairs]
    return area_of(forms[form], places, km, window)


def area_of(
    form: AreaForm,
    points: Sequence[tuple[float, float]],
    km: float | None,
    window: tuple[float, float, float, float],
) -> AreaOfInterest:
    """Return an area of ``points`` (latitude, longitude), rounded as addresses have them.

    Raises ``AreaError`` where what is rounded has too few or too many points, points outside
    ``window`` (west, south, east, north), a distance that is not between ``LEAST_KM`` and
    ``MOST_KM``, or is a box or polygon of no area or a polygon that crosses itself.
    """
    if not _LEAST_VERTICES.get(form, 1) <= len(points) <= MOST_VERTICES:
        raise AreaError("vertices")
    rounded = tuple(
        (round(lat, DEGREE_DECIMALS), round(lon, DEGREE_DECIMALS)) for lat, lon in points
    )
    reach = None if km is None else round(km, KM_DECIMALS)
    _check_window(rounded, window)
    if form in ("circle", "road", "corridor") and not (reach and LEAST_KM <= reach <= MOST_KM):
        raise AreaError("distance")
    if form == "box":
        (south, west), (north, east) = rounded
        if west >= east or south >= north:
            raise AreaError("box")
    if form == "polygon" and not _ring(rounded).is_valid:
        raise AreaError("crossing")
    return AreaOfInterest(form, rounded, reach)


def _check_window(
    points: Sequence[tuple[float, float]], window: tuple[float, float, float, float]
) -> None:
    west, south, east, north = window
    if not all(south <= lat <= north and west <= lon <= east for lat, lon in points):
        raise AreaError("outside")


@cached_on_province(8)
def area_shape(province: Province, area: AreaOfInterest) -> shapely.Geometry:
    """Return the polygon of an area, in EPSG:4326; distances are taken in the metric CRS.

    What lies within a way by road is a circle where the province has no roads.
    """
    if area.form == "box":
        (south, west), (north, east) = area.points
        return shapely.box(west, south, east, north)
    if area.form == "polygon":
        return _ring(area.points)
    metric = province.settings.metric_crs
    places = [shapely.Point(lon, lat) for lat, lon in area.points]
    drawn = places[0] if len(places) == 1 else shapely.LineString(places)
    line = gpd.GeoSeries([drawn], crs=GEOGRAPHIC).to_crs(metric)
    if area.form == "road" and has_roads(province):
        (shape,) = reach_by_road(province, line, [float(area.km or 0)])
        wide = gpd.GeoSeries([shape], crs=metric)
    else:
        wide = line.buffer(1000 * float(area.km or 0), quad_segs=_QUARTER_SEGMENTS)
    found: shapely.Geometry = wide.to_crs(GEOGRAPHIC).iloc[0]
    return found


def area_km2(province: Province, area: AreaOfInterest) -> float:
    """Return how large an area is in square kilometres, in the province's equal-area CRS."""
    shape = gpd.GeoSeries([area_shape(province, area)], crs=GEOGRAPHIC)
    return float(shape.to_crs(province.settings.area_crs).area.iloc[0]) / 1e6


def area_middle(province: Province, area: AreaOfInterest) -> shapely.Point:
    """Return from where an area is measured (EPSG:4326): its centre, or a point well inside."""
    if area.form in ("circle", "road"):
        ((latitude, longitude),) = area.points
        return shapely.Point(longitude, latitude)
    return area_shape(province, area).representative_point()


@cached_on_province(8)
def site_positions(province: Province, area: AreaOfInterest) -> pd.Series:
    """Tell of each site, by id, whether it is inside: a series of ``Position``.

    A site with a point of its own is inside or not: by its own way where ways by road are asked
    about, whose border is only drawn. One that is known to its county (or city) only is inside
    where all of that lies inside, and perhaps where some of it does.
    """
    shape = area_shape(province, area)
    by_road = area.form == "road" and has_roads(province)
    whole = _widened(province, area, shape) if by_road else shape
    sites = province.sites
    homes_of = (province.cities, province.counties)
    reached = pd.concat([_reached(one, shape, whole) for one in homes_of])
    homes = sites["county_adcode"].fillna(sites["city_adcode"]).astype("int64")
    found = reached.reindex(homes).set_axis(sites.index)
    own = sites.geometry.notna()
    if by_road and own.any():
        start = gpd.GeoSeries([area_middle(province, area)], crs=GEOGRAPHIC)
        ways = road_network(province).distances(start, sites.geometry[own])[0]
        inside = ways <= float(area.km or 0)
    else:
        inside = shapely.intersects(shape, sites.geometry[own].to_numpy())
    found[own] = np.where(inside, "inside", "outside")
    return found.astype(object)


def _widened(province: Province, area: AreaOfInterest, shape: shapely.Geometry) -> shapely.Geometry:
    """Return the area within a way by road with what its border, being drawn, may lack."""
    drawn = gpd.GeoSeries([shape], crs=GEOGRAPHIC).to_crs(province.settings.metric_crs)
    wide = drawn.buffer(border_tolerance_m(float(area.km or 0))).to_crs(GEOGRAPHIC)
    found: shapely.Geometry = wide.iloc[0]
    return found


def _reached(
    areas: gpd.GeoDataFrame, shape: shapely.Geometry, whole: shapely.Geometry
) -> pd.Series:
    """Tell of each area whether all of it lies in ``whole``, or some of it in ``shape``."""
    shapes = areas.geometry.to_numpy()
    shapely.prepare([shape, whole])
    within, touched = shapely.covers(whole, shapes), shapely.intersects(shape, shapes)
    position = np.select([within & touched, touched], ["inside", "perhaps"], "outside")
    return pd.Series(position, index=areas.index, dtype=object)


def _ring(points: Sequence[tuple[float, float]]) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in points])


def _degrees(value: float) -> str:
    return f"{value:.{DEGREE_DECIMALS}f}".rstrip("0").rstrip(".")


_NUMBER = re.compile(r"\s*-?\d{1,4}(\.\d{1,12})?\s*")


def _numbers(text: str, count: int) -> list[float]:
    parts = text.split(",")
    if len(parts) != count or not all(_NUMBER.fullmatch(part) for part in parts):
        raise AreaError("form")
    numbers = [float(part) for part in parts]
    if not all(math.isfinite(number) for number in numbers):
        raise AreaError("form")
    return numbers
