"""Draw what stands on and around the print map: scale bar, north arrow, legend, notes."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import segno
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from data.crs import GEOGRAPHIC, central_meridian_deg, crs_title, transformer
from data.text import Language, day, say
from layers.paper.fonts import paper_font, printable, text_width_mm
from layers.paper.frame import Frame
from layers.paper.sheet import Box, Sheet
from layers.paper.symbols import draw_swatch
from layers.specification.map_spec import LegendGroup, MapSpec
from layers.specification.symbology import INK, MUTED_INK

POINTS_PER_MM = 72 / 25.4
_LONGEST_CODE = 2_000


def millimetre_axes(figure: Figure, sheet: Sheet, box: Box) -> Axes:
    """Return axes without lines on ``box`` of a sheet, in millimetres from its lower left."""
    axes = figure.add_axes(box.fractions(sheet))
    axes.set_axis_off()
    axes.set_xlim(0, box.width)
    axes.set_ylim(0, box.height)
    return axes


_TITLE_SIZES_PT = (19.0, 16.0, 13.0, 10.0)
_SUBTITLE_SIZES_PT = ((10.0, 2), (8.5, 2), (7.0, 3))
"""Sizes to try in turn, and how many lines of each there is room for."""
_LINES_PER_SIZE = 1.3


def draw_title(axes: Axes, spec: MapSpec) -> None:
    """Write title and subtitle, smaller where they are long; the axes are in millimetres."""
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    title, size = _fitting(spec.title, tuple((one, 1) for one in _TITLE_SIZES_PT), width)
    axes.text(0, height, title[0], color=INK, fontproperties=paper_font(size), va="top")
    lines, size = _fitting(spec.subtitle, _SUBTITLE_SIZES_PT, width)
    line_mm = size * _LINES_PER_SIZE / POINTS_PER_MM
    for place, line in enumerate(reversed(lines)):
        font = paper_font(size)
        axes.text(0, 2.2 + place * line_mm, line, color=MUTED_INK, fontproperties=font, va="bottom")


def _fitting(
    words: str, sizes: tuple[tuple[float, int], ...], width_mm: float
) -> tuple[list[str], float]:
    """Return words in lines of the largest size that leaves room for them all.

    What no size has room for ends in dots.
    """
    for size, most in sizes:
        lines = wrapped(words, size, width_mm) or [""]
        if len(lines) <= most:
            return lines, size
    return [*lines[: most - 1], f"{lines[most - 1].rstrip()[:-1]}…"], size


def round_length_m(longest_m: float) -> float:
    """Return the longest length of 1, 2 or 5 times a power of ten that is at most ``longest_m``."""
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(step * power for step in (1, 2, 5) if step * power <= longest_m)


def draw_scale_bar(axes: Axes, language: Language, frame: Frame, units_per_point: float) -> None:
    """Draw a scale bar in the lower right corner; the axes are in metres."""
    length = round_length_m(frame.width_m / 4)
    pad = 14 * units_per_point
    right, bottom = frame.x + frame.width_m / 2 - pad, frame.y - frame.height_m / 2 + pad
    left = right - length
    thick = 3 * units_per_point
    panel = shapely.box(
        left - pad * 0.7, bottom - pad * 0.5, right + pad * 0.7, bottom + thick + pad * 1.2
    )
    _panel(axes, panel)
    for part, color in ((0, INK), (1, "#FFFFFF")):
        start = left + part * length / 2
        axes.fill(
            [start, start + length / 2, start + length / 2, start],
            [bottom, bottom, bottom + thick, bottom + thick],
            facecolor=color,
            edgecolor=INK,
            linewidth=0.6,
            zorder=160,
        )
    words = say("print.kilometres", language, value=f"{length / 1000:g}")
    font = paper_font(8)
    above = bottom + thick + 2.5 * units_per_point
    axes.text(left, above, "0", fontproperties=font, color=INK, zorder=160, ha="left")
    axes.text(right, above, words, fontproperties=font, color=INK, zorder=160, ha="right")


def _panel(axes: Axes, box: shapely.Polygon) -> None:
    x, y = box.exterior.xy
    axes.fill(x, y, facecolor="white", alpha=0.85, linewidth=0, zorder=150)


def draw_north_arrow(
    axes: Axes, language: Language, frame: Frame, metric_crs: str, units_per_point: float
) -> None:
    """Draw the arrow to true north, turned by the meridian convergence at the frame's centre."""
    back = transformer(metric_crs, GEOGRAPHIC)
    there = transformer(GEOGRAPHIC, metric_crs)
    longitude, latitude = back.transform(frame.x, frame.y)
    x, y = there.transform(longitude, latitude + 0.1)
    turn = math.atan2(x - frame.x, y - frame.y)
    size = 24 * units_per_point
    center_x = frame.x + frame.width_m / 2 - size * 1.1
    center_y = frame.y + frame.height_m / 2 - size * 1.5

    def place(right: float, up: float) -> tuple[float, float]:
        return (
            center_x + size * (right * math.cos(turn) + up * math.sin(turn)),
            center_y + size * (up * math.cos(turn) - right * math.sin(turn)),
        )

    _panel(
        axes,
        shapely.box(
            center_x - size * 0.62,
            center_y - size * 0.78,
            center_x + size * 0.62,
            center_y + size * 1.1,
        ),
    )
    for side, color in ((-1, INK), (1, "#FFFFFF")):
        points = [place(0, 0.6), place(side * 0.32, -0.6), place(0, -0.32)]
        axes.fill(
            *zip(*points, strict=True), facecolor=color, edgecolor=INK, linewidth=0.7, zorder=160
        )
    axes.text(
        *place(0, 0.8),
        say("print.north", language),
        fontproperties=paper_font(9),
        color=INK,
        ha="center",
        va="center",
        zorder=160,
    )


