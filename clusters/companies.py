"""Gather sites by the company that owns them: where, in which links, how much, since when."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from clusters.evidence import site_sources
from data.company_list import folded, named_companies
from data.evidence_files import best_grade
from data.loader import Province
from data.model import Source, Text
from data.province_cache import cached_on_province


@dataclass(frozen=True, eq=False)
class CompanyProfile:
    """What is known of one company.

    ``spellings`` are the owners as its sites have them. ``partners`` are the names that stand
    beside it there, each with the id of the company that it means, ``None`` where none is
    listed. ``group`` is the id of what it belongs to; ``members`` belong to it, ``ventures``
    name it as a partner. ``sites`` are its own, by year and name; ``capacity`` and ``years``
    are those of ``capacity_of_companies`` and ``site_years``; ``sources``: most trusted first.
    """

    id: str
    name: Text
    spellings: tuple[str, ...]
    listed_code: str | None
    note: Text | None
    group: str | None
    partners: tuple[tuple[str, str | None], ...]
    members: tuple[str, ...]
    ventures: tuple[str, ...]
    sites: gpd.GeoDataFrame
    capacity: pd.DataFrame
    years: pd.DataFrame
    sources: tuple[Source, ...]


def companies_table(province: Province, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the companies that own some of ``sites``, most sites first, indexed by id.

    Columns: ``name_zh``, ``name_en``, ``group`` (an id), ``partners`` (names),
    ``listed_code``, ``sites`` (count), ``cities`` (tuple of adcodes, most sites first),
    ``segments`` (tuple of ids in the order of the plan), ``first_year`` and ``last_year`` of
    its sites (``nan`` where none states a year), ``sources`` (ids of the company's own).
    Sites without an owner are in no row.
    """
    owned = sites.dropna(subset="company")
    groups = owned.groupby("company", sort=False)
    count = groups.size().rename("sites")
    cities = groups["city_adcode"].agg(lambda found: tuple(map(int, found.value_counts().index)))
    order = {segment.id: place for place, segment in enumerate(province.plan.segments())}
    parts = owned.assign(segment=owned["segments"].str.split(";")).explode("segment")
    parts = parts[parts["segment"].isin(list(order))]
    segments = parts.groupby("company")["segment"].agg(
        lambda found: tuple(sorted(set(found), key=lambda name: order[name]))
    )
    columns = ["name_zh", "name_en", "group", "partners", "listed_code"]
    table = province.companies.reindex(count.index)[columns]
    table = table.assign(
        sites=count.astype(int),
        cities=cities,
        segments=[segments.get(name, ()) for name in count.index],
        first_year=groups["year"].min(),
        last_year=groups["year"].max(),
        sources=province.companies["sources"].reindex(count.index),
    )
    return table.sort_values(["sites", "name_en"], ascending=[False, True]).rename_axis(None)


def capacity_of_companies(sites: pd.DataFrame) -> pd.DataFrame:
    """Sum the capacities that sources state for sites, without mixing what cannot be summed.

    Columns: ``company``, ``unit``, ``meaning`` (``unclear`` where none is stated), ``status``,
    ``capacity``, ``sites``: a row for each unit, meaning and status of each company. Units
    differ in kind, a plan is no plant, and what is closed makes nothing.
    """
    stated = sites.dropna(subset=["company", "capacity"])
    keys = {
        "company": stated["company"],
        "unit": stated["capacity_unit"],
        "meaning": stated["capacity_meaning"].fillna("unclear"),
        "status": stated["status"],
    }
    table = pd.DataFrame({**keys, "capacity": stated["capacity"].astype(float)})
    sums = table.groupby(list(keys))["capacity"].agg(["sum", "size"]).reset_index()
    return sums.rename(columns={"sum": "capacity", "size": "sites"})


def site_years(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the sites that state a year, oldest first: ``id``, ``year``, ``meaning``."""
    dated = sites.dropna(subset="year").sort_values(["year", "name_en"])
    return pd.DataFrame(
        {
            "id": dated["id"].astype(str),
            "year": dated["year"].astype(int),
            "meaning": dated["year_meaning"].fillna("unclear"),
        }
    ).reset_index(drop=True)


@cached_on_province(64)
def company_profile(province: Province, company: str) -> CompanyProfile:
    """Return what is known of a company; ``KeyError`` for one that the province lacks."""
    row = province.companies.loc[company]
    sites = province.sites[province.sites["company"] == company].sort_values(["year", "name_en"])
    partners = _partners(province)
    return CompanyProfile(
        id=company,
        name=Text(zh=str(row["name_zh"]), en=str(row["name_en"])),
        spellings=tuple(dict.fromkeys(sites["owner"].astype(str))),
        listed_code=_text(row["listed_code"]),
        note=None if pd.isna(row["note_zh"]) else Text(zh=row["note_zh"], en=row["note_en"]),
        group=_text(row["group"]),
        partners=partners.get(company, ()),
        members=_ids(province.companies.index[province.companies["group"] == company]),
        ventures=tuple(
            venture
            for venture, names in partners.items()
            if venture != company and company in (known for _, known in names)
        ),
        sites=sites,
        capacity=capacity_of_companies(sites),
        years=site_years(sites),
        sources=_sources(province, row, sites),
    )


def owners_by_city(sites: pd.DataFrame) -> pd.Series:
    """Count the different companies that own sites, by city adcode."""
    counted: pd.Series = sites.dropna(subset="company").groupby("city_adcode")["company"].nunique()
    return counted


def company_names(province: Province, sites: pd.DataFrame) -> pd.DataFrame:
    """Return ``company_zh`` and ``company_en``: what the owner of each site is called."""
    owners = province.companies.reindex(sites["company"])
    names = {f"company_{end}": owners[f"name_{end}"].to_numpy() for end in ("zh", "en")}
    return pd.DataFrame(names, index=sites.index)


@cached_on_province(1)
def _partners(province: Province) -> dict[str, tuple[tuple[str, str | None], ...]]:
    """Return the partners of each company that names some, with the companies they mean."""
    known = named_companies(province.companies)
    return {
        str(one.id): _named(str(one.partners), known)
        for one in province.companies.dropna(subset="partners").itertuples()
    }


def _named(partners: str, known: dict[str, str]) -> tuple[tuple[str, str | None], ...]:
    names = (name.strip() for name in partners.split(";"))
    return tuple((name, known.get(folded(name))) for name in names if name)


def _ids(index: pd.Index) -> tuple[str, ...]:
    return tuple(str(name) for name in index)


def _text(cell: object) -> str | None:
    return None if cell is None or pd.isna(cell) else str(cell)


def _sources(province: Province, row: pd.Series, sites: pd.DataFrame) -> tuple[Source, ...]:
    """Return the sources of the company and of its sites, each once, most trusted first."""
    own = str(row["sources"]).split(";") if _text(row["sources"]) else []
    found = {name: province.sources[name] for name in own}
    for site in sites.index:
        found |= {source.id: source for source in site_sources(province, str(site))}
    return tuple(sorted(found.values(), key=lambda source: best_grade([source.grade])))
