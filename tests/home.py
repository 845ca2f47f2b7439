"""The real province, loaded once in each process of tests."""

from __future__ import annotations

from functools import cache

from data.loader import Province, default_province_id, load_province


@cache
def home() -> Province:
    return load_province(default_province_id())
