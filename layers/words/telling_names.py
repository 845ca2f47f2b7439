"""Name files so that they tell what they hold, in any language, and every system takes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from clusters.selection import Selection
from data.loader import Province
from data.text import Language
from data.uploads.limits import visible
from layers.words.matching_words import describe_selection

_REFUSED = re.compile(r'\s*[<>:"/\\|?*]+\s*')
_BLANKS = re.compile(r"\s+")
_BESIDE_CHINESE = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])"
)
_DEVICES = frozenset(
    {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        *(f"{name}{digit}" for name in ("COM", "LPT") for digit in "123456789"),
    }
)
_MOST_BYTES = 200
"""Of UTF-8, without the ending: file systems take 255."""


def telling_name(words: Sequence[str], date: dt.date, extension: str) -> str:
    """Return a file's name of words, the date and its ending: ``Province_City_2026-01-31.docx``.

    What Windows refuses in names is left out, and what parts Chinese from Latin letters and
    digits; long words are cut.

    >>> telling_name(["A/B: c", "d?"], dt.date(2026, 1, 31), "pdf")
    'A-B-c_d_2026-01-31.pdf'
    """
    parts = [_safe(word) for word in words]
    stem = _cut("_".join(part for part in parts if part))
    stem = f"{stem}_{date.isoformat()}" if stem else date.isoformat()
    return f"{stem}.{extension}"


def file_name_of(
    province: Province,
    language: Language,
    what: Sequence[str],
    extension: str,
    *,
    selection: Selection | None = None,
    date: dt.date | None = None,
) -> str:
    """Return what a file is called: the province, what filters it (``selection``), ``what``, date.

    The date is today's where none is given.
    """
    filters = "" if selection is None else describe_selection(selection, province, language)
    words = [province.settings.name.say(language), filters, *what]
    return telling_name(words, date or dt.date.today(), extension)


def _safe(word: str) -> str:
    close = _BESIDE_CHINESE.sub("", visible(word))
    clean = _BLANKS.sub("_", _REFUSED.sub("-", close)).strip("-. _")
    return f"{clean}-" if clean.upper() in _DEVICES else clean


def _cut(stem: str) -> str:
    """Cut a name to what file systems take, between letters."""
    return stem.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip("-. _")
