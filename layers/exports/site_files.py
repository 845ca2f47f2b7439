"""Write a list of sites as a file to take away: CSV, or a workbook with what was asked."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from clusters.matching import matching
from data.loader import Province
from data.own.own_source import own_sources
from data.text import join, say
from layers.exports.xlsx import workbook_of
from layers.specification.view import View
from layers.tables.site_list import headed, site_list
from layers.tables.spreadsheet_text import csv_of
from layers.words.matching_words import describe_selection, matching_sentence
from layers.words.plan_words import map_title

SITE_FILES = ("csv", "xlsx")
"""The formats of a list of sites."""


def site_file(
    view: View, province: Province, form: str, only: Collection[str] | None = None
) -> bytes:
    """Return the sites that match a view's filters as a file of one of ``SITE_FILES``.

    ``only`` are ids of those of them that are wanted, in their order; ``None`` takes all.
    """
    sites = matching(province, view.selection).sites
    if only is not None:
        sites = sites.loc[[name for name in only if name in sites.index]]
    listed = site_list(sites, province, view.language, view.selection.area)
    table = headed(listed, view.language)
    if form == "csv":
        return csv_of(table)
    language = view.language
    title = map_title(province, language)
    sheets = {
        say("sheet.sites", language): table,
        say("sheet.sources", language): _sources(sites, province, view),
        say("sheet.about", language): _about(title, len(sites), only is not None, province, view),
    }
    return workbook_of(sheets, title=title, subject=say("answer.title", language))


def _about(title: str, count: int, is_part: bool, province: Province, view: View) -> pd.DataFrame:
    """Say what was asked, and what the list rests on."""
    language, selection = view.language, view.selection
    filters = describe_selection(selection, province, language)
    own = [f"{one.publisher} ({one.date})" for one in own_sources(province)]
    lines = [
        title,
        say("map.filtered", language, filters=filters) if filters else "",
        matching_sentence(selection, province, language),
        say("answer.ticked" if is_part else "answer.list", language, count=count),
        say("own.note", language, files=join(own, language)) if own else "",
        say("profile.sample", language),
    ]
    return pd.DataFrame({say("sheet.about", language): [line for line in lines if line]})


def _sources(sites: pd.DataFrame, province: Province, view: View) -> pd.DataFrame:
    names = dict.fromkeys(name for joined in sites["sources"] for name in joined.split(";"))
    found = [province.sources[name] for name in names]
    language = view.language
    rows = [
        (one.title.say(language), one.publisher, one.date or "", one.grade, one.address)
        for one in found
    ]
    heads = ("title", "publisher", "date", "grade", "address")
    return pd.DataFrame(rows, columns=[say(f"sources.{head}", language) for head in heads])
