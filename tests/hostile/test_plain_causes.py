"""What has a plain cause is refused in plain words, or read: never as if the reader had fallen."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data.uploads.formats.asked import ColumnsAsked
from data.uploads.formats.raw_table import read_table
from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox import safely
from data.uploads.sandbox.folder import REFUSAL, REQUEST, TABLE
from data.uploads.sandbox.safely import read_columns_safely, read_safely
from tests.hostile.files import feature, refused
from tests.serving import ROOT

POINT = shapely.Point(118.8, 32.05)
FAR = 2**62


def parquet(*columns: pa.Array, names: tuple[str, ...] = (), shape: bytes | None = None) -> bytes:
    """A GeoParquet file of columns ``a``, ``b``... and points."""
    rows = len(columns[0])
    shapes = pa.array([shape or shapely.to_wkb(POINT)] * rows, pa.binary())
    about = {"encoding": "WKB", "geometry_types": ["Point"]}
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": about}}
    names = names or tuple("abcdefgh"[: len(columns)])
    table = pa.Table.from_arrays([*columns, shapes], names=[*names, "geometry"])
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), out)
    return out.getvalue()


def held(kind: pa.DataType, *numbers: int) -> pa.Array:
    """An array of times that hold ``numbers``, whether they can be or not."""
    plain = pa.array(numbers, pa.int32() if kind.bit_width == 32 else pa.int64())
    return pa.Array.from_buffers(kind, len(numbers), plain.buffers())


def latin(*texts: bytes) -> pa.Array:
    """An array of text that holds bytes, whether they are UTF-8 or not."""
    plain = pa.array(texts, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(texts), plain.buffers())


def refused_both_ways(content: bytes, match: str) -> None:
    refused(content, "a.parquet", match)
    with pytest.raises(RefusedError, match=match):
        read_columns_safely(content, "a.parquet", ColumnsAsked())


def test_columns_of_one_name():
    content = parquet(pa.array(["x"]), pa.array(["y"]), names=("name", "name"))
    table = read_safely(content, "a.parquet")
    assert table.frame.to_dict("list") == {"name": ["x"], "name (2)": ["y"]}
    assert [one.code for one in table.notes] == ["double_column"]
    asked = ColumnsAsked(names=("name", "name (2)"))
    large = read_columns_safely(content, "a.parquet", asked).table
    assert large.to_pydict() == {"name": ["x"], "name (2)": ["y"]}


def test_two_columns_that_are_called_as_the_geometry():
    content = parquet(pa.array(["x"]), names=("geometry",))
    refused_both_ways(content, "Not readable as Parquet")


@pytest.mark.parametrize(
    "kind",
    [
        *(pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("us", tz="Asia/Shanghai")),
        *(pa.duration("s"), pa.time64("us"), pa.date32()),
    ],
    ids=str,
)
def test_times_out_of_range(kind):
    most = 2**31 - 1 if kind.bit_width == 32 else FAR
    content = parquet(pa.array(["x", "y", "z"]), held(kind, 5, 5, most))
    refused_both_ways(content, f"Row 3, column “b”: .* range of {kind}".replace("[", r"\["))


def test_times_that_can_be_are_read():
    content = parquet(held(pa.timestamp("s"), 5), held(pa.duration("ns"), FAR))
    assert read_safely(content, "a.parquet").frame["a"].tolist() == ["1970-01-01 00:00:05"]
    large = read_columns_safely(content, "a.parquet", ColumnsAsked()).table
    assert large.column_names == ["a", "b"]


def test_text_that_is_not_utf_8():
    texts = [b"a", b"b", "名称".encode("gb18030"), b"d", b"e"]
    content = parquet(pa.array([1] * 5), latin(*texts))
    refused_both_ways(content, "Row 3, column “b”: .* no text in UTF-8")


def test_lists_of_what_cannot_be():
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), latin(b"a", b"\xff"))
    refused_both_ways(parquet(lists), "Row 2, column “a”")


def test_numbers_of_many_digits_are_kept():
    digits = pa.array(["9" * 38]).cast(pa.decimal128(38, 0))
    content = parquet(digits)
    assert read_safely(content, "a.parquet").frame["a"].tolist() == ["9" * 38]
    large = read_columns_safely(content, "a.parquet", ColumnsAsked()).table
    assert large.to_pydict() == {"a": ["9" * 38]}


def test_a_large_file_whose_columns_hold_bytes_alone():
    with pytest.raises(RefusedError, match="no rows with values"):
        read_columns_safely(parquet(pa.array([b"\0"])), "a.parquet", ColumnsAsked())


def named(crs: str) -> bytes:
    content = json.loads(feature(json.dumps(shapely.geometry.mapping(POINT))))
    return json.dumps({**content, "crs": {"properties": {"name": crs}}}).encode()


@pytest.mark.parametrize("name", ["EPSG:" + "1" * 50_000, "EPSG:99999", "urn:ogc:def:crs:EPSG::1"])
def test_geojson_of_an_unknown_system(name):
    refused(named(name), "a.geojson", f"Unknown coordinate system: {name[:20]}")


@pytest.mark.parametrize("name", ["EPSG:32650", "urn:ogc:def:crs:EPSG::32650"])
def test_no_digit_of_a_system_is_lost(name):
    assert read_safely(named(name), "a.geojson").crs == "EPSG:32650"


def layer() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["x"], "other": ["y"]}, geometry=[POINT], crs="EPSG:4326")


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 99999999", "EPSG:99999999"),
        ("UPDATE gpkg_geometry_columns SET srs_id = 1e300", "Not readable as GPKG"),
    ],
)
def test_a_geopackage_of_an_unknown_system(tmp_path, statement, match):
    layer().to_file(tmp_path / "a.gpkg", layer="good", driver="GPKG")
    with sqlite3.connect(tmp_path / "a.gpkg") as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)
    connection.close()
    refused(tmp_path / "a.gpkg", "a.gpkg", match)


@pytest.fixture
def shapefile(tmp_path):
    """Make a zipped shapefile, some of whose parts are other ones."""
    layer().to_file(tmp_path / "a.shp", encoding="utf-8")

    def make(**parts: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for path in tmp_path.glob("a.*"):
                archive.writestr(path.name, parts.get(path.suffix[1:], path.read_bytes()))
        return out.getvalue()

    make.part = lambda suffix: (tmp_path / f"a.{suffix}").read_bytes()
    return make


@pytest.mark.parametrize("stated", [b"utf\0-8", b"\0", b"undefined", b"hex"])
def test_a_code_page_that_is_none(shapefile, stated):
    table = read_safely(shapefile(cpg=stated), "a.zip")
    assert table.frame["name"].tolist() == ["x"]
    assert [one.code for one in table.notes] == ["unknown_cpg"]
    assert "\0" not in table.notes[0].say("zh")


def test_fields_of_one_name(shapefile):
    twice = shapefile.part("dbf").replace(b"other\0", b"name\0\0")
    table = read_safely(shapefile(dbf=twice), "a.zip")
    assert table.frame.to_dict("list") == {"name": ["x"], "name (2)": ["y"]}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_system_with_a_chinese_name(shapefile, encoding):
    stated = shapefile.part("prj").decode().replace("GCS_WGS_1984", "大地坐标系")
    table = read_safely(shapefile(prj=stated.encode(encoding)), "a.zip")
    assert "大地坐标系" in str(table.crs)


@pytest.mark.parametrize("lost", [("6378137.0", "0"), ("[", ""), ("DATUM", "DATA")])
def test_a_shapefile_of_a_broken_system(shapefile, lost):
    stated = shapefile.part("prj").decode().replace(*lost)
    refused(shapefile(prj=stated.encode()), "a.zip", "Unknown coordinate system: GEOGCS")


def test_a_cell_of_a_workbook_with_more_digits_than_a_number_has():
    book = openpyxl.Workbook()
    book.active.append(["name", "amount"])
    book.active.append(["x", 4242.5])
    out, changed = io.BytesIO(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"4242.5", b"9" * 400))
    table = read_safely(changed.getvalue(), "a.xlsx")
    assert table.frame["amount"].tolist() == ["9" * 400]


@pytest.mark.parametrize("left", ["", '{"code": "too', "[]", '{"code": "no such words"}'])
def test_a_refusal_that_a_killed_reader_began_is_none(tmp_path, left):
    (tmp_path / REFUSAL).write_text(left, encoding="utf-8")
    with pytest.raises(RefusedError) as refusal:
        safely._result(tmp_path, Limits(), read_table)
    assert refusal.value.note.code == "worker_fell"


UNEXPECTED = """
import errno, sys
from dataclasses import replace
from pathlib import Path
from data.uploads.formats import recognition
from data.uploads.sandbox import worker

