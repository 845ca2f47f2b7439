"""A comparison of cities on paper: what it tells is what the page tells, with its sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from pypdf import PdfReader

from clusters.matching import matching
from clusters.measures import take
from data.text import number, say
from layers.address.query import parse_query
from layers.command.cli import main
from layers.compose import compose
from layers.paper.furniture import draw_title, millimetre_axes, wrapped
from layers.paper.sheet import sheet_of
from layers.paper.table_pages import PaperTable, table_pages
from layers.tables.comparison_tables import link_words, measures_compared
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

DAY = dt.date(2026, 1, 1)
CITIES = (PLACES.battery_base, PLACES.other_hub)
QUERY = "segment=separator,electrolyte&compare=" + ",".join(city.slug for city in CITIES)


def view_of(query: str, province):
    return parse_query(query, province).view


def texts(figures) -> list[str]:
    """Return what is written on figures, line by line."""
    return [text.get_text() for figure in figures for text in figure.findobj(Text)]


def test_measures_are_those_of_the_page_with_their_years(province):
    view = view_of(f"lang=en&{QUERY}", province)
    table = measures_compared(view.selection, province, view.compare, "en")
    assert table.heads[1:] == tuple(city.en for city in CITIES)
    population = take(province, view.selection, "population")
    row = next(row for row in table.rows if row[0].startswith("Resident population, end of year"))
    for city, cell in zip(CITIES, row[1:], strict=True):
        if city.adcode in population.values.dropna().index:
            year = int(population.years[city.adcode])
            value = number(population.values[city.adcode], "en", decimals=1)
            assert cell == f"{value} ({year})"
    assert set(population.sources) <= set(table.sources)


def test_links_tell_sites_or_the_way_to_the_nearest(province):
    assert link_words(3, 0.0, "en") == "3"
    assert link_words(0, 42.4, "en") == "42 km"
    assert link_words(0, float("nan"), "en") == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_writes_the_brief_as_a_pdf(province, tmp_path, language):
    path = tmp_path / "comparison.pdf"
    assert main(["compare", f"lang={language}&{QUERY}", "-o", str(path)]) == 0
    pages = PdfReader(path).pages
    written = "".join("".join(page.extract_text() for page in pages).split())
    view = view_of(f"lang={language}&{QUERY}", province)
    sites = matching(province, view.selection).sites
    sites = sites[sites["city_adcode"].isin(view.compare)]
    assert len(sites) > 4
    table = measures_compared(view.selection, province, view.compare, language)
    heads = [row[0] for row in table.rows]
    for name in (*sites[f"name_{language}"], *heads, *(city.name(language) for city in CITIES)):
        assert "".join(name.split()) in written, name


def test_what_is_no_comparison_is_told(tmp_path, capsys):
    path = tmp_path / "comparison.pdf"
    assert main(["compare", "compare=" + CITIES[0].slug, "-o", str(path)]) == 1
    assert say("compare.too_few", "zh") in capsys.readouterr().err
    assert main(["compare", QUERY, "-o", str(tmp_path / "comparison.docx")]) == 1
    assert "FILE.pdf" in capsys.readouterr().err


def test_a_long_table_repeats_its_heads_and_loses_no_row(province):
    spec = compose(view_of("lang=en", province), province)
    rows = [(f"row {at}", "words " * 40) for at in range(60)]
    table = PaperTable("Title", "How to read it", ("Head", "Words"), rows, (30.0, 60.0))
    pages = table_pages(spec, province, sheet_of("a4", "landscape", 1.0), DAY, [table])
    assert len(pages) > 2
    for page in pages:
        assert {"Title", "Head"} <= set(texts([page]))
    drawn = texts(pages)
    assert [line for line in drawn if line.startswith("row ")] == [row[0] for row in rows]
    for page in pages:
        body = page.axes[2]
        for text in body.texts:
            assert text.get_position()[1] > 0


@pytest.mark.parametrize("words", ["一二三四五六七八九十" * 30, "https://example.org/" + "a" * 300])
def test_words_without_spaces_are_broken_where_the_line_ends(words):
    lines = wrapped(words, 8.0, 60.0)
    assert len(lines) > 3
    assert "".join(lines) == words


@pytest.mark.parametrize("repeated", [1, 12, 40, 400])
def test_titles_stay_within_the_sheet(province, repeated):
    spec = compose(view_of("lang=zh", province), province)
    spec = replace(spec, title="新能源汽车" * repeated, subtitle="按环节筛选、" * repeated)
    sheet = sheet_of("a4", "landscape", 1.0)
    figure = Figure(figsize=(sheet.width_mm / 25.4, sheet.height_mm / 25.4), dpi=300)
    FigureCanvasAgg(figure)
    axes = millimetre_axes(figure, sheet, sheet.title)
    draw_title(axes, spec)
    frame = axes.get_window_extent()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert max(box.x1 for box in boxes) <= frame.x1 * 1.01
    title, *lines = boxes
    assert max(box.y1 for box in lines) < title.y0
