"""Make clean columns of raw cells: find the header, name the columns, take out what is unsafe."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.uploads.formats.heading_rows import heading_rows
from data.uploads.formats.headings import Cell, single_names
from data.uploads.formats.merged_cells import Merged, filled_down
from data.uploads.formats.total_rows import total_rows
from data.uploads.limits import Limits, Note, RefusedError, note, visible
from data.uploads.row_faults import RowFault, row_fault

_TITLE_ROWS = 100


class CellCount:
    """Counts the rows and cells of a sheet while it is read, so that no more is read than may be.

    Titles and headings are no rows of the table: what is counted here is a little more than
    ``table_frame`` counts, and is allowed it.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = 0

    def add(self, row: Sequence[Cell], rows: int) -> None:
        """Count one more row, the ``rows``-th; raise ``RefusedError`` where it is too much."""
        limits = self._limits
        if len(row) > limits.columns:
            raise RefusedError("too_many_columns", found=len(row), limit=limits.columns)
        if rows > limits.rows + _TITLE_ROWS:
            raise RefusedError("too_many_rows", found=f"{limits.rows}+", limit=limits.rows)
        self._cells += len(row) - row.count(None) - row.count("")
        if self._cells > limits.cells + _TITLE_ROWS * limits.columns:
            raise RefusedError("too_many_cells", found=f"{limits.cells}+", limit=limits.cells)


@dataclass(frozen=True, eq=False)
class SheetTable:
    """The rows of a sheet, indexed by their number in it (from 1), and what was found of them.

    ``faults`` are rows that cannot be read as they stand, ``left_out`` totals.
    """

    frame: pd.DataFrame
    notes: tuple[Note, ...]
    faults: tuple[RowFault, ...] = ()
    left_out: tuple[RowFault, ...] = ()


def sheet_frame(
    rows: Sequence[Sequence[Cell]],
    limits: Limits,
    *,
    delimited: bool = False,
    merged: Sequence[Merged] = (),
) -> SheetTable:
    """Return the rows of a sheet below its headings, without empty rows and totals.

    In ``delimited`` text a row with more cells than headings has a delimiter too many: where
    few rows do, their cells may stand in wrong columns, and each is a fault. Text of cells that
    are ``merged`` over several rows stands in each of them.
    """
    found = heading_rows(rows)
    rows, filled = filled_down(rows, merged, found.above, limits)
    width = len(found.names)
    limits.check(columns=width)
    body = [
        (number, row)
        for number, row in enumerate(rows[found.above :], start=found.above + 1)
        if any(cell not in (None, "") for cell in row)
    ]
    totals = total_rows([str(name or "") for name in found.names], body)
    left_out = {one.row for one in totals}
    body = [(number, row) for number, row in body if number not in left_out]
    faults = _long_rows(found.names, body) if delimited else ()
    columns = [[row[at] if at < len(row) else None for _, row in body] for at in range(width)]
    used = [at for at in range(width) if found.names[at] not in (None, "") or any(columns[at])]
    if faults:
        # What only they fill is no column.
        bad = {one.row for one in faults}
        own = [
            [cell for (n, _), cell in zip(body, one, strict=True) if n not in bad]
            for one in columns
        ]
        used = [at for at in used if found.names[at] not in (None, "") or any(own[at])]
    frame, more = table_frame(
        [found.names[at] for at in used],
        [columns[at] for at in used],
        [number for number, _ in body],
        limits,
    )
    return SheetTable(frame, (*found.notes, *filled, *more), faults, totals)


def _long_rows(
    names: Sequence[Cell], body: Sequence[tuple[int, Sequence[Cell]]]
) -> tuple[RowFault, ...]:
    headed = max((at for at, name in enumerate(names, 1) if name not in (None, "")), default=0)
    lengths = {
        number: max((at for at, cell in enumerate(row, 1) if cell not in (None, "")), default=0)
        for number, row in body
    }
    longer = [number for number, length in lengths.items() if headed and length > headed]
    if len(longer) * 2 > len(body):
        return ()
    return tuple(
        row_fault(number, "", f"{lengths[number]}", "cells", expected=headed, found=lengths[number])
        for number in longer
    )


def table_frame(
    names: Sequence[Cell], columns: Sequence[Sequence[Cell]], rows: Iterable[int], limits: Limits
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Return columns with clean, single names and clean cells; say what was cleaned.

    A column of numbers only becomes float64, any other text. Raises ``RefusedError`` where
    there are more rows or columns than ``limits`` allows, or none.
    """
    index = pd.Index(list(rows), name="row", dtype="int64")
    if not len(index) or not len(names):
        raise RefusedError("no_rows")
    limits.check(rows=len(index), columns=len(names))
    single, notes = single_names(names)
    cleaner = _Cleaner(limits.cell_characters)
    frame = pd.DataFrame(
        {
            name: _column(column, index, name, cleaner)
            for name, column in zip(single, columns, strict=True)
        },
        index=index,
    )
    return frame, (*notes, *cleaner.notes())


class _Cleaner:
    """Cleans cells and remembers how many, and where the first was."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.found: dict[str, list[object]] = {}

    def text(self, cell: Cell, row: int, column: str) -> str | None:
        if cell is None:
            return None
        text = _plain(cell)
        clean = visible(text)
        if clean != text:
            self._remember("hidden_characters", row, column)
        if len(clean) > self.longest:
            self._remember("cut_cells", row, column)
            clean = clean[: self.longest]
        return clean.strip() or None

    def _remember(self, code: str, row: int, column: str) -> None:
        self.found.setdefault(code, [0, row, column])[0] += 1  # type: ignore[operator]

    def notes(self) -> tuple[Note, ...]:
        return tuple(
            note(code, count=count, row=row, column=column, limit=self.longest)
            for code, (count, row, column) in self.found.items()
        )


def plain_cell(value: Any) -> Any:
    """Return a value of a typed column as a cell: none of bytes and of numbers that are none.

    Whole numbers that a float does not hold become text.
    """
    if value is pd.NaT or isinstance(value, (bytes, bytearray)):
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and abs(value) > 1 << 53:
        return str(value)
    return value


def _plain(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _column(cells: Sequence[Cell], index: pd.Index, name: str, cleaner: _Cleaner) -> pd.Series:
    known = [cell for cell in cells if cell is not None]
    if known and all(
        isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in known
    ):
        numbers = [
            None if cell is None or abs(float(cell)) > 1e300 else float(cell) for cell in cells
        ]
        return pd.Series(numbers, index=index, dtype="float64")
    texts = [cleaner.text(cell, row, name) for row, cell in zip(index, cells, strict=True)]
    return pd.Series(texts, index=index, dtype=object)
