"""Write a workbook: a front, tables to read and to print, and the same as raw data behind them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from data.text import Language, say
from layers.exports.sheet_formats import FONT_POINTS, FONTS, SheetFormats
from layers.exports.sheet_layout import (
    FRONT_WIDTHS,
    height_of,
    lay_out,
    shown,
    widths_of,
    without_controls,
)
from layers.tables.front_sheet import FrontSheet
from layers.tables.read_table import WORDS, Link, ReadCell, ReadTable

TWIN_PREFIX = "data_"
"""How the names of sheets with raw data begin, in any language."""

_TABS = {"front": "#1F3B57", "read": "#5B8DB8", "twin": "#B8BDC4"}
_RAW_FORMATS = {
    "area_km2": "#,##0.0",
    "capacity": "#,##0.##",
    "longitude": "0.00000",
    "latitude": "0.00000",
}
_LONGEST_ADDRESS = 2000
"""Letters of an address that spreadsheets still take for a link."""

_WIDTH_BESIDE = 34.0
"""The most that a column takes that is not printed: its words stand on one line."""


@dataclass(frozen=True)
class TwinTable:
    """Raw data, for programs, by the id of the table that tells the same to people.

    ``title`` is what the sheet of that table is called.
    """

    id: str
    title: str
    table: pd.DataFrame

    @property
    def sheet(self) -> str:
        """The name of the sheet."""
        return f"{TWIN_PREFIX}{self.id}"


@dataclass(frozen=True)
class WorkbookParts:
    """What a workbook is made of, in the order of its sheets.

    The last of ``tables`` is that of the sources. Every table has a twin; a twin without rows
    may have no table.
    """

    language: Language
    date: dt.date
    subject: str
    front: FrontSheet
    tables: tuple[ReadTable, ...]
    twins: tuple[TwinTable, ...]


def workbook_of(parts: WorkbookParts) -> bytes:
    """Return the workbook; the same parts give the same bytes."""
    buffer = io.BytesIO()
    settings = {
        "in_memory": True,
        # Text is never taken for a formula, an address or a number.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        "default_format_properties": {
            "font_name": FONTS[parts.language],
            "font_size": FONT_POINTS,
        },
    }
    with xlsxwriter.Workbook(buffer, settings) as workbook:
        created = dt.datetime.combine(parts.date, dt.time())
        workbook.set_properties(
            {"title": parts.front.title, "subject": parts.subject, "created": created}
        )
        sheets = _Sheets(workbook, parts, SheetFormats(workbook, parts.language))
        sheets.front()
        for table in parts.tables:
            sheets.read(table)
        for twin in parts.twins:
            sheets.twin(twin)
    return buffer.getvalue()


@dataclass(frozen=True, eq=False)
class _Sheets:
    workbook: Workbook
    parts: WorkbookParts
    formats: SheetFormats

    def _added(self, name: str, kind: str, widths: Sequence[float]) -> Worksheet:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_tab_color(_TABS[kind])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def _say(self, name: str, **values: object) -> str:
        return say(f"front.{name}", self.parts.language, **values)

    def front(self) -> None:
        """Write the first sheet: what is shown, and what each sheet is."""
        parts, formats = self.parts, self.formats
        sheet = self._added(say("sheet.about", parts.language), "front", FRONT_WIDTHS)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, parts.front.title, formats.title(16))
        row, before = 2, ""
        for label, words in parts.front.lines:
            sheet.write_string(row, 0, label if label != before else "", formats.label())
            looks = formats.words(ruled=False), formats.link(ruled=False)
            _write(sheet, row, 1, words, looks)
            sheet.set_row(row, self._height([shown(words, WORDS)], FRONT_WIDTHS[1:2]))
            row, before = row + 1, label
        row = self._how_to_read(sheet, row + 1)
        for name in ("empty", "numbers", "twins"):
            words, width = self._say(name, sheet=parts.tables[-1].name), sum(FRONT_WIDTHS)
            row += 1
            sheet.merge_range(row, 0, row, len(FRONT_WIDTHS) - 1, "", formats.words(ruled=False))
            sheet.write_string(row, 0, words, formats.words(ruled=False))
            sheet.set_row(row, self._height([words], [width]))
        self._on_paper(sheet, wide=False)

    def _how_to_read(self, sheet: Worksheet, row: int) -> int:
        """Write what each sheet holds, with a link to it; return the row below."""
        formats = self.formats
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, self._say("how"), formats.title(12))
        for column, name in enumerate(("sheet", "holds", "rows", "raw")):
            look = formats.head(of_numbers=name == "rows")
            sheet.write_string(row + 1, column, self._say(name), look)
        tables = {one.id: one for one in self.parts.tables}
        row += 2
        for twin in self.parts.twins:
            table = tables.get(twin.id)
            title: ReadCell = twin.title if table is None else Link(twin.title, sheet=table.name)
            lead = self._say("nothing") if table is None else table.lead
            looks = formats.words(), formats.link()
            _write(sheet, row, 0, title, looks)
            _write(sheet, row, 1, lead, looks)
            sheet.write_number(row, 2, len(twin.table), formats.number("#,##0"))
            _write(sheet, row, 3, Link(twin.sheet, sheet=twin.sheet), looks)
            sheet.set_row(row, self._height([twin.title, lead], FRONT_WIDTHS[:2]))
            row += 1
        return row

    def read(self, table: ReadTable) -> None:
        """Write a table for people: what is on paper first, the rest right of it."""
        columns, printed = (*table.columns, *table.beside), len(table.columns)
        texts = [list(map(shown, one.cells, one.formats)) for one in columns]
        heads = [one.head for one in columns]
        widths = widths_of(heads[:printed], texts[:printed])
        others = zip(heads[printed:], texts[printed:], strict=True)
        widths += [min(widths_of([head], [said])[0], _WIDTH_BESIDE) for head, said in others]
        sheet = self._added(table.name, "read", widths)
        sheet.set_row(0, self._height(heads, widths, _FILTER_ROOM))
        for row in range(table.rows):
            said = [one[row] for one in texts[:printed]]
            sheet.set_row(row + 1, self._height(said, widths[:printed]))
        for place, one in enumerate(columns):
            of_numbers = any(written != WORDS for written in one.formats)
            sheet.write_string(0, place, one.head, self.formats.head(of_numbers=of_numbers))
            linked = self.formats.link(wrapped=place < printed)
            words = self.formats.words(wrapped=place < printed)
            for row, (cell, written) in enumerate(zip(one.cells, one.formats, strict=True), 1):
                plain = words if written == WORDS else self.formats.number(written)
                _write(sheet, row, place, cell, (plain, linked))
        sheet.freeze_panes(1, 1)
        self._tabular(sheet, table.rows, len(columns), widths[:printed])
        if table.beside:
            sheet.print_area(0, 0, table.rows, printed - 1)

    def twin(self, twin: TwinTable) -> None:
        """Write raw data as it is."""
        table = twin.table
        cells = {str(title): table[title].tolist() for title in table.columns}
        widths = widths_of([*cells], [[*map(str, values)] for values in cells.values()])
        sheet = self._added(twin.sheet, "twin", widths)
        for column, (title, values) in enumerate(cells.items()):
            sheet.write_string(0, column, title, self.formats.head())
            plain = self.formats.raw(_RAW_FORMATS.get(title, WORDS))
            for row, value in enumerate(values, start=1):
                _write_raw(sheet, row, column, value, plain)
        sheet.freeze_panes(1, 0)
        self._tabular(sheet, len(table), len(cells), widths)

    def _tabular(self, sheet: Worksheet, rows: int, columns: int, printed: Sequence[float]) -> None:
        """Repeat the headings on every page, let every column be filtered, lay the sheet out."""
        if rows and columns:
            sheet.autofilter(0, 0, rows, columns - 1)
        sheet.repeat_rows(0)
        # Dates and stock codes are texts on purpose.
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, rows, max(columns - 1, 0))})
        self._on_paper(sheet, wide=sum(printed) > sum(FRONT_WIDTHS))

    def _on_paper(self, sheet: Worksheet, *, wide: bool) -> None:
        foot = self._say("page", page="&P", pages="&N")
        lay_out(sheet, self.parts.front.title, foot, wide=wide)

    def _height(self, texts: Sequence[str], widths: Sequence[float], less: float = 0.0) -> float:
        """Return the height of a row whose columns have ``less`` room for words than wide."""
        return height_of(texts, [one - less for one in widths], self.parts.language)


_FILTER_ROOM = 1.0
"""What the button of a filter takes from its heading."""


def _write(
    sheet: Worksheet, row: int, column: int, cell: ReadCell, looks: tuple[Format, Format]
) -> None:
    """Write a cell for people; ``looks`` are those of plain cells and of links."""
    plain, linked = looks
    if cell is None:
        sheet.write_blank(row, column, None, plain)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, plain)
    elif isinstance(cell, Link):
        place = cell.address or f"internal:'{cell.sheet}'!A{cell.row}"
        fits = len(place) <= _LONGEST_ADDRESS
        # A sheet takes some ten thousands of links; what it no longer takes stays as text.
        words = without_controls(cell.words)
        if not fits or sheet.write_url(row, column, place, linked, words) < 0:
            sheet.write_string(row, column, cell.words, plain)
    else:
        sheet.write_number(row, column, cell, plain)


def _write_raw(sheet: Worksheet, row: int, column: int, value: object, plain: Format) -> None:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, plain)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, plain)
    else:
        sheet.write_string(row, column, str(value), plain)
