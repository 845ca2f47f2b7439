"""Read the first sheet of a workbook that has rows."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from data.uploads.formats.archive import check_workbook
from data.uploads.formats.cells import CellCount, sheet_frame
from data.uploads.formats.headings import Cell
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Limits, Note, RefusedError, note


def read_workbook(path: Path, limits: Limits, wanted: str | None = None) -> RawTable:
    """Read a workbook's first visible sheet with rows: values, not formulas; no links out.

    Numbers stay numbers, dates become ``YYYY-MM-DD``.
    """
    check_workbook(path, limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except (ValueError, KeyError, TypeError, SyntaxError, OSError, AttributeError):
            raise RefusedError("broken_file", driver="XLSX") from None
        try:
            name, rows = _first_rows(book, limits)
        finally:
            book.close()
    frame, notes = sheet_frame(rows, limits)
    others = [other for other in book.sheetnames if other != name]
    more: tuple[Note, ...] = ()
    if others:
        more = (note("other_sheets", sheet=name[:60], others=", ".join(others)[:200]),)
    return RawTable(frame, "XLSX", notes=(*notes, *more))


def _first_rows(book: Any, limits: Limits) -> tuple[str, list[list[Cell]]]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        try:
            rows = _rows(sheet, limits)
        except (ValueError, KeyError, TypeError, SyntaxError, IndexError, AttributeError):
            raise RefusedError("broken_file", driver="XLSX") from None
        if any(cell not in (None, "") for row in rows for cell in row):
            return sheet.title, rows
    raise RefusedError("no_rows")


def _rows(sheet: Any, limits: Limits) -> list[list[Cell]]:
    """Return the rows down to the last one with a value; stop at the limits."""
    sheet.reset_dimensions()
    rows: list[list[Cell]] = []
    empty, count = 0, CellCount(limits)
    for row in sheet.iter_rows(values_only=True, max_col=limits.columns + 1):
        cells = [_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        empty = 0 if cells else empty + 1
        rows.append(cells)
        count.add(cells, len(rows) - empty)
        if empty > limits.rows:
            break
    return rows[: len(rows) - empty]


def _cell(value: Any) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
        return str(value)
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)
