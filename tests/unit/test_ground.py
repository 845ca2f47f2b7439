"""The committed ground is where other sources have it, and broken files are named."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from data.authoring.check import folder_faults
from data.authoring.ground_source import MARGIN_DEG
from data.crs import GEOGRAPHIC
from data.errors import DataError
from data.ground_layers import LAYERS, Ground, HubRow, LineRow, TownRow, WaterRow, ground_faults
from data.loader import load_folder
from data.road_graph import RoadGraph, read_graph, write_graph

TOLD = tomllib.loads(Path(__file__).with_name("ground_places.toml").read_text(encoding="utf-8"))
ROWS = {
    "water": (WaterRow, {"Polygon", "MultiPolygon"}),
    "roads": (LineRow, {"LineString"}),
    "railways": (LineRow, {"LineString"}),
    "towns": (TownRow, {"Point"}),
    "airports": (HubRow, {"Point"}),
    "ports": (HubRow, {"Point"}),
}
FILES = {
    "water": "water.geojson",
    "roads": "osm/roads.geojson",
    "railways": "osm/railways.geojson",
    "towns": "towns.csv",
    "airports": "airports.geojson",
    "ports": "ports.geojson",
    "road_graph": "osm/road_graph.npz",
}


@pytest.fixture(scope="module")
def reach(province):
    """The province and the margin around it, a little wider for what rounding adds."""
    own = shapely.union_all(province.counties.geometry.to_numpy())
    return own.buffer(MARGIN_DEG + 0.001)


def points(pairs) -> np.ndarray:
    return shapely.points(np.array(pairs, dtype=float).reshape(-1, 2))


@pytest.mark.parametrize("name", ROWS)
def test_a_layer_has_its_columns_and_valid_shapes(province, reach, name):
    table = getattr(province.ground, name)
    row, types = ROWS[name]
    assert not table.empty
    assert list(table.columns) == [*row.model_fields, "geometry"]
    assert table.crs == GEOGRAPHIC
    assert table.index.is_unique
    assert set(table.geom_type) <= types
    assert table.is_valid.all()
    assert shapely.covers(reach, table.geometry.to_numpy()).all()


def test_layers_are_read_once_and_stay_with_the_province(province):
    assert province.ground.water is province.ground.water


def test_opening_a_province_reads_no_layer(province_copy):
    assert not set(LAYERS) & set(vars(load_folder(province_copy).ground))


@pytest.mark.parametrize("told", TOLD["water"], ids=lambda told: told["name"])
def test_waters_are_where_they_are(province, told):
    water = province.ground.water
    shape = shapely.union_all(water.geometry[water["name_zh"] == told["name"]].to_numpy())
    assert shapely.contains(shape, points(told["inside"])).all()
    everything = shapely.union_all(water.geometry.to_numpy())
    assert not shapely.intersects(everything, points(told.get("outside", []))).any()


def test_waters_have_names_in_both_languages_or_none(province):
    water = province.ground.water
    assert (water["name_zh"].isna() == water["name_en"].isna()).all()
    assert (water["area_km2"].diff().dropna() <= 0).all()


def test_pieces_of_water_do_not_overlap(province):
    metric = province.ground.water.to_crs(province.settings.area_crs)
    total = shapely.union_all(metric.geometry.to_numpy()).area
    assert metric.area.sum() == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize("told", TOLD["stations"], ids=lambda told: told["name"])
def test_stations_lie_on_railways(province, told):
    crs = province.settings.metric_crs
    railways = province.ground.railways.to_crs(crs)
    (station,) = gpd.GeoSeries(points(told["at"]), crs=GEOGRAPHIC).to_crs(crs)
    assert railways.distance(station).min() <= 1000 * told["within_km"]


def test_towns_lie_in_their_counties(province):
    towns = province.ground.towns
    assert len(towns) == pytest.approx(TOLD["counts"]["towns"], abs=TOLD["counts"]["within"])
    counties = province.counties.geometry.loc[towns["county_adcode"]].to_numpy()
    assert shapely.contains(counties, towns.geometry.to_numpy()).all()


def test_every_city_has_its_seat_and_a_county_one_at_most(province):
    towns = province.ground.towns
    seats = towns[towns["kind"] == "city-seat"]
    own = province.counties["city_adcode"].loc[seats["county_adcode"]]
    assert sorted(own) == sorted(province.cities.index)
    assert seats["name_en"].tolist() == province.cities["name_en"].loc[own].tolist()
    assert (seats["population"] > 0).all()
    counties = towns.loc[towns["kind"] == "county-seat", "county_adcode"]
    assert counties.is_unique


def test_a_town_with_the_name_of_its_county_is_a_seat(province):
    """Where the gazetteer knows the seat by the county's own name."""
    towns = province.ground.towns
    names = province.counties["name_zh"].loc[towns["county_adcode"]].to_numpy()
    others = towns["other_zh"].fillna("").str.split(";")
    same = [
        name == town or name in other
        for name, town, other in zip(names, towns["name_zh"], others, strict=True)
    ]
    counties = set(towns.loc[same, "county_adcode"])
    seats = set(towns.loc[towns["kind"] != "town", "county_adcode"])
    assert len(counties) > 25
    assert counties <= seats


