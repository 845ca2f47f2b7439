"""Decide what of the earth the frame of a print map shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import shapely

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
    if extent.center is not None and extent.zoom is not None:
        latitude, longitude = extent.center
        x, y = to_metric.transform(longitude, latitude)
        width = SCREEN_WIDTH_PX * metres_per_pixel(extent.zoom, latitude)
        return Frame(x, y, width, width * ratio, extent.zoom)
    west, south, east, north = to_metric.transform_bounds(*extent.bounds)
    grown = 1 + 2 * _EXTENT_MARGIN
    width = max(east - west, (north - south) / ratio) * grown
    middle_latitude = (extent.bounds[1] + extent.bounds[3]) / 2
    zoom = math.log2(metres_per_pixel(0, middle_latitude) * SCREEN_WIDTH_PX / width)
    return Frame((west + east) / 2, (south + north) / 2, width, width * ratio, zoom)


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
    if options.extent == "view":
        return titled
    cities = province.cities
    if options.extent == "selection" and len(spec.dimmed) < len(cities):
        cities = cities[~cities.index.isin(spec.dimmed)]
    west, south, east, north = (float(value) for value in cities.total_bounds)
    return replace(titled, extent=Extent((west, south, east, north)))


def shape_of(spec: MapSpec, province: Province) -> float:
    """Return width divided by height of what is to be shown; 1 for a centre and a zoom."""
    if spec.extent.center is not None:
        return 1.0
    to_metric = transformer(GEOGRAPHIC, province.settings.metric_crs)
    west, south, east, north = to_metric.transform_bounds(*spec.extent.bounds)
    return float((east - west) / (north - south))
