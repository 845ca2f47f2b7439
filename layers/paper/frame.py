"""Decide what of the earth the frame of a print map shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import shapely
from pyproj import Transformer

from data.crs import GEOGRAPHIC, transformer
from data.loader import Province
from layers.paper.sheet import Box, PaperOptions
from layers.specification.map_spec import Extent, MapSpec

SCREEN_WIDTH_PX = 1100
"""Width of the window that a view's zoom level is taken to fill with the print map's frame."""

_EARTH_CIRCUMFERENCE_M = 2 * math.pi * 6378137.0
_TILE_PX = 256
_EXTENT_MARGIN = 0.03


@dataclass(frozen=True)
class Frame:
    """What the map frame shows: centre and size in metres of the metric CRS."""

    x: float
    y: float
    width_m: float
    height_m: float
    zoom: float

    @property
    def box(self) -> shapely.Polygon:
        """The frame as a polygon in the metric CRS."""
        half_x, half_y = self.width_m / 2, self.height_m / 2
        return shapely.box(self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)


def frame_of(spec: MapSpec, province: Province, box: Box) -> Frame:
    """Return what of the earth the map frame shows: the view's place, or all its bounds."""
    to_metric = transformer(GEOGRAPHIC, province.settings.metric_crs)
    ratio = box.height / box.width
    extent = spec.extent
    if extent.scale is not None:
        return _of_scale(extent, extent.scale, box, to_metric)
    if extent.center is not None and extent.zoom is not None:
        latitude, longitude = extent.center
        x, y = to_metric.transform(longitude, latitude)
        width = SCREEN_WIDTH_PX * metres_per_pixel(extent.zoom, latitude)
        return Frame(x, y, width, width * ratio, extent.zoom)
    west, south, east, north = to_metric.transform_bounds(*extent.bounds)
    grown = 1 + 2 * _EXTENT_MARGIN
    width = max(east - west, (north - south) / ratio) * grown
    zoom = _zoom_of(width, _middle(extent)[0])
    return Frame((west + east) / 2, (south + north) / 2, width, width * ratio, zoom)


def _of_scale(extent: Extent, scale: int, box: Box, to_metric: Transformer) -> Frame:
    latitude, longitude = extent.center or _middle(extent)
    x, y = to_metric.transform(longitude, latitude)
    width, height = (side / 1000 * scale for side in (box.width, box.height))
    return Frame(x, y, width, height, _zoom_of(width, latitude))


def _middle(extent: Extent) -> tuple[float, float]:
    """Return the latitude and the longitude of the middle of the box, in degrees."""
    west, south, east, north = extent.bounds
    return (south + north) / 2, (west + east) / 2


def _zoom_of(width_m: float, latitude: float) -> float:
    """Return the zoom level at which a screen is as wide on the ground as the frame."""
    return math.log2(metres_per_pixel(0, latitude) * SCREEN_WIDTH_PX / width_m)


def metres_per_pixel(zoom: float, latitude: float) -> float:
    """Return the ground length of a web-map pixel, in metres, at a latitude in degrees."""
    circle = _EARTH_CIRCUMFERENCE_M * math.cos(math.radians(latitude))
    return float(circle / (_TILE_PX * 2**zoom))


def on_paper(spec: MapSpec, province: Province, options: PaperOptions) -> MapSpec:
    """Return ``spec`` with the title, subtitle and extent that ``options`` ask for."""
    titled = replace(
        spec,
        title=spec.title if options.title is None else options.title,
        subtitle=spec.subtitle if options.subtitle is None else options.subtitle,
    )
    titled = replace(titled, extent=replace(titled.extent, scale=options.scale))
    if options.extent == "view":
        return titled
    cities = province.cities
    if options.extent == "selection" and len(spec.dimmed) < len(cities):
        cities = cities[~cities.index.isin(spec.dimmed)]
    west, south, east, north = (float(value) for value in cities.total_bounds)
    return replace(titled, extent=Extent((west, south, east, north), scale=options.scale))


def shape_of(spec: MapSpec, province: Province) -> float:
    """Return width divided by height of what is to be shown; 1 for a centre and a zoom."""
    if spec.extent.center is not None:
        return 1.0
    to_metric = transformer(GEOGRAPHIC, province.settings.metric_crs)
    west, south, east, north = to_metric.transform_bounds(*spec.extent.bounds)
    return float((east - west) / (north - south))
