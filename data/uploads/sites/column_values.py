"""Tell whether the values of a column speak against what its heading says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pandas as pd

from data.uploads.sites.coordinate_text import angle_in, is_east, is_north, is_pair, pair_in
from data.uploads.sites.vocabulary import (
    CODES,
    KIND_CODES,
    bare,
    cell_text,
    is_blank_word,
    suffixes,
    unit_signs,
)
from data.uploads.sites.year_text import day_in, year_in

SHARE = 0.8
"""The share of the values of a column that must fit its field."""

_HALF = 0.5
_METRES = (1e5, 5e7)
_CODE = re.compile(r"\d{6}(?:\d{3}|\d{6})?(?:\.0+)?|\d(?:\.\d+)?e\+?0?(?:5|8|1[01])")
_AMOUNT = re.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:e[-+]?\d+)?%?")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SHORT_WORD = 24


def fits(field: str, values: pd.Series) -> bool:
    """Tell whether most values that are there can be of ``field``; a column without any can."""
    texts = known_texts(values)
    if not texts:
        return not values.notna().any()
    if field in ("longitude", "latitude"):
        return _share(texts, lambda text: _is_side(field, text)) >= SHARE
    if field == "coordinates":
        return _share(texts, is_place_pair) >= SHARE
    if field == "adcode":
        return _share(texts, _is_code) >= _HALF
    if field == "year":
        return _share(texts, lambda text: year_in(text) is not None) >= SHARE
    if field in ("status_date", "checked"):
        return _share(texts, lambda text: day_in(text) is not None) >= SHARE
    codes = KIND_CODES if field == "kind" else CODES.get(field)
    if codes is not None:
        words = codes.words
        return _share(texts, lambda text: bare(text) in words) >= _HALF
    amounts = _share(texts, lambda text: bool(_AMOUNT.fullmatch(text.replace(" ", "").lower())))
    if field == "value":
        return amounts >= SHARE
    if field in ("city", "county") and _share(texts, _is_code) >= SHARE:
        return True
    if field in ("city", "county", "name_zh", "name_en"):
        return amounts < _HALF and not (field == "name_zh" and _are_units(texts))
    if field == "capacity_unit":
        return amounts < _HALF and _are_units(texts)
    if field == "capacity":
        percent = _share(texts, lambda text: text.rstrip().endswith(("%", "\uff05")))
        return percent < _HALF and any(any(one.isdigit() for one in text) for text in texts)
    return True


def known_texts(values: pd.Series) -> list[str]:
    """Return the cells of a column that say something, as text."""
    texts = (cell_text(value) for value in values.dropna())
    return [text for text in texts if text and not is_blank_word(text)]


def code_text(text: str) -> str:
    """Return a code as it is compared: narrow digits, without spaces.

    >>> code_text("320 583")
    '320583'
    """
    return re.sub(r"[\s'\u2019`,]+", "", unicodedata.normalize("NFKC", text)).lower()


def is_place_pair(text: str) -> bool:
    """Tell whether a cell holds a place: two degrees in China, or two lengths in metres."""
    if is_pair(text):
        return True
    pair = pair_in(text)
    return pair is not None and all(_METRES[0] < abs(one.value) < _METRES[1] for one in pair)


def has_fractions(values: pd.Series) -> bool:
    """Tell whether most numbers of a column have decimals, or are written in minutes."""
    angles = [angle_in(text) for text in known_texts(values)]
    known = [one for one in angles if one is not None]
    fractions = sum(one.value % 1 != 0 for one in known)
    return bool(known) and fractions / len(known) >= SHARE


def is_name(values: pd.Series) -> bool:
    """Tell whether a column can hold names: Chinese, each once, and none of areas."""
    texts = known_texts(values)
    if len(texts) < 2 or len(set(texts)) != len(texts) or is_area(values):
        return False
    return _share(texts, lambda text: bool(_HAN.search(text))) >= SHARE


def is_area(values: pd.Series) -> bool:
    """Tell whether most values of a column end as the names of areas do."""
    texts = known_texts(values)
    ends = tuple(word for word in suffixes() if not word.isascii())
    return bool(texts) and _share(texts, lambda text: text.endswith(ends)) >= SHARE


def _is_side(field: str, text: str) -> bool:
    plain, packed = angle_in(text), angle_in(text, packed=True)
    inside = is_east if field == "longitude" else is_north
    return any(
        one is not None and (inside(one.value) or _METRES[0] < abs(one.value) < _METRES[1])
        for one in (plain, packed)
    )


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(code_text(text)))


def _are_units(texts: list[str]) -> bool:
    """Tell whether most cells of a column are short and have the sign of a unit."""
    signs = unit_signs()
    return (
        _share(
            texts,
            lambda text: len(text) <= _SHORT_WORD and any(one in text.lower() for one in signs),
        )
        >= _HALF
    )


def _share(texts: list[str], test: Callable[[str], bool]) -> float:
    return sum(test(text) for text in texts) / len(texts)