def read(path, folder, limits, said):
    raise {error}

def of(filename):
    return replace(recognition.format_of(filename), load=lambda: read)

worker.format_of = of
worker.main(Path(sys.argv[1]), lambda: None)
"""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("KeyError('a value of the file')", "unknown_content"),
        ("AttributeError('a value of the file')", "unknown_content"),
        ("OSError('a value of the file')", "unknown_content"),
        ("OSError(errno.ENOSPC, 'a value of the file')", "no_room"),
        ("OSError(errno.ENOMEM, 'a value of the file')", "too_much_memory"),
        ("MemoryError()", "too_much_memory"),
        ("RecursionError()", "too_nested"),
    ],
)
def test_whatever_a_reader_raises_becomes_a_refusal(tmp_path, error, code):
    (tmp_path / "upload.csv").write_bytes(b"a,b\n1,2\n")
    asked = {"upload": "upload.csv", "limits": vars(Limits()), "environment": {}}
    (tmp_path / REQUEST).write_text(json.dumps(asked), encoding="utf-8")
    code_run = UNEXPECTED.format(error=error)
    subprocess.run([sys.executable, "-c", code_run, str(tmp_path)], cwd=ROOT, check=True)
    told = json.loads((tmp_path / REFUSAL).read_text(encoding="utf-8"))
    assert told["code"] == code
    assert "a value of the file" not in json.dumps(told)
    assert not (Path(tmp_path) / TABLE).exists()
    for language in ("zh", "en"):
        assert RefusedError(told["code"], **told["details"]).note.say(language)
