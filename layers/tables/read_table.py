"""Hold tables for people to read: headings in words, rounded numbers, links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

WORDS = "General"
YEAR = "0"
SHARE = "0%"


@dataclass(frozen=True)
class Link:
    """Words that lead to a web page (``address``), or to a row of a sheet of the same workbook.

    ``row`` counts from 1, as spreadsheets do.
    """

    words: str
    address: str = ""
    sheet: str = ""
    row: int = 1


ReadCell = str | int | float | Link | None


@dataclass(frozen=True, eq=False)
class ReadColumn:
    """A column: its heading with the unit, its cells, and a number format for each of them.

    Formats are as spreadsheets write them (``#,##0.0``); cells are rounded to them. ``None`` is
    an empty cell.
    """

    head: str
    cells: tuple[ReadCell, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A table, by an id that its raw data have too, under the name of its sheet.

    ``lead`` says what it holds.
    ``columns`` go on paper, ``beside`` stand right of them on screens only.
    """

    id: str
    name: str
    lead: str
    columns: tuple[ReadColumn, ...]
    beside: tuple[ReadColumn, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows, without the headings."""
        return len(self.columns[0].cells)


def words_column(head: str, cells: Iterable[ReadCell]) -> ReadColumn:
    """Return a column of words and links; what is missing or empty text is an empty cell."""
    kept = tuple(cell if isinstance(cell, Link) else _word(cell) for cell in cells)
    return ReadColumn(head, kept, (WORDS,) * len(kept))


def number_column(head: str, values: pd.Series, decimals: int | Sequence[int]) -> ReadColumn:
    """Return a column of numbers, rounded to ``decimals`` (of all cells, or of each)."""
    each = [decimals] * len(values) if isinstance(decimals, int) else decimals
    cells = tuple(_rounded(value, one) for value, one in zip(values, each, strict=True))
    return ReadColumn(head, cells, tuple("#,##0" + "." * (one > 0) + "0" * one for one in each))


def year_column(head: str, values: pd.Series) -> ReadColumn:
    """Return a column of years: whole numbers that are not grouped."""
    return ReadColumn(head, tuple(_rounded(one, 0) for one in values), (YEAR,) * len(values))


def share_column(head: str, values: pd.Series) -> ReadColumn:
    """Return a column of shares from 0 to 1, written as per cent."""
    return ReadColumn(head, tuple(_rounded(one, 2) for one in values), (SHARE,) * len(values))


def digits(values: pd.Series, most: int) -> list[int]:
    """Return how many decimals each value needs, ``most`` at most."""
    return [
        0 if pd.isna(value) else len(f"{value:.{most}f}".rstrip("0").partition(".")[2])
        for value in values
    ]


def _word(cell: object) -> str | None:
    return None if cell is None or pd.isna(cell) or cell == "" else str(cell)


def _rounded(value: float, decimals: int) -> float | None:
    if pd.isna(value):
        return None
    return round(float(value), decimals) if decimals else round(float(value))
