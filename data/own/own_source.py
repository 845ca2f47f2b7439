"""Add a person's own sites to a province, as one more source beside its own.

Nothing of the province changes: a new ``Province`` comes back, with which everything works
that works with any. The grade ``own`` marks the source, and so every site, wherever it goes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from data.company_list import with_companies
from data.crs import GEOGRAPHIC, require_geographic
from data.errors import DataError, Fault
from data.evidence_rows import SiteRow, kind_ids, unit_ids
from data.loader import Province
from data.model import Source, Text
from data.own.own_grade import OWN_GRADE
from data.text import say
from data.uploads.limits import visible
from data.uploads.sites.reading import Reading, site_ids

MOST_SITES = 10_000
"""How many own sites a province takes as single signs; more are a register of points."""

_LONGEST_NAME = 80
_NAMED_ROWS = 5


@dataclass(frozen=True, eq=False)
class OwnSites:
    """Sites that a person brought along, and the file and day that they are from.

    ``sites``: points in EPSG:4326 with the columns of ``SiteRow``; ids and sources are given
    when they join a province.
    """

    file: str
    date: dt.date
    sites: gpd.GeoDataFrame

    @property
    def source(self) -> Source:
        """The source entry that stands for the file."""
        return own_source(self.file, self.date)


def own_source(file: str, date: dt.date) -> Source:
    """Return the source entry of a person's own file: its name, its day, the grade ``own``."""
    name = visible(file).strip()[:_LONGEST_NAME] or "-"
    digest = hashlib.sha256(f"{name}\0{date}".encode()).hexdigest()[:10]
    return Source(
        id=f"own-{digest}",
        title=Text(zh=say("own.marker", "zh"), en=say("own.marker", "en")),
        publisher=name,
        address=name,
        date=date.isoformat(),
        grade=OWN_GRADE,
    )


def own_sites(reading: Reading, file: str, date: dt.date) -> OwnSites:
    """Return the good rows of a reading as own sites, dated ``date``.

    What a status, year or capacity without more words means is ``unclear``; a status is as of
    the file's date. Raises ``DataError`` where a row has no sector or no kind: the reading
    needs them as ``defaults`` then.
    """
    sites = reading.good[[*SiteRow.model_fields, "geometry"]].copy()
    faults = [
        Fault(file, _rows(rows), column, "the cell is empty; choose a value for such rows")
        for column in ("sector", "kind")
        if len(rows := reading.good.loc[sites[column].isna(), "row"])
    ]
    if faults:
        raise DataError(faults)
    stated = sites["status"] != "unknown"
    sites["status_date"] = sites["status_date"].astype(object)
    sites.loc[stated & sites["status_date"].isna(), "status_date"] = date.isoformat()
    for known, meaning in (("year", "year_meaning"), ("capacity", "capacity_meaning")):
        sites[meaning] = sites[meaning].astype(object)
        sites.loc[sites[known].notna() & sites[meaning].isna(), meaning] = "unclear"
    return OwnSites(file, date, sites)


def _rows(rows: pd.Series) -> str:
    """Name rows by their numbers: the first ones, and how many more there are."""
    first = ", ".join(str(int(row)) for row in rows.head(_NAMED_ROWS))
    more = len(rows) - _NAMED_ROWS
    words = f"row {first}" if len(rows) == 1 else f"rows {first}"
    return f"{words} and {more} more" if more > 0 else words


def with_own_sites(province: Province, uploads: Sequence[OwnSites]) -> Province:
    """Return ``province`` with the sites of ``uploads`` beside its own.

    Files of one name and day replace each other, the last one stays. Raises ``CrsError`` for
    sites in another CRS, ``DataError`` for a sector, a kind, a unit of capacity or a city that the
    province lacks.
    """
    latest = {own.source.id: own for own in uploads}
    for own in latest.values():
        province = _joined(province, own)
    return province


def _joined(province: Province, own: OwnSites) -> Province:
    require_geographic(own.sites, own.file)
    _check(province, own)
    sites = own.sites.copy()
    ids = site_ids(pd.RangeIndex(1, len(sites) + 1), province)
    sites["id"] = ids
    sites["sources"] = own.source.id
    sites.index = pd.Index(ids)
    base = province.sites.drop(columns="company", errors="ignore")
    parts = [base, sites] if len(base) else [sites]
    # Columns of objects join columns of any kind; columns without any value have no say.
    plain = [part.drop(columns="geometry").astype(object) for part in parts]
    rows = pd.concat(plain).reindex(columns=list(SiteRow.model_fields))
    kinds = base.drop(columns="geometry").dtypes if len(base) else plain[0].dtypes
    for column, kind in kinds.items():
        rows[column] = rows[column].astype(kind)
    shapes = pd.concat([part.geometry for part in parts])
    table = gpd.GeoDataFrame(rows, geometry=shapes, crs=GEOGRAPHIC)
    marked, companies = with_companies(table, province.companies)
    sources = (*province.evidence_sources, own.source)
    return replace(province, sites=marked, companies=companies, evidence_sources=sources)


def _check(province: Province, own: OwnSites) -> None:
    sectors = {sector.id for sector in province.plan.sectors}
    known = {"kind": kind_ids(province.plan), "capacity_unit": unit_ids(province.plan)}
    faults = [
        Fault(own.file, "", column, f"unknown {column} {one!r}; choose from {', '.join(ids)}")
        for column, ids in known.items()
        for one in sorted(set(own.sites[column].dropna()) - {*ids})
    ]
    faults += [
        Fault(own.file, str(row.name_zh), "sector", f"no sector {row.sector!r} in {province.id}")
        for row in own.sites.itertuples()
        if row.sector not in sectors
    ]
    faults += [
        Fault(own.file, str(row.name_zh), "city_adcode", f"no city {row.city_adcode}")
        for row in own.sites.itertuples()
        if row.city_adcode not in province.cities.index
    ]
    if faults:
        raise DataError(faults)
