"""Rows, cells and elements are counted before or while they are read, not once all are there.

Behind what is too much stands something that cannot be read, or more than the memory holds: who
counts afterwards never comes to count.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile

import geopandas as gpd
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data.uploads.formats.asked import ReadAs
from data.uploads.formats.columnar import read_parquet
from data.uploads.formats.delimited import read_delimited
from data.uploads.formats.feature_collection import read_geojson
from data.uploads.formats.geopackage import read_geopackage
from data.uploads.formats.kml import read_kml
from data.uploads.formats.recognition import format_of
from data.uploads.formats.workbook import read_workbook
from data.uploads.limits import Limits, RefusedError
from tests.hostile.files import MEGABYTE, refused

FEW = Limits(rows=1000, columns=20, cells=5000, elements=20_000)
BREAK = b"<<<"


def refuses(code: str, read, *arguments) -> None:
    with pytest.raises(RefusedError) as caught:
        read(*arguments, FEW)
    assert caught.value.note.code == code


def test_three_million_empty_placemarks():
    rows = b"<kml>" + b"<Placemark/>" * 3_000_000 + b"</kml>"
    tight = Limits(memory_bytes=600 * MEGABYTE)
    refused(rows, "a.kml", r"100000\+ rows; at most 100000", tight)


def test_markup_is_counted_while_it_is_read():
    refuses("too_many_rows", read_kml, b"<kml>" + b"<Placemark/>" * 1001 + BREAK)
    refuses("too_many_elements", read_kml, b"<kml>" + b"<Folder/>" * 20_001 + BREAK)
    refuses("too_nested", read_kml, b"<kml>" + b"<Folder>" * 65 + BREAK)
    refuses("broken_xml", read_kml, b"<kml>" + b"<Placemark/>" * 1000 + BREAK)


def test_placemarks_that_each_have_a_column_of_their_own():
    data = (
        b'<Placemark><ExtendedData><Data name="%d"/></ExtendedData></Placemark>' % at
        for at in range(30_000)
    )
    refused(b"<kml>" + b"".join(data) + b"</kml>", "a.kml", "30000 columns; at most 200")


def test_objects_of_json_are_counted_before_they_are_read():
    start = b'{"type": "FeatureCollection", "features": ['
    refuses("too_many_rows", read_geojson, start + b"{}, " * 2001 + BREAK)
    refuses("too_many_elements", read_geojson, start + b'{"a": [' + b"[],\n" * 20_001 + BREAK)
    # What stands in a row is no row.
    refuses("broken_json", read_geojson, start + b'{"a": [' + b"{}," * 2001 + b"{}]}" + BREAK)
    refuses("broken_json", read_geojson, b'{"a": {"b": {}}, "features": [' + b"{}," * 999 + BREAK)


def test_cells_of_text_are_counted_while_they_are_read():
    row = b"x," * 199 + b"x\n"
    tight = Limits(memory_bytes=600 * MEGABYTE)
    refused(row * 90_000, "a.csv", r"2000000\+ cells; at most 2000000", tight)
    refused(b"a\nx" + b",x" * 20_000_000, "a.csv", "20000001 columns; at most 200")


def test_empty_cells_are_not_counted():
    rows = b"a,b" + b"," * 15 + b"\n" + (b"1,2" + b"," * 15 + b"\n") * 990
    table = read_delimited(rows, FEW)
    assert table.frame.shape == (990, 2)


def broken_sheet(rows: int) -> bytes:
    """A workbook whose sheet ends in the midst of an element, after some rows of ten cells."""
    book = openpyxl.Workbook()
    for _ in range(rows):
        book.active.append(["x"] * 10)
    out, changed = io.BytesIO(), io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content[: content.index(b"</sheetData>")] + BREAK
            new.writestr(name, content)
    return changed.getvalue()


@pytest.mark.parametrize(("rows", "code"), [(1000, "too_many_cells"), (50, "broken_file")])
def test_cells_of_a_workbook_are_counted_while_they_are_read(tmp_path, rows, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(broken_sheet(rows))
    refuses(code, read_workbook, path)


@pytest.mark.parametrize(
    ("columns", "rows", "code"),
    [(30, 10, "too_many_columns"), (10, 600, "too_many_cells"), (10, 400, "broken_file")],
)
def test_cells_of_parquet_are_counted_before_they_are_read(tmp_path, columns, rows, code):
    path = tmp_path / "a.parquet"
    table = pa.table({f"c{at}": pa.array(range(rows)) for at in range(columns)})
    pq.write_table(table, path, compression=None)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    path.write_bytes(b"PAR1" + b"\xff" * (footer - 4) + content[footer:])
    refuses(code, read_parquet, path)


@pytest.mark.parametrize(
    ("columns", "rows", "code"), [(30, 10, "too_many_columns"), (10, 600, "too_many_cells")]
)
def test_cells_of_a_shapefile_are_counted_before_they_are_read(
    tmp_path, monkeypatch, columns, rows, code
):
    fields = {f"c{at}": range(rows) for at in range(columns)}
    points = [shapely.Point(118.8, 32.05)] * rows
    gpd.GeoDataFrame(fields, geometry=points, crs="EPSG:4326").to_file(tmp_path / "a.shp")
    path, folder = tmp_path / "a.zip", tmp_path / "unpacked"
    folder.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for part in tmp_path.glob("a.*"):
            if part != path:
                archive.write(part, part.name)
    monkeypatch.setattr("pyogrio.raw.read", None)
    refuses(code, lambda limits: format_of("a.zip").load()(path, folder, limits, ReadAs()))


@pytest.mark.parametrize(
    ("columns", "rows", "code"),
    [(30, 10, "too_many_columns"), (10, 600, "too_many_cells"), (2, 1001, "too_many_rows")],
)
def test_cells_of_a_geopackage_are_counted_while_they_are_read(tmp_path, columns, rows, code):
    """The last row holds text that is not UTF-8: who reads all of them stumbles over it."""
    path = tmp_path / "a.gpkg"
    names = ", ".join(f"c{at}" for at in range(columns))
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE gpkg_contents (table_name, data_type)")
        connection.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id)")
        connection.execute("INSERT INTO gpkg_contents VALUES ('t', 'attributes')")
        connection.execute(f"CREATE TABLE t ({names})")
        places = ", ".join("?" * columns)
        connection.executemany(f"INSERT INTO t VALUES ({places})", [["x"] * columns] * rows)  # noqa: S608
        connection.execute("INSERT INTO t (c0) VALUES (CAST(x'ff' AS TEXT))")
    connection.close()
    refuses(code, read_geopackage, path)
