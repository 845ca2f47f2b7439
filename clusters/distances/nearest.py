"""Find the nearest site of each segment from cities: by road, or in a straight line.

By road a city is measured from its seat, and a site without a place of its own from the seat of its
county, or of its city where the county is not known. The straight line runs from the city's border
to the site, or to the label point of its area. A site of the city itself is 0 km away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clusters.counts import counted_sources
from clusters.distances.province_roads import ROAD_LAYERS, has_roads, road_network
from clusters.distances.seats import area_seats
from clusters.distances.site_points import distance_points, road_points
from data.crs import GEOGRAPHIC
from data.loader import Province

DistanceBasis = Literal["road", "line"]
"""How distances are measured: by road, or in a straight line."""

_Nearest = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def distance_basis(province: Province, *, by_line: bool) -> DistanceBasis:
    """Return how distances are measured: in a straight line if so asked or without roads."""
    return "line" if by_line or not has_roads(province) else "road"


def link_sources(province: Province, *, by_line: bool) -> tuple[str, ...]:
    """Return the ids of what distances to sites rest on: the sites, and the borders or roads."""
    if distance_basis(province, by_line=by_line) == "line":
        return (*counted_sources(province), province.settings.boundary_source)
    return (*counted_sources(province), *province.ground.source_ids(*ROAD_LAYERS))


def nearest_sites(
    province: Province,
    sites: gpd.GeoDataFrame,
    cities: Sequence[int],
    segments: Sequence[str],
    *,
    by_line: bool,
) -> pd.DataFrame:
    """Find the nearest site of each segment from each of ``cities`` (adcodes).

    ``sites`` (EPSG:4326) has the columns of ``SiteRow``. Returns a row a pair, city by city:
    ``city_adcode, segment, nearest`` (id of the site, ``None`` where none of the segment is
    known), ``distance_km`` (0 within the city, ``nan`` where none is known) and ``sites``, how
    many of the segment the city has. Of several sites in the city, or at the same distance, the
    first by id is named.
    """
    ordered = sites.sort_index()
    if distance_basis(province, by_line=by_line) == "line":
        borders = province.cities.geometry.loc[list(cities)]
        measured = _by_line(province, ordered, borders)
    else:
        measured = _by_road(province, ordered, area_seats(province).geometry.loc[list(cities)])
    own = np.array(cities)[:, None] == ordered["city_adcode"].to_numpy()
    found = _each_segment(ordered, segments, own, measured)
    table = found.assign(city_adcode=[cities[row] for row in found["row"]])
    return table[["city_adcode", "segment", "nearest", "distance_km", "sites"]]


def nearest_to_place(
    province: Province,
    sites: gpd.GeoDataFrame,
    place: shapely.Point,
    segments: Sequence[str],
    *,
    by_line: bool,
) -> pd.DataFrame:
    """Find the nearest site of each segment from a point (EPSG:4326), a row a segment.

    Columns: ``segment, nearest, distance_km``, as in ``nearest_sites``.
    """
    ordered = sites.sort_index()
    basis = distance_basis(province, by_line=by_line)
    start = gpd.GeoSeries([place], crs=GEOGRAPHIC)
    measured = (_by_line if basis == "line" else _by_road)(province, ordered, start)
    nobodys = np.zeros((1, len(ordered)), dtype=bool)
    found = _each_segment(ordered, segments, nobodys, measured)
    return found[["segment", "nearest", "distance_km"]]


def _each_segment(
    sites: gpd.GeoDataFrame, segments: Sequence[str], own: np.ndarray, measured: _Nearest
) -> pd.DataFrame:
    """Return ``row, segment, nearest, distance_km, sites`` for each row of ``own``, in order."""
    named = sites["segments"].fillna("").str.split(";").explode()
    parts = [
        _nearest(sites, having, own[:, having], measured).assign(segment=segment, order=place)
        for place, segment in enumerate(segments)
        for having in [np.flatnonzero(sites.index.isin(named.index[named == segment]))]
    ]
    if not parts:
        return pd.DataFrame(columns=["row", "segment", "nearest", "distance_km", "sites"])
    every = pd.concat(parts).reset_index(names="row")
    return every.sort_values(["row", "order"], ignore_index=True)


def _nearest(
    sites: gpd.GeoDataFrame, having: np.ndarray, own: np.ndarray, measured: _Nearest
) -> pd.DataFrame:
    """Return ``nearest, distance_km, sites``, a row a city, of the sites at ``having``.

    ``own`` (cities x sites) tells which of these are the city's.
    """
    if not len(having):
        nothing = {"nearest": None, "distance_km": np.nan, "sites": 0}
        return pd.DataFrame(nothing, index=range(len(own)))
    first, km = measured(having)
    counts = own.sum(axis=1)
    names = sites.index.to_numpy()[having]
    return pd.DataFrame(
        {
            "nearest": np.where(counts > 0, names[own.argmax(axis=1)], names[first]),
            "distance_km": np.where(counts > 0, 0.0, km),
            "sites": counts,
        }
    )


def _by_road(province: Province, sites: gpd.GeoDataFrame, starts: gpd.GeoSeries) -> _Nearest:
    ways = road_network(province).distances(starts, road_points(province, sites))

    def nearest(having: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        first = ways[:, having].argmin(axis=1)
        return first, ways[np.arange(len(ways)), having[first]]

    return nearest


def _by_line(province: Province, sites: gpd.GeoDataFrame, starts: gpd.GeoSeries) -> _Nearest:
    metric = province.settings.metric_crs
    borders = starts.to_crs(metric).to_numpy()
    points = distance_points(province, sites).to_crs(metric).to_numpy()

    def nearest(having: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tree = shapely.STRtree(points[having])
        (city, site), metres = tree.query_nearest(borders, return_distance=True)
        # All sites at the least distance come back: the first of them is taken.
        order = np.lexsort([site, city])
        _, first = np.unique(city[order], return_index=True)
        return site[order][first], metres[order][first] / 1000

    return nearest


def site_distances(
    province: Province, sites: gpd.GeoDataFrame, city: int, *, by_line: bool
) -> pd.Series:
    """Measure how far each of ``sites`` is from a city (adcode), in km, by site id.

    ``sites`` as for ``nearest_sites``, measured as there; those of the city itself are 0 km away.
    """
    if distance_basis(province, by_line=by_line) == "line":
        metric = province.settings.metric_crs
        border = province.cities.to_crs(metric).geometry.at[city]
        points = distance_points(province, sites).to_crs(metric)
        km = shapely.distance(border, points.to_numpy()) / 1000
    else:
        start = area_seats(province).geometry.loc[[city]]
        km = road_network(province).distances(start, road_points(province, sites))[0]
    own = (sites["city_adcode"] == city).to_numpy()
    return pd.Series(np.where(own, 0.0, km), index=sites.index, name="km")
