"""Draw charts of briefs as pictures, for the formats that have no charts of their own."""

from __future__ import annotations

import io
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from layers.brief.content import ContentChart, ContentPicture, DrawnPicture, PictureShape
from layers.paper.figure import let_go
from layers.paper.fonts import paper_font, printable, text_width_mm
from layers.paper.furniture import wrapped
from layers.specification.symbology import INK
from layers.specification.tones import letters_on

_WIDTH_MM, _BAR_MM, _EDGE_MM, _LEGEND_MM = 158.0, 6.0, 3.0, 8.0
_MOST_NAME_MM = 60.0
_LETTERS_PT, _COUNT_PT = 8.0, 7.0
_BAR_PART = 0.68
_DOTS_PER_INCH = 240
_MM_PER_INCH = 25.4


def as_picture(block: ContentPicture | ContentChart) -> ContentPicture:
    """Return a chart as a picture; a picture as it is."""
    if isinstance(block, ContentPicture):
        return block

    @cache
    def draw(_: PictureShape) -> DrawnPicture:
        return _drawn(block)

    return ContentPicture(draw, block.alternative, block.caption, block.sources)


def _drawn(chart: ContentChart) -> DrawnPicture:
    legend_mm = _LEGEND_MM if len(chart.series) > 1 else 0.0
    bars_mm = _BAR_MM * len(chart.categories)
    height_mm = bars_mm + legend_mm + 2 * _EDGE_MM
    figure = Figure(figsize=(_WIDTH_MM / _MM_PER_INCH, height_mm / _MM_PER_INCH))
    FigureCanvasAgg(figure)
    names = [_shortened(name) for name in chart.categories]
    left_mm = max(text_width_mm(name, _LETTERS_PT) for name in names) + 2 * _EDGE_MM
    totals = [sum(counts) for counts in zip(*(one.values for one in chart.series), strict=True)]
    axes = figure.add_axes(
        (
            left_mm / _WIDTH_MM,
            (legend_mm + _EDGE_MM) / height_mm,
            1 - (left_mm + _EDGE_MM) / _WIDTH_MM,
            bars_mm / height_mm,
        )
    )
    _bars(axes, chart)
    axes.set_xlim(0, max(totals) or 1)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(
        range(len(names)),
        names,
        fontproperties=paper_font(_LETTERS_PT),
        color=INK,
        parse_math=False,
    )
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_frame_on(False)
    if legend_mm:
        legend = figure.legend(
            handles=[Patch(color=one.color) for one in chart.series],
            labels=[printable(one.name) for one in chart.series],
            loc="lower left",
            bbox_to_anchor=(_EDGE_MM / _WIDTH_MM, 0.0),
            ncols=len(chart.series),
            prop=paper_font(_LETTERS_PT),
            labelcolor=INK,
            frameon=False,
            handlelength=1.0,
            columnspacing=1.4,
        )
        for words in legend.get_texts():
            words.set_parse_math(False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    let_go(figure)
    return DrawnPicture(buffer.getvalue(), _WIDTH_MM, height_mm)


def _shortened(name: str) -> str:
    """Return what a name begins with, where it would leave the bars no room."""
    lines = wrapped(name, _LETTERS_PT, _MOST_NAME_MM) or [""]
    return lines[0] if len(lines) == 1 else f"{lines[0]} …"


def _bars(axes: Axes, chart: ContentChart) -> None:
    """Draw the series one after the other; a count stands in its bar."""
    places = range(len(chart.categories))
    starts = [0] * len(chart.categories)
    for series in chart.series:
        axes.barh(
            places,
            series.values,
            _BAR_PART,
            left=starts,
            color=series.color,
        )
        for place, (start, count) in enumerate(zip(starts, series.values, strict=True)):
            if count:
                axes.text(
                    start + count / 2,
                    place,
                    f"{count:,}",
                    ha="center",
                    va="center_baseline",
                    color=letters_on(series.color),
                    fontproperties=paper_font(_COUNT_PT),
                )
        starts = [start + count for start, count in zip(starts, series.values, strict=True)]
