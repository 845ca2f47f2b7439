"""Ways by road: against published distances, straight lines, and by hand on a small graph."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from clusters.chain import chain_links
from clusters.distances.nearest import (
    distance_basis,
    link_sources,
    nearest_sites,
    nearest_to_place,
)
from clusters.distances.province_roads import road_network
from clusters.distances.road_access import HUBS, LINES, city_access, county_access
from clusters.distances.road_network import MOST_WATER_M, RoadNetwork
from clusters.distances.road_reach import CATCHMENT_KM, road_catchments
from clusters.distances.seats import area_seats
from clusters.distances.site_points import distance_points, road_points
from clusters.distances.wide_water import WideWater
from clusters.plan import hub_cities
from data.crs import GEOGRAPHIC
from data.ground_layers import Ground
from data.road_graph import RoadGraph
from tests.synthetic import with_synthetic_places

PUBLISHED = Path(__file__).with_name("published_road_distances.csv")
METRIC = "EPSG:32650"
WITHIN = 0.08


def published() -> list[dict[str, str]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def small_network() -> RoadNetwork:
    """Three junctions of one road, 10 km apart, the second edge winding; and a road by itself."""
    places = np.array(
        [[117.0, 33.0], [117.107, 33.0], [117.214, 33.0], [118.0, 33.0], [118.1, 33.0]]
    )
    start, end = np.array([0, 1, 3]), np.array([1, 2, 4])
    return RoadNetwork(RoadGraph(places, start, end, np.array([10.0, 25.0, 9.4])), METRIC)


def points(*places: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(one) for one in places], crs=GEOGRAPHIC)


def test_published_distances_are_enough():
    assert len(published()) >= 10
    assert all(row["address"].startswith("http") for row in published())


@pytest.mark.parametrize(
    "row", published(), ids=lambda row: f"{row['from_adcode']}-{row['to_adcode']}"
)
def test_ways_between_seats_are_those_that_are_published(province, row):
    seats = area_seats(province)
    ends = [int(row["from_adcode"]), int(row["to_adcode"])]
    assert seats.loc[ends, "is_seat"].all()
    one, other = (seats.geometry.loc[[end]] for end in ends)
    (found,) = road_network(province).distances(one, other).ravel()
    assert found == pytest.approx(float(row["km"]), rel=WITHIN)


def test_no_way_is_shorter_than_the_straight_line(province):
    seats = area_seats(province).geometry
    metric = shapely.get_coordinates(seats.to_crs(province.settings.metric_crs).to_numpy())
    straight = np.hypot(*(metric[:, None] - metric[None]).transpose(2, 0, 1)) / 1000
    ways = road_network(province).distances(seats, seats)
    assert (ways >= straight - 1e-9).all()
    assert np.isfinite(ways).all()
    np.testing.assert_allclose(ways, ways.T, rtol=1e-9)


def test_a_way_goes_to_the_road_along_it_and_off_it():
    network = small_network()
    start, end = points((117.0, 33.02)), points((117.214, 32.99))
    (found,) = network.distances(start, end).ravel()
    assert found == pytest.approx(35 + 2.218 + 1.109, abs=0.02)


def test_places_of_one_junction_are_measured_in_a_straight_line():
    network = small_network()
    (found,) = network.distances(points((117.0, 33.01)), points((117.0, 32.99))).ravel()
    assert found == pytest.approx(2.218, abs=0.01)


def test_a_road_that_hangs_together_with_no_other_is_not_taken():
    (found,) = small_network().distances(points((117.0, 33.0)), points((118.05, 33.0))).ravel()
    straight = (
        points((117.214, 33.0)).to_crs(METRIC).distance(points((118.05, 33.0)).to_crs(METRIC))
    )
    assert found == pytest.approx(35 + straight.iloc[0] / 1000, rel=1e-6)


def test_a_road_is_never_shorter_than_its_chord():
    short = RoadGraph(
        np.array([[117.0, 33.0], [117.107, 33.0]]), np.array([0]), np.array([1]), np.array([3.0])
    )
    (found,) = RoadNetwork(short, METRIC).distances(points((117.0, 33.0)), points((117.107, 33.0)))
    assert found == pytest.approx(10.0, abs=0.02)


def test_a_way_does_not_leap_over_wide_water():
    """A river 2 km wide lies between a place and its nearest junction; two others are its own."""
    places = np.array([[117.0, 33.0], [117.0, 33.06], [117.1, 33.06]])
    graph = RoadGraph(places, np.array([0, 1]), np.array([1, 2]), np.array([30.0, 9.4]))
    river = gpd.GeoSeries([shapely.box(116.9, 33.005, 117.2, 33.023)], crs=GEOGRAPHIC)
    dry = RoadNetwork(graph, METRIC)
    wet = RoadNetwork(graph, METRIC, WideWater(river.to_crs(METRIC), MOST_WATER_M))
    place, over = points((117.0, 33.025)), points((117.0, 33.0))
    straight = 0.025 * 110.9
    assert dry.distances(place, over).item() == pytest.approx(straight, rel=0.01)
    assert wet.distances(place, over).item() == pytest.approx(0.035 * 110.9 + 30, rel=0.01)
    # A brook parts nobody, and who is out on the water is measured as without it.
    brook = gpd.GeoSeries([shapely.box(116.9, 33.005, 117.2, 33.007)], crs=GEOGRAPHIC)
    small = RoadNetwork(graph, METRIC, WideWater(brook.to_crs(METRIC), MOST_WATER_M))
    assert small.distances(place, over).item() == dry.distances(place, over).item()
    boat = points((117.0, 33.014))
    assert wet.distances(boat, over).item() == dry.distances(boat, over).item()
    none = RoadNetwork(graph, METRIC, WideWater(river[:0].to_crs(METRIC), MOST_WATER_M))
    assert none.distances(place, over).item() == dry.distances(place, over).item()


def test_places_of_the_province_reach_roads_on_their_own_bank(province):
    """Each by itself: the nearest of the junctions that the water lets it reach."""
    network = road_network(province)
    assert network.water is not None
    bare = replace(network, water=None)
    water = province.ground.water.to_crs(province.settings.metric_crs).union_all()
    west, south, east, north = province.cities.total_bounds
    draw = np.random.default_rng(5)
    some = np.column_stack([draw.uniform(west, east, 1500), draw.uniform(south, north, 1500)])
    asked = network._metric(points((120.0, 32.0), *some))
    (km, junction), (least, nearest) = (one._junctions_near(asked) for one in (network, bare))
    moved = np.flatnonzero(junction != nearest)
    assert moved[0] == 0
    assert (km >= least).all()
    for at in range(0, len(asked), 10):
        ends = network._junctions[network._connected]
        near = np.argsort(np.hypot(*(ends - asked[at]).T))[:12]
        lines = [shapely.LineString([asked[at], ends[one]]) for one in near]
        dry = [one for one, line in zip(near, lines, strict=True) if wet_m(line, water) <= 300]
        assert junction[at] == network._connected[(dry or list(near))[0]]
    for at in moved:
        line, left = (
            shapely.LineString([asked[at], network._junctions[one[at]]])
            for one in (junction, nearest)
        )
        assert wet_m(line, water) <= MOST_WATER_M < wet_m(left, water)


def wet_m(line: shapely.LineString, water: shapely.Geometry) -> float:
    return float(line.intersection(water).length)


def test_seats_lie_in_their_areas_and_say_where_none_is_known(province):
    seats = area_seats(province)
    assert list(seats.index) == [*province.cities.index, *province.counties.index]
    assert seats.loc[province.cities.index, "is_seat"].all()
    known = seats.loc[province.counties.index].query("is_seat")
    assert len(known) >= 78
    assert known.within(province.counties.geometry.reindex(known.index)).all()
    unknown = seats.loc[province.counties.index].query("not is_seat")
    labels = province.counties.loc[unknown.index]
    assert (unknown.geometry.x == labels["label_lon"]).all()


def test_sites_without_a_place_are_measured_from_the_seat_of_their_county(province):
    sites = province.sites
    seats = area_seats(province).geometry
    found = road_points(province, sites)
    homes = sites["county_adcode"].fillna(sites["city_adcode"]).astype(int)
    without = sites.geometry.isna()
    assert without.any()
    expected = seats.reindex(homes[without]).set_axis(sites.index[without])
    assert found[without].geom_equals(expected).all()
    placed = with_synthetic_places(province).sites
    own = placed.geometry.dropna()
    assert road_points(province, placed).loc[own.index].geom_equals(own).all()


@pytest.mark.parametrize("by_line", [False, True])
def test_the_nearest_site_is_the_nearest_of_all(province, by_line):
    """The same by measuring to every site of the segment, one at a time."""
    cities = [int(one) for one in province.cities.index]
    names = ["separator", "anode", "passenger-leader"]
    table = nearest_sites(province, province.sites, cities, names, by_line=by_line)
    assert table["city_adcode"].tolist() == [city for city in cities for _ in names]
    assert table["segment"].tolist() == names * len(cities)
    parts = province.sites["segments"].fillna("").str.split(";")
    for row in table.itertuples():
        having = province.sites[parts.map(lambda one, wanted=row.segment: wanted in one)]
        if having.empty:
            assert row.nearest is None
            assert np.isnan(row.distance_km)
            continue
        of_city = having[having["city_adcode"] == row.city_adcode]
        assert row.sites == len(of_city)
        if len(of_city):
            assert (row.nearest, row.distance_km) == (of_city.index.min(), 0)
            continue
        each = {
            name: nearest_sites(
                province, having.loc[[name]], [row.city_adcode], [row.segment], by_line=by_line
            )["distance_km"].iloc[0]
            for name in having.index[:40]
        }
        assert row.distance_km == pytest.approx(min(each.values()))
        assert each[row.nearest] == pytest.approx(row.distance_km)


@pytest.mark.parametrize("by_line", [False, True])
def test_the_nearest_site_to_a_place_is_the_nearest_of_all(province, by_line):
    place = shapely.Point(120.16, 33.35)
    names = ["separator", "anode", "passenger-leader"]
    table = nearest_to_place(province, province.sites, place, names, by_line=by_line)
    assert table["segment"].tolist() == names
    start = gpd.GeoSeries([place], crs=GEOGRAPHIC)
    parts = province.sites["segments"].fillna("").str.split(";")
    for row in table.itertuples():
        having = province.sites[parts.map(lambda one, wanted=row.segment: wanted in one)]
        if having.empty:
            assert row.nearest is None
            continue
        if by_line:
            metric = province.settings.metric_crs
            ends = distance_points(province, having).to_crs(metric)
            ways = ends.distance(start.to_crs(metric).iloc[0]).to_numpy() / 1000
        else:
            ways = road_network(province).distances(start, road_points(province, having))[0]
        assert row.distance_km == pytest.approx(ways.min())
        assert ways[list(having.index).index(row.nearest)] == pytest.approx(ways.min())


def test_without_a_graph_distances_are_straight_lines(province):
    bare = replace(province, ground=Ground())
    assert distance_basis(bare, by_line=False) == "line"
    assert distance_basis(province, by_line=False) == "road"
    pd.testing.assert_frame_equal(
        chain_links(bare, bare.sites, frozenset()),
        chain_links(province, province.sites, frozenset(), by_line=True),
    )
    assert set(link_sources(bare, by_line=False)) <= set(bare.sources)
    assert county_access(bare).empty


def test_access_of_counties(province):
    table = county_access(province)
    assert list(table.index) == list(province.counties.index)
    assert set(table.columns) >= {*LINES, *HUBS, "port-code", "airport-code", "hub", "hub-code"}
    assert set(table["hub-code"]) <= set(hub_cities(province))
    assert (table[[*LINES, *HUBS]] >= 0).all(axis=None)
    assert set(table["port-code"]) <= set(province.ground.ports.index)
    seats = area_seats(province).geometry.loc[province.counties.index]
    adcode = table.index[40]
    port = province.ground.ports.geometry.loc[[table.at[adcode, "port-code"]]]
    (way,) = road_network(province).distances(seats.loc[[adcode]], port).ravel()
    assert table.at[adcode, "port"] == pytest.approx(way)
    metric = province.settings.metric_crs
    lines = province.ground.railways.to_crs(metric).geometry
    nearest = lines.distance(seats.to_crs(metric).loc[adcode]).min() / 1000
    assert table.at[adcode, "railway"] == pytest.approx(nearest)
    of_city = province.counties["city_adcode"] == province.counties.at[adcode, "city_adcode"]
    mean = city_access(province, "port").at[province.counties.at[adcode, "city_adcode"]]
    assert mean == pytest.approx(table.loc[of_city, "port"].mean())


def test_catchments_by_road_hold_what_lies_within(province):
    hubs = hub_cities(province)
    table = road_catchments(province, hubs)
    assert table["distance_km"].tolist() == list(CATCHMENT_KM)
    assert table.geometry.is_valid.all()
    seats = area_seats(province).geometry
    near, middle, far = table.to_crs(province.settings.metric_crs).geometry
    assert middle.buffer(2000).covers(near)
    assert far.buffer(2000).covers(middle)
    towns = province.ground.towns.geometry
    ways = road_network(province).distances(seats.loc[list(hubs)], towns).min(axis=0)
    metric = towns.to_crs(province.settings.metric_crs)
    for shape, distance in zip((near, middle, far), CATCHMENT_KM, strict=True):
        # The border is drawn between points 1 km apart, and small spots are left out.
        surely = ways < distance - 3
        assert metric[surely].within(shape.buffer(1500)).all()
        assert not metric[ways > distance + 3].within(shape.buffer(-1500)).any()
    assert road_catchments(province, ()).empty
