"""Hold every phrase that the atlas shows, in Chinese and in English, in one catalogue.

``zh.toml`` and ``en.toml`` have the same keys; a test compares them. A phrase may have
placeholders in braces, filled by ``say``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


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


def number(value: float, language: Language, *, decimals: int = 0) -> str:
    """Write a number with thousands separators; both languages group by three in statistics."""
    del language
    return f"{value:,.{decimals}f}"
