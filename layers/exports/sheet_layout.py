"""Lay out the sheets of a workbook: widths and heights that fit the words, and the paper."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from xlsxwriter.worksheet import Worksheet

from data.text import Language
from layers.tables.read_table import SHARE, WORDS, YEAR, Link, ReadCell

FRONT_WIDTHS = (24.0, 60.0, 8.0, 24.0)
"""Widths of the columns of the first sheet, in digits."""

_A4 = 9
_MARGINS_INCHES = {"left": 0.4, "right": 0.4, "top": 0.75, "bottom": 0.7}
_NARROWEST = 6.0
_ON_ONE_LINE_AND_WIDEST = ((22.0, 42.0), (17.0, 38.0), (13.0, 34.0))
"""What stands on one line, and the widest that a column of longer words is; narrower each time."""

_READABLE = 165.0
"""Widths of which a sheet is read well once it is as wide as the paper, in digits."""

_LINES_OF_A_CELL = 3
_PADDING, _FILTER_BUTTON = 2.0, 3.0
_HEADING_ON_ONE_LINE, _LONGEST_HEADING = 12.0, 14.0
_LONGEST_WORD = 72.0
_LETTER, _CHINESE = 0.92, 1.85
"""How wide letters and Chinese characters are, as shares of a digit."""

_LINE_POINTS: dict[Language, float] = {"zh": 15.5, "en": 13.2}
_MOST_LINES = 24
_TOKEN = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]|\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LONGEST_HEADER = 80
_KNOWN_TEXTS = 20_000
"""How many texts and words are measured once: many cells of a workbook hold the same ones."""


@lru_cache(_KNOWN_TEXTS)
def letters(text: str) -> float:
    """Return how wide a text is, in digits."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter >= "\u2e80":
        return _CHINESE
    return 1.0 if letter.isdigit() or letter.isupper() else _LETTER


def shown(cell: ReadCell, written: str) -> str:
    """Return what a cell shows in the number format ``written``."""
    if cell is None:
        return ""
    if isinstance(cell, Link):
        return cell.words
    if isinstance(cell, str) or written in (WORDS, YEAR):
        return str(cell)
    if written == SHARE:
        return f"{cell:.0%}"
    return f"{cell:,.{len(written.partition('.')[2])}f}"


def widths_of(heads: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """Return the widths of the columns of a table, narrow where it has many of them."""
    found: list[float] = []
    distinct = [set(said) for said in texts]
    longest = [max(map(letters, said), default=0.0) for said in distinct]
    words = [max(map(_longest_word, said), default=0.0) for said in distinct]
    for on_one_line, widest in _ON_ONE_LINE_AND_WIDEST:
        found = [
            _width_of(head, cell, word, on_one_line, widest)
            for head, cell, word in zip(heads, longest, words, strict=True)
        ]
        if sum(found) <= _READABLE:
            break
    return found


def _width_of(head: str, longest: float, word: float, on_one_line: float, widest: float) -> float:
    """Return the width of a column: short words on one line, long ones on a few.

    ``longest`` is the width of its longest cell, ``word`` that of its longest word. The heading may
    be broken too, at spaces, or anywhere in Chinese.
    """
    content = min(longest, max(on_one_line, math.ceil(longest / _LINES_OF_A_CELL)), widest)
    content = max(content, min(word, _LONGEST_WORD))
    broken = letters(head)
    if broken > _HEADING_ON_ONE_LINE:
        broken = min(_LONGEST_HEADING, math.ceil(broken / 2))
    wanted = max(content + _PADDING, max(broken, _longest_word(head)) + _FILTER_BUTTON)
    return max(wanted, _NARROWEST)


def _longest_word(text: str) -> float:
    """Return the width of the longest part of a text that is not broken."""
    return max((bare for bare, _ in _words(text)), default=0)


@lru_cache(_KNOWN_TEXTS)
def _words(text: str) -> tuple[tuple[float, float], ...]:
    """Return the widths of the parts that are not broken, without and with the blanks behind."""
    return tuple((letters(one.rstrip()), letters(one)) for one in _TOKEN.findall(text))


def lines_of(text: str, width: float) -> int:
    """Return on how many lines a text stands in a column of that width."""
    room = max(width, 1.0)
    count, used = 1 + text.count("\n"), 0.0
    for bare, whole in _words(text):
        if used and used + bare > room:
            count, used = count + 1, 0.0
        used += whole
        while used > room + 1:
            count, used = count + 1, used - room
    return count


def height_of(texts: Sequence[str], widths: Sequence[float], language: Language) -> float:
    """Return the height of a row in points; not every program fits heights to words by itself."""
    lines = max((lines_of(*one) for one in zip(texts, widths, strict=True)), default=1)
    return min(lines, _MOST_LINES) * _LINE_POINTS[language] + 3


def lay_out(sheet: Worksheet, title: str, foot: str, *, wide: bool) -> None:
    """Set a sheet for A4: as wide as the paper, as many pages as it takes, with their numbers.

    ``foot`` may hold the codes ``&P`` and ``&N`` (page, pages); ``title`` is text.
    """
    sheet.set_paper(_A4)
    if wide:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(**_MARGINS_INCHES)
    sheet.set_header(f"&L{without_codes(title)}&R&A")
    sheet.set_footer(f"&C{foot}")


def without_codes(text: str) -> str:
    """Return text for a header: on one line, its ampersands no codes, not too long."""
    return without_controls(text)[:_LONGEST_HEADER].replace("&", "&&")


def without_controls(text: str) -> str:
    """Return text with blanks for what no file of XML may hold, and for marks of direction."""
    return _CONTROL.sub(" ", text)