@pytest.mark.parametrize("name", ["ports", "airports"])
def test_what_is_only_a_name_is_left_out_with_a_reason(province, name):
    table = getattr(province.ground, name)
    assert not set(TOLD["left_out"][name]) & set(table.index)
    assert table["name_zh"].notna().all()
    reasons = pd.read_csv(province.ground.folder / "by_hand" / "left_out.csv")
    assert set(TOLD["left_out"][name]) <= set(reasons.loc[reasons["layer"] == name, "key"])
    assert (reasons["reason"].str.len() > 15).all()


def test_the_road_graph_is_what_the_roads_are_drawn_from(province, reach):
    graph = province.ground.road_graph
    assert len(graph.km) == len(graph.start) == len(graph.end)
    ends = shapely.linestrings(np.stack([graph.places[graph.start], graph.places[graph.end]], 1))
    assert shapely.intersects(reach, ends).all()
    start, end = graph.places[graph.start], graph.places[graph.end]
    _, _, straight_m = Geod(a=6371009, f=0).inv(*start.T, *end.T)
    assert (graph.km >= straight_m / 1000 - 0.001).all()
    assert graph.km.sum() > province.ground.roads["length_km"].sum()


def test_nearly_all_junctions_are_joined(province):
    graph = province.ground.road_graph
    shape = (len(graph.places),) * 2
    ways = csr_array((graph.km, (graph.start, graph.end)), shape=shape)
    _, part = connected_components(ways, directed=False)
    assert np.bincount(part).max() > 0.99 * len(part)


@pytest.mark.parametrize("name", [*ROWS, "road_graph"])
def test_files_are_small_enough_for_a_repository(province, name):
    assert (province.ground.folder / FILES[name]).stat().st_size < 2_500_000


