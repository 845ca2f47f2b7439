"""Know the words by which columns, units, statuses and areas are recognised."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from data.evidence_rows import (
    KINDS,
    PRECISIONS,
    STATUSES,
    UNITS,
    CapacityMeaning,
    YearMeaning,
    unit_ids,
)
from data.loader import Province
from data.model import Plan
from data.text import LANGUAGES, say

_BRACKETS = (("(", ")"), ("[", "]"), ("\uff08", "\uff09"), ("\u3010", "\u3011"))
_OTHER = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))


def bare(text: str) -> str:
    """Return ``text`` as words are compared: small letters and signs of words only.

    >>> bare(" Xi Hu (District)")
    'xihu'
    """
    plain = unicodedata.normalize("NFKC", without_brackets(text)).lower()
    return _OTHER.sub("", simplified(plain))


def simplified(text: str) -> str:
    """Return text with simplified characters for traditional ones, one for one."""
    return text if text.isascii() else text.translate(_simplified_characters())


@cache
def _simplified_characters() -> dict[int, int]:
    """Return the characters that differ: asked once, so that no stranger's text is converted."""
    from opencc import OpenCC

    characters = [chr(code) for code in range(_FIRST_HAN, _LAST_HAN + 1)]
    changed = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(old): ord(new)
        for old, new in zip(characters, changed, strict=True)
        if old != new and len(new) == 1
    }


def without_brackets(text: str) -> str:
    """Return ``text`` without what stands in brackets, which reads every character once.

    >>> without_brackets("Xi Hu (District) [old] (")
    'Xi Hu   ('
    """
    for opening, closing in _BRACKETS:
        kept, at = [], 0
        while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
            kept.append(text[at:start])
            at = end + 1
        text = "".join((*kept, text[at:]))
    return text


def cell_text(value: object) -> str:
    """Return a cell as it is looked up: whole numbers without decimals, "" for an empty one."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def headings() -> dict[str, tuple[str, ...]]:
    """Return the words of each field, in the order of the fields."""
    return {field: tuple(words) for field, words in _words()["headings"].items()}


def suffixes() -> tuple[str, ...]:
    """Return what may be left out at the end of an area's name."""
    return tuple(_words()["suffixes"]["words"])


def endings() -> tuple[str, ...]:
    """Return what may follow a word in a heading without changing what it is about."""
    return tuple(_words()["endings"]["words"])


@cache
def _blank_words() -> frozenset[str]:
    return frozenset(_words()["blanks"]["words"])


def is_blank_word(text: str) -> bool:
    """Tell whether a cell says that there is nothing: a dash, ``N/A``, an error of a formula."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text)).lower()
    return plain in _blank_words() or (bool(plain) and set(plain) <= set("-_\u2014\u2013/\u2026."))


def about_words() -> tuple[str, ...]:
    """Return what may stand before an amount, longest first."""
    return tuple(sorted(_words()["about"]["words"], key=len, reverse=True))


def datum_of_heading(heading: str) -> str | None:
    """Return the datum that a heading names; ``None`` where it names none."""
    plain = unicodedata.normalize("NFKC", heading).lower()
    found = [
        datum for datum, words in _words()["datums"].items() if any(word in plain for word in words)
    ]
    return found[0] if len(found) == 1 else None


@cache
def unit_signs() -> tuple[str, ...]:
    """Return what units have in them, in small letters."""
    return tuple(_words()["unit_signs"]["words"])


@cache
def area_words(kind: str) -> tuple[str, ...]:
    """Return words around names, the longest first.

    ``zones``, ``whole_city``, ``roads``, ``city_roads``, ``city_parts``, ``country``,
    ``own_layers``.
    """
    return tuple(sorted(_words()[kind]["words"], key=len, reverse=True))


Units = dict[str, tuple[str, float]]
"""Every way of writing a unit that is understood, with the unit and the factor to it."""


def unit_words(plan: Plan) -> Units:
    """Return how units are written: the usual ways, and before them those of the plan."""
    own = [
        (word, unit.id, factor)
        for unit in plan.units
        for word, factor in {**unit.words, unit.name.zh: 1.0, unit.name.en: 1.0}.items()
    ]
    usual = [(word, unit, float(factor)) for word, (unit, factor) in _words()["units"].items()]
    ids = [(unit, unit, 1.0) for unit in unit_ids(plan)]
    names = [(say(f"unit.{unit}", language), unit, 1.0) for unit in UNITS for language in LANGUAGES]
    return {_written(word): (unit, factor) for word, unit, factor in (*usual, *names, *ids, *own)}


def unit_of(text: str, units: Units) -> tuple[str, float] | None:
    """Return the unit that ``text`` writes and the factor to it; ``None`` where unknown."""
    return units.get(_written(text))


def _written(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).lower())


def status_words() -> dict[str, str]:
    """Return word to status: its id, its names in both languages, and other words for it."""
    words: dict[str, str] = {bare(status): status for status in STATUSES}
    for status in STATUSES:
        names = [say(f"status.{status}", language) for language in LANGUAGES]
        words |= {bare(word): status for word in (*names, *_words()["statuses"].get(status, ()))}
    return words


@dataclass(frozen=True)
class CodeWords:
    """What can stand in a column of codes: ``ids``, or their phrases ``<family>.<id>``."""

    family: str
    ids: tuple[str, ...]

    @property
    def words(self) -> dict[str, str]:
        """Word to id: the ids, and their phrases in both languages."""
        return {
            bare(word): one
            for one in self.ids
            for word in (one, *(say(f"{self.family}.{one}", each) for each in LANGUAGES))
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """The phrases in both languages, as an area's names are shown."""
        return tuple(
            f"{say(f'{self.family}.{one}', 'zh')} ({say(f'{self.family}.{one}', 'en')})"
            for one in self.ids
        )


KIND_CODES = CodeWords("kind", KINDS)
"""The usual kinds of sites; a plan may name others."""

CODES = {
    "capacity_meaning": CodeWords("capacity", get_args(CapacityMeaning)),
    "year_meaning": CodeWords("year", get_args(YearMeaning)),
    "precision": CodeWords("placed", PRECISIONS),
}
"""The codes of fields that every province has the same of."""


def kind_words(plan: Plan) -> dict[str, str]:
    """Return word to kind of site: the ids and names of the usual ones, then of the plan's."""
    own = {
        bare(word): kind.id for kind in plan.kinds for word in (kind.id, kind.name.zh, kind.name.en)
    }
    return KIND_CODES.words | own


@cache
def status_doubts() -> tuple[str, ...]:
    """Return what puts off, ends or limits a status where it stands in brackets behind it."""
    return tuple(_words()["status_doubts"]["words"])


def sector_words(province: Province) -> dict[str, str]:
    """Return word to sector of the plan: its id and its names in both languages."""
    return {
        bare(word): sector.id
        for sector in province.plan.sectors
        for word in (sector.id, sector.name.zh, sector.name.en)
    }


def segment_words(province: Province) -> dict[str, str]:
    """Return word to segment of the plan: its id and its names in both languages."""
    return {
        bare(word): segment.id
        for segment in province.plan.segments()
        for word in (segment.id, segment.name.zh, segment.name.en)
    }
