"""Write the view as a slide: the map as a picture, legend and table as native shapes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from data.loader import Province
from data.text import join, say
from layers.paper.frame import frame_of, on_paper
from layers.paper.furniture import wrapped
from layers.paper.print_map import at_scale, render_map_picture
from layers.paper.sheet import Box, PaperOptions
from layers.specification.map_spec import (
    Area,
    Band,
    Glyph,
    Hatch,
    LegendEntry,
    MapLayer,
    MapSpec,
    Marker,
    Stack,
    Symbol,
)
from layers.specification.symbology import INK, MUTED_INK
from layers.tables.analysis_tables import asks_ranking
from layers.tables.view_tables import view_tables
from layers.words.ranking_words import ranking_words

_FONT = "Microsoft YaHei"
_SLIDE_INCHES = (13.333, 7.5)
_MAP_INCHES = (0.4, 1.15, 7.6, 5.75)
_COLUMN_LEFT, _COLUMN_WIDTH = 8.3, 4.65
_BLANK_LAYOUT = 6
_HEADING_PT = 9
_CRITERIA_ON_A_SLIDE = 5
_SHAPES = {
    "square": MSO_SHAPE.RECTANGLE,
    "circle": MSO_SHAPE.OVAL,
    "diamond": MSO_SHAPE.DIAMOND,
    "triangle": MSO_SHAPE.ISOSCELES_TRIANGLE,
    "hexagon": MSO_SHAPE.HEXAGON,
}


def map_slide(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    """Return a presentation of the map, and of its ranking where one is asked for."""
    left, top, width, height = _MAP_INCHES
    spec = on_paper(spec, province, options)
    box = Box(0.0, 0.0, width * 25.4, height * 25.4)
    spec = at_scale(spec, frame_of(spec, province, box).zoom)
    deck = Presentation()
    deck.slide_width, deck.slide_height = (Inches(length) for length in _SLIDE_INCHES)
    deck.core_properties.title = spec.title
    slide = deck.slides.add_slide(deck.slide_layouts[_BLANK_LAYOUT])
    _words(slide, spec.title, (0.4, 0.25, 12.5, 0.55), size=24, bold=True)
    _words(slide, spec.subtitle, (0.4, 0.72, 12.5, 0.35), size=12, color=MUTED_INK)
    picture = render_map_picture(spec, province, width * 25.4, height * 25.4)
    slide.shapes.add_picture(
        io.BytesIO(picture), Inches(left), Inches(top), Inches(width), Inches(height)
    )
    bottom = _legend(slide, spec)
    _table(slide, spec, province, bottom + 0.1)
    credit = [" · ".join(dict.fromkeys(one.publisher for one in spec.sources)), *spec.notes]
    _words(slide, "; ".join(credit), (0.4, 6.95, 12.5, 0.3), size=8, color=MUTED_INK)
    slide.notes_slide.notes_text_frame.text = _notes(spec)
    if asks_ranking(spec):
        _ranking(deck, spec, province)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _words(
    slide: Slide,
    words: str,
    box: tuple[float, float, float, float],
    *,
    size: float,
    bold: bool = False,
    color: str = INK,
) -> None:
    frame = slide.shapes.add_textbox(*(Inches(length) for length in box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_top = frame.margin_right = frame.margin_bottom = Emu(0)
    run = frame.paragraphs[0].add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
    run.font.color.rgb = _rgb(color)


def _legend(slide: Slide, spec: MapSpec) -> float:
    """Draw the legend in the right column; return where it ends, in inches from the top."""
    top = 1.15
    # Water and roads are read without a legend, and the column is short.
    ground = say("legend.ground", spec.language)
    for group in (one for one in spec.legend if one.title != ground):
        box = (_COLUMN_LEFT, top, _COLUMN_WIDTH, 0.2)
        _words(slide, group.title, box, size=_HEADING_PT, color=MUTED_INK)
        lines = wrapped(group.title, _HEADING_PT, _COLUMN_WIDTH * 25.4)
        top += 0.06 + 0.15 * max(1, len(lines))
        for entry in group.entries:
            top = _legend_line(slide, entry, top)
        top += 0.06
    return top


def _legend_line(slide: Slide, entry: LegendEntry, top: float) -> float:
    _swatch(slide, entry.symbol, top)
    left, width = _COLUMN_LEFT + 0.42, _COLUMN_WIDTH - 0.42
    _words(slide, entry.label, (left, top, width, 0.2), size=10)
    if not entry.note:
        return top + 0.21
    _words(slide, entry.note, (left, top + 0.18, width, 0.3), size=7.5, color=MUTED_INK)
    return top + 0.46


def _swatch(slide: Slide, symbol: Symbol, top: float) -> None:
    if isinstance(symbol, Area) and symbol.fill is None:
        line = slide.shapes.add_connector(
            1,
            Inches(_COLUMN_LEFT),
            Inches(top + 0.1),
            Inches(_COLUMN_LEFT + 0.32),
            Inches(top + 0.1),
        )
        line.line.color.rgb = _rgb(symbol.stroke or INK)
        return
    small = isinstance(symbol, (Marker, Glyph, Stack))
    kind = MSO_SHAPE.OVAL if isinstance(symbol, (Glyph, Stack)) else MSO_SHAPE.RECTANGLE
    if isinstance(symbol, Marker):
        kind = _SHAPES[symbol.shape]
    left, width = (_COLUMN_LEFT + 0.08, 0.16) if small else (_COLUMN_LEFT, 0.32)
    shape = slide.shapes.add_shape(
        kind, Inches(left), Inches(top + 0.02), Inches(width), Inches(0.16)
    )
    shape.shadow.inherit = False
    _paint(shape, symbol)


def _paint(shape: Shape, symbol: Symbol) -> None:
    """Give a swatch the fill and the line of a symbol."""
    shape.line.width = Pt(0.5)
    shape.line.color.rgb = _rgb("#59606B")
    if isinstance(symbol, Hatch):
        shape.fill.patterned()
        shape.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        shape.fill.fore_color.rgb = _rgb(symbol.color)
        shape.fill.back_color.rgb = _rgb("#FFFFFF")
    elif isinstance(symbol, Band):
        shape.fill.background()
        shape.line.width = Pt(symbol.width * 0.75)
        shape.line.color.rgb = _rgb(symbol.color)
    elif isinstance(symbol, Area):
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(symbol.fill or "#FFFFFF")
    elif isinstance(symbol, Stack):
        shape.fill.background()
        shape.line.width = Pt(1.25)
        shape.line.color.rgb = _rgb(symbol.color)
    elif isinstance(symbol, (Marker, Glyph)):
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(symbol.color)
        shape.line.fill.background()


def _table(slide: Slide, spec: MapSpec, province: Province, top: float) -> None:
    """Write the selected cities with their roles, and their value of the theme or their sites."""
    language = spec.language
    told = next((one for one in spec.layers if one.geometry == "cities" and one.values), None)
    values = dict(told.values) if told else {}
    tables = view_tables(spec, province)
    cities = tables.cities[tables.cities["selected"]]
    counts = tables.sites["city_adcode"].value_counts()
    known = {role.id for role in province.plan.roles}
    roles = {layer.id: layer.title for layer in spec.layers if layer.id in known}
    shows_sites = "sites" in tables.spatial
    heads = [
        say("sheet.cities", language),
        say("plan.role", language),
        _value_head(spec, told),
    ]
    rows = [
        [
            str(city[f"name_{language}"]),
            join([title for name, title in roles.items() if city[f"role_{name}"]], language),
            values.get(adcode, "") if told else str(counts.get(adcode, 0)) * shows_sites,
        ]
        for adcode, city in cities.iterrows()
    ]
    height = max(6.9 - top, 0.2 * (len(rows) + 1))
    step = min(height / (len(rows) + 1), 0.24)
    _cells(slide, [heads, *rows], (_COLUMN_LEFT, top), (1.0, 3.0, 0.65), step)


def _value_head(spec: MapSpec, told: MapLayer | None) -> str:
    """Return what the last column holds: values of the theme or of a layer, or counts of sites."""
    if told is None:
        return say("layer.sites", spec.language)
    return say("theme.value", spec.language) if spec.theme else told.title


def _cells(
    slide: Slide,
    rows: Sequence[Sequence[str]],
    place: tuple[float, float],
    widths: Sequence[float],
    step: float,
) -> None:
    """Write a table at ``place`` (left, top), the first row as its heads; all in inches."""
    left, top = place
    frame = slide.shapes.add_table(
        len(rows),
        len(widths),
        Inches(left),
        Inches(top),
        Inches(sum(widths)),
        Inches(step * len(rows)),
    )
    for column, width in enumerate(widths):
        frame.table.columns[column].width = Inches(width)
    for number, cells in enumerate(rows):
        frame.table.rows[number].height = Inches(step)
        for column, words in enumerate(cells):
            cell = frame.table.cell(number, column)
            cell.margin_top = cell.margin_bottom = Emu(0)
            cell.margin_left = cell.margin_right = Inches(0.04)
            run = cell.text_frame.paragraphs[0].add_run()
            run.text, run.font.size, run.font.name = words, Pt(8), _FONT


def _ranking(deck: Any, spec: MapSpec, province: Province) -> None:
    """Add slides with the ranking taken apart, a few criteria on each."""
    words = ranking_words(spec, province)
    for first in range(0, len(words.criteria), _CRITERIA_ON_A_SLIDE):
        heads, rows = words.part(first, _CRITERIA_ON_A_SLIDE)
        slide = deck.slides.add_slide(deck.slide_layouts[_BLANK_LAYOUT])
        _words(slide, words.title, (0.4, 0.25, 12.5, 0.55), size=24, bold=True)
        _words(slide, spec.subtitle, (0.4, 0.72, 12.5, 0.35), size=12, color=MUTED_INK)
        widths = [0.7, 1.4, 0.8, 1.5, 0.9]
        widths += [(12.5 - sum(widths)) / _CRITERIA_ON_A_SLIDE] * (len(heads) - len(widths))
        _cells(slide, [heads, *rows], (0.4, 1.15), widths, min(5.2 / (len(rows) + 1), 0.36))
        _words(slide, words.lead, (0.4, 6.6, 12.5, 0.3), size=9, color=MUTED_INK)
        _words(slide, "; ".join(spec.notes), (0.4, 6.95, 12.5, 0.3), size=9, color=MUTED_INK)
        slide.notes_slide.notes_text_frame.text = _notes(spec)


def _notes(spec: MapSpec) -> str:
    lines = [
        f"{source.title.say(spec.language)}, {source.publisher}, {source.year}: {source.address}"
        for source in spec.sources
    ]
    return "\n".join([say("print.sources", spec.language), *lines, *spec.notes])


def _rgb(code: str) -> RGBColor:
    return RGBColor.from_string(code.removeprefix("#"))
