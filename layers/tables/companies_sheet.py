"""Turn the companies that own the drawn sites into a table for files."""

from __future__ import annotations

import pandas as pd

from clusters.companies import companies_table
from data.loader import Province
from data.text import Language, join


def companies_sheet(province: Province, sites: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return a row for each company that owns some of ``sites``, most sites first.

    Columns: ``id``, ``name_zh``, ``name_en``, ``group`` (an id), ``partners``, ``listed_code``,
    ``sites`` (count), ``cities`` and ``segments`` (names in ``language``), ``first_year``,
    ``last_year``, ``sources`` (ids joined by semicolons).
    """
    table = companies_table(province, sites)
    field = "name_zh" if language == "zh" else "name_en"
    cities = {int(adcode): str(name) for adcode, name in province.cities[field].items()}
    segments = {one.id: one.name.say(language) for one in province.plan.segments()}
    told = table.assign(
        cities=[join([cities[adcode] for adcode in one], language) for one in table["cities"]],
        segments=[join([segments[name] for name in one], language) for one in table["segments"]],
    )
    told.insert(0, "id", told.index.astype(str))
    years = {"first_year": "Int64", "last_year": "Int64"}
    return told.astype(years).reset_index(drop=True)
