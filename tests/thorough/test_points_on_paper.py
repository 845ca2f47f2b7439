"""Points of a register are on paper what they are on the screen, with legend and source."""

from __future__ import annotations

import base64
import datetime as dt
import io
import tracemalloc

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pptx import Presentation

from clusters.own_province import with_own_data
from clusters.registers.register_filter import RegisterFilter, choose
from data.own.own_counts import OwnPoints
from data.register.build import RegisterColumns, register_from_table
from data.register.grid import to_grid
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper import register_picture as paper_register
from layers.paper.frame import frame_of
from layers.paper.furniture import POINTS_PER_MM
from layers.paper.print_map import draw_print_map, render_map_picture, render_print_map
from layers.paper.register_picture import Raster, density_picture, raster_of
from layers.paper.sheet import Box, PaperOptions
from layers.points.point_classes import density_legend, whole_zoom
from layers.points.point_layer import with_points
from layers.points.point_tiles import tile
from layers.points.points_asked import PointsAsked, with_asked
from layers.points.points_offline import offline_points
from layers.specification.map_spec import DrawnPoints
from layers.specification.point_style import PointStyle
from layers.specification.symbology import category_colors
from tests.places import PLACES
from tests.synthetic import COLUMNS, synthetic_table

DAY = dt.date(2026, 11, 1)
EVERY = RegisterFilter()
BATTERY = RegisterFilter(values=(("sector", ("battery",)),))
DENSITY = PointStyle(singles_below=0, singles_in_tile=0, singles_from_zoom=20)
SINGLES = PointStyle(color_by="sector", singles_below=10**9)
# Whole pixels of 300 to the inch.
WIDTH_MM, HEIGHT_MM = 190.5, 152.4
BOX = Box(0.0, 0.0, WIDTH_MM, HEIGHT_MM)


@pytest.fixture(scope="module")
def own(province):
    register = register_from_table(synthetic_table(province, 60_000), COLUMNS, province.counties)
    return OwnPoints("points.csv", DAY, register)


@pytest.fixture(scope="module")
def joined(province, own):
    return with_own_data(province, [own])


def spec_of(province, query="lang=en&overlay=none"):
    parsed = parse_query(query, province)
    assert not parsed.ignored
    return compose(parsed.view, province)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def raster(spec, province) -> Raster:
    frame = frame_of(spec, province, BOX)
    crs = province.settings.metric_crs
    return raster_of(frame, crs, frame.width_m / (WIDTH_MM * POINTS_PER_MM))


def screen_color(own, chosen, style, zoom, place) -> np.ndarray:
    """Return what a tile shows where a point lies: red, green, blue, opacity."""
    column, row = int(own.register.column[place]), int(own.register.row[place])
    x, y = column >> (32 - zoom), row >> (32 - zoom)
    png = tile(own.register, chosen, zoom, x, y, style)
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))
    inside = 32 - zoom - 8
    return picture[(row >> inside) & 255, (column >> inside) & 255].astype(int)


def plain_places(own, chosen, spec, province, empty, reach):
    """Return chosen points, and their pixels, where the map below is of one colour all around.

    The sides of the map are left out: inset, scale bar and arrow lie over the points there.
    """
    rows = chosen.rows
    columns, lines = raster(spec, province).pixels(*own.register.positions(rows))
    height, width = empty.shape[:2]
    inside = (columns > 0.3 * width) & (columns < 0.75 * width)
    inside &= (lines > reach) & (lines < height - reach - 1)
    rows, columns, lines = rows[inside], columns[inside].astype(int), lines[inside].astype(int)
    for place, column, line in zip(rows, columns, lines, strict=True):
        around = empty[line - reach : line + reach + 1, column - reach : column + reach + 1]
        if (around == around[0, 0]).all():
            yield int(place), column, line


