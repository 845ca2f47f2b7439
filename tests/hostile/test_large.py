"""Large files are read in columns, and in the same cage: no reach, no bomb, nothing unseen."""

from __future__ import annotations

import ast
import io
import json
import struct
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data.own.own_register import register_of_large
from data.uploads.formats.asked import ColumnsAsked
from data.uploads.limits import LARGE, RefusedError
from data.uploads.sandbox.safely import read_columns_safely, read_head_safely, read_safely
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.placing import place_rows
from data.uploads.uploaded_file import Interpretation, UploadedFile

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20
PLAIN = ColumnsAsked()
HEADINGS = "name,longitude,latitude\n"


def parquet(table: pa.Table, geo: object = None) -> bytes:
    out = io.BytesIO()
    meta = None if geo is None else {"geo": json.dumps(geo)}
    pq.write_table(table.replace_schema_metadata(meta), out)
    return out.getvalue()


def points(**columns: pa.Array) -> pa.Table:
    shapes = pa.array([shapely.to_wkb(shapely.Point(118.8, 32))])
    return pa.table({**columns, "geometry": shapes})


def geo(crs: object) -> dict[str, object]:
    about = {"encoding": "WKB", "geometry_types": ["Point"], "crs": crs}
    return {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": about}}


def refused(content: bytes, name: str, match: str, limits=LARGE, asked=PLAIN) -> None:
    with pytest.raises(RefusedError, match=match) as caught:
        read_columns_safely(content, name, asked, limits)
    assert caught.value.note.say("zh")


@pytest.mark.parametrize("reach", ["{pipe}", "http://{address}/g", "/vsicurl/http://{address}/g"])
def test_a_coordinate_system_that_names_a_file(reach, traps):
    path = reach.format(pipe=traps.pipe, address=traps.address)
    for crs in (f"+proj=longlat +ellps=krass +nadgrids={path} +type=crs", {"type": path}, path):
        content = parquet(points(), geo(crs))
        refused(content, "a.parquet", "Unknown coordinate system")
        with pytest.raises(RefusedError):
            read_head_safely(content, "a.parquet")


@pytest.mark.parametrize(
    "about", [[], "x", {"columns": []}, {"columns": {"geometry": 1}, "primary_column": "geometry"}]
)
def test_metadata_that_is_none(about):
    refused(parquet(points(), about), "a.parquet", "Not readable as Parquet")
    with suppress(RefusedError):  # a table without a geometry is one all the same
        assert read_head_safely(parquet(points(), about), "a.parquet").geometry is None


def test_a_column_that_unpacks_to_more_memory_than_there_is():
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000), pa.array(["x" * 1_000_000]))
    row = pa.array([shapely.to_wkb(shapely.Point(118.8, 32))] * 100_000)
    content = parquet(pa.table({"a": long, "geometry": row}), geo(None))
    assert len(content) < 5 * MEGABYTE
    small = replace(LARGE, memory_bytes=2048 * MEGABYTE)
    refused(content, "a.parquet", "memory|Not readable", small)
    with pytest.raises(RefusedError):
        read_head_safely(content, "a.parquet")


def test_more_rows_than_are_read_by_what_the_file_itself_says():
    many = pa.table({"geometry": pa.nulls(6_000_000, pa.binary())})
    content = parquet(many, geo(None))
    assert len(content) < MEGABYTE
    refused(content, "a.parquet", "6000000 rows; at most 5000000")


def test_one_line_without_an_end():
    for before, row in (("", 1), (HEADINGS, 2), (HEADINGS + "a,1,2\n" * 5, 7)):
        content = (before + "x" * 20 * MEGABYTE).encode()
        refused(content, "a.csv", f"Row {row} is longer than 4 MB")
        if row < 3:
            with pytest.raises(RefusedError, match=f"Row {row} is longer than 1 MB"):
                read_head_safely(content, "a.csv")


def test_a_quotation_mark_that_is_never_closed():
    refused((HEADINGS + '"' + "a,1,2\n" * 2 * MEGABYTE).encode(), "a.csv", "Not readable as CSV")