@pytest.mark.parametrize("name", ["water", "roads", "railways", "airports", "ports"])
def test_files_follow_rfc_7946(province, name):
    collection = json.loads((province.ground.folder / FILES[name]).read_text(encoding="utf-8"))
    assert set(collection) == {"type", "features"}
    for feature in collection["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw
                assert not any(ring.is_ccw for ring in part.interiors)


@pytest.mark.parametrize("ground", [Ground(), Ground(Path("nowhere"))], ids=["none", "missing"])
def test_a_province_without_ground_has_empty_tables(ground):
    for name, (row, _) in ROWS.items():
        table = getattr(ground, name)
        assert table.empty
        assert list(table.columns) == [*row.model_fields, "geometry"]
        assert table.crs == GEOGRAPHIC
    assert len(ground.road_graph.km) == 0
    assert ground_faults(ground, set()) == []


@pytest.fixture
def ground_of(tmp_path):
    """Return a ground with one file of a given text."""

    def made(name: str, text: str) -> Ground:
        path = tmp_path / "ground" / FILES[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return Ground(tmp_path / "ground")

    return made


def collection(geometry: object, **properties: object) -> str:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


LINE = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
LAKE = {"kind": "lake", "basis": "lake", "area_km2": 1.0, "name_zh": None, "name_en": None}
TOWNS = ",".join(TownRow.model_fields) + "\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("water", "{}", "water.geojson: not readable as a GeoJSON FeatureCollection"),
        ("water", collection(BOW_TIE, **LAKE), "feature 1, geometry: is not valid: Self-inter"),
        ("water", collection(LINE, **LAKE), "expected Polygon or MultiPolygon, found LineString"),
        ("water", collection(None, **LAKE), "feature 1, geometry: expected Polygon"),
        ("water", collection(BOW_TIE, **{**LAKE, "kind": "sea"}), "feature 1, kind: Input should"),
        ("roads", collection(LINE, within_km=1), "roads.geojson: feature 1, length_km: Field req"),
        ("towns", TOWNS + "1,town,,One,,320000,0,120,95\n", "towns.csv: row 2, lat: Input should"),
        ("towns", TOWNS + 2 * "1,town,,One,,320000,0,120,33\n", "stands in the file twice"),
        ("towns", "kind\ntown\n", "towns.csv: row 1, geonameid: the column is missing"),
        ("road_graph", "no archive", "road_graph.npz: not readable as NPZ"),
    ],
)
def test_faults_name_file_and_row(ground_of, name, text, message):
    ground = ground_of(name, text)
    with pytest.raises(DataError) as raised:
        getattr(ground, name)
    assert message in str(raised.value)
    assert raised.value.faults[0] in ground_faults(ground, {320000})


def test_a_town_of_no_county_is_found(ground_of):
    ground = ground_of("towns", TOWNS + "1,town,,One,,320000,0,120,33\n")
    assert ground_faults(ground, {320000}) == []
    (fault,) = ground_faults(ground, {330000})
    assert str(fault) == "towns.csv: geonameid 1, county_adcode: no such county"


def test_the_check_of_a_province_reads_its_ground(province_copy):
    (province_copy / "ground" / "ports.geojson").write_text("{}", encoding="utf-8")
    assert [fault.file for fault in folder_faults(province_copy)] == ["ports.geojson"]


GRAPH = RoadGraph(
    np.array([[120.0, 32.0], [120.001, 32.0]]), np.array([0]), np.array([1]), np.array([0.5])
)


def test_a_graph_is_read_as_it_was_written(tmp_path):
    write_graph(GRAPH, tmp_path / "graph.npz")
    found, faults = read_graph(tmp_path / "graph.npz")
    assert faults == []
    for name in ("places", "start", "end", "km"):
        assert getattr(found, name).tolist() == getattr(GRAPH, name).tolist()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ends": [[0, 2]]}, "row 0, ends: no junction [0, 2]"),
        ({"ends": [[0, 1, 1]]}, "ends: expected int32 of shape (1, 2), found int32 (1, 3)"),
        ({"metres": [-1]}, "row 0, metres: is less than 0"),
        ({"metres": [1, 2]}, "metres: has 2 rows, but ends has 1"),
    ],
)
def test_a_broken_graph_is_named(tmp_path, changed, message):
    arrays = {"lon_lat": [[0, 0], [1, 1]], "ends": [[0, 1]], "metres": [5]} | changed
    np.savez(tmp_path / "g.npz", **{k: np.array(v, dtype=np.int32) for k, v in arrays.items()})
    found, (fault,) = read_graph(tmp_path / "g.npz")
    assert len(found.km) == 0
    assert str(fault) == f"g.npz: {message}"
