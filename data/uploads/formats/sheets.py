"""Make one table of a workbook: of one sheet, or of several with the same headings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from data.uploads.formats.cells import SheetTable, sheet_frame
from data.uploads.formats.heading_rows import heading_rows
from data.uploads.formats.headings import Cell
from data.uploads.formats.merged_cells import Merged
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Limits, Note, RefusedError, note

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
    if left and wanted is None:
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


def _joined(chosen: Sequence[SheetRows], limits: Limits) -> tuple[SheetTable, tuple[Note, ...]]:
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


def cell_of(value: Any) -> Cell:
    """Return a value of a workbook as a cell: text, a number, or nothing."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
        return str(value)
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)
