"""Tell what a heading is about: by the word that it is, or that stands at its end."""

from __future__ import annotations

import re

from data.uploads.sites.vocabulary import bare, endings, headings

_WHOLE = 100.0
_SHORTEST_CUT = 3
"""A heading that was cut, as shapefiles do, keeps as many letters."""


def scores(heading: str) -> dict[str, float]:
    """Return each field that a heading can be of, and how well it fits: 100 for a word itself."""
    plain, latin = bare(heading), _latin_words(heading)
    found = {field: _score(plain, latin, words) for field, words in headings().items()}
    return {field: score for field, score in found.items() if score > 0}


def without_words(heading: str, field: str) -> str:
    """Return a heading without its longest word of ``field``: what is left tells pairs apart."""
    plain = bare(heading)
    words = sorted(headings().get(field, ()), key=len, reverse=True)
    return next((plain.replace(word, "", 1) for word in words if word in plain), plain)


def _score(plain: str, latin: frozenset[str], words: tuple[str, ...]) -> float:
    """Score a heading: 100 for a word itself, else the length of the longest word that counts.

    A word in Latin letters stands by itself there: ``lat`` is not in ``platform``. One in Chinese
    stands at the end, where a heading says what it is about, or has only harmless letters behind.
    """
    if plain in words:
        return _WHOLE - words.index(plain) / 100
    found = [float(len(word)) for word in words if len(word) > 1 and _counts(word, plain, latin)]
    cut = [
        len(plain) - 0.5
        for word in words
        if len(plain) >= _SHORTEST_CUT and not plain.isascii() and word.startswith(plain)
    ]
    return max((*found, *cut), default=0.0)


def _counts(word: str, plain: str, latin: frozenset[str]) -> bool:
    if word.isascii():
        return word in latin
    at = plain.rfind(word)
    if at < 0:
        return False
    rest = plain[at + len(word) :]
    return not rest or rest.isascii() or rest in endings()


def _latin_words(heading: str) -> frozenset[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return frozenset(re.split(r"[^a-z0-9]+", split.lower()))
