"""Read the sheets of a workbook that hold one table: one of them, or several with the same headings."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from data.uploads.formats.archive import WorkbookFound, check_workbook
from data.uploads.formats.cells import CellCount, Sheet, sheet_frame
from data.uploads.formats.heading_rows import heading_rows
from data.uploads.formats.headings import Cell
from data.uploads.formats.merged_cells import Merged, merged_of
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Limits, Note, RefusedError, note

_BROKEN = (ValueError, KeyError, TypeError, SyntaxError, IndexError, AttributeError)
_FEWEST_HEADINGS = 2
SHEET_COLUMN = "sheet"
"""The column that tells from which sheet a row is, where several were read together."""


@dataclass(frozen=True, eq=False)
class SheetRows:
    """The cells of a visible sheet that has some, down to the last row with a value."""

    name: str
    rows: list[list[Cell]]
    merged: list[Merged] = field(default_factory=list)

    @property
    def headings(self) -> tuple[Cell, ...]:
        """The headings, as far as cells have some."""
        return heading_rows(self.rows).names

    @property
    def is_table(self) -> bool:
        """Whether it has two headings at least and a row below them: titles alone have not."""
        found = heading_rows(self.rows)
        named = sum(name not in (None, "") for name in found.names)
        return len(self.rows) > found.above and (named >= _FEWEST_HEADINGS or not named)


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


def table_of_sheets(
    sheets: Sequence[SheetRows],
    driver: str,
    limits: Limits,
    wanted: str | None,
    notes: tuple[Note, ...] = (),
) -> RawTable:
    """Return the table that sheets hold; which of them as ``read_workbook``."""
    if not sheets:
        raise RefusedError("no_rows")
    names = tuple(one.name for one in sheets)
    if wanted is not None and wanted not in names:
        raise RefusedError("no_sheet", sheet=wanted[:60], choices=", ".join(names)[:300])
    named = next((one for one in sheets if one.name == wanted), None)
    first = named or next((one for one in sheets if one.is_table), sheets[0])
    chosen = [first]
    if named is None:
        same = first.headings
        chosen = [one for one in sheets if one is first or (one.is_table and one.headings == same)]
    sheet, joined = _joined(chosen, limits)
    left = [name for name in names if name not in {one.name for one in chosen}]
    if left:
        read = ", ".join(one.name for one in chosen)[:200]
        joined = (*joined, note("other_sheets", sheet=read, others=", ".join(left)[:200]))
    return RawTable(
        sheet.frame,
        driver,
        notes=(*sheet.notes, *joined, *notes),
        faults=sheet.faults,
        left_out=sheet.left_out,
        layers=names,
        layer=first.name,
    )


def _joined(chosen: Sequence[SheetRows], limits: Limits) -> tuple[Sheet, tuple[Note, ...]]:
    """Return one sheet of several: rows are counted on from sheet to sheet."""
    first = chosen[0]
    if len(chosen) == 1:
        return sheet_frame(first.rows, limits, merged=first.merged), ()
    above = heading_rows(first.rows).above
    head = [[*row] for row in first.rows[:above]]
    width = len(first.headings)
    head[-1] = [*head[-1], *[None] * (width - len(head[-1])), SHEET_COLUMN]
    rows, merged, starts = head, list(first.merged), []
    for one in chosen:
        own = heading_rows(one.rows).above
        shift = len(rows) - own
        starts.append(f"{one.name}: {len(rows) + 1}")
        rows = rows + [
            [*row, *[None] * (width - len(row)), one.name if any(row) else None]
            for row in one.rows[own:]
        ]
        if one is not first:
            below = [(t + shift, le, b + shift, r) for t, le, b, r in one.merged if t >= own]
            merged += below
    sheets = ", ".join(starts)[:300]
    return sheet_frame(rows, limits, merged=merged), (note("joined_sheets", sheets=sheets),)


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


def cell_of(value: Any) -> Cell:
    """Return a value of a workbook as a cell: text, a number, or nothing."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
        return str(value)
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)
