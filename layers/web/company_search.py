"""Find companies by name, by their sites, and by the cities and links that these stand in."""

from __future__ import annotations

import pandas as pd

from data.loader import Province
from data.province_cache import cached_on_province
from layers.web.gazetteer import is_called, pinyin_of


def called_companies(asked: str, province: Province) -> pd.Series:
    """Tell which companies are meant by what was typed, as a boolean series by id.

    Each word is looked for by itself: in a name (Chinese, English, pinyin, its first letters),
    in what else is known of the company, or in the names of its sites, cities and segments. A
    company that is called by all the words together is found too. Nothing typed finds all.
    """
    told = _told(province)
    words = asked.split()
    found = [
        is_called(asked, *name) or all(_is_told(word, name, rest) for word in words)
        for name, rest in told.values()
    ]
    return pd.Series(found, index=pd.Index(list(told), dtype=object), dtype=bool)


def _is_told(word: str, name: tuple[str, str, str], rest: str) -> bool:
    return word.casefold() in rest or is_called(word, *name)


@cached_on_province(1)
def _told(province: Province) -> dict[str, tuple[tuple[str, str, str], str]]:
    """Return for each company its names with their pinyin, and all else that it is found by."""
    plan, cities = province.plan, province.cities
    rest: dict[str, list[str]] = {}
    for site in province.sites.dropna(subset="company").itertuples():
        city = cities.loc[site.city_adcode]
        segments = [plan.segment(name) for name in _text(site.segments).split(";") if name]
        rest.setdefault(str(site.company), []).extend(
            [
                *(_text(site.owner), _text(site.name_zh), _text(site.name_en)),
                *(str(city["name_zh"]), str(city["name_en"])),
                *(name for one in segments for name in (one.name.zh, one.name.en)),
            ]
        )
    return {
        str(row.id): (
            (str(row.name_zh), str(row.name_en), pinyin_of(str(row.name_zh))),
            " ".join([*rest.get(str(row.id), ()), _text(row.listed_code)]).casefold(),
        )
        for row in province.companies.itertuples()
    }


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
