"""Files as bureaus have them are read as they are: encodings, delimiters, formats, CRS."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from data.uploads.formats.delimited import read_delimited
from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox.safely import read_safely

pytestmark = pytest.mark.usefixtures("forked_readers")

HEAD = ["企业名称", "经度", "纬度", "区划代码"]
ROWS = [["甲公司（合成）", "118.8", "32.05", "0320102"], ["乙公司, 二厂", "119.9", "31.8", ""]]


def codes(table):
    return [one.code for one in table.notes]


def delimited(delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEAD, *ROWS])
    return out.getvalue()


@pytest.fixture
def places():
    return gpd.GeoDataFrame(
        {"名称": ["甲厂", "乙厂"], "产能": [1.5, 2.0]},
        geometry=[shapely.Point(118.8, 32.05), shapely.Point(119.9, 31.8)],
        crs="EPSG:4490",
    )


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_text_in_every_encoding_and_delimiter(encoding, found, delimiter):
    table = read_delimited(delimited(delimiter).encode(encoding), Limits())
    assert (table.driver, table.encoding) == ("CSV", found)
    assert list(table.frame.columns) == HEAD
    assert table.frame.index.tolist() == [2, 3]
    assert table.frame.loc[2].tolist() == ROWS[0]
    assert table.frame.loc[3].tolist() == [*ROWS[1][:3], None]
    assert table.geometry is None


def test_titles_empty_rows_and_double_headings():
    text = "统计表（合成）,,\n,,\n名称,值,值\n甲,1,2\n,,\n乙,3,4\n"
    table = read_safely(text.encode(), "a.csv")
    assert list(table.frame.columns) == ["名称", "值", "值 (2)"]
    assert table.frame.index.tolist() == [4, 6]
    assert codes(table) == ["header_row", "double_column"]
    assert "3" in table.notes[0].say("zh")


def test_progress_tells_the_stages():
    stages = []
    read_safely(b"a,b\n1,2\n", "a.csv", progress=stages.append)
    assert stages == ["starting", "reading", "writing", "done"]


def test_workbook_keeps_numbers_and_names_other_sheets(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["名称", "产能", "代码", "日期"])
    sheet.append(["甲", 12.5, 320102, pd.Timestamp("2024-05-01").to_pydatetime()])
    sheet.append(["乙", 3, "320104", None])
    book.create_sheet("说明").append(["x"])
    book.save(tmp_path / "a.xlsx")
    table = read_safely(tmp_path / "a.xlsx", "a.xlsx")
    assert table.frame["产能"].tolist() == [12.5, 3.0]
    assert table.frame["代码"].tolist() == ["320102", "320104"]
    assert table.frame["日期"].tolist() == ["2024-05-01", None]
    assert codes(table) == ["other_sheets"]


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.parquet", "Parquet")]
)
def test_formats_with_geometry(tmp_path, places, name, driver):
    path = tmp_path / name
    if driver == "Parquet":
        places.to_parquet(path)
    elif driver == "GeoJSON":
        path.write_text(places.to_crs("EPSG:4326").to_json(), encoding="utf-8")
    else:
        places.to_file(path, driver="GPKG")
    table = read_safely(path, name)
    assert table.driver == driver
    assert table.frame["名称"].tolist() == ["甲厂", "乙厂"]
    assert table.frame["产能"].tolist() == [1.5, 2.0]
    assert table.frame.index.tolist() == [1, 2]
    assert table.geometry.x.tolist() == pytest.approx([118.8, 119.9])
    assert table.crs == ("EPSG:4326" if driver == "GeoJSON" else "EPSG:4490")
    assert "no_crs" not in codes(table)


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet"])
def test_a_file_without_crs_says_so(tmp_path, places, name):
    bare = gpd.GeoDataFrame(places.drop(columns="geometry"), geometry=places.geometry.values)
    bare = bare.set_crs(None, allow_override=True)
    if name == "a.parquet":
        bare.to_parquet(tmp_path / name)
    else:
        with pytest.warns(UserWarning, match="crs"):
            bare.to_file(tmp_path / name, driver="GPKG")
    table = read_safely(tmp_path / name, name)
    assert table.crs is None
    assert table.geometry.crs is None
    assert "no_crs" in codes(table)


def shapefile(places, folder, encoding, without=()):
    places.to_file(folder / "厂.shp", driver="ESRI Shapefile", encoding=encoding)
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.glob("厂.*"):
            if part.suffix not in without:
                archive.write(part, f"data/{part.name}")
    return path


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.parametrize("without", [(), (".cpg",), (".prj",), (".cpg", ".prj")])
def test_shapefiles_with_and_without_their_parts(tmp_path, places, encoding, without):
    table = read_safely(shapefile(places, tmp_path, encoding, without), "a.zip")
    assert table.frame.iloc[:, 0].tolist() == ["甲厂", "乙厂"]
    assert table.encoding == encoding.lower()
    assert (table.crs is None) == (".prj" in without)
    assert ("no_crs" in codes(table)) == (".prj" in without)
    assert ("no_cpg" in codes(table)) == (".cpg" in without)
    if table.crs:
        assert table.geometry.crs.to_epsg() == 4490


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_without_a_needed_part(tmp_path, places, part):
    with pytest.raises(RefusedError, match=f"lacks its {part}"):
        read_safely(shapefile(places, tmp_path, "UTF-8", (part,)), "a.zip")


def test_kml_with_extended_data_and_a_link():
    kml = """<?xml version="1.0" encoding="UTF-8"?>
    <kml xmlns="http://www.opengis.net/kml/2.2"><Document>
    <NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>
    <Placemark><name>甲厂</name><ExtendedData><Data name="行业"><value>动力电池</value></Data>
    </ExtendedData><Point><coordinates>118.8,32.05,10</coordinates></Point></Placemark>
    <Placemark><name>园区</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
    0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
    </Document></kml>"""
    table = read_safely(kml.encode(), "a.kml")
    assert table.frame["name"].tolist() == ["甲厂", "园区"]
    assert table.frame["行业"].tolist() == ["动力电池", None]
    points = shapely.get_coordinates(table.geometry)
    assert points[0].tolist() == [118.8, 32.05]
    # Of a polygon, a point inside it.
    assert 0 < points[1][1] < points[1][0] < 1
    assert table.crs == "EPSG:4326"
    assert codes(table) == ["kml_links"]


def test_geojson_with_the_crs_member_of_2008():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    feature = {"type": "Feature", "properties": {"a": 1}, "geometry": None}
    content = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    assert read_safely(json.dumps(content).encode(), "a.json").crs == "EPSG:4490"


def test_limits_on_rows_and_columns():
    with pytest.raises(RefusedError, match="at most 3"):
        read_safely(b"a,b\n" + b"1,2\n" * 4, "a.csv", Limits(rows=3))
    with pytest.raises(RefusedError, match="columns; at most 3"):
        read_safely(b"a,b,c,d\n1,2,3,4\n", "a.csv", Limits(columns=3))
