"""Whatever a name says, it leaves the atlas as text: in every format, and in what opens it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest

from data.loader import default_province_id, load_province
from data.uploads.row_faults import harmless
from layers.catalogue import overlay_ids
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.qgis_style import layer_style
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import used_geometries
from layers.specification.view import View
from layers.web.folium_map import script_json, web_payload
from layers.web.wire_geometry import feature_ids
from tests.hostile.corpus import CORPUS, FORMULAS, MARK, OUTSIDE, hostile_province

STARTS = tuple(range(0, len(CORPUS), 13))
WILD = "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"
EVENT = re.compile(r"^on[a-z]+$")


@pytest.fixture(scope="module", params=STARTS)
def sheet(request, province):
    """A hostile province, everything of it drawn, and titles a person could type."""
    start = request.param
    hostile = hostile_province(province, start)
    language = "zh" if start % 2 else "en"
    view = View(hostile.id, overlays=overlay_ids(hostile), language=language, theme="sites")
    options = PaperOptions(title=CORPUS[start], subtitle=CORPUS[-1 - start], link=f"{OUTSIDE}/?a=<")
    return compose(view, hostile), hostile, options


@pytest.fixture(scope="module")
def province():
    return load_province(default_province_id())


def written(name, sheet):
    return all_exporters()[name].write(*sheet)


def test_the_corpus_reaches_the_files(sheet):
    """If nothing hostile were in them, the tests below would tell nothing."""
    for name in ("geojson", "html"):
        content = written(name, sheet).decode()
        assert MARK in content, name
    drawn = "".join(ET.fromstring(written("svg", sheet)).itertext())  # noqa: S314
    assert sheet[2].title in drawn


def test_svg_has_no_script_and_no_link(sheet):
    for node in ET.fromstring(written("svg", sheet)).iter():  # noqa: S314
        tag = str(node.tag).rsplit("}", 1)[-1]
        assert tag not in {"script", "a", "foreignObject", "iframe", "image", "animate", "set"}
        for name, value in node.attrib.items():
            assert not EVENT.match(name.rsplit("}", 1)[-1])
            if name.endswith("href"):
                assert value.startswith("#")


@pytest.mark.parametrize("name", ["png", "pdf"])
def test_pictures_are_drawn(name, sheet):
    content = written(name, sheet)
    assert content.startswith((b"\x89PNG", b"%PDF"))
    assert b"/JavaScript" not in content
    assert b"/URI" not in content


@pytest.mark.parametrize("name", ["pptx", "xlsx"])
def test_office_files_are_whole_and_hold_no_code(name, sheet):
    with zipfile.ZipFile(io.BytesIO(written(name, sheet))) as archive:
        for part in archive.namelist():
            if not part.endswith((".xml", ".rels")):
                continue
            root = ET.fromstring(archive.read(part))  # noqa: S314
            for node in root.iter():
                tag = str(node.tag)
                assert not tag.endswith(("}hlinkClick", "}oleObject", "}f"))
                assert name == "xlsx" or not tag.endswith("}hyperlink")
                if node.get("TargetMode") == "External":
                    # Sources and the way back to the view: pages, and nothing but pages.
                    assert name == "xlsx", part
                    assert str(node.get("Target")).startswith(("https://", "http://"))
        assert not [one for one in archive.namelist() if "vba" in one or "externalLink" in one]


def test_no_cell_of_a_workbook_is_a_formula(sheet):
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", sheet)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    _, hostile, options = sheet
    pages = {one.address for one in hostile.sources.values() if one.has_page} | {options.link}
    for cell in cells:
        if cell.hyperlink and cell.hyperlink.target:
            # Nothing leads out but to the pages of sources, and back to the view.
            assert unquote(cell.hyperlink.target) in {unquote(one) for one in pages}
            assert cell.hyperlink.target.startswith(("https://", "http://"))
    texts = {str(cell.value) for cell in cells}
    assert any(text.startswith("=") for text in texts)  # kept as they are, as text


def test_no_cell_of_a_csv_starts_a_formula(sheet):
    content = written("csv", sheet).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row if cell):
        try:
            float(cell)
        except ValueError:
            assert cell.lstrip("\ufeff\u200b\u00a0 ")[:1] not in WILD, cell


def test_faults_of_an_upload_start_no_formula():
    for text in FORMULAS:
        cell = harmless(text)
        assert cell.startswith("'") or not cell.strip("\ufeff\u00a0 ").startswith(tuple(WILD)), text


def test_a_geopackage_holds_no_code(sheet, tmp_path):
    path = tmp_path / "view.gpkg"
    path.write_bytes(written("gpkg", sheet))
    with closing(sqlite3.connect(path)) as database:
        kinds = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        styles = database.execute("SELECT styleQML FROM layer_styles").fetchall()
        titles = database.execute("SELECT identifier, description FROM gpkg_contents").fetchall()
    assert not [name for kind, name, _ in kinds if kind == "view"]
    for kind, name, sql in kinds:
        if kind == "trigger":
            assert name.startswith(("rtree_", "gpkg_", "trigger_")), name
        assert MARK not in (sql or "")
    for (style,) in styles:
        ET.fromstring(style)  # noqa: S314
    assert titles


def test_styles_are_xml_without_expressions_of_data(sheet):
    spec = sheet[0]
    for table in ("cities", "counties", "sites"):
        root = ET.fromstring(layer_style(table, spec))  # noqa: S314
        for rule in root.iter("rule"):
            assert MARK not in rule.get("filter", "")


def test_geojson_and_parquet_read_back(sheet):
    collection = json.loads(written("geojson", sheet))
    names = {one["properties"].get("name_en") for one in collection["features"]}
    assert names & set(CORPUS)
    assert len(pd.read_parquet(io.BytesIO(written("parquet", sheet)))) == len(
        collection["features"]
    )


def test_the_payload_of_the_web_map_ends_no_script(sheet):
    spec, hostile, _ = sheet
    names = used_geometries(spec)
    payload = web_payload(
        spec,
        dict.fromkeys(names, "/x"),
        {name: feature_ids(hostile, name) for name in names},
    )
    text = script_json(payload)
    assert not set("<>&'") & set(text)
    assert "{{" not in text
    assert "{%" not in text
    assert json.loads(text) == json.loads(json.dumps(payload))