def test_what_is_not_seen_goes_and_what_is_endless_is_cut():
    long = "长" * 5000
    text = HEADINGS + f"na\u202eme\u200b,118.8,32\nx\0y,118.8,32\n{long},118.8,32\n"
    found = read_columns_safely(text.encode(), "a.csv", PLAIN).table["name"].to_pylist()
    assert found == ["name", "xy", long[: LARGE.cell_characters]]


def test_headings_are_cleaned_and_single():
    text = "na\u202eme,name,longitude,latitude\n1,2,118.8,32\n"
    table = read_columns_safely(text.encode(), "a.csv", PLAIN).table
    assert table.column_names == ["name", "name (2)", "longitude", "latitude"]


def test_columns_of_bytes_and_of_lists():
    table = points(blob=pa.array([b"\0" * 9]), listed=pa.array([["=1+1"]]), truth=pa.array([True]))
    found = read_columns_safely(parquet(table, geo(None)), "a.parquet", ColumnsAsked())
    assert found.table.to_pylist() == [{"listed": "['=1+1']", "truth": True}]
    assert shapely.get_coordinates(found.geometry.to_numpy()).tolist() == [[118.8, 32.0]]


def test_coordinates_that_are_no_numbers(province):
    content = (HEADINGS + "a,NaN,32\nb,inf,32\nc,1e308,32\nd,,32\ne,118.8,32\n").encode()
    mapping = Mapping((("longitude", "longitude"), ("latitude", "latitude")))
    file = UploadedFile("a.csv", content, read_head_safely(content, "a.csv"), mapping, large=True)
    reading = register_of_large(file, Interpretation(mapping), province)
    assert len(reading.register) == 1
    assert list(reading.rejected.index) == [2, 3, 4, 5]


RING = shapely.Polygon([(118.7, 32.0), (118.9, 32.0), (118.9, 32.1)])
LINE = shapely.LineString([(118.7, 32.0), (118.9, 32.1)])


def changed(shape: shapely.Geometry, coordinate: float, to: float) -> bytes:
    """The shape as WKB, with another number in place of one of its coordinates."""
    old, new = (struct.pack("<d", one) for one in (coordinate, to))
    return bytes(shapely.to_wkb(shape)).replace(old, new, 1)


BROKEN = (
    changed(RING, 118.9, float("nan")),
    changed(LINE, 118.9, float("inf")),
    changed(shapely.Point(118.8, 32.0), 118.8, 1e12),
    changed(shapely.Point(118.8, 32.0), 118.8, float("nan")),
)


def shapes(*found: shapely.Geometry | bytes | None) -> bytes:
    wkb = [shapely.to_wkb(one) if isinstance(one, shapely.Geometry) else one for one in found]
    names = pa.array([f"n{at}" for at in range(len(found))])
    return parquet(pa.table({"name": names, "geometry": pa.array(wkb, pa.binary())}), geo(None))


def test_shapes_with_coordinates_that_are_no_numbers_are_told_as_in_a_small_file(province):
    content = shapes(RING, *BROKEN, None)
    small = read_safely(content, "a.parquet")
    places = place_rows(small, Mapping(), province, "wgs84", "EPSG:4326")
    (told,) = [dict(one.details) for one in small.notes if one.code == "broken_geometry"]
    file = UploadedFile("a.parquet", content, small, Mapping(), large=True)
    reading = register_of_large(file, Interpretation(Mapping(), crs="EPSG:4326"), province)
    assert list(reading.rejected.index) == [2, 3, 4, 5, 6]
    assert [one for one in reading.faults if not one.warning] == list(places.faults)
    (warned,) = [one for one in reading.faults if one.warning]
    assert (str(warned.row), dict(warned.details)["count"]) == (told["row"], told["count"])
    assert (told["row"], told["count"]) == ("2", "4")
    assert "4" in warned.expected("zh")
    longitude, latitude = reading.register.positions(np.arange(len(reading.register)))
    assert np.c_[longitude, latitude].round(2).tolist() == [[118.85, 32.05]]


