"""Find rows of a sheet that are totals of others: by the word in them, or by their numbers."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from data.uploads.formats.headings import Cell
from data.uploads.row_faults import RowFault, row_fault

_FIRST_CELLS = 3
"""The word stands in one of the first cells that are filled."""
_LONGEST = 12
_BRACKETS = re.compile(r"\(.*?\)$")
_FEWEST_ROWS = 2
_NUMERIC = frozenset("+-.0123456789")


def total_rows(
    names: Sequence[str], rows: Sequence[tuple[int, Sequence[Cell]]]
) -> tuple[RowFault, ...]:
    """Return which of ``rows`` (number and cells) are totals, each with the cell that says so."""
    found = []
    above = _Sums()
    for number, row in rows:
        cell = _total_word(row)
        if cell is not None:
            at, word = cell
            found.append(row_fault(number, _name(names, at), word, "total", True, word=word))
        elif above.are_in(row):
            found.append(row_fault(number, "", "", "sum", True))
        else:
            above.add(row)
    return tuple(found)


class _Sums:
    """The sums of the columns of the rows so far, which are not kept themselves."""

    def __init__(self) -> None:
        self._rows = 0
        self._sums: defaultdict[int, float] = defaultdict(float)

    def add(self, row: Sequence[Cell]) -> None:
        """Add the numbers of a row."""
        self._rows += 1
        for at, cell in enumerate(row):
            self._sums[at] += _number(cell) or 0.0

    def are_in(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row has numbers only, and each is the sum of its column so far."""
        if self._rows < _FEWEST_ROWS:
            return False
        filled = [(at, _number(cell)) for at, cell in enumerate(row) if cell not in (None, "")]
        return bool(filled) and all(
            number and math.isclose(number, self._sums[at], rel_tol=1e-6) for at, number in filled
        )


def _total_word(row: Sequence[Cell]) -> tuple[int, str] | None:
    looked = 0
    for at, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        looked += 1
        if isinstance(cell, str) and _is_total(cell):
            return at, cell.strip()
        if looked == _FIRST_CELLS:
            break
    return None


def _is_total(text: str) -> bool:
    if len(text) > 2 * _LONGEST or text[:1] in _NUMERIC:
        return False
    plain = re.sub(r"[\s:]+", "", unicodedata.normalize("NFKC", text)).lower()
    alone, at_the_end, at_the_start = _words()
    bare = _BRACKETS.sub("", plain)
    if bare in alone:
        return True
    is_short = len(bare) <= _LONGEST
    return is_short and (bare.endswith(at_the_end) or bare.startswith(at_the_start))


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    path = Path(__file__).parent / "total_words.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    at_the_end, at_the_start = words["at_the_end"]["words"], words["at_the_start"]["words"]
    return frozenset(words["alone"]["words"]), tuple(at_the_end), tuple(at_the_start)


def _number(cell: Cell) -> float | None:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else None
    if not isinstance(cell, str) or cell[:1] not in _NUMERIC:
        return None
    try:
        number = float(cell.replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _name(names: Sequence[str], at: int) -> str:
    return names[at] if at < len(names) else ""
