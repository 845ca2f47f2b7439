"""Write a brief as slides: tables are split by the measured height of their rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide
from pptx.util import Emu, Mm, Pt

from data.text import day, say
from data.uploads.limits import visible
from layers.brief.content import (
    Block,
    Brief,
    BriefSection,
    ContentPicture,
    ContentTable,
    Statement,
    StatementList,
    Subheading,
    TableColumn,
)
from layers.paper.furniture import wrapped
from layers.specification.symbology import INK, MUTED_INK

_FONT = "Microsoft YaHei"
_SLIDE_MM = (338.67, 190.5)
_MARGIN_MM = 14.0
_TOP_MM, _BOTTOM_MM = 31.0, 176.0
_TITLE_ONLY_LAYOUT = 5
_TITLE_PT, _TEXT_PT, _CELL_PT, _NOTE_PT = 24.0, 16.0, 10.0, 9.0
_SMALL_PT = 8.0
_MANY_COLUMNS = 6
_MM_PER_POINT = 25.4 / 72
_LEADING = 1.3
_WIDER = 1.12
"""Fonts of slides differ: lines are taken to be that much wider than in the paper's font."""
_CELL_MARGIN_MM, _ROW_MM = 1.5, 1.6
_HEAD_FILL = "EEF1F4"


def pptx_file(brief: Brief) -> bytes:
    """Return the brief as the bytes of a ``.pptx`` file."""
    deck = _Deck(brief)
    deck.write()
    buffer = io.BytesIO()
    deck.slides.save(buffer)
    return buffer.getvalue()


def line_mm(points: float) -> float:
    """Return the height of a line of letters of a size."""
    return points * _MM_PER_POINT * _LEADING


def _height(words: str, points: float, width_mm: float) -> float:
    lines = [wrapped(part, points * _WIDER, width_mm) or [""] for part in words.split("\n")]
    return line_mm(points) * sum(len(one) for one in lines)


