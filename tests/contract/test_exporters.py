"""What every export format promises, checked for each of them: it reads back as it was written."""

from __future__ import annotations

import io
import json
import sqlite3
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from PIL import Image
from pptx import Presentation
from python_calamine import CalamineWorkbook

from data.text import say
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.gpkg import STACKS
from layers.paper.print_map import at_scale
from layers.paper.sheet import PaperOptions
from layers.tables.view_tables import combined, view_tables

QUERIES = [
    "lang=zh",
    "lang=en&sector=battery&center=31.6,120.2&zoom=9.3",
    "lang=zh&overlay=none",
    "lang=en&overlay=sites&status=insolvent",
    "lang=zh&role=hydrogen&overlay=hydrogen,sites",
    "lang=en&sector=battery&theme=score&overlay=hotspots,catchments,groups,sites",
]
HOSTILE = (
    "<script>window.hacked=1</script>",
    "</script><img src=x onerror=window.hacked=1>",
    '=HYPERLINK("http://outside.invalid")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe",
)


@pytest.fixture(scope="module", params=QUERIES)
def spec(request, province):
    return composed(request.param, province)


@pytest.fixture(scope="module")
def hostile(province):
    """The province with hostile texts for names, as a careless source might have them."""
    names = [HOSTILE[place % len(HOSTILE)] for place in range(len(province.sites))]
    sites = province.sites.assign(name_zh=names, name_en=names, owner=names)
    cities = province.cities.assign(name_zh=HOSTILE[0], name_en=HOSTILE[1])
    return replace(province, sites=sites, cities=cities)


@cache
def composed(query, province):
    parsed = parse_query(query, province)
    assert not parsed.ignored
    return compose(parsed.view, province)


@cache
def written(name, spec, province) -> bytes:
    """Return a file, written once for all questions."""
    return written_anew(name, spec, province)


def written_anew(name, spec, province) -> bytes:
    return all_exporters()[name].write(spec, province, PaperOptions())


def test_every_format_has_a_reader_below():
    checked = {"png", "svg", "pdf", "pptx", "html", "geojson", "gpkg", "parquet", "csv", "xlsx"}
    assert set(all_exporters()) == checked


def test_png(spec, province):
    picture = Image.open(io.BytesIO(written("png", spec, province)))
    assert sorted(picture.size) == [2480, 3507]  # A4 at 300 dpi
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.5)


def test_svg(spec, province):
    content = written("svg", spec, province)
    assert ET.fromstring(content).tag.endswith("svg")  # noqa: S314
    for known in (b"http://www.w3.org", b"http://purl.org", b"http://creativecommons.org"):
        content = content.replace(known, b"")
    assert b"http" not in content
    drawn = "".join(node.text or "" for node in ET.fromstring(content).iter() if node.text)  # noqa: S314
    assert spec.title in drawn  # text stays text


def test_pdf(spec, province):
    content = written("pdf", spec, province)
    assert content.startswith(b"%PDF")
    assert b"/FontFile2" in content  # the font is embedded as TrueType
    assert b"/Type3" not in content


def expected(spec, province) -> gpd.GeoDataFrame:
    return combined(view_tables(spec, province))


def same_features(found: gpd.GeoDataFrame, wanted: gpd.GeoDataFrame) -> None:
    assert found.crs == wanted.crs == "EPSG:4326"
    assert found["id"].tolist() == wanted["id"].tolist()
    assert found["layer"].tolist() == wanted["layer"].tolist()
    names = [table["name_zh"].fillna("").tolist() for table in (found, wanted)]
    assert names[0] == names[1]
    known = wanted.geometry.notna().to_numpy()
    assert found.geometry.notna().tolist() == known.tolist()
    shapes = (table.geometry.to_numpy()[known] for table in (found, wanted))
    one, other = (shapely.normalize(these) for these in shapes)
    assert shapely.equals_exact(one, other, 1e-9).all()


def test_geojson(spec, province, tmp_path):
    content = written("geojson", spec, province)
    collection = json.loads(content)
    assert "crs" not in collection
    assert collection["title"] == spec.title
    path = tmp_path / "view.geojson"
    path.write_bytes(content)
    found = gpd.GeoDataFrame.from_features(collection["features"], crs="EPSG:4326")
    same_features(found, expected(spec, province))
    assert len(pyogrio.read_dataframe(path)) == len(found)


def test_geoparquet(spec, province):
    found = gpd.read_parquet(io.BytesIO(written("parquet", spec, province)))
    same_features(found, expected(spec, province))


