"""Tell which company each site belongs to, by how the owner of the site is spelt.

``companies.csv`` gathers the spellings of one company. An owner that it does not know, as one
of a person's own file may be, is a company by itself, named as it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd

from data.errors import Fault
from data.evidence_rows import CompanyRow, SiteRow

_FILE = "companies.csv"
_COLUMNS = list(CompanyRow.model_fields)


def company_table(rows: Iterable[CompanyRow] = ()) -> pd.DataFrame:
    """Return companies as a table with the columns of ``CompanyRow``, indexed by id."""
    cells = [row.model_dump() for row in rows]
    table = pd.DataFrame(cells, columns=_COLUMNS, dtype=object)
    return table.set_index("id", drop=False).rename_axis(None)


def named_companies(companies: pd.DataFrame) -> dict[str, str]:
    """Return the id of each company by every spelling and name of it, in small letters."""
    known: dict[str, str] = {}
    for row in companies.itertuples():
        written = str(row.spellings)
        # What a person wrote is one name, whatever it holds.
        parts = () if row.sources is None else written.split(";")
        for name in (written, *parts, row.name_zh, row.name_en):
            known.setdefault(folded(str(name)), str(row.id))
    return known


def with_companies(
    sites: gpd.GeoDataFrame, companies: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return ``sites`` with the column ``company``, and ``companies`` with those it lacks.

    ``company`` is the id of the company that the owner is spelt as, whatever the case of its
    letters; ``None`` for a site without an owner. A company that the table lacks has no sources.
    """
    known = named_companies(companies)
    added: list[dict[str, str]] = []
    for owner in sites["owner"].dropna():
        name = folded(str(owner))
        if name not in known:
            known[name] = f"named-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
            added.append(_as_written(known[name], str(owner).strip()))
    marked = sites.drop(columns="company", errors="ignore")
    ids = [None if pd.isna(owner) else known[folded(str(owner))] for owner in sites["owner"]]
    marked.insert(len(marked.columns) - 1, "company", pd.Series(ids, marked.index, dtype=object))
    if not added:
        return marked, companies
    more = pd.DataFrame(added, columns=_COLUMNS, dtype=object)
    more = more.astype(object).where(more.notna(), None).set_index("id", drop=False)
    return marked, pd.concat([companies, more]).rename_axis(None)


def _as_written(company: str, owner: str) -> dict[str, str]:
    return {"id": company, "name_zh": owner, "name_en": owner, "spellings": owner}


def folded(name: str) -> str:
    """Return a name as names are compared: in small letters, with single blanks."""
    return " ".join(name.casefold().split())


def company_faults(rows: Sequence[CompanyRow], sources: Iterable[str]) -> list[Fault]:
    """Check that groups and sources are there, and that no spelling means two companies."""
    known, faults = set(sources), []
    groups = {row.id: row.group for row in rows}
    meant: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        record = f"row {number} ({row.id})"
        faults += [
            Fault(_FILE, record, "sources", f"no source {name!r}; add it to sources.csv")
            for name in row.sources.split(";")
            if name not in known
        ]
        if row.group is not None and row.group not in groups:
            problem = f"no company {row.group!r} in the file; name one by its id, or leave it empty"
            faults.append(Fault(_FILE, record, "group", problem))
        elif _turns_round(row.id, groups):
            problem = "the company would belong to itself; expected a group above it"
            faults.append(Fault(_FILE, record, "group", problem))
        for spelling in dict.fromkeys((*row.spelling_names, row.name_zh, row.name_en)):
            other = meant.setdefault(folded(spelling), row.id)
            if other != row.id:
                problem = f"{spelling!r} is a spelling of {other!r} already; keep it in one row"
                faults.append(Fault(_FILE, record, "spellings", problem))
    return faults


def _turns_round(company: str, groups: dict[str, str | None]) -> bool:
    """Whether the groups above a company lead back to it."""
    passed, above = {company}, groups.get(company)
    while above is not None and above not in passed:
        passed.add(above)
        above = groups.get(above)
    return above == company


def owner_faults(sites: Sequence[SiteRow], companies: Sequence[CompanyRow]) -> list[Fault]:
    """Name the rows of ``sites.csv`` whose owner no company of ``companies.csv`` is spelt as.

    A province without companies has no such fault.
    """
    known = {folded(name) for row in companies for name in row.spelling_names}
    if not known:
        return []
    problem = "no company is spelt {!r}; add it to `spellings` in companies.csv"
    return [
        Fault("sites.csv", f"row {number} ({site.id})", "owner", problem.format(site.owner))
        for number, site in enumerate(sites, start=2)
        if site.owner is not None and folded(site.owner) not in known
    ]
