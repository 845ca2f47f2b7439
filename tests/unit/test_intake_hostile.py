"""Uploads come from strangers: each hostile file is refused in words, or cleaned and reported."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from data.intake import Limits, RefusedError, read_safely
from data.intake.safely import _environment
from data.intake.worker import deny_network

SMALL = Limits(seconds=20)
MEGABYTE = 1 << 20


def refused(content, filename, match, limits=SMALL):
    with pytest.raises(RefusedError, match=match) as caught:
        read_safely(content, filename, limits)
    assert caught.value.note.say("zh")
    return caught.value


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def features(*members):
    return json.dumps({"type": "FeatureCollection", "features": list(members)}).encode()


def feature(geometry="null", properties='{"a": "x"}'):
    return (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", '
        f'"properties": {properties}, "geometry": {geometry}}}]}}'
    ).encode()


@pytest.mark.parametrize(
    "filename", ["a.vrt", "a.py", "a", "a.csv.exe", "/vsicurl/http://x/a.gml", "a.kmz", "a.gdb"]
)
def test_other_extensions(filename):
    refused(b"<OGRVRTDataSource/>", filename, "choose from .csv")


@pytest.mark.parametrize("filename", ["/vsicurl/http://127.0.0.1:9/a.csv", "../../etc/a.csv"])
def test_the_name_is_never_a_path(filename):
    assert len(read_safely(b"a,b\n1,2\n", filename).frame) == 1


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"PK\x03\x04rest", "a.csv"),
        (b"a,b\n1,2\n", "a.xlsx"),
        (b"<OGRVRTDataSource></OGRVRTDataSource>", "a.geojson"),
        (b'<OGRVRTDataSource name="x"/>', "a.gpkg"),
        (b"{}", "a.kml"),
        (b"SQLite format 3\0", "a.parquet"),
        (zipped(("a.txt", "x")), "a.xlsx"),
    ],
)
def test_content_must_bear_out_the_extension(content, filename):
    refused(content, filename, "not that of a")


@pytest.mark.parametrize("filename", ["a.csv", "a.json", "a.gpkg", "a.zip", "a.xlsx"])
def test_empty_files(filename):
    refused(b"", filename, "empty")


@pytest.mark.parametrize(
    ("start", "filename"),
    [
        (b"SQLite format 3\0", "a.gpkg"),
        (b"PAR1", "a.parquet"),
        (b"PK\x03\x04", "a.zip"),
        (b"PK\x03\x04", "a.xlsx"),
        (b"{", "a.geojson"),
        (b"<", "a.kml"),
    ],
)
def test_rubbish_after_a_good_start(start, filename):
    refused(start + bytes(range(256)) * 40, filename, "broken|Not readable|UTF-8|encoding")


def test_a_vrt_inside_a_zip_is_not_read():
    refused(zipped(("a.vrt", "<OGRVRTDataSource/>")), "a.zip", "0 shapefiles")


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("../a.shp", "outside its folder"),
        ("/etc/a.shp", "outside its folder"),
        ("x/../../a.shp", "outside its folder"),
        ("C:\\a.shp", "outside its folder"),
        ("inner.zip", "another archive"),
        ("inner.tar", "another archive"),
    ],
)
def test_members_of_archives(name, match):
    refused(zipped((name, b"x")), "a.zip", match)


def test_a_shapefile_deep_in_folders(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(118, 32)], crs="EPSG:4326")
    frame.to_file(tmp_path / "a.shp")
    parts = [(f"{'d/' * 500}{one.name}", one.read_bytes()) for one in tmp_path.iterdir()]
    assert read_safely(zipped(*parts), "a.zip").frame["name"].tolist() == ["x"]
    refused(zipped(*parts, *((f"{at}.txt", "") for at in range(2000))), "a.zip", "at most 2000")


def test_files_of_two_kinds_at_once(tmp_path):
    """What starts as one format and ends as another is read as what its name says, or not."""
    archive = zipped(("a.shp", b"x"), ("a.shx", b"x"), ("a.dbf", b"x"))
    refused(b"<html><script>1</script></html>" + archive, "a.zip", "not that of a .zip")
    refused(b"%PDF-1.4\n" + archive, "a.zip", "not that of a .zip")
    table = read_safely(b"GIF89a,b\n1,2\n", "a.csv")
    assert list(table.frame.columns) == ["GIF89a", "b"]


def test_a_link_in_an_archive():
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zipped((link, "/etc/passwd")), "a.zip", "link or a device")


def test_zip_bombs():
    parts = [(f"a{end}", bytes(30 * MEGABYTE)) for end in (".shp", ".shx", ".dbf")]
    refused(zipped(*parts), "a.zip", "more than 200 times")
    generous = Limits(seconds=20, unpack_ratio=10_000, unpacked_bytes=40 * MEGABYTE)
    refused(zipped(*parts), "a.zip", "more than 40 MB", generous)


def test_a_zip_that_lies_about_its_size():
    content = bytearray(zipped(("a.shp", bytes(8 * MEGABYTE)), ("a.shx", b"x"), ("a.dbf", b"x")))
    for magic, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.index(magic) + offset
        content[at : at + 4] = (100).to_bytes(4, "little")
    refused(bytes(content), "a.zip", "broken|more than|Not readable")


def workbook_with(tmp_path, replace):
    book = openpyxl.Workbook()
    book.active.append(["名称", "b"])
    book.active.append(["甲", 2])
    book.save(tmp_path / "a.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, replace(name, old.read(name)))
    return out.getvalue()


def test_a_workbook_with_an_entity_bomb(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

    def replace(name, content):
        return bomb + content[content.index(b"<work") :] if name == "xl/workbook.xml" else content

    refused(workbook_with(tmp_path, replace), "a.xlsx", "document type or entities")


def test_a_workbook_whose_entities_hide_in_utf_16(tmp_path):
    def replace(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        return '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><a/>'.encode("utf-16")

    refused(workbook_with(tmp_path, replace), "a.xlsx", "document type or entities")


def test_a_workbook_with_a_cell_in_the_last_corner(tmp_path):
    def replace(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", far)

    table = read_safely(workbook_with(tmp_path, replace), "a.xlsx", SMALL)
    assert table.frame["b"].tolist() == [2]


SHARED = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def with_shared_strings(tmp_path, strings):
    """A workbook whose strings are ``strings``, told by its list of parts as well."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'

    def replace(name, content):
        return content.replace(b"</Types>", part) if name == "[Content_Types].xml" else content

    out = io.BytesIO(workbook_with(tmp_path, replace))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", SHARED + strings + b"</sst>")
    return out.getvalue()


