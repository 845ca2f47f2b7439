"""Write a brief as a PDF, set with the font of the print map."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from data.text import day, say
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
    is_page,
)
from layers.brief.pdf_sheets import MARGIN_MM, Sheets, line_mm
from layers.paper.figure import bound_pdf
from layers.paper.fonts import paper_font, printable, text_width_mm
from layers.paper.furniture import wrapped
from layers.paper.print_map import DRAWING
from layers.specification.symbology import INK, MUTED_INK

_TITLE_PT, _HEADING_PT, _SUBHEADING_PT = 20.0, 14.0, 11.5
_TEXT_PT, _CAPTION_PT, _NOTE_PT = 10.0, 9.5, 8.0
_CELL_PT, _SMALL_PT = 8.0, 7.0
_MANY_COLUMNS = 6
_BETWEEN_MM, _ROW_MM = 3.0, 2.0
_FEWEST_ROWS_MM = 16.0
_HEAD_FILL = "#EEF1F4"


def pdf_file(brief: Brief) -> bytes:
    """Return the brief as the bytes of a ``.pdf`` file."""
    with DRAWING:
        pages = _BriefPages(brief)
        pages.write()
        return bound_pdf(pages.sheets.figures, brief.title)


class _BriefPages:
    """What writes a brief on sheets, block by block."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        date = day(brief.date, brief.language)
        self.sheets = Sheets(f"{brief.title} · {date}")
        self.starts: list[int] = []
        self.contents: tuple[Axes, float] | None = None

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.brief.language, **values)

    def write(self) -> None:
        """Write all sections, then the contents and the feet, whose numbers are known then."""
        self._lines(self.brief.title, _TITLE_PT)
        self._lines(self.brief.subtitle, _TEXT_PT, MUTED_INK)
        self.sheets.y -= 2.0
        self._lines(self.brief.question, _SUBHEADING_PT)
        for place, section in enumerate(self.brief.sections):
            self._section(section)
            if place == 0:
                self._leave_room_for_contents()
        self._write_contents()
        count = len(self.sheets.figures)
        for number in range(1, count + 1):
            self.sheets.foot(number, self._say("brief.page", page=number, pages=count))

    def _lines(self, words: str, points: float, color: str = INK, indent: float = 0.0) -> None:
        for line in wrapped(words, points, self.sheets.width - indent):
            self.sheets.line(line, points, color, indent)

    def _section(self, section: BriefSection) -> None:
        pictured = any(isinstance(block, ContentPicture) for block in section.blocks)
        if section.wide != self.sheets.is_wide or pictured:
            self.sheets.turn(wide=section.wide)
        elif not self.sheets.is_fresh:
            self.sheets.y -= 5.0
            self.sheets.need(line_mm(_HEADING_PT) + 3 * _FEWEST_ROWS_MM)
        self.starts.append(self.sheets.number)
        self._lines(section.heading, _HEADING_PT)
        self.sheets.y -= 1.5
        for block in section.blocks:
            self._block(block)

    def _leave_room_for_contents(self) -> None:
        self.sheets.y -= 4.0
        self._lines(self._say("brief.contents"), _SUBHEADING_PT)
        self.contents = (self.sheets.axes, self.sheets.y)
        self.sheets.y -= line_mm(_TEXT_PT) * len(self.brief.sections)

    def _write_contents(self) -> None:
        if self.contents is None:
            return
        axes, top = self.contents
        right = axes.get_xlim()[1] - MARGIN_MM
        font = paper_font(_TEXT_PT)
        for section, number in zip(self.brief.sections, self.starts, strict=True):
            middle = top - line_mm(_TEXT_PT) / 2
            heading = printable(section.heading)
            axes.text(MARGIN_MM, middle, heading, fontproperties=font, color=INK, va="center")
            left = right - text_width_mm(str(number), _TEXT_PT)
            axes.text(left, middle, str(number), fontproperties=font, color=INK, va="center")
            top -= line_mm(_TEXT_PT)

    def _block(self, block: Block) -> None:
        if isinstance(block, Subheading):
            self.sheets.y -= 2.0
            self.sheets.need(line_mm(_SUBHEADING_PT) + _FEWEST_ROWS_MM)
            self._lines(block.words, _SUBHEADING_PT)
        elif isinstance(block, Statement):
            points, color = (_NOTE_PT, MUTED_INK) if block.aside else (_TEXT_PT, INK)
            self._lines(self._cited(block), points, color)
            self.sheets.y -= 1.5
        elif isinstance(block, StatementList):
            self._points(block)
        elif isinstance(block, ContentPicture):
            self._picture(block)
        else:
            self._table(block)

    def _cited(self, block: Statement | ContentPicture | ContentTable) -> str:
        words = block.words if isinstance(block, Statement) else block.caption
        return f"{words} {self.brief.citation(block.sources)}".strip()

    def _points(self, block: StatementList) -> None:
        for point in block.points:
            self.sheets.need(line_mm(_TEXT_PT))
            self.sheets.write(MARGIN_MM + 1.0, self.sheets.y - line_mm(_TEXT_PT) / 2, "•", _TEXT_PT)
            self._lines(self._cited(point), _TEXT_PT, indent=5.0)
            self.sheets.y -= 0.8

    def _picture(self, picture: ContentPicture) -> None:
        below = line_mm(_CAPTION_PT) * 2
        height = min(picture.height_mm, self.sheets.room - below)
        width = picture.width_mm * height / picture.height_mm
        self.sheets.picture(picture.png, width, height)
        self._lines(self._cited(picture), _CAPTION_PT)

    def _table(self, table: ContentTable) -> None:
        columns = list(table.columns)
        rows = [list(row) for row in table.rows]
        if table.row_sources:
            columns.append(TableColumn(self._say("brief.cited_heading"), 1.4))
            for row, sources in zip(rows, table.row_sources, strict=True):
                row.append(self.brief.citation(sources) or self._say("brief.none"))
        points = _SMALL_PT if len(columns) >= _MANY_COLUMNS else _CELL_PT
        whole = self.sheets.width / sum(one.width for one in columns)
        widths = [one.width * whole for one in columns]
        heads = [self._heading(one) for one in columns]
        self.sheets.y -= 2.0
        self.sheets.need(line_mm(_CAPTION_PT) + _FEWEST_ROWS_MM)
        self._lines(self._cited(table), _CAPTION_PT)
        self._row(heads, columns, widths, points, is_head=True)
        for row in rows:
            if self.sheets.need(_row_height(_broken(row, widths, points), points)):
                self._row(heads, columns, widths, points, is_head=True)
            self._row(row, columns, widths, points)
        self.sheets.rule()
        self.sheets.y -= 1.0
        if table.note:
            self._lines(table.note, _NOTE_PT, MUTED_INK)
        self.sheets.y -= 2.0

    def _heading(self, column: TableColumn) -> str:
        if not column.unit:
            return column.heading
        return self._say("brief.unit", heading=column.heading, unit=column.unit)

    def _row(
        self,
        words: Sequence[str],
        columns: Sequence[TableColumn],
        widths: Sequence[float],
        points: float,
        *,
        is_head: bool = False,
    ) -> None:
        cells = _broken(words, widths, points)
        height = _row_height(cells, points)
        if is_head:
            self.sheets.fill(height, _HEAD_FILL)
        self.sheets.rule()
        left = MARGIN_MM
        for lines, text, column, width in zip(cells, words, columns, widths, strict=True):
            link = text if is_page(text) else ""
            for place, line in enumerate(lines):
                below = _ROW_MM / 2 + line_mm(points) * (place + 0.5)
                shift = _shift(line, width, points) if column.numeric else _BETWEEN_MM / 2
                self.sheets.write(left + shift, self.sheets.y - below, line, points, link=link)
            left += width
        self.sheets.y -= height


def _shift(line: str, width: float, points: float) -> float:
    """Return how far a line begins from the left of its cell to end at its right."""
    return width - _BETWEEN_MM / 2 - text_width_mm(line, points)


def _broken(words: Sequence[str], widths: Sequence[float], points: float) -> list[list[str]]:
    return [
        [
            line
            for part in text.split("\n")
            for line in wrapped(part, points, width - _BETWEEN_MM) or [""]
        ]
        for text, width in zip(words, widths, strict=True)
    ]


def _row_height(cells: Sequence[Sequence[str]], points: float) -> float:
    return line_mm(points) * max(1, *(len(lines) for lines in cells)) + _ROW_MM