def draw_legend(axes: Axes, spec: MapSpec, *, beside: bool) -> None:
    """Write the legend: one column beside the map, or a column a group below it.

    The axes are in millimetres. A column that is higher than the map is written smaller.
    """
    top = axes.get_ylim()[1] - 3.0
    heading = say("print.legend", spec.language)
    axes.text(0, top, heading, fontproperties=paper_font(12), color=INK, va="center")
    if beside:
        y = top - _BELOW_HEADING_MM
        scale = _fitting_scale(spec.legend, y)
        for group in spec.legend:
            y = _draw_legend_group(axes, group, 0.0, y, scale=scale) - _BETWEEN_MM * scale
        return
    left = 0.0
    widths = _column_widths(spec.legend, axes.get_xlim()[1])
    for group, width in zip(spec.legend, widths, strict=True):
        _draw_legend_group(axes, group, left, top - 8.0, width)
        left += width


_SWATCH_MM = 10.5
_LABEL_PT, _HEADING_PT, _NOTE_PT = 9.5, 8.5, 7.5
_READABLE_MM = 34.0
"""Words of several lines want at least this width."""
_HEADING_LINE_MM = 4.0
_HEADING_MM, _GROUP_MM, _ENTRY_MM, _NOTE_MM, _AFTER_MM = 11.0, 6.5, 4.6, 3.5, 2.0
_BELOW_HEADING_MM, _BETWEEN_MM = 8.5, 3.0
_COLUMN_MM = 63.5
_SMALLEST_SCALE = 0.6


def legend_height_mm(spec: MapSpec, width_mm: float) -> float:
    """Return how high the legend is as a strip of columns below the map, in millimetres."""
    widths = _column_widths(spec.legend, width_mm)
    heights = [_group_mm(group, width) for group, width in zip(spec.legend, widths, strict=True)]
    return _HEADING_MM + max(heights, default=0.0)


