"""Find the headings of a sheet: below titles, in one row or two, or none at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.uploads.formats.headings import Cell
from data.uploads.limits import Note, RefusedError, note

_SEARCHED = 20
_SHARE = 0.6
_FRACTION = re.compile(r"[-+]?\d{1,9}\.\d+|\d{1,3}\s*[\u00b0\u5ea6].*")
_LONGEST_HEADING = 40
_LONGEST_UNIT, _MOSTLY = 10, 0.8
_LOOKED_AT = 50

Row = Sequence[Cell]


@dataclass(frozen=True)
class HeadingRows:
    """The headings of a sheet, and how many rows lie above its data."""

    names: tuple[Cell, ...]
    above: int
    notes: tuple[Note, ...] = ()


def heading_rows(rows: Sequence[Row]) -> HeadingRows:
    """Return the headings of ``rows``: the first row that fills most of the columns.

    A second row that fills what the first leaves open belongs to them: its words stand for the
    columns below them, with those of the first row where they would be the same, or say too
    little by themselves. A
    second row of units stands in brackets behind them. A first row that holds numbers with
    decimals, as the rows below it do, is no heading. Raises ``RefusedError`` where no row has a
    value.
    """
    filled = [_count(row) for row in rows[:_SEARCHED]]
    if not filled or not max(filled):
        raise RefusedError("no_rows")
    first = next(at for at, n in enumerate(filled) if n >= _SHARE * max(filled))
    width = max(len(row) for row in rows)
    if _is_data(rows[first], rows[first + 1 : first + 1 + _LOOKED_AT]):
        return HeadingRows((None,) * width, first, (note("no_headings", row=first + 1),))
    notes = (note("header_row", row=first + 1),) if first else ()
    names = _padded(rows[first], width)
    units = _row_of_units(rows, first)
    if units is not None:
        joined = tuple(
            f"{name}({unit})" if unit else name
            for name, unit in zip(names, _padded(units, width), strict=True)
        )
        return HeadingRows(joined, first + 2, (*notes, note("two_heading_rows", row=first + 2)))
    second = _second_row(rows, first)
    if second is None:
        return HeadingRows(names, first + 1, notes)
    joined = _joined(names, _padded(second, width))
    return HeadingRows(joined, first + 2, (*notes, note("two_heading_rows", row=first + 2)))


def _is_data(row: Row, below: Sequence[Row]) -> bool:
    if _is_counted(row, below):
        return True
    numbers = [at for at, cell in enumerate(row) if _has_fraction(cell)]
    return any(
        below and sum(at < len(one) and _has_fraction(one[at]) for one in below) >= len(below) / 2
        for at in numbers
    )


def _is_counted(row: Row, below: Sequence[Row]) -> bool:
    """Tell whether rows are numbered at their beginning, and the first one is numbered, too."""
    first = [str(one[0]).strip() for one in (row, *below[:2]) if one and one[0] is not None]
    if len(first) != 3 or not all(text.isascii() and text.isdigit() for text in first):
        return False
    start = int(first[0])
    return [int(text) for text in first] == [start, start + 1, start + 2]


def _second_row(rows: Sequence[Row], first: int) -> Row | None:
    """Return the row below the headings where it is a part of them."""
    if first + 2 >= len(rows):
        return None
    top, second, data = rows[first], rows[first + 1], rows[first + 2 : first + 2 + _LOOKED_AT]
    texts = [cell for cell in second if cell not in (None, "")]
    if not texts or not all(_is_heading(cell) for cell in texts):
        return None
    fills = any(_at(top, at) is None for at in range(len(second)) if _at(second, at) is not None)
    leaves = any(_at(second, at) is None for at in range(len(top)) if _at(top, at) is not None)
    widest = max(_count(row) for row in data)
    again = any(
        _at(row, at) == cell
        for row in data
        for at, cell in enumerate(second)
        if cell not in (None, "")
    )
    return second if fills and leaves and _count(second) < widest and not again else None


def _row_of_units(rows: Sequence[Row], first: int) -> Row | None:
    """Return the row below the headings where it tells the units of columns of numbers alone."""
    data = rows[first + 2 : first + 2 + _LOOKED_AT]
    if not data:
        return None
    second = rows[first + 1]
    told = [at for at in range(len(second)) if _at(second, at) is not None]
    if not told or _at(second, 0) is not None or any(_at(rows[first], at) is None for at in told):
        return None
    short = all(_is_heading(second[at]) and len(str(second[at])) <= _LONGEST_UNIT for at in told)
    cells = [_at(row, at) for row in data for at in told]
    known = [cell for cell in cells if cell is not None]
    numbers = sum(_is_number(cell) for cell in known)
    return second if short and known and numbers >= _MOSTLY * len(known) else None


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) or bool(re.fullmatch(r"[-+]?[\d,]+(\.\d+)?", str(cell)))


def _joined(top: tuple[Cell, ...], second: tuple[Cell, ...]) -> tuple[Cell, ...]:
    own = [str(cell).strip() for cell in second if cell not in (None, "")]
    names: list[Cell] = []
    group: Cell = None
    for upper, lower in zip(top, second, strict=True):
        group = upper if upper not in (None, "") else group
        word = str(lower or "").strip()
        if lower in (None, ""):
            names.append(upper)
        elif word in _lower_headings()["in_front"] and group is not None:
            names.append(f"{word} {group}")
        elif word in _lower_headings()["behind"] and group is not None:
            names.append(f"{group} {word}")
        elif own.count(str(lower).strip()) > 1 and group is not None:
            names.append(f"{group} {lower}")
        else:
            names.append(lower)
    return tuple(names)


@cache
def _lower_headings() -> dict[str, list[str]]:
    path = Path(__file__).parent / "sheet_words.toml"
    found: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))["lower_headings"]
    return found


def _is_heading(cell: Cell) -> bool:
    if not isinstance(cell, str) or len(cell) > _LONGEST_HEADING:
        return False
    return not re.fullmatch(r"[-+\d.,%\s]*", cell)


def _has_fraction(cell: Cell) -> bool:
    if isinstance(cell, float):
        return not cell.is_integer()
    return isinstance(cell, str) and bool(_FRACTION.fullmatch(cell.strip()))


def _at(row: Row, at: int) -> Cell:
    cell = row[at] if at < len(row) else None
    return None if cell == "" else cell


def _count(row: Row) -> int:
    return sum(cell not in (None, "") for cell in row)


def _padded(row: Row, width: int) -> tuple[Cell, ...]:
    return (*row, *[None] * (width - len(row)))
