"""Hold the polygons that are derived from a province: catchments, and footprints of groups.

They are kept for the province as a whole, so that a browser fetches them once; a view
chooses among them by their ids.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from clusters.area_of_interest import area_km2, area_shape
from clusters.distances.road_reach import road_catchments
from clusters.plan import hub_cities
from clusters.point_clusters import footprints, point_clusters
from clusters.reach import catchments
from clusters.selection import Selection
from data.crs import GEOGRAPHIC
from data.loader import Province
from data.province_cache import cached_on_province
from layers.specification.ground_tables import GROUND, ground_table
from layers.specification.map_spec import GeometryId, MapSpec

ALL_SECTORS = "all"
AREA_ID = "area"
"""The id of the area that a view asks about."""
OF_VIEW: GeometryId = "area_of_interest"
"""The geometry that each view has of its own; all others are the province's."""


@cached_on_province(1)
def hub_catchments(province: Province) -> gpd.GeoDataFrame:
    """Return the catchments of the hubs, as ``clusters.reach.catchments`` does."""
    return _named(catchments(province, hub_cities(province)))


@cached_on_province(1)
def hub_road_catchments(province: Province) -> gpd.GeoDataFrame:
    """Return the catchments of the hubs by road, as ``distances.road_reach`` draws them."""
    return _named(road_catchments(province, hub_cities(province)))


@cached_on_province(1)
def group_footprints(province: Province) -> gpd.GeoDataFrame:
    """Return the footprints of the groups of all sites, and of the sites of each sector.

    The columns of ``clusters.point_clusters.footprints`` and ``sector``: a sector's id, or
    ``ALL_SECTORS``; ids such as ``battery-2``.
    """
    parts = []
    for sector in (ALL_SECTORS, *(found.id for found in province.plan.sectors)):
        sites = province.sites
        if sector != ALL_SECTORS:
            sites = sites[sites["sector"] == sector]
        found = footprints(province, sites, point_clusters(province, sites))
        found["id"] = [name.replace("group", sector) for name in found["id"]]
        parts.append(found.assign(sector=sector))
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry")
    return _named(table.set_crs(parts[0].crs, allow_override=True))


def area_table(province: Province, selection: Selection) -> gpd.GeoDataFrame:
    """Return the area that a selection asks about, as one row, with ``area_km2``; or no row."""
    area = selection.area
    shapes = [] if area is None else [area_shape(province, area)]
    sizes = [] if area is None else [area_km2(province, area)]
    ids = [AREA_ID] * len(shapes)
    return _named(gpd.GeoDataFrame({"id": ids, "area_km2": sizes}, geometry=shapes, crs=GEOGRAPHIC))


def geometry_of(spec: MapSpec, province: Province, name: GeometryId) -> gpd.GeoDataFrame:
    """Return the table of a geometry for one map: ``geometry_table``, or what the view draws."""
    if name == OF_VIEW:
        return area_table(province, spec.selection)
    return geometry_table(province, name)


def _named(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return ``table`` with the columns that maps need: names and a place for a label."""
    points = table.geometry.representative_point()
    named = table.assign(
        name_zh=table["id"], name_en=table["id"], label_lon=points.x, label_lat=points.y
    )
    return named.set_index("id", drop=False).rename_axis(None)


def geometry_table(province: Province, name: GeometryId) -> gpd.GeoDataFrame:
    """Return the table of a geometry (EPSG:4326), indexed by the ids that layers name."""
    if name == OF_VIEW:
        return area_table(province, Selection())
    if name == "catchments":
        return hub_catchments(province)
    if name == "road_catchments":
        return hub_road_catchments(province)
    if name == "footprints":
        return group_footprints(province)
    if name in GROUND:
        return ground_table(province, name)
    table: gpd.GeoDataFrame = getattr(province, name)
    return table
