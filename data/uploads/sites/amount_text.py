"""Read amounts as people write them: with a unit, ten thousands, and words around them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from data.uploads.sites.vocabulary import about_words

_NUMBER = re.compile(
    r"([-+]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?)"
    r"\s*([^\d\s,.~\-\u2013\u2014].*)?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[](.*?)[)\]]")
_LONGEST = 100
_MOST = 1e18
_TIMES = {"\u4e07": 1e4, "\u4ebf": 1e8, "\u5343": 1e3}
"""Ten thousand, a hundred million and a thousand, where no unit follows."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit as written (empty: none); ``with_words`` where more stood there."""

    number: float
    unit: str = ""
    with_words: bool = False
    ten_thousands: bool = False


def plain_number(text: str) -> float | None:
    """Return a number as written, with thousands or as a percentage; ``None`` for other text.

    >>> plain_number("1,200.5"), plain_number("85%"), plain_number("0,0")
    (1200.5, 85.0, None)
    """
    found = _number(text)
    return found[0] if found is not None and found[1] in ("", "%") else None


def amount_in(text: str) -> Amount | None:
    """Return the one amount that a cell states; ``None`` for ranges, negatives and other text.

    >>> amount_in("1,200 t")
    Amount(number=1200.0, unit='t', with_words=False, ten_thousands=False)
    """
    plain = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).strip()
    bare = _without_words(_BRACKETS.sub("", plain))
    found = _number(bare)
    if found is None or found[0] < 0:
        return None
    number, unit = found
    inside = _BRACKETS.search(plain)
    if not unit and inside:
        unit = inside.group(1).strip()
    times = _TIMES.get(unit, 1.0)
    counted = "" if unit in _TIMES else unit
    return Amount(number * times, counted, bare != plain, unit in _TIMES)


def _without_words(text: str) -> str:
    """Return text without the words in front of an amount, each of which may follow another."""
    for _ in range(4):
        word = next((one for one in about_words() if text.startswith(one)), None)
        if word is None:
            break
        text = text[len(word) :].lstrip(" :\uff1a")
    return re.sub(r"(?:\u5de6\u53f3|\u4ee5\u4e0a|\u4f59|\+)$", "", text).strip()


def _number(text: str) -> tuple[float, str] | None:
    if len(text) > _LONGEST:
        return None
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    number = float(re.sub("[, ]", "", match.group(1)))
    return (number, (match.group(2) or "").strip()) if abs(number) < _MOST else None
