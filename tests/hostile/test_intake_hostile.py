"""Uploads come from strangers: each hostile file is refused in words, or cleaned and reported."""

from __future__ import annotations

import pytest

from data.uploads.sandbox.safely import read_safely
from tests.hostile.files import refused, zipped


@pytest.mark.parametrize("filename", ["a.vrt", "a.py", "a", "a.csv.exe", "/vsicurl/http://x/a.gml"])
def test_other_extensions(filename):
    refused(b"<OGRVRTDataSource/>", filename, "choose from .csv")


@pytest.mark.parametrize(
    ("filename", "match"),
    [
        ("a.kmz", "not that of a .kmz"),
        ("a.gdb", "Export the layer as GeoPackage"),
        ("a.shp", "one part of a shapefile"),
        ("a.rar", "pack the files as .zip"),
        ("a.docx", "not a table"),
        ("a.xls", "Not readable as XLS"),
    ],
)
def test_endings_that_people_bring_as_well(filename, match):
    refused(b"<OGRVRTDataSource/>", filename, match)


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


def test_hidden_characters_in_headings_and_cells_of_text():
    table = read_safely("na\u202eme\u200b,b\nx\0y,\ufeff2\n".encode(), "a.csv")
    assert list(table.frame.columns) == ["name", "b"]
    assert table.frame.iloc[0].tolist() == ["xy", "2"]


def test_a_quote_that_is_never_closed():
    table = read_safely(b'a,b\n1,"' + b"x" * 300_000, "a.csv")
    assert [one.code for one in table.notes] == ["cut_cells"]


def test_broken_utf_16():
    refused(b"\xff\xfea\x00,\x00\x00\xd8\x00", "a.csv", "not whole utf-16|neither")
