"""Read workbooks of the usual kind with openpyxl."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from data.uploads.formats.archive import WorkbookFound, check_workbook
from data.uploads.formats.cells import CellCount
from data.uploads.formats.headings import Cell
from data.uploads.formats.merged_cells import merged_of
from data.uploads.formats.raw_table import RawTable
from data.uploads.formats.sheets import SheetRows, cell_of, table_of_sheets
from data.uploads.limits import Limits, RefusedError, note

_BROKEN = (ValueError, KeyError, TypeError, SyntaxError, IndexError, AttributeError)


def read_workbook(path: Path, limits: Limits, wanted: str | None = None) -> RawTable:
    """Read a workbook: values, not formulas; no links out.

    Read is the sheet ``wanted``, or else the first visible one that is a table, with those that
    have the same headings. Numbers stay numbers, dates become ``YYYY-MM-DD``. Raises
    ``RefusedError`` where no sheet is called so.
    """
    about = check_workbook(path, limits)
    if about.strict:
        from data.uploads.formats.old_workbook import read_sheets

        sheets = read_sheets(path, limits)
    else:
        sheets = _sheets(path, about, limits)
    formulas = (note("uncalculated", count=about.uncalculated),) if about.uncalculated else ()
    return table_of_sheets(sheets, "XLSX", limits, wanted, formulas)


def _sheets(path: Path, about: WorkbookFound, limits: Limits) -> list[SheetRows]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except (*_BROKEN, OSError):
            raise RefusedError("broken_file", driver="XLSX") from None
        try:
            return _visible(book, about, limits)
        finally:
            book.close()


def _visible(book: Any, about: WorkbookFound, limits: Limits) -> list[SheetRows]:
    found = []
    count = CellCount(limits)
    total = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        try:
            rows = _rows(sheet, limits, count, total)
        except _BROKEN:
            raise RefusedError("broken_file", driver="XLSX") from None
        total += len(rows)
        if any(cell not in (None, "") for row in rows for cell in row):
            # The reader has no other name for the part of the file that a sheet stands in.
            member = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
            found.append(SheetRows(sheet.title, rows, merged_of(about.merged.get(member, ()))))
    return found


def _rows(sheet: Any, limits: Limits, count: CellCount, before: int) -> list[list[Cell]]:
    """Return the rows down to the last one with a value; stop at the limits."""
    sheet.reset_dimensions()
    rows: list[list[Cell]] = []
    empty = 0
    for row in sheet.iter_rows(values_only=True, max_col=limits.columns + 1):
        cells = [cell_of(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        empty = 0 if cells else empty + 1
        rows.append(cells)
        count.add(cells, before + len(rows) - empty)
        if empty > limits.rows:
            break
    return rows[: len(rows) - empty]
