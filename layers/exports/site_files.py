"""Write a list of sites as a file to take away: CSV, or a workbook with what was asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import geopandas as gpd
import pandas as pd

from clusters.area_of_interest import site_positions
from clusters.matching import matching
from data.loader import Province
from data.text import say
from layers.exports.workbook_file import TwinTable, WorkbookParts, workbook_of
from layers.specification.view import View
from layers.tables.front_sheet import list_front
from layers.tables.raw_rows import site_rows, source_rows
from layers.tables.read_sites import sites_to_read
from layers.tables.read_sources import CitedSources, source_ids
from layers.tables.site_list import headed, list_data, site_list
from layers.tables.spreadsheet_text import csv_of

SITE_FILES = ("csv", "xlsx")
"""The formats of a list of sites."""


def site_file(
    view: View,
    province: Province,
    form: str,
    only: Collection[str] | None = None,
    link: str | None = None,
) -> bytes:
    """Return the sites that match a view's filters as a file of one of ``SITE_FILES``.

    ``only`` are ids of those of them that are wanted, in their order; ``None`` takes all.
    ``link`` is the address of the view.
    """
    sites = matching(province, view.selection).sites
    if only is not None:
        sites = sites.loc[[name for name in only if name in sites.index]]
    if form == "csv":
        listed = site_list(sites, province, view.language, view.selection.area)
        beside = list_data(sites, view.language)
        return csv_of(pd.concat([headed(listed, view.language), beside], axis=1))
    said = say("answer.list" if only is None else "answer.ticked", view.language, count=len(sites))
    return workbook_of(_parts(sites, province, view, said, link))


def _parts(
    sites: gpd.GeoDataFrame, province: Province, view: View, said: str, link: str | None
) -> WorkbookParts:
    language, date = view.language, dt.date.today()
    ids = tuple(dict.fromkeys(name for cell in sites["sources"] for name in source_ids(cell)))
    cited = CitedSources(province, ids, language)
    rows, area = site_rows(sites, province).drop(columns="geometry"), view.selection.area
    if area is not None:
        rows = rows.assign(in_area=site_positions(province, area).reindex(sites.index).to_numpy())
    listed = sites_to_read(rows, province, language, cited, lead="sheet_lead.listed_sites")
    sources = cited.table()
    return WorkbookParts(
        language=language,
        date=date,
        subject=say("answer.title", language),
        front=list_front(view, province, said, date, link),
        tables=(listed, sources),
        twins=(
            TwinTable("sites", listed.name, rows),
            TwinTable("sources", sources.name, source_rows(ids, province, language)),
        ),
    )
