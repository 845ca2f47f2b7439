"""Read the year of a date as people and spreadsheets write it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

YEARS = range(1950, 2101)
"""The years that a site can be of."""

_LONGEST = 60
_DIGITS = str.maketrans(
    "\u3007\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d", "00123456789"
)
_FIRST = re.compile(r"(\d{4})(?!\d)")
_RUN_TOGETHER = re.compile(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?(?:\.0)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SHORT = re.compile(r"['\u2019]?(\d{2})(?:\u5e74.*|[-/.]\d{1,2}[-/.]\d{1,2})?")
_SHORT_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{2})")
_INSIDE = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_SHORT_INSIDE = re.compile(r"(?<!\d)(\d{2})\u5e74")
_UNTIL = re.compile(r"\d{4}\u5e74?\s*[-~/\u2013\u2014\u81f3\u5230]+\s*(?:1[3-9]|[2-9]\d)(?!\d)")
"""A year, and behind a stroke two digits that are no month."""
_DAY_ZERO = dt.date(1899, 12, 30)
_DATE_ENDS = "\u5e74\u6708\u65e5"
_DATE_MARKS = str.maketrans("/\u5e74\u6708", "---")
_DATE_LENGTHS = ([4], [4, 2], [4, 2, 2])
_AHEAD = 10


@dataclass(frozen=True, slots=True)
class YearRead:
    """A year, and how it was found: as it stands, or as what else it was read."""

    year: int
    read_as: Literal["", "serial", "short", "inside"] = ""


def year_in(text: str) -> YearRead | None:
    """Return the year of a date; ``None`` where none, or more than one, can be meant.

    Five digits are days since 1899-12-30, as spreadsheets count; of two digits, the century is
    that which puts the year nearest before ten years from now.

    >>> year_in("2022/3/1").year, year_in("20190501").year, year_in("43466")
    (2022, 2019, YearRead(year=2019, read_as='serial'))
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).strip().translate(_DIGITS)
    if _has_another(plain):
        return None
    first = _FIRST.match(plain) or _RUN_TOGETHER.fullmatch(plain)
    if first:
        return _within(int(first.group(1)), "")
    if found := _SERIAL.fullmatch(plain):
        return _within((_DAY_ZERO + dt.timedelta(days=int(found.group(1)))).year, "serial")
    if found := _SHORT_LAST.fullmatch(plain) or _SHORT.fullmatch(plain):
        return _within(_with_century(int(found.group(1))), "short")
    inside = set(_INSIDE.findall(plain))
    if len(inside) == 1:
        last = re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", plain)
        return _within(int(inside.pop()), "" if last else "inside")
    return None


def day_in(text: str) -> str | None:
    """Return a day, month or year as ``YYYY-MM-DD`` or less; ``None`` for any other text.

    The year comes first, with hyphens, slashes or the characters for year, month and day after
    its parts; points only where all three are there, since 2023.1 may be a number or October.

    >>> day_in("2023-07"), day_in("2023/7/4"), day_in("2023-13"), day_in("4/7/2023")
    ('2023-07', '2023-07-04', None, None)
    """
    marked = text.replace(".", "-") if text.count(".") == 2 else text
    year, *rest = marked.rstrip(_DATE_ENDS).translate(_DATE_MARKS).split("-")
    parts = (year, *(part.zfill(2) for part in rest))
    if [len(part) for part in parts] not in _DATE_LENGTHS or not "".join(parts).isdecimal():
        return None
    try:
        dt.date.fromisoformat("-".join((*parts, "01", "01")[:3]))
    except ValueError:
        return None
    return "-".join(parts)


def _has_another(plain: str) -> bool:
    """Tell whether a text has two years, or the end of a time behind the year that it begins."""
    years = {year for year in map(int, _INSIDE.findall(plain)) if year in YEARS}
    years |= {_with_century(int(one)) for one in _SHORT_INSIDE.findall(plain)}
    return len(years) > 1 or bool(_UNTIL.match(plain))


def _with_century(year: int) -> int:
    this = dt.date.today().year
    century = this // 100 * 100
    return century + year if century + year <= this + _AHEAD else century - 100 + year


def _within(year: int, read_as: Literal["", "serial", "short", "inside"]) -> YearRead | None:
    return YearRead(year, read_as) if year in YEARS else None
