"""Tell of sites whose they are, what they can make, and which have ended."""

from __future__ import annotations

import pandas as pd

from clusters.worklist import ENDED
from data.text import day
from layers.brief.brief_case import BriefCase
from layers.brief.content import Block, ContentTable, Statement, StatementList, TableColumn
from layers.words.plan_words import unit_name

_OWNERS_NAMED = 8
_MOST_FAILURES = 50


def owners(case: BriefCase) -> Statement:
    """Say how many companies own the sites, and which own more than one."""
    companies = case.sites["company"].dropna().value_counts()
    count = len(companies)
    unknown = int(case.sites["company"].isna().sum())
    several = companies[companies > 1]
    sites = case.sites_words(len(case.sites) - unknown)
    words = case.say("brief.owners", sites=sites, owners=_companies(case, count))
    if len(several):
        named = [
            case.say("label.note", text=case.company_name(str(name)), note=case.number(int(sites)))
            for name, sites in several.head(_OWNERS_NAMED).items()
        ]
        words += case.say("brief.owners_several", companies=case.join(named))
    if unknown:
        words += case.say("brief.owners_unknown", sites=case.sites_words(unknown))
    return Statement(words, case.counted)


def _companies(case: BriefCase, count: int) -> str:
    phrase = "brief.company" if count == 1 else "brief.companies"
    return case.say(phrase, count=case.number(count))


def capacity(case: BriefCase) -> list[Block]:
    """Sum stated capacities by unit and meaning, of the sites that go on; never mixed."""
    stated = case.sites[case.sites["capacity"].notna()]
    going_on = stated[~stated["status"].isin(ENDED)]
    without = len(case.sites) - len(stated)
    left_out = len(stated) - len(going_on)
    words = case.say("brief.capacity_without", sites=case.number(without), of=len(case.sites))
    if left_out:
        words += case.say("brief.capacity_ended", sites=case.sites_words(left_out))
    lead = Statement(words, case.counted, aside=bool(len(going_on)))
    if going_on.empty:
        return [lead]
    keys = [going_on["capacity_unit"], going_on["capacity_meaning"].fillna("unclear")]
    sums = going_on.groupby([*keys, "status"])["capacity"].agg(["sum", "size"]).reset_index()
    sums["often"] = sums.groupby("capacity_unit")["size"].transform("sum")
    ordered = sums.sort_values(
        ["often", "capacity_unit", "capacity_meaning", "status"],
        ascending=[False, True, True, True],
    )
    rows, sources = [], []
    for row in ordered.itertuples():
        same = (keys[0] == row.capacity_unit) & (keys[1] == row.capacity_meaning)
        part = going_on[same & (going_on["status"] == row.status)]
        sources.append(_source_names(part))
        rows.append(
            (
                unit_name(case.province, str(row.capacity_unit), case.language),
                case.say(f"capacity.{row.capacity_meaning}"),
                case.say(f"status.{row.status}"),
                _amount(case, float(row.sum)),
                case.number(int(row.size)),
            )
        )
    columns = (
        TableColumn(case.say("site_list.unit"), 1.8),
        TableColumn(case.say("site_list.meaning"), 1.6),
        TableColumn(case.say("site_list.status"), 1.6),
        TableColumn(case.say("brief.sum"), 1.8, numeric=True),
        TableColumn(case.say("brief.stating"), 1.2, numeric=True),
    )
    caption = case.say("brief.capacity_caption", name=case.short_name)
    table = ContentTable(
        caption,
        columns,
        tuple(rows),
        row_sources=tuple(sources),
        note=case.say("brief.capacity_note"),
    )
    return [lead, table]


def _amount(case: BriefCase, value: float) -> str:
    """Write a capacity, with two decimals at most and none that are zero."""
    decimals = len(f"{value:.2f}".rstrip("0").partition(".")[2])
    return case.number(value, decimals)


def _source_names(sites: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of the sources of sites, each once."""
    return tuple(dict.fromkeys(name for joined in sites["sources"] for name in joined.split(";")))


def failures(case: BriefCase) -> Statement | StatementList:
    """Name the sites that are suspended, closed or insolvent, with the date of that status."""
    ended = case.sites[case.sites["status"].isin(ENDED)]
    if ended.empty:
        return Statement(case.say("brief.no_failures"), case.counted)
    points = [
        Statement(
            case.say(
                "brief.failure",
                site=case.site_name(str(row.Index)),
                status=case.say(f"status.{row.status}"),
                date=case.say("brief.undated")
                if pd.isna(row.status_date)
                else day(str(row.status_date), case.language),
            ),
            tuple(str(row.sources).split(";")),
        )
        for row in ended.head(_MOST_FAILURES).itertuples()
    ]
    left_out = len(ended) - len(points)
    if left_out:
        count = case.number(left_out)
        points.append(Statement(case.say("brief.left_out", count=count), case.counted))
    return StatementList(tuple(points))