def test_geopackage(spec, province, tmp_path):
    path = tmp_path / "view.gpkg"
    path.write_bytes(written("gpkg", spec, province))
    tables = view_tables(spec, province)
    listed = {str(name) for name, _ in pyogrio.list_layers(path)}
    stacks = {STACKS} if "sites" in tables.spatial else set()
    assert listed == {*tables.spatial, *stacks, *tables.ground, *tables.plain, "layer_styles"}
    for name, table in tables.plain.items():
        assert len(pyogrio.read_dataframe(path, layer=name)) == len(table) > 0
    for name, table in {**tables.spatial, **tables.ground}.items():
        found = pyogrio.read_dataframe(path, layer=name)
        assert found.crs == "EPSG:4326"
        key = "id" if "id" in table else "adcode"
        assert found[key].tolist() == table[key].tolist()
        shapes = table.geometry.reset_index(drop=True)
        assert found.geometry.isna().equals(shapes.isna())
        assert found.geometry.dropna().geom_equals(shapes.dropna()).all()
    with sqlite3.connect(path) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        assert set(styles) == {*tables.spatial, *stacks, *tables.ground}
        for style in styles.values():
            assert ET.fromstring(style).find("renderer-v2/rules") is not None  # noqa: S314


def test_csv(spec, province):
    content = written("csv", spec, province)
    assert content.startswith(b"\xef\xbb\xbf")
    found = pd.read_csv(io.BytesIO(content), dtype={"id": str})
    wanted = expected(spec, province)
    assert found["id"].tolist() == wanted["id"].tolist()
    assert found["longitude"].tolist() == pytest.approx(wanted["longitude"].tolist(), nan_ok=True)


def test_xlsx(spec, province):
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(written("xlsx", spec, province)))
    tables = view_tables(spec, province)
    named = {**tables.spatial, **tables.plain}
    about, *sheets = map(workbook.get_sheet_by_name, workbook.sheet_names)
    read, twins = sheets[: -len(named)], sheets[-len(named) :]
    filled = {name: table for name, table in named.items() if len(table)}
    assert [sheet.name for sheet in read] == [
        say(f"sheet.{name}", spec.language) for name in filled
    ]
    assert [sheet.name for sheet in twins] == [f"data_{name}" for name in named]
    for sheet, table in zip([*read, *twins], [*filled.values(), *named.values()], strict=True):
        assert len(sheet.to_python()) == len(table) + 1
    lines = about.to_python()
    assert lines[0][0] == spec.title
    told = [row[1] for row in lines]
    assert say("ranking.normalisation_lead", spec.language) in told
    assert say("measures.sample_sites", spec.language, count=len(province.sites)) in told
    cities = workbook.get_sheet_by_name("data_cities").to_python()
    assert cities[1][0] == tables.cities["adcode"].iloc[0]


def test_pptx(spec, province):
    deck = Presentation(io.BytesIO(written("pptx", spec, province)))
    slide = deck.slides[0]
    words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert spec.title in words
    drawn = at_scale(spec, spec.extent.zoom or 7.5)
    groups = [group for group in drawn.legend if group.title != say("legend.ground", spec.language)]
    assert all(entry.label in words for group in groups for entry in group.entries)
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    assert len(table.rows) == 1 + len(province.cities) - len(spec.dimmed)
    notes = slide.notes_slide.notes_text_frame.text
    assert all(source.address in notes for source in drawn.sources)


def test_html_fetches_nothing(spec, province):
    page = written("html", spec, province).decode()
    assert "<script src" not in page
    assert "<link" not in page
    assert spec.title in page


@pytest.mark.parametrize(
    "name",
    # The others hold the time of writing, or random ids.
    sorted(set(all_exporters()) - {"gpkg", "pptx", "html"}),
)
def test_it_writes_the_same_twice(name, province):
    spec = composed(QUERIES[0], province)
    assert written_anew(name, spec, province) == written(name, spec, province)


@pytest.mark.parametrize("name", sorted(all_exporters()))
def test_hostile_names_are_written(name, hostile):
    assert written(name, composed("lang=en", hostile), hostile)


def test_hostile_names_stay_text(hostile):
    spec = composed("lang=en", hostile)
    page = written("html", spec, hostile).decode()
    assert "<script>window.hacked" not in page
    assert "<img src=x" not in page
    for line in written("csv", spec, hostile).decode("utf-8-sig").splitlines():
        cells = [cell.strip('"') for cell in line.split(",")]
        assert not any(cell.startswith(("=", "@", "+")) for cell in cells)
    workbook = openpyxl.load_workbook(io.BytesIO(written("xlsx", spec, hostile)))
    types = {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert "f" not in types  # no cell is a formula
    names = {cell.value for cell in workbook["data_sites"]["B"]}
    assert set(HOSTILE) <= names
