"""Areas within a way by road: as far as their network tells, near the centre and far out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from clusters.area_of_interest import (
    MOST_KM,
    AreaOfInterest,
    area_km2,
    area_middle,
    area_of,
    area_shape,
    site_positions,
)
from clusters.distances.province_roads import road_network
from data.crs import GEOGRAPHIC
from data.loader import default_province_id, load_province
from tests.synthetic import with_synthetic_places

PROVINCE = load_province(default_province_id())
WINDOW = PROVINCE.settings.window
_, SOUTH, EAST, _ = WINDOW
MIDDLE = (33.35, 120.16)


def test_what_is_within_a_way_by_road_is():
    area = AreaOfInterest("road", (MIDDLE,), 60.0)
    shape = area_shape(PROVINCE, area)
    start = gpd.GeoSeries([shapely.Point(MIDDLE[1], MIDDLE[0])], crs=GEOGRAPHIC)
    towns = PROVINCE.ground.towns.geometry
    ways = road_network(PROVINCE).distances(start, towns)[0]
    inside = towns.within(shape).to_numpy()
    # The border is drawn between points a kilometre apart.
    assert inside[ways < 55].mean() > 0.97
    assert not inside[ways > 65].any()
    assert area_km2(PROVINCE, area) < area_km2(PROVINCE, AreaOfInterest("circle", (MIDDLE,), 60.0))


@pytest.mark.parametrize("km", [0.1, 1, 3])
def test_a_short_way_by_road_holds_where_it_begins(km):
    province = with_synthetic_places(PROVINCE)
    for name, place in province.sites.geometry.dropna().iloc[::25].items():
        area = area_of("road", [(place.y, place.x)], km, WINDOW)
        assert site_positions(province, area)[name] == "inside"
        shape = area_shape(province, area)
        assert shape.covers(area_middle(province, area))
        assert 0 < area_km2(province, area) < 1.01 * np.pi * km**2


def test_placed_sites_are_held_to_their_own_way_by_road():
    province = with_synthetic_places(PROVINCE)
    placed = province.sites.geometry.dropna()
    for km in (1.0, 3.0, 30.0, 200.0):
        start = placed.iloc[[40]]
        area = area_of("road", [(start.iloc[0].y, start.iloc[0].x)], km, WINDOW)
        middle = gpd.GeoSeries([area_middle(province, area)], crs=GEOGRAPHIC)
        ways = road_network(province).distances(middle, placed)[0]
        found = site_positions(province, area)[placed.index]
        assert (found == np.where(ways <= km, "inside", "outside")).all()


def test_a_long_way_by_road_holds_whole_counties():
    area = area_of("road", [(32, 120)], MOST_KM, WINDOW)
    metric = PROVINCE.settings.metric_crs
    shape = gpd.GeoSeries([area_shape(PROVINCE, area)], crs=GEOGRAPHIC).to_crs(metric).iloc[0]
    beyond = PROVINCE.counties.to_crs(metric).geometry.difference(shape).area > 1e6
    assert 0 < beyond.sum() < 5
    found = site_positions(PROVINCE, area)
    homes = PROVINCE.sites["county_adcode"].dropna().astype(int)
    expected = homes.map(beyond).map({True: "perhaps", False: "inside"})
    assert (found[homes.index] == expected).all()


def test_a_way_by_road_from_beyond_the_land_has_a_spot_there():
    area = area_of("road", [(SOUTH + 0.1, EAST - 0.1)], 1, WINDOW)
    assert area_shape(PROVINCE, area).covers(area_middle(PROVINCE, area))
    assert set(site_positions(PROVINCE, area)) == {"outside"}
