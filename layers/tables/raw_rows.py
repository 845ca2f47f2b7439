"""Give sites and sources as rows of data: the same rows in every file."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from clusters.companies import company_names
from clusters.evidence import confidence
from data.loader import Province
from data.text import Language


def site_rows(drawn: gpd.GeoDataFrame, province: Province) -> gpd.GeoDataFrame:
    """Return sites with where they are, what their company is called, and their best source.

    Adds ``longitude``, ``latitude`` (EPSG:4326), the columns of ``company_names`` and
    ``confidence`` to those of ``SiteRow``.
    """
    sites = drawn.copy()
    sites["longitude"], sites["latitude"] = sites.geometry.x, sites.geometry.y
    for name, words in company_names(province, sites).items():
        sites.insert(len(sites.columns) - 1, str(name), words)
    grades = [confidence(province, str(name)) for name in sites.index]
    sites.insert(len(sites.columns) - 1, "confidence", grades)
    return sites


def source_rows(names: Iterable[str], province: Province, language: Language) -> pd.DataFrame:
    """Return sources by their ids: ``id, title, publisher, date, grade, address``, a row each."""
    rows = [
        {
            "id": source.id,
            "title": source.title.say(language),
            "publisher": source.publisher,
            "date": source.date or "",
            "grade": source.grade,
            "address": source.address,
        }
        for source in (province.sources[name] for name in names)
    ]
    return pd.DataFrame(rows)
