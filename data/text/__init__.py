"""Hold every phrase that the atlas shows, in Chinese and in English, in one catalogue.

``zh.toml`` and ``en.toml`` have the same keys; a test compares them. A phrase may have
placeholders in braces, filled by ``say``.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_LOCALES: dict[Language, Locale] = {
    "zh": Locale("zh", "CN", script="Hans"),
    "en": Locale("en", "GB"),
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Read all phrases of a language, dotted key to phrase."""
    path = Path(__file__).parent / f"{language}.toml"
    return dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8")), ""))


def _flatten(table: dict[str, object], prefix: str) -> list[tuple[str, str]]:
    phrases: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            phrases += _flatten(value, f"{prefix}{key}.")
        else:
            phrases.append((f"{prefix}{key}", str(value)))
    return phrases


def say(key: str, language: Language, /, **values: object) -> str:
    """Return the phrase ``key`` in ``language``; ``KeyError`` where the catalogue lacks it."""
    phrase = catalogue(language)[key]
    return phrase.format(**values) if values else phrase


def join(phrases: list[str] | tuple[str, ...], language: Language) -> str:
    """Join phrases as a list is written in ``language``."""
    return ("、" if language == "zh" else ", ").join(phrases)


@lru_cache(maxsize=4096)
def number(value: float, language: Language, *, decimals: int = 0) -> str:
    """Write a number as the locale does, with ``decimals`` places after the point."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=_LOCALES[language])


def day(date: dt.date | str, language: Language) -> str:
    """Write a date as the locale does, its month in words: ``3 December 2025``.

    Text is an ISO 8601 date that may lack its day or its month; any other text is
    returned as it is.
    """
    locale = _LOCALES[language]
    if isinstance(date, dt.date):
        return format_date(date, "long", locale=locale)
    parts = _DATE.fullmatch(date)
    if parts is None:
        return date
    year, month, number_of_day = (int(part) if part else None for part in parts.groups())
    try:
        first = dt.date(year or 0, month or 1, number_of_day or 1)
    except ValueError:
        return date
    if number_of_day:
        return format_date(first, "long", locale=locale)
    return format_skeleton("yMMMM" if month else "y", first, locale=locale)


def moment(time: dt.datetime | str, language: Language) -> str:
    """Write a date and its time to the minute as the locale does.

    Text is ISO 8601; any other text is returned as it is.
    """
    try:
        found = dt.datetime.fromisoformat(time) if isinstance(time, str) else time
    except ValueError:
        return str(time)
    clock = format_datetime(found, "HH:mm", locale=_LOCALES[language])
    return f"{day(found.date(), language)} {clock}"
