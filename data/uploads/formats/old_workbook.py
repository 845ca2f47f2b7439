"""Read workbooks of other programs and of old: XLS, ODS, ET, and the strict form of XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from data.uploads.formats.archive import check_packed
from data.uploads.formats.cells import CellCount
from data.uploads.formats.headings import Cell
from data.uploads.formats.merged_cells import Merged
from data.uploads.formats.raw_table import RawTable
from data.uploads.formats.sheets import SheetRows, cell_of, table_of_sheets
from data.uploads.limits import Limits, RefusedError

_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")


def read_old_workbook(path: Path, limits: Limits, wanted: str | None = None) -> RawTable:
    """Read a workbook as ``read_workbook`` does; raises ``RefusedError`` for a page of HTML.

    Many systems give those out under the ending of a workbook.
    """
    start = path.read_bytes()[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise RefusedError("web_page", extension=path.suffix.lower())
    if path.suffix.lower() == ".ods":
        check_packed(path, limits)
    driver = path.suffix.removeprefix(".").upper()
    return table_of_sheets(read_sheets(path, limits), driver, limits, wanted)


def read_sheets(path: Path, limits: Limits) -> list[SheetRows]:
    """Return the visible sheets with rows of a workbook of any kind."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        return _sheets(book, limits)
    except RefusedError:
        raise
    except CalamineError as error:
        locked = "password" in type(error).__name__.lower() or "password" in str(error).lower()
        code = "locked_workbook" if locked else "broken_file"
        raise RefusedError(code, driver=path.suffix.removeprefix(".").upper()) from None
    except (OSError, ValueError, TypeError, OverflowError):
        raise RefusedError("broken_file", driver=path.suffix.removeprefix(".").upper()) from None


def _sheets(book: Any, limits: Limits) -> list[SheetRows]:
    found, count, total = [], CellCount(limits), 0
    for about in book.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.total_width > limits.columns:
            found_columns = sheet.total_width
            raise RefusedError("too_many_columns", found=found_columns, limit=limits.columns)
        rows = _rows(sheet, count, total)
        total += len(rows)
        if any(cell not in (None, "") for row in rows for cell in row):
            found.append(SheetRows(about.name, rows, _merged(sheet)))
    return found


def _rows(sheet: Any, count: CellCount, before: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in sheet.to_python(skip_empty_area=False):
        cells = [None if value == "" else cell_of(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append(cells)
        count.add(cells, before + len(rows))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _merged(sheet: Any) -> list[Merged]:
    """Return merged cells; formats whose reader does not tell them have none."""
    ranges = sheet.merged_cell_ranges or ()
    return [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