def _group_mm(group: LegendGroup, column_mm: float) -> float:
    """Return how high a group of the legend is in a column."""
    lines = len(_heading_lines(group, column_mm)) - 1
    return (
        _GROUP_MM
        + _HEADING_LINE_MM * lines
        + sum(
            _ENTRY_MM + _AFTER_MM + _NOTE_MM * len(_note_lines(entry.note, column_mm))
            for entry in group.entries
        )
    )


def _fitting_scale(groups: tuple[LegendGroup, ...], room_mm: float) -> float:
    """Return how much smaller groups are written to stand below each other in a column."""
    needed = sum(_group_mm(group, _COLUMN_MM) + _BETWEEN_MM for group in groups)
    return max(min(1.0, room_mm / needed if needed else 1.0), _SMALLEST_SCALE)


def _heading_lines(group: LegendGroup, column_mm: float) -> list[str]:
    """Return the heading of a group, in lines: that of own points has the name of their file."""
    return wrapped(group.title, _HEADING_PT, column_mm - 3.0) or [""]


def _note_lines(note: str, column_mm: float) -> list[str]:
    return wrapped(note, _NOTE_PT, column_mm - _SWATCH_MM - 2.0)


def _column_widths(groups: tuple[LegendGroup, ...], whole: float) -> list[float]:
    """Share the width of a strip among groups: each has room for its longest label.

    Of what is left, those with remarks take more.
    """
    needed = [_needed_mm(group) for group in groups]
    wishes = [1.6 if any(entry.note for entry in group.entries) else 1.0 for group in groups]
    left = whole - sum(needed)
    if left < 0:
        return [whole * one / sum(needed) for one in needed]
    return [one + left * wish / sum(wishes) for one, wish in zip(needed, wishes, strict=True)]


def _needed_mm(group: LegendGroup) -> float:
    """Return the width that the labels of a group need, and its heading and remarks to be read."""
    labels = max(text_width_mm(printable(one.label), _LABEL_PT) for one in group.entries)
    heading = min(text_width_mm(printable(group.title), _HEADING_PT), _READABLE_MM)
    remarks = _READABLE_MM if any(one.note for one in group.entries) else 0.0
    return max(_SWATCH_MM + labels, heading, remarks) + 3.0


def _draw_legend_group(
    axes: Axes,
    group: LegendGroup,
    x: float,
    y: float,
    width_mm: float = _COLUMN_MM,
    *,
    scale: float = 1.0,
) -> float:
    """Write one group from ``y`` down, ``width_mm`` wide; return where it ends."""
    words = x + _SWATCH_MM
    heading, labels, notes = (
        paper_font(points * scale) for points in (_HEADING_PT, _LABEL_PT, _NOTE_PT)
    )
    for place, line in enumerate(_heading_lines(group, width_mm)):
        y -= _HEADING_LINE_MM * scale if place else 0.0
        axes.text(x, y, line, fontproperties=heading, color=MUTED_INK, va="center")
    y -= _GROUP_MM * scale
    for entry in group.entries:
        draw_swatch(axes, x + 4.2, y, entry.symbol, units_per_point=1 / POINTS_PER_MM)
        label = printable(entry.label)
        axes.text(words, y, label, fontproperties=labels, color=INK, va="center")
        y -= _ENTRY_MM * scale
        for line in _note_lines(entry.note, width_mm):
            axes.text(words, y, line, fontproperties=notes, color=MUTED_INK, va="center")
            y -= _NOTE_MM * scale
        y -= _AFTER_MM * scale
    return y


def wrapped(words: str, size_pt: float, width_mm: float = 51.0) -> list[str]:
    """Break ``words`` into lines that fit ``width_mm``: at spaces, or anywhere in Chinese.

    A word that is longer than a line, such as an address, is broken where the line ends.
    """
    lines: list[str] = []
    line = ""
    pieces = _pieces(printable(words))
    for piece in (part for one in pieces for part in _unbroken(one, size_pt, width_mm)):
        if line and text_width_mm(line + piece.rstrip(), size_pt) > width_mm:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _unbroken(piece: str, size_pt: float, width_mm: float) -> list[str]:
    """Split a piece that is wider than a line into single letters."""
    return [piece] if text_width_mm(piece.rstrip(), size_pt) <= width_mm else list(piece)


