"""Write tables on slides, natively: split by the measured height of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Mm, Pt

from data.text import say
from data.uploads.limits import visible
from layers.brief.content import ContentTable, TableColumn
from layers.brief.slides.deck import Deck, row_mm, words_mm
from layers.specification.symbology import INK, MUTED_INK

_CELL_PT, _NOTE_PT, _SMALL_PT = 10.0, 9.0, 8.0
CAPTION_PT = 11.0
_MANY_COLUMNS = 6
_CELL_MARGIN_MM, _ROW_MM = 1.5, 1.6
_HEAD_FILL, _FILL = "EEF1F4", "FFFFFF"


def write_table(deck: Deck, table: ContentTable) -> None:
    """Write a table under its caption, on as many slides as it takes."""
    columns = list(table.columns)
    rows = [list(row) for row in table.rows]
    if table.row_sources:
        columns.append(TableColumn(say("brief.cited_heading", deck.brief.language), 1.3))
        for row, sources in zip(rows, table.row_sources, strict=True):
            row.append(deck.brief.citation(sources))
    points = _SMALL_PT if len(columns) >= _MANY_COLUMNS else _CELL_PT
    whole = deck.area.width / sum(one.width for one in columns)
    widths = [one.width * whole for one in columns]
    heads = [_heading(deck, one) for one in columns]
    head_mm = _row_height(heads, widths, points)
    caption = f"{table.caption} {deck.brief.citation(table.sources)}"
    while rows:
        caption_mm = words_mm(caption, CAPTION_PT, deck.area.width) + 2.0
        deck.need(caption_mm + head_mm + _row_height(rows[0], widths, points))
        deck.words(caption, CAPTION_PT, INK, bold=True)
        part, rows = _fitting(rows, widths, points, deck.room - head_mm)
        _cells(deck, [heads, *part], columns, widths, points)
    if table.note:
        deck.words(table.note, _NOTE_PT, MUTED_INK)


def _heading(deck: Deck, column: TableColumn) -> str:
    if not column.unit:
        return column.heading
    return say("brief.unit", deck.brief.language, heading=column.heading, unit=column.unit)


def _cells(
    deck: Deck,
    rows: Sequence[Sequence[str]],
    columns: Sequence[TableColumn],
    widths: Sequence[float],
    points: float,
) -> None:
    """Write a native table, its first row as heads."""
    heights = [_row_height(row, widths, points) for row in rows]
    area = deck.area
    box = (Mm(one) for one in (area.left, deck.y, area.width, sum(heights)))
    written = deck.slide.shapes.add_table(len(rows), len(columns), *box).table
    for column, width in zip(written.columns, widths, strict=True):
        column.width = Mm(width)
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        written.rows[place].height = Mm(height)
        for cell, words, column in zip(written.rows[place].cells, row, columns, strict=True):
            _cell(deck, cell, words, points, is_head=place == 0, numeric=column.numeric)
    deck.y += sum(heights) + 2.0


def _cell(
    deck: Deck, cell: Any, words: str, points: float, *, is_head: bool, numeric: bool
) -> None:
    if deck.frame.has_own_look:
        deck.fill(cell.text_frame, words, points, INK, bold=is_head)
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(_HEAD_FILL if is_head else _FILL)
    else:
        cell.text_frame.text = visible(words)
        for paragraph in cell.text_frame.paragraphs:
            paragraph.font.size = Pt(points)
    cell.margin_left = cell.margin_right = Mm(_CELL_MARGIN_MM)
    cell.margin_top = cell.margin_bottom = Mm(_ROW_MM / 4)
    if numeric:
        for paragraph in cell.text_frame.paragraphs:
            paragraph.alignment = PP_ALIGN.RIGHT


def _row_height(row: Sequence[str], widths: Sequence[float], points: float) -> float:
    return _ROW_MM + row_mm(row, widths, points, _CELL_MARGIN_MM)


def _fitting(
    rows: list[list[str]], widths: Sequence[float], points: float, room: float
) -> tuple[list[list[str]], list[list[str]]]:
    """Split rows into those that there is room for, one at least, and the others."""
    taken = 0.0
    for place, row in enumerate(rows):
        taken += _row_height(row, widths, points)
        if place and taken > room:
            return rows[:place], rows[place:]
    return rows, []
