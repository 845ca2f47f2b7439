"""Give each row the text of the cells that are merged over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from data.uploads.formats.headings import Cell
from data.uploads.limits import Limits, Note, RefusedError, note

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, all counted from 0."""

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def merged_of(references: Iterable[str]) -> list[Merged]:
    """Return merged cells as a workbook names them, ``A2:A4``; what is no such name is left out."""
    found = (_REFERENCE.fullmatch(one) for one in references)
    return [
        (int(one[2]) - 1, _column(one[1]), int(one[4]) - 1, _column(one[3])) for one in found if one
    ]


def filled_down(
    rows: Sequence[Sequence[Cell]], merged: Sequence[Merged], start: int, limits: Limits
) -> tuple[list[list[Cell]], tuple[Note, ...]]:
    """Return ``rows`` with the text of merged cells in each row, from row ``start`` on.

    A number is not repeated: it may be the sum of the rows. Raises ``RefusedError`` where the
    cells that are filled are more than ``limits`` allows.
    """
    out = [list(row) for row in rows]
    filled, numbers = 0, 0
    for top, left, bottom, _ in merged:
        last = min(bottom, len(out) - 1)
        if top < start or last <= top or left >= len(out[top]):
            continue
        cell = out[top][left]
        if not isinstance(cell, str):
            numbers += cell is not None
            continue
        filled += last - top
        if filled > limits.cells:
            raise RefusedError("too_many_cells", found=f"{limits.cells}+", limit=limits.cells)
        for row in out[top + 1 : last + 1]:
            row.extend([None] * (left + 1 - len(row)))
            row[left] = cell
    notes = [note("merged_filled", count=filled)] if filled else []
    notes += [note("merged_numbers", count=numbers)] if numbers else []
    return out, tuple(notes)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