def test_a_workbook_with_millions_of_shared_strings(tmp_path):
    strings = b"".join(b"<si><t>%x</t></si>" % (at * 2654435761) for at in range(3_000_000))
    tight = Limits(seconds=30, memory_bytes=800 * MEGABYTE)
    refused(with_shared_strings(tmp_path, strings), "a.xlsx", "memory|longer than|broken", tight)


def test_a_workbook_with_a_million_merged_cells(tmp_path):
    merged = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (at, at) for at in range(2, 1_000_002))

    def replace(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        end = b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
        return content.replace(b"</sheetData>", end)

    content = workbook_with(tmp_path, replace)
    assert len(content) > MEGABYTE
    refused(content, "a.xlsx", "more than 50000 merged cells")


def test_a_workbook_with_external_links_and_formulas(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["='http://127.0.0.1:9/[x.xlsx]S'!A1", '=WEBSERVICE("http://127.0.0.1:9")'])
    book.active.append(["x", 1])
    book.save(tmp_path / "a.xlsx")
    table = read_safely(tmp_path / "a.xlsx", "a.xlsx")
    assert table.frame["b"].tolist() == [1.0]


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


def test_hidden_characters_in_headings_and_cells_of_text():
    table = read_safely("na\u202eme\u200b,b\nx\0y,\ufeff2\n".encode(), "a.csv")
    assert list(table.frame.columns) == ["name", "b"]
    assert table.frame.iloc[0].tolist() == ["xy", "2"]


def test_a_quote_that_is_never_closed():
    table = read_safely(b'a,b\n1,"' + b"x" * 300_000, "a.csv")
    assert [one.code for one in table.notes] == ["cut_cells"]


def test_broken_utf_16():
    refused(b"\xff\xfea\x00,\x00\x00\xd8\x00", "a.csv", "not whole utf-16|neither")


def test_time_runs_out_and_the_parent_goes_on(tmp_path):
    rows = b"a,b\n" + b"1,2\n" * 50_000
    refused(rows, "a.csv", "longer than 0.05 seconds", Limits(seconds=0.05))
    assert len(read_safely(rows, "a.csv").frame) == 50_000


def test_memory_runs_out_and_the_parent_goes_on():
    rows = b"a,b\n" + b"1,2\n" * 90_000
    refused(rows, "a.csv", "memory", Limits(memory_bytes=100 * MEGABYTE))
    wide = b",".join(b"c%d" % at for at in range(150)) + b"\n" + (b"x," * 149 + b"x\n") * 12_000
    refused(wide, "a.csv", "memory", Limits(memory_bytes=460 * MEGABYTE))
    assert len(read_safely(b"a,b\n1,2\n", "a.csv").frame) == 1


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_safely(b"a,b\n1,2\n", "a.csv")
    with pytest.raises(RefusedError):
        read_safely(b"{]", "a.json")
    assert list(tmp_path.iterdir()) == []


def test_reading_from_many_threads():
    found = []
    threads = [
        threading.Thread(
            target=lambda at=at: found.append(
                read_safely(f"a,b\n{at},2\n".encode(), "a.csv").frame["a"].tolist()
            )
        )
        for at in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [["0"], ["1"], ["2"]]


def test_the_worker_gets_no_secrets_and_one_driver(monkeypatch):
    monkeypatch.setenv("TIANDITU_KEY", "secret")
    environment = _environment(Path("/nowhere"), ("ESRI Shapefile",))
    assert "secret" not in environment.values()
    assert set(os.environ) - set(environment)
    skipped = environment["OGR_SKIP"].split(",")
    assert {"OGR_VRT", "GeoJSON", "WFS", "GPKG"} <= set(skipped)
    assert "ESRI Shapefile" not in skipped


def test_gdal_knows_one_driver_in_the_worker(tmp_path):
    code = "import pyogrio; print(*pyogrio.list_drivers(), sep=',')"
    found = subprocess.run(
        [sys.executable, "-E", "-s", "-c", code],
        env=_environment(tmp_path, ("ESRI Shapefile",)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "ESRI Shapefile"


def test_a_file_without_an_end():
    refused(Path("/dev/zero"), "a.csv", "0 MB; at most 0 MB", Limits(file_bytes=1000))


def test_the_worker_has_no_network():
    with pytest.raises(PermissionError):
        deny_network("socket.connect", ())
    deny_network("open", ())
