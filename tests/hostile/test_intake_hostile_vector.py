"""KML, GeoPackage and GeoJSON of strangers: depth, size, views and odd numbers do no harm."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import pytest
import shapely

from data.uploads.limits import Limits
from data.uploads.sandbox.safely import read_safely
from tests.hostile.files import MEGABYTE, feature, refused


def test_kml_with_entities_and_depth():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><kml><Placemark><name>&a;</name></Placemark></kml>'
    refused(bomb, "a.kml", "entities")
    external = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><kml/>'
    refused(external, "a.kml", "entities")
    deep = b"<kml>" + b"<Folder>" * 5000 + b"</Folder>" * 5000 + b"</kml>"
    refused(deep, "a.kml", "nested deeper|Not readable")


def geopackage(tmp_path, *statements):
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4326")
    frame.to_file(path, layer="good", driver="GPKG")
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


FOREVER = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS a FROM n"
)


@pytest.mark.parametrize(
    "replacement",
    [f"CREATE VIEW good AS {FOREVER}", "CREATE VIRTUAL TABLE good USING fts5(a)"],
)
def test_a_geopackage_whose_layer_is_no_table(tmp_path, replacement):
    drop = "ALTER TABLE good RENAME TO hidden"
    back = "UPDATE gpkg_contents SET table_name = 'good'"
    path = geopackage(tmp_path, "PRAGMA foreign_keys = OFF", drop, replacement, back)
    refused(path, "a.gpkg", "not a plain table")


def test_a_geopackage_with_endless_contents(tmp_path):
    path = geopackage(
        tmp_path,
        "PRAGMA foreign_keys = OFF",
        "ALTER TABLE gpkg_contents RENAME TO hidden",
        f"CREATE VIEW gpkg_contents AS SELECT a AS table_name, 'features' AS data_type, "  # noqa: S608
        f"1 AS rowid FROM ({FOREVER})",
    )
    refused(path, "a.gpkg", "longer than 3 seconds|Not readable", Limits(seconds=3))


def test_a_geopackage_with_triggers_is_only_read(tmp_path):
    path = geopackage(tmp_path, "CREATE TRIGGER t AFTER INSERT ON good BEGIN DELETE FROM good; END")
    before = path.read_bytes()
    assert read_safely(path, "a.gpkg").frame["a"].tolist() == ["x"]
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.gpkg"]


def test_deeply_nested_json():
    refused(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "a.json", "nested deeper than 64")
    refused(feature('{"a":' * 100_000 + "1" + "}" * 100_000), "a.geojson", "nested deeper than 64")


def test_a_ring_of_ten_million_vertices():
    ring = b"[0,0]," * 9_999_999 + b"[0,0]"
    text = b'{"type":"Polygon","coordinates":[[' + ring + b"]]}"
    content = feature("GEOMETRY").replace(b"GEOMETRY", text)
    refused(content, "a.geojson", "10000000 vertices; at most 2000000", Limits(file_bytes=1 << 27))
    refused(content, "a.geojson", "57 MB; at most 50 MB")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_coordinates_that_are_no_numbers(value):
    geometry = f'{{"type": "Point", "coordinates": [{value}, 1]}}'
    table = read_safely(feature(geometry), "a.geojson")
    assert table.geometry.isna().all()
    assert [one.code for one in table.notes] == ["broken_geometry"]


def test_a_number_of_five_million_digits():
    digits = "9" * 5_000_000
    table = read_safely(feature("null", f'{{"a": {digits}, "b": 1}}'), "a.geojson")
    assert table.frame["a"].tolist() == [digits[: Limits().cell_characters]]
    point = f'{{"type": "Point", "coordinates": [{digits}, 1]}}'
    assert read_safely(feature(point), "a.geojson").geometry.isna().all()


def test_a_string_of_forty_megabytes():
    table = read_safely(feature("null", f'{{"a": "{"x" * (40 * MEGABYTE)}"}}'), "a.geojson")
    assert [one.code for one in table.notes] == ["cut_cells"]


def test_a_ring_of_kml_is_counted_before_it_is_read():
    ring = "118,32 " * 2_100_000
    text = f"<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}"
    text += "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"
    refused(text.encode(), "a.kml", "2100000 vertices; at most 2000000")


def test_kml_of_huge_coordinates():
    text = "<kml>" + "".join(
        f"<Placemark><name>{at}</name><Point><coordinates>{at},1</coordinates></Point></Placemark>"
        for at in ("9" * 1_000_000, "1e308", "nan", "-inf", "118.8")
    )
    table = read_safely(f"{text}</kml>".encode(), "a.kml")
    assert table.geometry.isna().tolist() == [True, True, True, True, False]


def test_huge_coordinates_and_values():
    geometry = '{"type": "Point", "coordinates": [1e308, 1e308]}'
    table = read_safely(feature(geometry, '{"a": 1e308, "b": "x"}'), "a.geojson")
    assert table.geometry.isna().all()
    assert table.frame["a"].isna().all()


def test_double_keys_surrogates_nul_marks_and_long_values():
    properties = (
        '{"a": "first", "a": "second", "s": "x\\ud800y", "n": "x\\u0000y", '
        f'"b": "x\\u202ey\\u2066", "l": "{"x" * MEGABYTE}"}}'
    )
    table = read_safely(feature("null", properties), "a.geojson")
    row = table.frame.iloc[0]
    assert row[["a", "s", "n", "b"]].tolist() == ["first", "xy", "xy", "xy"]
    assert len(row["l"]) == Limits().cell_characters
    assert [one.code for one in table.notes] == ["double_keys", "hidden_characters", "cut_cells"]
    assert "3" in table.notes[1].say("en")
