"""Find rows of a sheet that are totals of others: by the word in them, or by their numbers."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
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
    of_names = _name_columns(names)
    for number, row in rows:
        cell = _total_word(row) or _figure_word(row, of_names)
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


def _figure_word(row: Sequence[Cell], of_names: frozenset[int]) -> tuple[int, str] | None:
    """Return the cell that names a figure of the whole table where a name should stand.

    Such a word can stand in any other column of a company: the row is a total only where its
    name is such a word, or is empty and the word comes first. Where no heading is that of
    names, the row must have no other text.
    """
    texts = [at for at, cell in enumerate(row) if isinstance(cell, str) and _is_text(cell)]
    named = [at for at in texts if at in of_names]
    asked = named or texts[:1]
    if not asked or not all(_is_figure(str(row[at])) for at in asked):
        return None
    if not of_names and len(texts) > 1:
        return None
    return asked[0], str(row[asked[0]]).strip()


def _name_columns(names: Sequence[str]) -> frozenset[int]:
    """Return the columns whose headings are those of names, the surest words first."""
    plain = [_plain(name) for name in names]
    for words in _words().headings:
        if found := frozenset(at for at, name in enumerate(plain) if name.endswith(words)):
            return found
    return frozenset()


def _is_text(cell: str) -> bool:
    return bool(cell.strip()) and _number(cell.strip().rstrip("%\uff05")) is None


def _is_figure(text: str) -> bool:
    if len(text) > 2 * _LONGEST:
        return False
    words = _words()
    plain = _BRACKETS.sub("", _plain(text)).rstrip("%")
    if len(plain) > _LONGEST:
        return False
    return (
        plain in words.figures
        or plain.startswith(words.figures_start)
        or plain.endswith(words.figures_end)
    )


def _is_total(text: str) -> bool:
    if len(text) > 2 * _LONGEST or text[:1] in _NUMERIC:
        return False
    words = _words()
    bare = _BRACKETS.sub("", _plain(text))
    if bare in words.alone or words.counted.search(bare):
        return True
    is_short = len(bare) <= _LONGEST
    return is_short and (bare.endswith(words.at_the_end) or bare.startswith(words.at_the_start))


def _plain(text: str) -> str:
    return re.sub(r"[\s:]+", "", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True)
class _Words:
    """The words of ``sheet_words.toml``; ``counted`` finds a word with how many behind it."""

    alone: frozenset[str]
    at_the_end: tuple[str, ...]
    at_the_start: tuple[str, ...]
    counted: re.Pattern[str]
    figures: frozenset[str]
    figures_start: tuple[str, ...]
    figures_end: tuple[str, ...]
    headings: tuple[tuple[str, ...], ...]


@cache
def _words() -> _Words:
    path = Path(__file__).parent / "sheet_words.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    counted, figures, headings = words["counted"], words["figures"], words["name_headings"]
    return _Words(
        frozenset(words["alone"]["words"]),
        tuple(words["at_the_end"]["words"]),
        tuple(words["at_the_start"]["words"]),
        _counted(**counted),
        frozenset(figures["words"]),
        tuple(figures["at_the_start"]),
        tuple(figures["at_the_end"]),
        (tuple(headings["surely"]), tuple(headings["else"])),
    )


def _counted(
    words: list[str],
    between: list[str],
    digits: str,
    counters: list[str],
    things: list[str],
    companies: list[str],
) -> re.Pattern[str]:
    """Return what finds a total with how many: nothing but what is counted follows.

    So that a company that is called like a total and a number stays a company.
    """
    total, gap, counter = ("|".join(one) for one in (words, between, counters))
    what = f"(?:{'|'.join(companies)}|.{{0,4}}(?:{'|'.join(things)}))?"
    number = rf"[\d.,]+(?:(?:{counter}){what})?|[{digits}]+(?:{counter}){what}|(?:{counter})"
    return re.compile(rf"(?:{total})(?:{gap})*(?:{number})$")


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
