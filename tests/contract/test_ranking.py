"""The ranking goes into every format: score, rank, band, and each criterion with its weight."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sqlite3

import openpyxl
import pandas as pd
import pytest
from matplotlib.text import Text
from pptx import Presentation

from clusters.scores import city_ranking
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.ranking_page import ranking_pages
from layers.paper.sheet import PaperOptions, sheet_of
from layers.words.ranking_words import ranking_words

QUERY = "sector=battery&theme=score&overlay=none&weights=sites:4,location-quotient:3,gdp:2"
WEIGHTS = {"sites": 4, "location-quotient": 3, "gdp": 2}


@pytest.fixture(params=["zh", "en"])
def spec(request, province):
    parsed = parse_query(f"lang={request.param}&{QUERY}", province)
    assert not parsed.ignored
    return compose(parsed.view, province)


@pytest.fixture
def ranking(spec, province):
    return city_ranking(province, spec.selection, spec.weights)


def written(name, spec, province) -> bytes:
    return all_exporters()[name].write(spec, province, PaperOptions())


def rows_of(name, spec, province) -> pd.DataFrame:
    content = written(name, spec, province)
    if name == "csv":
        table = pd.read_csv(io.BytesIO(content), dtype={"id": str})
    elif name == "parquet":
        table = pd.read_parquet(io.BytesIO(content))
    else:
        table = pd.DataFrame([one["properties"] for one in json.loads(content)["features"]])
    cities = table[table["layer"] == "cities"]
    return cities.set_index(cities["id"].astype(int))


@pytest.mark.parametrize("name", ["csv", "geojson", "parquet"])
def test_one_table_has_a_column_for_everything(name, spec, province, ranking):
    table = rows_of(name, spec, province).loc[ranking.table.index]
    assert table["score"].tolist() == pytest.approx(ranking.table["score"].tolist())
    for column, of in (("rank", "rank"), ("rank_low", "rank_low"), ("rank_high", "rank_high")):
        assert table[column].tolist() == ranking.table[of].tolist()
    assert table["score_known"].tolist() == pytest.approx(ranking.table["confidence"].tolist())
    points = {one.measure.id: one.points for one in ranking.criteria}
    for measure, weight in WEIGHTS.items():
        column = measure.replace("-", "_")
        assert set(table[f"{column}_weight"]) == {weight}
        added = points[measure].tolist()
        assert table[f"{column}_added"].tolist() == pytest.approx(added)
        assert table[column].notna().all()


@pytest.mark.parametrize("name", ["xlsx", "gpkg"])
def test_workbooks_take_the_ranking_apart(name, spec, province, ranking, tmp_path):
    content = written(name, spec, province)
    if name == "xlsx":
        table = pd.read_excel(io.BytesIO(content), sheet_name="data_ranking", engine="openpyxl")
    else:
        path = tmp_path / "view.gpkg"
        path.write_bytes(content)
        with sqlite3.connect(path) as database:
            table = pd.read_sql("SELECT * FROM ranking", database)
    assert len(table) == len(WEIGHTS) * len(province.cities)
    assert table.groupby("criterion")["weight"].first().to_dict() == WEIGHTS
    sums = table.groupby("city_adcode")["added"].sum()
    scores = ranking.table["score"]
    assert sums[scores.index].tolist() == pytest.approx(scores.tolist())
    spans = (table["value"] - table["worst"]) / (table["best"] - table["worst"])
    assert table["normalised"].tolist() == pytest.approx(spans.tolist())
    assert (table["weak"].astype(bool) == (table["sites"] < 5)).all()
    assert table["sources"].str.len().gt(0).all()
    assert {"rank", "rank_low", "rank_high", "score_known", "year"} <= set(table)


def test_slides_have_the_ranking_after_the_map(spec, province):
    deck = Presentation(io.BytesIO(written("pptx", spec, province)))
    words = ranking_words(spec, province)
    _, slide = deck.slides
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    cells = [tuple(cell.text for cell in row.cells) for row in table.rows]
    heads, rows = words.part(0, 5)
    assert cells == [heads, *rows]
    assert any("× 4" in head for head in heads)


def test_the_offline_page_tells_it_of_each_city(spec, province, ranking):
    page = written("html", spec, province).decode()
    words = ranking_words(spec, province)
    for row in words.rows:
        for cell in row.criteria:
            assert json.dumps(cell)[1:-1] in page or cell in page


def test_a_pdf_has_it_on_the_pages_after_the_map(spec, province, ranking):
    content = written("pdf", spec, province)
    assert len(re.findall(rb"/Type /Page\b", content)) == 2
    sheet = sheet_of("a4", "landscape", 1.0)
    pages = ranking_pages(spec, province, sheet, dt.date(2026, 1, 1))
    drawn = [text.get_text() for page in pages for text in page.findobj(Text)]
    words = ranking_words(spec, province)
    for row in words.rows:
        assert set(row.first) | set(row.criteria) <= set(drawn)


def test_many_criteria_go_on_below_and_on_more_pages(province):
    names = ("sites", "share", "completeness", "diversity", "relatedness", "gdp", "plan-roles")
    weights = ",".join(f"{name}:1" for name in names)
    spec = compose(parse_query(f"lang=en&theme=score&weights={weights}", province).view, province)
    pages = ranking_pages(spec, province, sheet_of("a4", "landscape", 1.0), dt.date(2026, 1, 1))
    drawn = [text.get_text() for page in pages for text in page.findobj(Text)]
    words = ranking_words(spec, province)
    assert len(words.criteria) == len(names)
    assert {cell for row in words.rows for cell in row.criteria} <= set(drawn)
    deck = Presentation(io.BytesIO(written("pptx", spec, province)))
    assert len(deck.slides) == 3


def test_pictures_name_criteria_and_weights(spec, province):
    """A PNG is drawn as an SVG is; its words are no text."""
    drawn = re.sub(r"<[^>]*>", "", written("svg", spec, province).decode())
    shown = "".join(drawn.split())
    for weight in WEIGHTS.values():
        assert f"×{weight}" in shown


def test_weighed_criteria_are_exported_without_the_theme(province):
    query = "lang=en&theme=sites&weights=sites:2,gdp:1"
    table = rows_of("csv", compose(parse_query(query, province).view, province), province)
    assert {"score", "rank_low", "sites_weight", "gdp_added"} <= set(table)
    assert list(table.columns).count("sites") == 1
    plain = rows_of("csv", compose(parse_query("lang=en", province).view, province), province)
    assert "score" not in plain


def test_the_workbook_is_read_by_others_too(spec, province):
    """Openpyxl, not what wrote it, finds numbers as numbers."""
    workbook = openpyxl.load_workbook(io.BytesIO(written("xlsx", spec, province)))
    for name, score in (("排名" if spec.language == "zh" else "Ranking", 3), ("data_ranking", 4)):
        assert workbook[name].cell(2, score).data_type == "n"
