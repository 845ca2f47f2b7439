"""Compare the names of areas: without suffixes, in either language, and their codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import geopandas as gpd

from data.uploads.sites.column_values import code_text
from data.uploads.sites.vocabulary import bare, suffixes

MIN_STEM = 2
"""A name keeps two letters at least when its suffix is left out."""


def digits(text: str) -> str:
    """Return the digits of a code, also of one that a spreadsheet took for a number."""
    plain = code_text(text)
    if "e" in plain:
        try:
            plain = str(int(float(plain)))
        except (ValueError, OverflowError):
            return ""
    plain = plain.split(".")[0] if plain.rstrip("0").endswith(".") else plain
    return plain if plain.isascii() and plain.isdigit() else ""


def rest_of(plain: str, word: str) -> str:
    """Return what follows ``word`` at the start of a name; empty where nothing does."""
    return plain[len(word) :] if plain.startswith(word) and plain != word else ""


def without_suffix_in_front(plain: str) -> list[str]:
    """Return what follows a suffix of the area before, written in one word."""
    return [plain[len(word) :] for word in suffixes() if plain.startswith(word)]


def stems_of(plain: str) -> list[str]:
    """Return the name without each suffix that it ends with."""
    return [
        plain[: -len(word)]
        for word in suffixes()
        if plain.endswith(word) and len(plain) - len(word) >= MIN_STEM
    ]


def suffix_of(plain: str) -> tuple[str, ...]:
    """Return the suffix that a Chinese name ends with; empty where it has none."""
    ends = (plain.removeprefix(stem) for stem in stems_of(plain))
    return tuple(end for end in ends if end and not end.isascii())[:1]


def forms_of(names: Iterable[str]) -> list[str]:
    """Return names as they are compared, also without their last sign, the longest first."""
    plain = [bare(name) for name in names]
    return sorted({*plain, *(name[:-1] for name in plain if not name.isascii())}, key=len)[::-1]


def index_of(table: gpd.GeoDataFrame) -> dict[str, tuple[int, ...]]:
    """Return the areas of each name: a full name hides the same letters as another's stem."""
    full: defaultdict[str, list[int]] = defaultdict(list)
    stems: defaultdict[str, list[int]] = defaultdict(list)
    for adcode, zh, en in zip(table.index, table["name_zh"], table["name_en"], strict=True):
        for name in {bare(zh), bare(en)}:
            full[name].append(int(adcode))
            for stem in stems_of(name):
                stems[stem].append(int(adcode))
    every = {name: tuple(sorted(set(codes))) for name, codes in stems.items()}
    return every | {name: tuple(sorted(set(codes))) for name, codes in full.items()}
