"""Write charts on slides, natively: whoever gets them can change them."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_MARK
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Mm, Pt

from data.uploads.limits import visible
from layers.brief.content import ContentChart
from layers.brief.slides.deck import Deck, words_mm
from layers.brief.slides.slide_table import CAPTION_PT
from layers.paper.fonts import printable, text_width_mm
from layers.paper.furniture import wrapped
from layers.specification.symbology import INK
from layers.specification.tones import letters_on

_LETTERS_PT = 10.0
_BAR_MM, _AROUND_MM, _FEWEST_MM = 7.0, 12.0, 45.0
_GAP_PERCENT = 45
_EDGE_MM, _LEGEND_MM, _WIDER = 3.0, 9.0, 1.2
_MOST_NAME_MM = 80.0
_NO_ZERO = "#,##0;;;"


def write_chart(deck: Deck, chart: ContentChart) -> None:
    """Write stacked bars under their caption, as high as their number asks for."""
    caption = f"{chart.caption} {deck.brief.citation(chart.sources)}"
    caption_mm = words_mm(caption, CAPTION_PT, deck.area.width) + 2.0
    wanted = max(_FEWEST_MM, _AROUND_MM + _BAR_MM * len(chart.categories))
    height = min(wanted, deck.area.height - caption_mm)
    deck.need(caption_mm + height)
    deck.words(caption, CAPTION_PT, INK, bold=True)
    data = CategoryChartData(number_format="#,##0")
    data.categories = [_shortened(name) for name in chart.categories]
    for series in chart.series:
        data.add_series(visible(series.name), series.values)
    box = (Mm(one) for one in (deck.area.left, deck.y, deck.area.width, height))
    frame = deck.slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", visible(chart.alternative))
    _look(deck, frame.chart, chart)
    _lay_out(frame.chart, chart, deck.area.width, height)
    deck.y += height + 2.0


def _shortened(name: str) -> str:
    lines = wrapped(visible(name), _LETTERS_PT, _MOST_NAME_MM) or [""]
    return lines[0] if len(lines) == 1 else f"{lines[0]} …"


def _look(deck: Deck, drawn: Any, chart: ContentChart) -> None:
    """Give a chart its letters, its colours and no more lines than it needs."""
    drawn.has_title = False
    drawn.font.size = Pt(_LETTERS_PT)
    deck.give_look(drawn.font, INK)
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.category_axis.reverse_order = True
    drawn.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    drawn.category_axis.format.line.fill.background()
    drawn.value_axis.visible = False
    drawn.value_axis.has_major_gridlines = False
    drawn.value_axis.minimum_scale = 0
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = _GAP_PERCENT, 100
    for written, series in zip(plot.series, chart.series, strict=True):
        labels = written.data_labels
        labels.number_format, labels.number_format_is_linked = _NO_ZERO, False
        labels.show_value = True
        # The colours tell the sectors apart, as on the map: they stay in the house's own look.
        written.format.fill.solid()
        written.format.fill.fore_color.rgb = _rgb(series.color)
        labels.font.color.rgb = _rgb(letters_on(series.color))


def _lay_out(drawn: Any, chart: ContentChart, width: float, height: float) -> None:
    """Give the names of bars the room that they need: left to itself a program leaves some out."""
    names = max(text_width_mm(printable(name), _LETTERS_PT) for name in chart.categories)
    left = min(names * _WIDER + _EDGE_MM, width / 2)
    below = _LEGEND_MM if drawn.has_legend else _EDGE_MM
    parts = {
        "x": left / width,
        "y": _EDGE_MM / height,
        "w": 1 - (left + _EDGE_MM) / width,
        "h": 1 - (below + _EDGE_MM) / height,
    }
    plot_area = drawn._chartSpace.chart.plotArea
    for old in plot_area.findall(qn("c:layout")):
        plot_area.remove(old)
    layout, manual = OxmlElement("c:layout"), OxmlElement("c:manualLayout")
    settings = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    for name, value in (settings | {key: f"{part:.4f}" for key, part in parts.items()}).items():
        part = OxmlElement(f"c:{name}")
        part.set("val", value)
        manual.append(part)
    layout.append(manual)
    plot_area.insert(0, layout)


def _rgb(color: str) -> RGBColor:
    return RGBColor.from_string(color.removeprefix("#"))
