"""The print map is true to scale and loses no words."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, product

import geopandas as gpd
import pytest
import segno
from matplotlib.figure import Figure
from pyproj import Geod

from data.crs import GEOGRAPHIC
from data.text import LANGUAGES, say
from layers.address.query import parse_query
from layers.compose import compose
from layers.paper.fonts import paper_font, text_width_mm
from layers.paper.frame import SCREEN_WIDTH_PX, frame_of, metres_per_pixel, on_paper
from layers.paper.furniture import round_length_m, wrapped
from layers.paper.print_map import at_scale, draw_print_map
from layers.paper.sheet import (
    ORIENTATIONS,
    PAPER_EXTENTS,
    PAPER_SIZES,
    PaperOptions,
    Sheet,
    sheet_of,
)
from tests.places import PLACES

DATE = dt.date(2026, 1, 2)
FAR = 7.5
"""Zoom level of a map of the whole province."""
A4_LANDSCAPE = Sheet(297.0, 210.0)


@pytest.mark.parametrize(
    ("longest", "length"), [(999, 500), (1000, 1000), (4999, 2000), (123_456, 100_000)]
)
def test_round_lengths(longest, length):
    assert round_length_m(longest) == length


def test_pixel_length_at_the_equator_and_north_of_it():
    # 40,075,016.7 m of equator in 256 pixels at zoom 0; half of it at 60 degrees.
    assert metres_per_pixel(0, 0) == pytest.approx(156_543.03, rel=1e-6)
    assert metres_per_pixel(0, 60) == pytest.approx(156_543.03 / 2, rel=1e-6)


def test_the_frame_holds_the_whole_province(province):
    spec = compose(parse_query("", province).view, province)
    frame = frame_of(spec, province, A4_LANDSCAPE.map)
    cities = province.cities.to_crs(province.settings.metric_crs)
    assert cities.within(frame.box).all()
    assert frame.width_m / frame.height_m == pytest.approx(
        A4_LANDSCAPE.map.width / A4_LANDSCAPE.map.height
    )


def test_the_frame_follows_centre_and_zoom(province):
    spec = compose(parse_query("center=32,119&zoom=10", province).view, province)
    frame = frame_of(spec, province, A4_LANDSCAPE.map)
    assert frame.width_m == pytest.approx(SCREEN_WIDTH_PX * metres_per_pixel(10, 32))


def test_the_scale_is_true(province):
    """A kilometre in the metric CRS is a kilometre on the ellipsoid, to a tenth of a per cent."""
    points = province.cities.set_geometry(
        province.cities.representative_point(), crs="EPSG:4326"
    ).geometry
    metric = points.to_crs(province.settings.metric_crs)
    geod = Geod(ellps="WGS84")
    first, *others = points.index
    for other in others:
        one, two = points.at[first], points.at[other]
        _, _, true_m = geod.inv(one.x, one.y, two.x, two.y)
        assert metric.at[first].distance(metric.at[other]) == pytest.approx(true_m, rel=2e-3)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_has_everything_around_the_map(province, language):
    spec = compose(parse_query(f"lang={language}", province).view, province)
    words = texts(draw_print_map(spec, province, date=DATE))
    together = "".join(words)
    assert spec.title in words
    assert ("2026年1月2日" if language == "zh" else "2 January 2026") in together
    assert ("高斯" if language == "zh" else "Gauss") in together
    assert ("示意图" if language == "zh" else "Sketch map") in together
    assert ("图例" if language == "zh" else "Legend") in words
    assert ("北" if language == "zh" else "N") in words
    assert ("100 千米" if language == "zh" else "100 km") in words
    for group in at_scale(spec, FAR).legend:
        assert group.title in words
        assert all(entry.label in words for entry in group.entries)
    assert all(source.year in together for source in at_scale(spec, FAR).sources)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_legend_ends_above_the_sources(province, language):
    view = parse_query(f"city={PLACES.without_role.slug}&lang={language}", province).view
    options = PaperOptions(orientation="landscape", extent="selection")
    figure = draw_print_map(compose(view, province), province, options, date=DATE)
    heading = say("print.legend", language)
    (legend,) = [
        axes for axes in figure.axes if heading in [words.get_text() for words in axes.texts]
    ]
    assert len(legend.texts) > 18
    assert min(words.get_position()[1] for words in legend.texts) > 0


def test_every_city_is_named(province):
    spec = compose(parse_query("", province).view, province)
    words = texts(draw_print_map(spec, province, date=DATE))
    assert set(province.cities["name_zh"]) <= set(words)


def test_names_do_not_collide(province):
    spec = compose(parse_query("center=31.6,120.3&zoom=9.5", province).view, province)
    figure = draw_print_map(spec, province, date=DATE)
    map_axes = figure.axes[1]
    names = set(province.cities["name_zh"]) | set(province.counties["name_zh"])
    boxes = [text.get_window_extent() for text in map_axes.texts if text.get_text() in names]
    assert len(boxes) > 15
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


def test_wrapping_keeps_every_letter():
    words = "Power battery, Automotive electronics：规划对上述城市一并提出，未细分到各市。"
    lines = wrapped(words, 9, 40)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert not any(line[0] in "，。：" for line in lines)


def test_wrapping_nothing():
    assert wrapped("", 9, 40) == []


CITY = PLACES.without_role
SIZES_MM = {"a4": (297, 210), "a3": (420, 297), "wide": (338.7, 190.5), "square": (240, 240)}


EACH_PAIR = [
    (size, orientation, PAPER_EXTENTS[(row + column) % len(PAPER_EXTENTS)])
    for row, size in enumerate(PAPER_SIZES)
    for column, orientation in enumerate(ORIENTATIONS)
]


def test_every_pair_of_options_is_on_a_paper_below():
    options = (PAPER_SIZES, ORIENTATIONS, PAPER_EXTENTS)
    for one, other in combinations(range(3), 2):
        drawn = {(paper[one], paper[other]) for paper in EACH_PAIR}
        assert drawn == set(product(options[one], options[other]))


@pytest.mark.parametrize(("size", "orientation", "extent"), EACH_PAIR)
def test_every_paper(province, size, orientation, extent):
    spec = compose(
        parse_query(f"lang=en&city={PLACES.hub.slug},{PLACES.other_hub.slug}", province).view,
        province,
    )
    options = PaperOptions(
        size=size, orientation=orientation, extent=extent, title="A title", graticule=True
    )
    figure = draw_print_map(spec, province, options, date=DATE)
    width, height = figure.get_size_inches() * 25.4
    assert sorted([width, height]) == pytest.approx(sorted(SIZES_MM[size]))
    if orientation != "auto" and size != "square":
        assert (width > height) == (orientation == "landscape")
    words = texts(figure)
    assert "A title" in words
    legend = at_scale(spec, FAR).legend
    assert all(entry.label in words for group in legend for entry in group.entries)


def test_selected_cities_fill_the_frame(province):
    spec = compose(parse_query(f"city={CITY.slug}", province).view, province)
    near = on_paper(spec, province, PaperOptions(extent="selection"))
    frame = frame_of(near, province, A4_LANDSCAPE.map)
    city = province.cities.to_crs(province.settings.metric_crs).geometry.at[CITY.adcode]
    assert frame.box.contains(city)
    assert frame.width_m < 250_000


def test_counties_are_named_at_county_zoom(province):
    spec = compose(parse_query(f"city={CITY.slug}", province).view, province)
    options = PaperOptions(extent="selection")
    words = texts(draw_print_map(spec, province, options, date=DATE))
    assert set(province.counties_of(CITY.adcode)["name_zh"]) <= set(words)


def test_a_tall_thing_goes_on_a_portrait_sheet():
    assert sheet_of("a4", "auto", 0.5) == Sheet(210, 297)
    assert sheet_of("a4", "auto", 2.5) == Sheet(297, 210)


def test_the_link_is_drawn_as_a_code(province):
    link = f"http://localhost:8501/?lang=zh&city={PLACES.other_hub.slug}"
    spec = compose(parse_query("", province).view, province)
    figure = draw_print_map(spec, province, PaperOptions(link=link), date=DATE)
    footer = figure.axes[-1]
    (code,) = footer.patches
    cells = sum(sum(map(bool, row)) for row in segno.make(link, error="m").matrix)
    assert len(code.get_path().vertices) == 5 * cells


def test_text_width_is_what_is_drawn():
    axes = Figure(figsize=(10, 2)).add_axes((0, 0, 1, 1))
    for words in ("规划中的城市定位", "Hydrogen fuel cells (18)"):
        text = axes.text(0, 0, words, fontproperties=paper_font(12))
        drawn_mm = text.get_window_extent().width / axes.get_figure().dpi * 25.4
        assert text_width_mm(words, 12) == pytest.approx(drawn_mm, rel=0.05)


def test_nothing_of_the_map_leaves_its_frame(province):
    """SVG clips by one path alone: that of a hatch must end where the frame ends."""
    view = parse_query("overlay=consolidation,parts&center=31.8,120&zoom=8.6", province).view
    figure = draw_print_map(compose(view, province), province, date=DATE)
    axes = figure.axes[1]
    west, east, south, north = (*axes.get_xlim(), *axes.get_ylim())
    clipped = [
        clip.get_fully_transformed_path().transformed(axes.transData.inverted())
        for artist in (*axes.collections, *axes.patches)
        if (clip := artist.get_clip_path()) is not None
    ]
    assert len(clipped) > 4
    for path in clipped:
        box = path.get_extents()
        assert west - 1 <= box.x0 < box.x1 <= east + 1
        assert south - 1 <= box.y0 < box.y1 <= north + 1


@pytest.mark.parametrize("extent", ["view", "province"])
@pytest.mark.parametrize("query", ["lang=en", "lang=en&center=31.3,120.6&zoom=11"])
def test_a_scale_is_true_on_the_sheet(province, query, extent):
    """Two seats are as far apart on the sheet as on the ground, so many times smaller."""
    options = PaperOptions(extent=extent, scale=500_000, size="a3")
    spec = compose(parse_query(query, province).view, province)
    figure = draw_print_map(spec, province, options, date=DATE)
    axes = max(figure.axes, key=lambda one: one.get_position().width * one.get_position().height)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    box = axes.get_position()
    width_mm = box.width * figure.get_figwidth() * 25.4
    height_mm = box.height * figure.get_figheight() * 25.4
    assert (east - west) * 1000 / width_mm == pytest.approx(500_000)
    assert (north - south) * 1000 / height_mm == pytest.approx(500_000)
    assert "1 : 500,000" in " ".join(" ".join(texts(figure)).split())
    if "center" in query and extent == "view":
        points = gpd.GeoSeries.from_xy([120.6], [31.3], crs=GEOGRAPHIC)
        middle = points.to_crs(province.settings.metric_crs).iloc[0]
        assert (west + east) / 2 == pytest.approx(middle.x)
        assert (south + north) / 2 == pytest.approx(middle.y)
