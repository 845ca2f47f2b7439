"""Turn sites into a table to read: the list in words, notes, places, and sources with links."""

from __future__ import annotations

import pandas as pd

from data.loader import Province
from data.text import Language, say
from layers.tables.read_columns import ColumnWords
from layers.tables.read_sources import CitedSources
from layers.tables.read_table import ReadColumn, ReadTable, digits, number_column, year_column
from layers.tables.site_list import site_list

_ON_PAPER = (
    *("name", "city", "county", "segments", "capacity", "unit", "meaning", "status", "as_of"),
    *("owner", "year", "grade", "note"),
)
_BESIDE = (
    *("sector", "kind", "year_meaning", "place", "precision", "longitude", "latitude", "checked"),
)
"""Columns that would make those on paper too small to read."""

_CAPACITY_DECIMALS = 3
_IN_AREA = "in_area"
"""Where an area is asked about: whether a site is surely or perhaps inside."""


def sites_to_read(
    sites: pd.DataFrame,
    province: Province,
    language: Language,
    cited: CitedSources,
    *,
    lead: str,
    more: tuple[ReadColumn, ...] = (),
) -> ReadTable:
    """Return sites (columns of ``SiteRow``) as a table; ``more`` columns go on paper too.

    ``lead`` is the phrase of what the table holds. A column of ``more`` that says the same as
    another one is left out.
    """
    words = ColumnWords(province, language)
    listed = site_list(sites, province, language)

    def column(name: str) -> ReadColumn:
        if name not in listed:
            raw = f"note_{language}" if name == "note" else name
            return words.column(words.head("sites", name), name, sites[raw])
        head, values = say(f"site_list.{name}", language), listed[name]
        if name == "year":
            return year_column(head, values)
        if name == "capacity":
            return number_column(head, values, digits(values, _CAPACITY_DECIMALS))
        return words.column(head, "", values)

    columns = [column(name) for name in _ON_PAPER]
    if _IN_AREA in sites:
        place = 1 + _ON_PAPER.index("county")
        columns.insert(
            place, words.column(words.head("sites", _IN_AREA), _IN_AREA, sites[_IN_AREA])
        )
    beside = [column(name) for name in _BESIDE]
    said = {one.cells for one in (*columns, *beside)}
    columns += [one for one in more if one.cells not in said]
    numbers, links = cited.cited(sites["sources"])
    return ReadTable(
        "sites",
        say("sheet.sites", language),
        say(lead, language),
        (*columns, numbers),
        (*beside, *links),
    )
