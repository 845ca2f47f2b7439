"""Draw the ranking as pages of a table: each city's score, taken apart by criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from data.loader import Province
from layers.paper.fonts import paper_font, printable
from layers.paper.furniture import draw_footer, draw_title, millimetre_axes, wrapped
from layers.paper.sheet import GAP_MM, Box, Sheet
from layers.specification.map_spec import MapSpec
from layers.specification.symbology import INK, MUTED_INK
from layers.words.ranking_words import RankingWords, ranking_words

_FIRST_MM = (13.0, 27.0, 16.0, 26.0, 17.0)
_CRITERION_MM = 35.0
_ROW_MM = 5.6
_SIZE_PT = 8.0
_HEAD_PT = 7.5
_LINE = "#D5D9DE"


def ranking_pages(
    spec: MapSpec, province: Province, sheet: Sheet, date: dt.date
) -> tuple[Figure, ...]:
    """Return the ranking of ``spec`` as figures of the size of ``sheet``.

    As many criteria stand beside each other as fit; the others follow below, each block with
    the cities and their scores again.
    """
    words = ranking_words(spec, province)
    most = max(1, int((sheet.title.width - sum(_FIRST_MM)) // _CRITERION_MM))
    blocks = [words.part(first, most) for first in range(0, len(words.criteria), most)]
    pages: list[Figure] = []
    axes, y = None, 0.0
    for heads, rows in blocks:
        height = _head_height(heads) + _ROW_MM * len(rows) + GAP_MM
        if axes is None or y < height:
            figure, axes, y = _page(spec, province, sheet, date, words)
            pages.append(figure)
        y = _draw_block(axes, heads, rows, y)
    return tuple(pages)


def _page(
    spec: MapSpec, province: Province, sheet: Sheet, date: dt.date, words: RankingWords
) -> tuple[Figure, Axes, float]:
    """Return a page with title, explanation and footer, its body, and where the body starts."""
    figure = Figure(figsize=(sheet.width_mm / 25.4, sheet.height_mm / 25.4), facecolor="white")
    FigureCanvasAgg(figure)
    draw_title(millimetre_axes(figure, sheet, sheet.title), spec)
    footer = millimetre_axes(figure, sheet, sheet.footer)
    draw_footer(footer, spec, province.settings.metric_crs, date, None)
    bottom = sheet.footer.bottom + sheet.footer.height
    box = Box(sheet.title.left, bottom, sheet.title.width, sheet.title.bottom - bottom)
    axes = millimetre_axes(figure, sheet, box)
    y = box.height - 4.0
    axes.text(0, y, printable(words.title), fontproperties=paper_font(12), color=INK, va="center")
    y -= 7.0
    for line in wrapped(words.lead, _SIZE_PT, box.width):
        axes.text(0, y, line, fontproperties=paper_font(_SIZE_PT), color=MUTED_INK, va="center")
        y -= 4.0
    return figure, axes, y - 2.0


def _widths(heads: Sequence[str]) -> list[float]:
    return [*_FIRST_MM, *[_CRITERION_MM] * (len(heads) - len(_FIRST_MM))]


def _head_lines(heads: Sequence[str]) -> list[list[str]]:
    pairs = zip(heads, _widths(heads), strict=True)
    return [wrapped(head, _HEAD_PT, width - 3.0) for head, width in pairs]


def _head_height(heads: Sequence[str]) -> float:
    return 3.5 * max(len(lines) for lines in _head_lines(heads)) + 3.0


def _draw_block(axes: Axes, heads: Sequence[str], rows: Sequence[Sequence[str]], y: float) -> float:
    """Draw a table from ``y`` down; return where the next one starts."""
    widths = _widths(heads)
    lefts = [sum(widths[:place]) for place in range(len(widths))]
    for left, lines in zip(lefts, _head_lines(heads), strict=True):
        for place, line in enumerate(lines):
            low = y - 2.0 - 3.5 * place
            font = paper_font(_HEAD_PT)
            axes.text(left, low, line, fontproperties=font, color=MUTED_INK, va="center")
    y -= _head_height(heads)
    for row in rows:
        axes.plot([0, sum(widths)], [y, y], color=_LINE, linewidth=0.5)
        for left, cell in zip(lefts, row, strict=True):
            font = paper_font(_SIZE_PT)
            middle = y - _ROW_MM / 2
            axes.text(left, middle, printable(cell), fontproperties=font, color=INK, va="center")
        y -= _ROW_MM
    return y - GAP_MM
