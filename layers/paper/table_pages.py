"""Draw tables of words as pages, under the title and above the footer of the print map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from data.loader import Province
from layers.paper.fonts import paper_font, printable
from layers.paper.furniture import draw_footer, draw_title, millimetre_axes, wrapped
from layers.paper.sheet import GAP_MM, Box, Sheet
from layers.specification.map_spec import MapSpec
from layers.specification.symbology import INK, MUTED_INK

_TITLE_PT, _SIZE_PT, _HEAD_PT = 12.0, 8.0, 7.5
_TITLE_MM, _LEAD_LINE_MM, _HEAD_LINE_MM, _LINE_MM = 7.0, 4.0, 3.5, 3.6
_ROW_PADDING_MM = 2.0
_BETWEEN_COLUMNS_MM = 3.0
_RULE = "#D5D9DE"


@dataclass(frozen=True)
class PaperTable:
    """A table of words; ``widths_mm`` are those of its columns.

    One without a ``title`` goes on with what stands above it.
    """

    title: str
    lead: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths_mm: Sequence[float]


def table_pages(
    spec: MapSpec,
    province: Province,
    sheet: Sheet,
    date: dt.date,
    tables: Sequence[PaperTable],
) -> tuple[Figure, ...]:
    """Return tables as figures of the size of ``sheet``, one below the other.

    A table that fits on a page stays on one; the heads of a longer one are repeated.
    """
    pages = _Pages(spec, province, sheet, date)
    for table in tables:
        pages.add(table)
    return tuple(pages.figures)


class _Pages:
    """Pages that are being filled; ``y`` is where the next line goes, from the body's bottom."""

    def __init__(self, spec: MapSpec, province: Province, sheet: Sheet, date: dt.date) -> None:
        self.spec, self.province, self.sheet, self.date = spec, province, sheet, date
        self.figures: list[Figure] = []
        self.y = 0.0
        bottom = sheet.footer.bottom + sheet.footer.height
        self.body = Box(
            sheet.title.left, bottom, sheet.title.width, sheet.title.bottom - bottom - GAP_MM
        )
        self.axes: Axes
        self.titled = PaperTable("", "", (), (), ())

    def add(self, table: PaperTable) -> None:
        """Draw a table below the last one, and on as many pages as it takes."""
        if table.title:
            self.titled = table
        rows = [_wrapped_row(row, table.widths_mm, _SIZE_PT) for row in table.rows]
        heads = _wrapped_row(table.heads, table.widths_mm, _HEAD_PT)
        head_mm = _head_height(heads)
        needed = self._title_height(table) + head_mm + sum(_row_height(row) for row in rows)
        above = 0.0 if table.title else self._title_height(self.titled)
        fits_a_page = needed + above <= self.body.height
        first = min(needed, head_mm + self._title_height(table) + 3 * _row_height([[""]]))
        if not self.figures or self.y < (needed if fits_a_page else first):
            self._turn()
        elif table.title:
            self._write_title(table)
        self._write_heads(heads, table.widths_mm)
        for row in rows:
            if self.y < _row_height(row):
                self._turn()
                self._write_heads(heads, table.widths_mm)
            self._write_row(row, table.widths_mm)
        self.y -= GAP_MM

    def _turn(self) -> None:
        """Begin a page with title, footer and what goes on."""
        sheet = self.sheet
        figure = Figure(figsize=(sheet.width_mm / 25.4, sheet.height_mm / 25.4), facecolor="white")
        FigureCanvasAgg(figure)
        draw_title(millimetre_axes(figure, sheet, sheet.title), self.spec)
        footer = millimetre_axes(figure, sheet, sheet.footer)
        draw_footer(footer, self.spec, self.province.settings.metric_crs, self.date, None)
        self.axes = millimetre_axes(figure, sheet, self.body)
        self.y = self.body.height
        self.figures.append(figure)
        self._write_title(self.titled)

    def _lead_lines(self, table: PaperTable) -> list[str]:
        return wrapped(table.lead, _SIZE_PT, self.body.width)

    def _title_height(self, table: PaperTable) -> float:
        if not table.title:
            return 0.0
        return _TITLE_MM + _LEAD_LINE_MM * len(self._lead_lines(table)) + 2.0

    def _write_title(self, table: PaperTable) -> None:
        if not table.title:
            return
        self._write(0.0, self.y - _TITLE_MM / 2, table.title, _TITLE_PT, INK)
        self.y -= _TITLE_MM
        for line in self._lead_lines(table):
            self._write(0.0, self.y - _LEAD_LINE_MM / 2, line, _SIZE_PT, MUTED_INK)
            self.y -= _LEAD_LINE_MM
        self.y -= 2.0

    def _write_heads(self, heads: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> None:
        self._write_cells(heads, widths_mm, _HEAD_LINE_MM, _HEAD_PT, MUTED_INK)
        self.y -= _head_height(heads)

    def _write_row(self, row: Sequence[Sequence[str]], widths_mm: Sequence[float]) -> None:
        self.axes.plot([0, sum(widths_mm)], [self.y, self.y], color=_RULE, linewidth=0.5)
        self._write_cells(row, widths_mm, _LINE_MM, _SIZE_PT, INK)
        self.y -= _row_height(row)

    def _write_cells(
        self,
        cells: Sequence[Sequence[str]],
        widths_mm: Sequence[float],
        line_mm: float,
        size_pt: float,
        color: str,
    ) -> None:
        left = 0.0
        for lines, width in zip(cells, widths_mm, strict=True):
            for place, line in enumerate(lines):
                below = _ROW_PADDING_MM / 2 + line_mm * (place + 0.5)
                self._write(left, self.y - below, line, size_pt, color)
            left += width

    def _write(self, x: float, y: float, words: str, size_pt: float, color: str) -> None:
        font = paper_font(size_pt)
        self.axes.text(x, y, printable(words), fontproperties=font, color=color, va="center")


def _wrapped_row(
    cells: Sequence[str], widths_mm: Sequence[float], size_pt: float
) -> list[list[str]]:
    return [
        wrapped(cell, size_pt, width - _BETWEEN_COLUMNS_MM)
        for cell, width in zip(cells, widths_mm, strict=True)
    ]


def _row_height(row: Sequence[Sequence[str]]) -> float:
    return _LINE_MM * max(1, *(len(lines) for lines in row)) + _ROW_PADDING_MM


def _head_height(heads: Sequence[Sequence[str]]) -> float:
    return _HEAD_LINE_MM * max(1, *(len(lines) for lines in heads)) + _ROW_PADDING_MM