@pytest.mark.parametrize("wanted", [EVERY, BATTERY], ids=["all", "filtered"])
@pytest.mark.parametrize("query", ["", "&center=32.6,119.6&zoom=9.3"], ids=["fitted", "placed"])
def test_density_has_the_colours_of_the_tiles(own, joined, query, wanted):
    spec = spec_of(joined, f"lang=en&overlay=none{query}")
    zoom = whole_zoom(frame_of(spec, joined, BOX).zoom)
    dressed = with_points(spec, DrawnPoints(own, wanted, DENSITY), 8)
    empty = pixels(render_map_picture(spec, joined, WIDTH_MM, HEIGHT_MM))
    drawn = pixels(render_map_picture(dressed, joined, WIDTH_MM, HEIGHT_MM))
    chosen = choose(own.register, wanted)
    cell = 32 - zoom - 7
    compared = 0
    for place, column, line in plain_places(own, chosen, spec, joined, empty, 12):
        # In the middle of its cell, so that a pixel beside is in the cell, too.
        parts = [
            (int(at[place]) % (1 << cell)) / (1 << cell)
            for at in (own.register.column, own.register.row)
        ]
        if not all(0.4 < part < 0.6 for part in parts):
            continue
        *color, opacity = screen_color(own, chosen, DENSITY, zoom, place)
        share = opacity / 255
        expected = np.array(color) * share + empty[line, column] * (1 - share)
        assert np.abs(drawn[line, column] - expected).max() <= 3
        compared += 1
    assert compared > 20


@pytest.mark.parametrize("most_signs", [0, 10**9], ids=["picture", "signs"])
def test_single_points_have_the_colours_of_the_tiles(own, joined, monkeypatch, most_signs):
    monkeypatch.setattr(paper_register, "MOST_SIGNS", most_signs)
    spec = spec_of(joined, "lang=en&overlay=none&center=32.6,119.6&zoom=11")
    dressed = with_points(spec, DrawnPoints(own, EVERY, SINGLES), 8)
    empty = pixels(render_map_picture(spec, joined, WIDTH_MM, HEIGHT_MM))
    drawn = pixels(render_map_picture(dressed, joined, WIDTH_MM, HEIGHT_MM))
    chosen = choose(own.register, EVERY)
    columns, lines = raster(spec, joined).pixels(*own.register.positions(chosen.rows))
    colors = category_colors(own.register.category("sector").labels)
    compared = 0
    for place, column, line in plain_places(own, chosen, spec, joined, empty, 2):
        near = np.hypot(columns - columns[place], lines - lines[place]) < 26
        if near.sum() > 1:
            continue
        color = colors[own.register.category("sector").codes[place]]
        assert drawn[line, column].tolist() == list(bytes.fromhex(color[1:]))
        assert screen_color(own, chosen, SINGLES, 11, place)[:3].tolist() == list(
            bytes.fromhex(color[1:])
        )
        # The disc ends where it should: 3 pixels of 1/96 inch, and a white rim around it.
        # The land shows through its edge.
        assert drawn[line, column + 11].min() >= 245
        compared += 1
    assert compared > 20


def test_signs_and_picture_of_the_same_points_look_alike(own, joined, monkeypatch):
    spec = spec_of(joined, "lang=en&overlay=none&center=32.6,119.6&zoom=10")
    dressed = with_points(spec, DrawnPoints(own, EVERY, SINGLES), 8)
    both = []
    for most in (0, 10**9):
        monkeypatch.setattr(paper_register, "MOST_SIGNS", most)
        both.append(pixels(render_map_picture(dressed, joined, WIDTH_MM, HEIGHT_MM)))
    empty = pixels(render_map_picture(spec, joined, WIDTH_MM, HEIGHT_MM))
    apart = np.abs(both[0] - both[1]).mean()
    assert apart < np.abs(both[0] - empty).mean() / 4


def test_cells_between_the_nodes_are_those_of_the_projection(own, joined):
    spec = spec_of(joined)
    whole = raster(spec, joined)
    level = 8 + 7
    draw = np.random.default_rng(4)
    lines = np.arange(256, 512)
    columns, rows = paper_register._cells_of(whole, lines, level)
    some = draw.integers(0, whole.width, 500), draw.integers(0, len(lines), 500)
    exact = to_grid(*whole.degrees(some[0] + 0.5, lines[some[1]] + 0.5))
    for found, true in zip((columns, rows), exact, strict=True):
        near = np.abs(found[some[1], some[0]] - true / 2.0 ** (32 - level))
        assert (near < 1 + 1e-3).all()
        # Only a pixel on the border of two cells may fall to the other.
        assert (found[some[1], some[0]] != (true >> np.uint32(32 - level))).mean() < 0.01