def test_broken_shapes_are_not_replaced_by_columns_of_coordinates(province):
    found = shapes(shapely.Point(118.8, 32.0), BROKEN[3])
    table = pq.read_table(io.BytesIO(found))
    table = table.append_column("lon", pa.array([119.0, 119.0]))
    content = parquet(table.append_column("lat", pa.array([32.5, 32.5])), geo(None))
    mapping = Mapping((("longitude", "lon"), ("latitude", "lat")))
    sample = read_head_safely(content, "a.parquet")
    file = UploadedFile("a.parquet", content, sample, mapping, large=True)
    reading = register_of_large(file, Interpretation(mapping, crs="EPSG:4326"), province)
    assert len(reading.register) == 1
    assert list(reading.rejected.index) == [2]


def test_vertices_of_a_large_file_are_counted():
    circle = shapely.Point(118.8, 32.0).buffer(0.01, quad_segs=64)
    few = replace(LARGE, vertices=1000)
    refused(shapes(*[circle] * 10), "a.parquet", "2570 vertices; at most 1000", few)


def test_rows_of_another_width_are_kept_aside_without_what_is_not_seen():
    text = HEADINGS + "a,118.8,32\nb,118.8\nc\u202e,118.8,32,=1+1\n"
    found = read_columns_safely(text.encode(), "a.csv", PLAIN)
    assert found.rows.tolist() == [2]
    assert found.aside.to_numpy().tolist() == [["b", "118.8", None], ["c", "118.8", "32,=1+1"]]
    assert [(one.row, one.code) for one in found.faults] == [(3, "cells"), (4, "cells")]


def test_time_memory_size_and_columns_are_bounded():
    rows = (HEADINGS + "a,118.8,32\n" * 500_000).encode()
    # A quiet machine reads half a million rows between two looks at the clock.
    many = (HEADINGS + "a,118.8,32\n" * 4_000_000).encode()
    refused(many, "a.csv", "longer than 0.01 seconds", replace(LARGE, seconds=0.01))
    refused(rows, "a.csv", "memory", replace(LARGE, memory_bytes=100 * MEGABYTE))
    refused(rows, "a.csv", "at most 1 MB", replace(LARGE, file_bytes=MEGABYTE))
    refused(rows, "a.csv", "500000 rows; at most 1000", replace(LARGE, rows=1000))
    refused(rows, "a.csv", "1500000 cells; at most 1000", replace(LARGE, cells=1000))
    wide = ",".join(f"c{at}" for at in range(300)) + ",longitude,latitude\n"
    refused(wide.encode(), "a.csv", "302 columns; at most 200")


def test_a_file_of_another_kind_under_the_name():
    refused(b"PAR1" + bytes(range(256)) * 99, "a.parquet", "Not readable")
    refused(b"PK\x03\x04", "a.csv", "not that of a")
    refused(b"a,b\n", "a.parquet", "not that of a")


def test_a_good_file_gives_its_columns():
    frame = gpd.GeoDataFrame(
        {"a": [1, 2], "b": ["x", None]}, geometry=gpd.points_from_xy([119, 120], [32, 33]), crs=4326
    )
    out = io.BytesIO()
    frame.to_parquet(out)
    found = read_columns_safely(out.getvalue(), "a.parquet", ColumnsAsked())
    assert found.table.to_pylist() == [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    assert shapely.get_coordinates(found.geometry.to_numpy()).tolist() == [[119, 32], [120, 33]]


def test_no_reader_of_files_runs_in_the_process_of_the_pages():
    """What pages reach reads no format itself: only what the worker loads does."""
    readers = {"read_csv", "read_parquet", "ParquetFile", "load_workbook", "read_file"}
    files = [
        *(
            ROOT / "data" / "own" / "own_register.py",
            ROOT / "data" / "uploads" / "uploaded_file.py",
            ROOT / "data" / "uploads" / "sandbox" / "safely.py",
        ),
        *(ROOT / "ui").rglob("*.py"),
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in readers, path
