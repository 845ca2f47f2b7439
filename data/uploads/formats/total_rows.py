"""Find rows of a sheet that are totals of others: by the word in them, or by their numbers."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
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


def total_rows(
    names: Sequence[str], rows: Sequence[tuple[int, Sequence[Cell]]]
) -> tuple[RowFault, ...]:
    """Return which of ``rows`` (number and cells) are totals, each with the cell that says so."""
    found = []
    data: list[Sequence[Cell]] = []
    for number, row in rows:
        cell = _total_word(row)
        if cell is not None:
            at, word = cell
            found.append(row_fault(number, _name(names, at), word, "total", True, word=word))
        elif _is_sum(row, data):
            found.append(row_fault(number, "", "", "sum", True))
        else:
            data.append(row)
    return tuple(found)


def _total_word(row: Sequence[Cell]) -> tuple[int, str] | None:
    filled = [(at, str(cell)) for at, cell in enumerate(row) if cell not in (None, "")]
    return next(((at, text.strip()) for at, text in filled[:_FIRST_CELLS] if _is_total(text)), None)


def _is_total(text: str) -> bool:
    if len(text) > 2 * _LONGEST:
        return False
    plain = re.sub(r"[\s:]+", "", unicodedata.normalize("NFKC", text)).lower()
    alone, at_the_end = _words()
    bare = _BRACKETS.sub("", plain)
    return bare in alone or (len(bare) <= _LONGEST and bare.endswith(at_the_end))


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    path = Path(__file__).parent / "total_words.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(words["alone"]["words"]), tuple(words["at_the_end"]["words"])


def _is_sum(row: Sequence[Cell], above: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a row has numbers only, and each is the sum of those above it."""
    filled = [(at, _number(cell)) for at, cell in enumerate(row) if cell not in (None, "")]
    if len(above) < _FEWEST_ROWS or not filled or any(number is None for _, number in filled):
        return False
    return all(
        number and math.isclose(number, _sum(above, at), rel_tol=1e-6) for at, number in filled
    )


def _sum(rows: Sequence[Sequence[Cell]], at: int) -> float:
    return sum(_number(row[at]) or 0.0 for row in rows if at < len(row))


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        number = float(str(cell).replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _name(names: Sequence[str], at: int) -> str:
    return names[at] if at < len(names) else ""