class _Deck:
    """Slides that are being filled; ``y`` is where the next block goes, from the top in mm."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.slides: Any = Presentation()
        self.slides.slide_width, self.slides.slide_height = (Mm(one) for one in _SLIDE_MM)
        properties = self.slides.core_properties
        properties.title, properties.author = visible(brief.title), say("app.name", brief.language)
        self.slide: Slide
        self.title = ""
        self.y = _TOP_MM
        self.width = _SLIDE_MM[0] - 2 * _MARGIN_MM

    def write(self) -> None:
        """Write the title, then all sections."""
        for place, section in enumerate(self.brief.sections):
            self.title = self.brief.title if place == 0 else section.heading
            self._turn()
            if place == 0:
                self._words(self.brief.subtitle, _NOTE_PT + 2, MUTED_INK)
                self._words(self.brief.question, _TEXT_PT, INK, bold=True)
                self.y += 4.0
                self._words(section.heading, _TEXT_PT, INK, bold=True)
            self._section(section)

    def _turn(self) -> None:
        """Begin a slide under the title of the section."""
        layout = self.slides.slide_layouts[_TITLE_ONLY_LAYOUT]
        self.slide = self.slides.slides.add_slide(layout)
        shape = self.slide.shapes.title
        shape.left, shape.top = Mm(_MARGIN_MM), Mm(10.0)
        shape.width, shape.height = Mm(self.width), Mm(16.0)
        self._fill(shape.text_frame, self.title, self._title_pt(), INK, bold=True)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self.y = _TOP_MM
        self._foot()

    def _title_pt(self) -> float:
        """Return the size in which the title takes one line."""
        for points in (_TITLE_PT, 20.0, 16.0, 12.0):
            if _height(self.title, points, self.width) <= line_mm(points):
                return points
        return 9.0

    def _foot(self) -> None:
        number = len(self.slides.slides)
        date = day(self.brief.date, self.brief.language)
        words = f"{self.brief.title} · {date} · {number}"
        box = self.slide.shapes.add_textbox(
            Mm(_MARGIN_MM), Mm(180.0), Mm(self.width), Mm(line_mm(_NOTE_PT) + 1)
        )
        lines = wrapped(words, _NOTE_PT * _WIDER, self.width)
        self._fill(box.text_frame, lines[0], _NOTE_PT, MUTED_INK)

    def _fill(
        self, frame: Any, words: str, points: float, color: str, *, bold: bool = False
    ) -> None:
        """Write words into a frame, without margins and never shrunk."""
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
        for place, line in enumerate(words.split("\n")):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = visible(line)
            run.font.size, run.font.bold, run.font.name = Pt(points), bold, _FONT
            run.font.color.rgb = RGBColor.from_string(color.removeprefix("#"))

    def _need(self, height: float) -> None:
        if self.y + height > _BOTTOM_MM and self.y > _TOP_MM:
            self._turn()

    def _words(self, words: str, points: float, color: str, *, bold: bool = False) -> None:
        """Write a paragraph; one that is longer than a slide goes on with the next."""
        most = int((_BOTTOM_MM - _TOP_MM) / line_mm(points))
        lines = wrapped(words, points * _WIDER, self.width)
        whole = len(lines) <= most
        starts = range(0, len(lines), most)
        parts = [words] if whole else ["\n".join(lines[at : at + most]) for at in starts]
        for part in parts:
            height = _height(part, points, self.width)
            self._need(height)
            box = self.slide.shapes.add_textbox(
                Mm(_MARGIN_MM), Mm(self.y), Mm(self.width), Mm(height)
            )
            self._fill(box.text_frame, part, points, color, bold=bold)
            self.y += height + 2.0

    def _section(self, section: BriefSection) -> None:
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Subheading):
            self._need(40.0)
            self._words(block.words, _TEXT_PT, INK, bold=True)
        elif isinstance(block, Statement):
            points = _NOTE_PT if block.aside else _TEXT_PT
            color = MUTED_INK if block.aside else INK
            self._words(f"{block.words} {self.brief.citation(block.sources)}", points, color)
        elif isinstance(block, StatementList):
            for point in block.points:
                words = f"• {point.words} {self.brief.citation(point.sources)}"
                self._words(words, _TEXT_PT - 2, INK)
        elif isinstance(block, ContentPicture):
            self._picture(block)
        else:
            self._table(block)

    def _picture(self, picture: ContentPicture) -> None:
        caption = line_mm(_NOTE_PT) * 2
        height = _BOTTOM_MM - self.y - caption
        width = picture.width_mm * height / picture.height_mm
        left = (_SLIDE_MM[0] - width) / 2
        shape = self.slide.shapes.add_picture(
            io.BytesIO(picture.png), Mm(left), Mm(self.y), Mm(width), Mm(height)
        )
        shape._element.nvPicPr.cNvPr.set("descr", visible(picture.alternative))
        self.y += height + 1.0
        self._words(
            f"{picture.caption} {self.brief.citation(picture.sources)}", _NOTE_PT, MUTED_INK
        )

    def _table(self, table: ContentTable) -> None:
        columns = list(table.columns)
        rows = [list(row) for row in table.rows]
        if table.row_sources:
            columns.append(TableColumn(say("brief.cited_heading", self.brief.language), 1.3))
            for row, sources in zip(rows, table.row_sources, strict=True):
                row.append(self.brief.citation(sources))
        points = _SMALL_PT if len(columns) >= _MANY_COLUMNS else _CELL_PT
        whole = self.width / sum(one.width for one in columns)
        widths = [one.width * whole for one in columns]
        heads = [self._heading(one) for one in columns]
        head_mm = _row_height(heads, widths, points)
        caption = f"{table.caption} {self.brief.citation(table.sources)}"
        while rows:
            first = _row_height(rows[0], widths, points)
            caption_mm = _height(caption, _NOTE_PT + 2, self.width) + 2.0
            self._need(caption_mm + head_mm + first)
            self._words(caption, _NOTE_PT + 2, INK, bold=True)
            part, rows = _fitting(rows, widths, points, _BOTTOM_MM - self.y - head_mm)
            self._cells([heads, *part], columns, widths, points)
        if table.note:
            self._words(table.note, _NOTE_PT, MUTED_INK)

    def _heading(self, column: TableColumn) -> str:
        if not column.unit:
            return column.heading
        return say("brief.unit", self.brief.language, heading=column.heading, unit=column.unit)

    def _cells(
        self,
        rows: Sequence[Sequence[str]],
        columns: Sequence[TableColumn],
        widths: Sequence[float],
        points: float,
    ) -> None:
        """Write a native table, its first row as heads."""
        heights = [_row_height(row, widths, points) for row in rows]
        frame = self.slide.shapes.add_table(
            len(rows),
            len(columns),
            Mm(_MARGIN_MM),
            Mm(self.y),
            Mm(self.width),
            Mm(sum(heights)),
        )
        written = frame.table
        for column, width in zip(written.columns, widths, strict=True):
            column.width = Mm(width)
        for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
            written.rows[place].height = Mm(height)
            for cell, words, column in zip(written.rows[place].cells, row, columns, strict=True):
                self._cell(cell, words, points, is_head=place == 0, numeric=column.numeric)
        self.y += sum(heights) + 2.0

    def _cell(self, cell: Any, words: str, points: float, *, is_head: bool, numeric: bool) -> None:
        self._fill(cell.text_frame, words, points, INK, bold=is_head)
        cell.margin_left = cell.margin_right = Mm(_CELL_MARGIN_MM)
        cell.margin_top = cell.margin_bottom = Mm(_ROW_MM / 4)
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(_HEAD_FILL if is_head else "FFFFFF")
        if numeric:
            for paragraph in cell.text_frame.paragraphs:
                paragraph.alignment = PP_ALIGN.RIGHT


def _row_height(row: Sequence[str], widths: Sequence[float], points: float) -> float:
    return _ROW_MM + max(
        _height(words, points, width - 2 * _CELL_MARGIN_MM)
        for words, width in zip(row, widths, strict=True)
    )


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
