"""Packed geometry: what comes out is what went in, neighbours stay neighbours, little travels."""

from __future__ import annotations

import gzip
import json
from itertools import accumulate
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from data.loader import Province
from layers.web.packing import POINT_DECIMALS, WIRE_DECIMALS, pack_areas, pack_points
from layers.web.wire_geometry import WireGeometry, wire_geometry
from tests.synthetic import with_synthetic_places, without_places

GRID = 10**-WIRE_DECIMALS
AREAS = ("cities", "counties", "neighbours")


def areas(**shapes: Polygon | MultiPolygon) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name_zh": list(shapes), "name_en": list(shapes), "label_lon": 1.0, "label_lat": 2.0},
        geometry=list(shapes.values()),
        index=list(shapes),
        crs="EPSG:4326",
    )


def unpacked(pack: dict[str, Any], name: str) -> dict[Any, MultiPolygon]:
    """Read a pack as the browser does."""
    scale = pack["scale"]
    arcs = [
        list(zip(accumulate(one[::2]), accumulate(one[1::2]), strict=True)) for one in pack["arcs"]
    ]

    def ring(numbers: list[int]) -> list[tuple[float, float]]:
        lines = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        return [(x / scale, y / scale) for line in lines for x, y in line[:-1]]

    packed = pack["geometries"][name]
    return {
        one: MultiPolygon(
            [(ring(outer), [ring(hole) for hole in holes]) for outer, *holes in shape]
        )
        for one, shape in zip(packed["ids"], packed["shapes"], strict=True)
    }


def content(wire: WireGeometry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(wire.compressed))
    return found


def test_a_shared_border_travels_once():
    pack = pack_areas({"cities": areas(west=box(0, 0, 1, 1), east=box(1, 0, 2, 1))})
    west, east = pack["geometries"]["cities"]["shapes"]
    shared = {n if n >= 0 else ~n for n in west[0][0]} & {n if n >= 0 else ~n for n in east[0][0]}
    assert len(pack["arcs"]) == 3
    assert len(shared) == 1


def test_tables_share_what_they_have_in_common():
    counties = areas(west=box(0, 0, 1, 1), east=box(1, 0, 2, 1))
    alone = pack_areas({"counties": counties})
    city = areas(both=shapely.union_all(counties.geometry.to_numpy()))
    assert len(pack_areas({"counties": counties, "cities": city})["arcs"]) == len(alone["arcs"])


def test_holes_islands_and_lone_rings_come_back():
    outer = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    island = Polygon([(9, 9), (10, 9), (10, 10)])
    table = areas(
        ring=MultiPolygon([outer, island]), filling=Polygon([(1, 1), (2, 1), (2, 2), (1, 2)])
    )
    found = unpacked(pack_areas({"cities": table}), "cities")
    for name, shape in table.geometry.items():
        assert found[name].equals(MultiPolygon([shape]) if name == "filling" else shape)


def test_a_ring_below_the_grid_is_left_out():
    speck = box(5, 5, 5 + GRID / 10, 5 + GRID / 10)
    table = areas(land=MultiPolygon([box(0, 0, 1, 1), speck]))
    assert len(unpacked(pack_areas({"cities": table}), "cities")["land"].geoms) == 1


@pytest.mark.parametrize("name", AREAS)
def test_the_province_comes_back_within_a_step_of_the_grid(province: Province, name: str):
    found = unpacked(content(wire_geometry(province, name)), name)
    table = getattr(province, name)
    assert list(found) == list(table.index)
    for one, shape in table.geometry.items():
        assert shapely.hausdorff_distance(found[one].boundary, shape.boundary) < GRID
    assert shapely.coverage_is_valid(np.array(list(found.values())))


def test_counties_still_fill_their_cities(province: Province):
    pack = content(wire_geometry(province, "cities"))
    cities, counties = unpacked(pack, "cities"), unpacked(pack, "counties")
    home = province.counties["city_adcode"]
    for city, shape in cities.items():
        parts = [counties[one] for one in home.index[home == city]]
        assert shapely.union_all(parts).symmetric_difference(shape).area == 0


def test_sites_keep_their_places_and_homes(province: Province):
    placed = with_synthetic_places(province)
    pack = content(wire_geometry(placed, "sites"))
    packed = pack["geometries"]["sites"]
    x, y = (np.cumsum(packed["points"][at::2]) / pack["scale"] for at in (0, 1))
    sites = placed.sites
    known = sites.geometry.dropna()
    assert packed["ids"] == list(sites.index)
    assert sites.index[packed["unplaced"]].equals(sites.index[sites.geometry.isna()])
    assert np.allclose(x, known.x, atol=10**-POINT_DECIMALS)
    assert np.allclose(y, known.y, atol=10**-POINT_DECIMALS)
    assert packed["homes"]["cities"] == sites["city_adcode"].tolist()


def test_sites_without_a_place_have_none_on_the_wire(province: Province):
    province = without_places(province)
    packed = content(wire_geometry(province, "sites"))["geometries"]["sites"]
    assert packed["points"] == []
    assert packed["unplaced"] == list(range(len(province.sites)))


def test_sites_at_one_place_are_each_there(province: Province):
    sites = province.sites.iloc[:3].set_geometry([shapely.Point(119, 32)] * 3, crs="EPSG:4326")
    pack = pack_points("sites", sites, {})
    assert pack["geometries"]["sites"]["points"] == [11_900_000, 3_200_000, 0, 0, 0, 0]


def test_the_ground_is_one_small_answer(province: Province):
    packs = {wire_geometry(province, name) for name in AREAS}
    assert len(packs) == 1
    assert len(packs.pop().compressed) < 60_000
