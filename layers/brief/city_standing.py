"""Say where a city stands: roles, sites by sector and segment, owners, capacities, failures."""

from __future__ import annotations

import pandas as pd

from clusters.companies import owners_by_city
from clusters.counts import WEAK_BELOW_SITES
from clusters.evidence import segment_counts
from clusters.measures import take
from clusters.plan import sector_membership
from clusters.specialisation import area_shares, location_quotient
from clusters.worklist import ENDED
from data.text import day
from layers.brief.city_case import CityCase
from layers.brief.content import (
    Block,
    BriefSection,
    ContentTable,
    Statement,
    StatementList,
    Subheading,
    TableColumn,
)
from layers.words.measure_words import sample_words
from layers.words.plan_words import unit_name

_OWNERS_NAMED = 8


def standing_section(case: CityCase) -> BriefSection:
    """Return the section: what the plan wants of the city, and what is listed there."""
    blocks: list[Block] = [
        Subheading(case.say("profile.roles")),
        _roles(case),
        Subheading(case.say("brief.sites_heading")),
        _sample(case),
        _sectors(case),
    ]
    if len(case.sites):
        blocks += [_segments(case), _owners(case)]
    blocks += [Subheading(case.say("brief.capacity_heading")), *_capacity(case)]
    blocks += [Subheading(case.say("brief.failures_heading")), _failures(case)]
    return BriefSection("standing", case.say("brief.standing"), tuple(blocks))


def _roles(case: CityCase) -> Statement | StatementList:
    if not case.roles:
        return Statement(case.say("profile.no_role"), case.role_sources)
    points = []
    for role in case.roles:
        words = case.say(
            "label.value", label=role.name.say(case.language), value=role.aim.say(case.language)
        )
        notes = [role.note.say(case.language)] if role.note else []
        notes += [case.say("profile.open_list")] if role.open_list else []
        words = case.say("brief.with_notes", text=words, notes=case.say("brief.space").join(notes))
        points.append(Statement(words.strip(), role.sources))
    return StatementList(tuple(points))


def _sample(case: CityCase) -> Statement:
    measure = take(case.province, case.view.selection, "sites").measure
    return Statement(sample_words(case.province, measure, case.language), case.counted, aside=True)


def _sectors(case: CityCase) -> ContentTable:
    """Count sites by sector, with their share of the province and how special that is."""
    counts = case.study.counts(every=True)
    own = counts.loc[case.adcode]
    shares = area_shares(counts).loc[case.adcode]
    quotients = location_quotient(counts).loc[case.adcode]
    planned = sector_membership(case.province).loc[case.adcode]
    sectors = [one.id for one in case.province.plan.sectors]
    rows = tuple(
        (
            case.sector_name(name),
            case.say("brief.yes" if planned[name] else "brief.no"),
            case.number(int(own[name])),
            case.number(100 * shares[name], 1),
            case.number(quotients[name], 2),
            case.say("brief.sample_weak" if own[name] < WEAK_BELOW_SITES else "brief.sample_fair"),
        )
        for name in sectors
    )
    columns = (
        TableColumn(case.say("chain.sector"), 2.6),
        TableColumn(case.say("brief.role_concerns"), 1.6),
        TableColumn(case.say("brief.listed"), 1.2, numeric=True),
        TableColumn(case.say("brief.share"), 1.6, "%", numeric=True),
        TableColumn(case.say("measure.location-quotient.name"), 1.5, numeric=True),
        TableColumn(case.say("measures.weak"), 1.6),
    )
    return ContentTable(
        case.say("brief.sectors_caption", city=case.name),
        columns,
        rows,
        (*case.counted, *case.role_sources),
        note=case.say("brief.sectors_note", few=WEAK_BELOW_SITES),
    )


def _segments(case: CityCase) -> ContentTable:
    """Count sites by segment, in the city and in the province, in the order of the plan."""
    own, every = segment_counts(case.sites), segment_counts(case.study.sites)
    listed = [one for one in case.province.plan.segments() if one.id in own.index]
    rows = [
        (
            case.segment_name(one.id),
            case.sector_name(case.province.plan.sector_of_segment(one.id).id),
            case.say("brief.yes" if one.named else "brief.no"),
            case.number(int(own[one.id])),
            case.number(int(every[one.id])),
        )
        for one in listed
    ]
    without = int(case.sites["segments"].isna().sum())
    if without:
        of_all = int(case.study.sites["segments"].isna().sum())
        rows.append(
            (
                case.say("answer.no_segment"),
                case.say("brief.any_sector"),
                case.say("brief.no"),
                case.number(without),
                case.number(of_all),
            )
        )
    columns = (
        TableColumn(case.say("chain.segment"), 3.0),
        TableColumn(case.say("chain.sector"), 2.4),
        TableColumn(case.say("brief.named"), 1.5),
        TableColumn(case.say("brief.listed_here"), 1.5, numeric=True),
        TableColumn(case.say("brief.listed_province"), 1.5, numeric=True),
    )
    return ContentTable(
        case.say("brief.segments_caption", city=case.name),
        columns,
        tuple(rows),
        (*case.counted, *case.plan_sources(one.id for one in case.province.plan.sectors)),
        note=case.say("brief.segments_note"),
    )


def _owners(case: CityCase) -> Statement:
    """Say how many companies own the sites, and which own more than one."""
    companies = case.sites["company"].dropna().value_counts()
    count = int(owners_by_city(case.sites).get(case.adcode, 0))
    unknown = int(case.sites["company"].isna().sum())
    several = companies[companies > 1]
    words = case.say(
        "brief.owners", sites=case.sites_words(len(case.sites) - unknown), owners=case.number(count)
    )
    if len(several):
        named = [
            case.say("label.note", text=case.company_name(str(name)), note=case.number(int(sites)))
            for name, sites in several.head(_OWNERS_NAMED).items()
        ]
        words += case.say("brief.owners_several", companies=case.join(named))
    if unknown:
        words += case.say("brief.owners_unknown", sites=case.sites_words(unknown))
    return Statement(words, case.counted)


def _capacity(case: CityCase) -> list[Block]:
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
        sources.append(site_source_names(part))
        rows.append(
            (
                unit_name(case.province, str(row.capacity_unit), case.language),
                case.say(f"capacity.{row.capacity_meaning}"),
                case.say(f"status.{row.status}"),
                amount(case, float(row.sum)),
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
    caption = case.say("brief.capacity_caption", city=case.name)
    table = ContentTable(
        caption,
        columns,
        tuple(rows),
        row_sources=tuple(sources),
        note=case.say("brief.capacity_note"),
    )
    return [lead, table]


def amount(case: CityCase, value: float) -> str:
    """Write a capacity, with two decimals at most and none that are zero."""
    decimals = len(f"{value:.2f}".rstrip("0").partition(".")[2])
    return case.number(value, decimals)


def site_source_names(sites: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of the sources of sites, each once."""
    return tuple(dict.fromkeys(name for joined in sites["sources"] for name in joined.split(";")))


def _failures(case: CityCase) -> Statement | StatementList:
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
        for row in ended.itertuples()
    ]
    return StatementList(tuple(points))