@pytest.mark.parametrize("size", ["a4", "a3"])
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
def test_the_legend_is_that_of_the_printed_scale(own, joined, size, orientation):
    options = PaperOptions(size=size, orientation=orientation)
    # On the screen this legend would be of another zoom.
    spec = with_points(spec_of(joined, "lang=en"), DrawnPoints(own, EVERY, DENSITY), 11)
    figure = draw_print_map(spec, joined, options, date=DAY)
    axes = figure.axes[1]
    assert len(axes.images) == 1
    words = [text.get_text() for one in figure.axes for text in one.texts]
    width_px = axes.get_window_extent().width / figure.dpi * 25.4
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    box = Box(0.0, 0.0, width_px, width_px * (north - south) / (east - west))
    frame = frame_of(spec, joined, box)
    assert frame.width_m == pytest.approx(east - west, rel=1e-6)
    chosen = choose(own.register, EVERY)
    legend = density_legend(own.register, chosen, whole_zoom(frame.zoom), DENSITY)
    # A narrow column breaks it into lines.
    assert f"A cell is about {legend.cell_m:,.0f} m wide" in " ".join(words)
    assert f"≥ {legend.breaks[-1]:,}" in words
    assert sum(word.startswith("≥") for word in words) == 1


def test_every_map_format_names_the_file_and_says_own_data(own, joined):
    spec = with_points(spec_of(joined, "lang=en"), DrawnPoints(own, EVERY, DENSITY), 8)
    svg = all_exporters()["svg"].write(spec, joined, PaperOptions()).decode()
    words = " ".join(part.partition("<")[0] for part in svg.split(">"))
    said = " ".join(words.split())
    assert "Own data: points.csv (2026-11-01): density" in said
    assert "With own data, not checked by the atlas: points.csv (2026-11-01)" in said
    assert "Own data, points.csv, 2026" in said
    assert svg.count("<image") == 1
    pdf = all_exporters()["pdf"].write(spec, joined, PaperOptions())
    assert pdf.count(b"/Subtype /Image") >= 1
    plain = all_exporters()["pdf"].write(spec_of(joined, "lang=en"), joined, PaperOptions())
    assert plain.count(b"/Subtype /Image") == 0
    deck = Presentation(io.BytesIO(all_exporters()["pptx"].write(spec, joined, PaperOptions())))
    slide = deck.slides[0]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert "Own data: points.csv (2026-11-01): density (points in a cell)" in texts
    assert any(text.startswith("A cell is about") for text in texts)
    assert any("not checked by the atlas: points.csv" in text for text in texts)
    assert "points.csv" in slide.notes_slide.notes_text_frame.text


def test_few_points_are_signs_and_many_a_picture(own, joined):
    spec = spec_of(joined)
    for count, pictures, signs in ((5000, 0, 1), (5001, 1, 0)):
        table = synthetic_table(joined, count)
        middle = pa.array(np.linspace(119.0, 120.0, count))
        table = table.set_column(1, "longitude", middle)
        table = table.set_column(2, "latitude", pa.array(np.full(count, 32.5)))
        register = register_from_table(table, COLUMNS, joined.counties)
        drawn = DrawnPoints(OwnPoints("a.csv", DAY, register), EVERY, SINGLES)
        figure = draw_print_map(with_points(spec, drawn, 8), joined, date=DAY)
        axes = figure.axes[1]
        scattered = [one for one in axes.collections if len(one.get_offsets()) == count]
        assert (len(axes.images), len(scattered)) == (pictures, signs)


def test_no_point_chosen_draws_nothing(own, joined):
    spec = spec_of(joined)
    nothing = RegisterFilter(cities=())
    for style in (DENSITY, SINGLES):
        drawn = with_points(spec, DrawnPoints(own, nothing, style), 8)
        assert np.array_equal(
            pixels(render_map_picture(drawn, joined, WIDTH_MM, HEIGHT_MM)),
            pixels(render_map_picture(spec, joined, WIDTH_MM, HEIGHT_MM)),
        )


