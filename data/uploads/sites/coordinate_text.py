"""Read coordinates as people write them: degrees, minutes, seconds, words, pairs, WKT."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from data.datum import CHINA_BOX

Written = Literal["degrees", "sexagesimal", "packed", "comma"]
"""How a number was written: plainly, in minutes and seconds, run together, with a comma."""

_LONGEST = 120
_NUMBER = r"\d{1,9}(?:\.\d{1,12})?"
_PLAIN = re.compile(r"[-+]?\d{1,9}(?:\.\d{0,15})?(?:e[-+]?\d{1,2})?")
_COMMA = re.compile(r"\d{1,3},\d{1,12}")
_PARTS = re.compile(rf"({_NUMBER})[d ]({_NUMBER})(?:[m ]({_NUMBER})?s?)?")
_PACKED = re.compile(r"(\d{2,3})(\d{2})(\d{2}(?:\.\d{1,6})?)")
_POINT = re.compile(r"point *(?:z|m|zm)? *\( *([-+\d.e]+) +([-+\d.e]+)(?: +[-+\d.e]+){0,2} *\)")
_SPACES = re.compile(r"\s+")
_BETWEEN = re.compile(r"[,;\u3001/|]")
_WORDS = (
    (re.compile(r"[\u4e1c\u5317\u897f\u5357]?[\u7ecf\u7eac]\u5ea6? *[:=]?"), " "),
    (re.compile(r"longitude|latitude|lon|lng|lat|wgs ?84|gcj ?02|cgcs ?2000|srid=\d+;"), " "),
    (re.compile(r"[\u00b0\u00ba\u02da\u5ea6\u2218]|deg(?:rees?)?"), "d"),
    (re.compile(r"''|\u2032\u2032|\u2019\u2019|[\"\u2033\u201c\u201d\u79d2\u3003]"), "s"),
    (re.compile(r"['\u2032\u2018\u2019\u00b4`\u5206]|min(?:utes?)?"), "m"),
    (re.compile(r"[()\[\]{}\"=:]"), " "),
)
_SIGNS = {"e": 1, "w": -1, "n": 1, "s": -1}
_HALF_TURN, _SIXTY = 180.0, 60.0


@dataclass(frozen=True, slots=True)
class Angle:
    """A number in decimal degrees (or in metres, where it is large), and how it was written."""

    value: float
    written: Written = "degrees"


def angle_in(text: str, *, packed: bool = False) -> Angle | None:
    """Return the number that a cell of longitude or latitude holds; ``None`` for anything else.

    With ``packed``, digits that are run together are degrees, minutes and seconds: alone they
    could be metres as well.

    >>> angle_in("120d59m20.40s E")
    Angle(value=120.989, written='sexagesimal')
    >>> angle_in("1205920.40", packed=True)
    Angle(value=120.989, written='packed')
    >>> angle_in("120,989")
    Angle(value=120.989, written='comma')
    """
    if len(text) > _LONGEST:
        return None
    plain, sign = _without_side(_spelt(text))
    if _PLAIN.fullmatch(plain.replace(" ", "")) and not re.search(r"\d \d", plain):
        digits = plain.replace(" ", "")
        return (_packed(digits, sign) if packed else None) or Angle(sign * float(digits))
    if _COMMA.fullmatch(plain):
        return Angle(sign * float(plain.replace(",", ".")), "comma")
    alone = re.fullmatch(rf"([-+]?{_NUMBER}) ?d", plain)
    if alone:
        return Angle(sign * float(alone.group(1)))
    tight = re.sub(r" ?([dms]) ?", r"\1", plain).rstrip()
    if tight.startswith("-"):
        tight, sign = tight[1:], -sign
    parts = _PARTS.fullmatch(tight)
    return _sexagesimal(parts.groups(), sign) if parts else None


def pair_in(text: str) -> tuple[Angle, Angle] | None:
    """Return longitude and latitude of a cell that holds both, in either order where that is clear.

    In China no longitude can be a latitude. ``None`` for a cell that holds no such pair.

    >>> [one.value for one in pair_in("31.32, 120.989")]
    [120.989, 31.32]
    >>> [one.value for one in pair_in("POINT (120.989 31.32)")]
    [120.989, 31.32]
    """
    if len(text) > _LONGEST:
        return None
    spelt = unicodedata.normalize("NFKC", text).strip().lower()
    point = _POINT.search(spelt)
    halves = list(point.groups()) if point else _halves(spelt)
    found = [angle_in(half) for half in halves]
    if len(found) != 2 or found[0] is None or found[1] is None:
        return None
    first, second = found[0], found[1]
    if not point and is_north(first.value) and is_east(second.value):
        return second, first
    return first, second


def is_pair(text: str) -> bool:
    """Tell whether a cell holds a place in China as two degrees."""
    found = pair_in(text)
    return found is not None and is_east(found[0].value) and is_north(found[1].value)


def _halves(text: str) -> list[str]:
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) == 3 and _PLAIN.fullmatch(parts[2].strip()):
        # The third is a height.
        return parts[:2]
    if len(parts) == 1:
        sides = re.fullmatch(r"(.*?[ew]) *(.*[ns])|(.*?[ns]) *(.*[ew])", text)
        if sides:
            return [one for one in sides.groups() if one]
        numbers = text.split()
        return numbers if len(numbers) == 2 else parts
    return parts


def _spelt(text: str) -> str:
    """Return a cell with ``d``, ``m`` and ``s`` for whatever stands for the three."""
    plain = text.strip().replace("\u00b4", "'")
    plain = unicodedata.normalize("NFKC", plain).lower()
    for sign, letter in _WORDS:
        plain = sign.sub(letter, plain)
    return _SPACES.sub(" ", plain).strip(" ,;")


def _without_side(plain: str) -> tuple[str, int]:
    """Return a cell without the letter of its hemisphere, and the sign that this gives."""
    if plain[:1] in ("e", "w", "n") or re.match(r"s ?\d", plain):
        return plain[1:].strip(), _SIGNS[plain[0]]
    if plain[-1:] in ("e", "w", "n"):
        return plain[:-1].strip(), _SIGNS[plain[-1]]
    if re.search(r"(?:s|\d d?) ?s$", plain) and plain.count("s") > plain.count("m"):
        return plain[:-1].strip(), -1
    return plain, 1


def _packed(digits: str, sign: int) -> Angle | None:
    parts = _PACKED.fullmatch(digits)
    found = _sexagesimal(parts.groups(), sign) if parts else None
    return None if found is None else Angle(found.value, "packed")


def _sexagesimal(parts: tuple[str | None, ...], sign: int) -> Angle | None:
    degrees, minutes, seconds = (float(part or 0) for part in parts)
    # Seconds of 60 are what rounding leaves.
    if degrees > _HALF_TURN or minutes > _SIXTY or seconds > _SIXTY:
        return None
    return Angle(round(sign * (degrees + minutes / 60 + seconds / 3600), 9), "sexagesimal")


def is_east(value: float) -> bool:
    """Tell whether degrees can be a longitude in China."""
    return CHINA_BOX[0] <= value <= CHINA_BOX[2]


def is_north(value: float) -> bool:
    """Tell whether degrees can be a latitude in China."""
    return CHINA_BOX[1] <= value <= CHINA_BOX[3]