_OPENING = "（「“《"
_CLOSING = "，。、；：）」”％,.;:)"


def _pieces(words: str) -> list[str]:
    """Split into pieces that stay together: words, or single Chinese characters."""
    pieces: list[str] = []
    for letter in words:
        joined = bool(pieces) and (
            letter in _CLOSING
            or pieces[-1][-1] in _OPENING
            or letter == " "
            or (letter.isascii() and pieces[-1][-1].isascii() and not pieces[-1].endswith(" "))
        )
        if joined:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _projection(crs: str, language: Language) -> str:
    """Name a projection in words; one that the catalogue has no words for keeps its own name."""
    meridian = central_meridian_deg(crs)
    if meridian is not None and crs_title(crs).startswith("CGCS2000"):
        return say("print.gauss_kruger", language, meridian=f"{meridian:g}")
    if "Lambert Conic Conformal" in crs_title(crs):
        return say("print.lambert", language)
    return crs_title(crs)


def draw_footer(
    axes: Axes, spec: MapSpec, metric_crs: str, date: dt.date, link: str | None
) -> None:
    """Write sources with years, the notes, the projection, the date, and the view's link."""
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    if link and len(link) <= _LONGEST_CODE:
        _draw_code(axes, link, width - height, height)
        width -= height + 3.0
    language = spec.language
    credit_line = say("print.sources", language) + "; ".join(
        say(
            "print.retrieved" if source.year else "print.retrieved_undated",
            language,
            title=source.title.say(language),
            publisher=source.publisher,
            year=source.year,
        )
        for source in spec.sources
    )
    projection = _projection(metric_crs, language)
    facts = [
        *spec.notes,
        *_scale_words(spec),
        say("print.projection", language, name=projection),
        say("print.made", language, date=day(date, language)),
    ]
    told = (credit_line, say("clause.separator", language).join(facts))
    lines, size = _footer_lines(told, width, height)
    for place, line in enumerate(lines):
        axes.text(
            0,
            height - 1.5 - place * size * _FOOTER_MM_PER_PT,
            line,
            fontproperties=paper_font(size),
            color=MUTED_INK,
            va="center",
        )


def _scale_words(spec: MapSpec) -> tuple[str, ...]:
    """Tell the scale where one was asked for: it holds for the sheet at its own size only."""
    scale = spec.extent.scale
    return () if scale is None else (say("print.scale", spec.language, scale=f"{scale:,}"),)


_FOOTER_SIZES_PT = (7.0, 6.0, 5.0)
_FOOTER_MM_PER_PT = 0.485


def _footer_lines(told: tuple[str, ...], width: float, height: float) -> tuple[list[str], float]:
    """Return the lines of the footer in the largest size in which they all fit."""
    for size in _FOOTER_SIZES_PT:
        lines = [line for words in told for line in wrapped(words, size, width)]
        if len(lines) * size * _FOOTER_MM_PER_PT <= height:
            break
    return lines, size


def _draw_code(axes: Axes, link: str, left: float, size: float) -> None:
    """Draw the link as a QR code, as one vector path."""
    cells = np.array(segno.make(link, error="m").matrix, dtype=bool)
    side = size / len(cells)
    boxes = [
        Path.unit_rectangle().transformed(
            Affine2D().scale(side).translate(left + column * side, size - (row + 1) * side)
        )
        for row, column in zip(*np.nonzero(cells), strict=True)
    ]
    axes.add_artist(
        PathPatch(Path.make_compound_path(*boxes), facecolor=INK, linewidth=0, antialiased=False)
    )
