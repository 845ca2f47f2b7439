"""List sites in words, a row each: for a page, a spreadsheet, a text file."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from clusters.area_of_interest import AreaOfInterest, site_positions
from clusters.facets import site_grades
from data.loader import Province
from data.text import Language, join, say
from layers.words.plan_words import kind_name, unit_name

SITE_LIST_COLUMNS = (
    *("name", "city", "county", "segments", "capacity", "unit", "meaning", "status", "as_of"),
    *("kind", "sector", "owner", "year", "grade", "precision", "sources", "id"),
)
"""The columns of a list of sites; their heads are the phrases ``site_list.<column>``."""


def site_list(
    sites: pd.DataFrame,
    province: Province,
    language: Language,
    area: AreaOfInterest | None = None,
) -> pd.DataFrame:
    """Return sites (columns of ``SiteRow``) in words: ``SITE_LIST_COLUMNS``, by id.

    ``capacity`` is a number in ``unit``, ``year`` a whole number; the other cells are text, empty
    where nothing is known. ``sources`` are titles with their dates. Where an ``area`` is asked
    about, ``in_area`` after the county tells whether a site is surely or perhaps inside.
    """
    plan = province.plan
    sectors = {one.id: one.name.say(language) for one in plan.sectors}
    segments = {one.id: one.name.say(language) for one in plan.segments()}
    field = f"name_{language}"
    counties = province.counties[field].to_dict()
    kinds = {name: kind_name(province, name, language) for name in sites["kind"].unique()}
    units = {
        name: unit_name(province, name, language)
        for name in sites["capacity_unit"].dropna().unique()
    }
    titles = {
        name: say("label.note", language, text=one.title.say(language), note=one.year or "-")
        for name, one in province.sources.items()
    }
    meaning = sites["capacity_meaning"].fillna("unclear").where(sites["capacity"].notna())
    table = pd.DataFrame(
        {
            "name": sites[field],
            "city": sites["city_adcode"].map(province.cities[field].to_dict()),
            "county": sites["county_adcode"].map(counties),
            "segments": _each(sites["segments"], segments, language),
            "capacity": sites["capacity"].astype(float),
            "unit": sites["capacity_unit"].map(units),
            "meaning": _said(meaning, "capacity", language),
            "status": _said(sites["status"], "status", language),
            "as_of": sites["status_date"].astype(object),
            "kind": sites["kind"].map(kinds),
            "sector": sites["sector"].map(sectors),
            "owner": sites["company"].map(province.companies[field].to_dict()),
            "year": sites["year"].astype("Int64"),
            "grade": _said(site_grades(province).reindex(sites.index), "grade", language),
            "precision": _said(sites["precision"], "placed", language),
            "sources": _each(sites["sources"], titles, language),
            "id": sites["id"],
        },
        index=sites.index,
    )
    columns = list(SITE_LIST_COLUMNS)
    if area is not None:
        table["in_area"] = _said(
            site_positions(province, area).reindex(sites.index), "area", language
        )
        columns.insert(columns.index("county") + 1, "in_area")
    words = table.columns.difference(["capacity", "year"])
    table[words] = table[words].astype(object).where(table[words].notna(), "")
    return table[columns]


def list_data(sites: gpd.GeoDataFrame, language: Language) -> pd.DataFrame:
    """Return what is known of sites (columns of ``SiteRow``) beside what ``site_list`` tells.

    The name in the other language, the place, its coordinates (EPSG:4326), what the year means,
    notes, and the day of the last check, by id: under their heads in words, by which the atlas
    reads them again. Empty cells are empty text.
    """
    other = "en" if language == "zh" else "zh"
    cells = {
        f"name_{other}": sites[f"name_{other}"],
        "address": sites["place"],
        "longitude": sites.geometry.x,
        "latitude": sites.geometry.y,
        "year_meaning": _said(sites["year_meaning"], "year", language),
        **{name: sites[name] for name in ("note_zh", "note_en", "checked")},
    }
    table = pd.DataFrame({say(f"field.{name}", language): one for name, one in cells.items()})
    return table.astype(object).where(table.notna(), "")


def headed(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return a list of sites with its heads in words."""
    return table.rename(columns={one: say(f"site_list.{one}", language) for one in table.columns})


def _said(values: pd.Series, family: str, language: Language) -> pd.Series:
    names = {name: say(f"{family}.{name}", language) for name in values.dropna().unique()}
    return values.map(names)


def _each(ids: pd.Series, names: dict[str, str], language: Language) -> pd.Series:
    """Write ids that are joined by semicolons as names."""
    known = {
        joined: join([names[name] for name in joined.split(";")], language)
        for joined in ids.dropna().unique()
    }
    return ids.map(known)