@pytest.fixture(scope="module")
def a_million(province):
    count, draw = 1_000_000, np.random.default_rng(9)
    table = pa.table(
        {
            "longitude": draw.normal(119.5, 0.6, count),
            "latitude": draw.normal(32.6, 0.6, count),
            "sector": pa.array(draw.choice(["battery", "assembly"], count)),
        }
    )
    columns = RegisterColumns(categories=("sector",))
    return OwnPoints("a.csv", DAY, register_from_table(table, columns, province.counties))


@pytest.mark.parametrize("style", [DENSITY, SINGLES], ids=["density", "singles"])
def test_a_million_points_cost_no_more_memory_than_the_picture(province, a_million, style):
    """What drawing takes grows with the paper, and hardly with the points."""
    drawn = DrawnPoints(a_million, BATTERY, style)
    spec = with_points(spec_of(province), drawn, 8)
    tracemalloc.start()
    try:
        assert len(render_print_map(spec, province, "png")) > 100_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # An A4 map of 300 dots per inch has 4.7 million pixels of four bytes.
    assert peak < 160_000_000


def test_the_picture_of_density_is_of_the_size_of_print(own, joined):
    spec = spec_of(joined)
    whole = raster(spec, joined)
    picture = density_picture(
        DrawnPoints(own, EVERY, DENSITY), choose(own.register, EVERY), whole, 8
    )
    assert picture.shape == (round(HEIGHT_MM / 25.4 * 300), round(WIDTH_MM / 25.4 * 300), 4)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize("mode", ["cities", "counties", "hexagons", "tiles"])
def test_every_way_of_showing_points_is_on_paper(own, joined, mode):
    asked = PointsAsked(
        mode=mode, color_by="sector", values=(("sector", ("battery",)),), resolution=5
    )
    spec, province = with_asked(spec_of(joined), joined, own, asked)
    assert spec.legend[0].title.startswith("Own data: points.csv (2026-11-01)")
    assert (spec.points is not None) == (mode == "tiles")
    assert len(render_print_map(spec, province, "svg")) > len(
        render_print_map(spec_of(joined), joined, "svg")
    )


def test_a_city_prints_its_own_points(own, joined):
    city = PLACES.border_city
    spec, _ = with_asked(spec_of(joined, f"lang=en&city={city.slug}"), joined, own, PointsAsked())
    assert spec.points.wanted.cities == (city.adcode,)


def test_the_offline_page_has_the_cells_of_the_tiles(own, joined):
    spec = with_points(spec_of(joined), DrawnPoints(own, BATTERY, DENSITY), 12)
    dressed, found = offline_points(spec)
    assert any("A cell is about" in entry.note for entry in dressed.legend[0].entries)
    assert dressed.legend != spec.legend
    png = base64.b64decode(found["picture"].partition(",")[2])
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).astype(int)
    (south, west), (north, east) = found["bounds"]
    (left, right), (top, bottom) = to_grid(np.array([west, east]), np.array([north, south]))
    register, chosen = own.register, choose(own.register, BATTERY)
    across = (register.column.astype(float) - left) / (float(right) - left) * picture.shape[1]
    down = (register.row.astype(float) - top) / (float(bottom) - top) * picture.shape[0]
    for place in chosen.rows[::200]:
        if min(across[place] % 1, down[place] % 1) < 0.01:
            continue
        shown = picture[int(down[place]), int(across[place])]
        assert shown.tolist() == screen_color(own, chosen, DENSITY, 8, int(place)).tolist()


def test_the_offline_page_has_each_of_few_points(own, joined):
    few = RegisterFilter(cities=(320500,))
    drawn = DrawnPoints(own, few, PointStyle(color_by="sector"))
    _, found = offline_points(with_points(spec_of(joined), drawn, 8))
    rows = choose(own.register, few).rows
    assert len(found["signs"]) == len(rows) > 100
    longitude, latitude = own.register.positions(rows)
    colors = category_colors(own.register.category("sector").labels)
    for sign, x, y, code in zip(
        found["signs"],
        longitude,
        latitude,
        own.register.category("sector").codes[rows],
        strict=True,
    ):
        assert sign[:2] == pytest.approx([y, x], abs=1e-6)
        assert found["colors"][int(sign[2])] == colors[code]
