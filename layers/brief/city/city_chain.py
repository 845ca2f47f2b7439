"""Tell the chain of a city, link by link, and the worklist of what it lacks."""

from __future__ import annotations

import math

import pandas as pd

from clusters.counts import WEAK_BELOW_SITES
from clusters.evidence import site_sources
from clusters.plan import roles_of
from clusters.worklist import THIN_SITES, WorkItem
from layers.brief.city.city_case import CityCase
from layers.brief.content import (
    BriefSection,
    ContentTable,
    Statement,
    StatementList,
    TableColumn,
)
from layers.words.distance_words import measured_words

_STATES = {
    "here": "brief.chain_here",
    "within 50 km": "brief.chain_50",
    "within 100 km": "brief.chain_100",
    "lacking": "brief.chain_lacking",
}


def chain_section(case: CityCase) -> BriefSection:
    """Return the section: the links that the city has, has within reach, and lacks."""
    heading = case.say("brief.chain")
    if case.links.empty:
        blocks = (Statement(case.say("brief.no_links"), case.role_sources),)
        return BriefSection("chain", heading, blocks)
    how = measured_words(case.view.selection, case.province, case.language)
    if case.study.is_narrowed:
        how = f"{how} {case.say('chain.narrowed')}"
    lead = Statement(how, case.measured, aside=True)
    return BriefSection("chain", heading, (lead, _by_state(case), _links(case)))


def _by_state(case: CityCase) -> StatementList:
    points = []
    for state, phrase in _STATES.items():
        found = case.links[case.links["state"] == state]
        names = [case.segment_name(name) for name in found["segment"]]
        words = case.join(names) if names else case.say("brief.none")
        sources = (*case.plan_sources(case.links["sector"]), *case.measured)
        points.append(Statement(case.say(phrase, segments=words, count=len(names)), sources))
    return StatementList(tuple(points))


def _links(case: CityCase) -> ContentTable:
    rows, sources = [], []
    for row in case.links.itertuples():
        known = isinstance(row.nearest, str)
        away = known and not row.sites
        rows.append(
            (
                case.segment_name(row.segment),
                case.sector_name(row.sector),
                case.say(f"chain.state_{row.state.replace(' ', '_')}"),
                case.number(int(row.sites)),
                _place(case, row.nearest) if away else "–" if known else case.nowhere,
                case.number(row.distance_km) if away else "–",
            )
        )
        sources.append(best_source(case, row.nearest) if known else case.counted)
    columns = (
        TableColumn(case.say("chain.segment"), 2.2),
        TableColumn(case.say("chain.sector"), 1.7),
        TableColumn(case.say("chain.state"), 1.8),
        TableColumn(case.say("brief.listed"), 0.9, numeric=True),
        TableColumn(case.say("chain.nearest"), 3.4),
        TableColumn(case.say("brief.distance"), 1.3, "km", numeric=True),
    )
    return ContentTable(
        case.say("brief.chain_caption", city=case.name, basis=case.basis),
        columns,
        tuple(rows),
        case.measured,
        tuple(sources),
        note=case.say("brief.chain_note"),
    )


def _place(case: CityCase, site: str) -> str:
    city = case.city_name(int(case.province.sites.at[site, "city_adcode"]))
    return case.say("label.note", text=case.holder_name(site), note=city)


def best_source(case: CityCase, site: str) -> tuple[str, ...]:
    """Return the id of the most trusted source of a site."""
    return (site_sources(case.province, site)[0].id,)


def worklist_section(case: CityCase) -> BriefSection:
    """Return the section: each missing or thin link, who has it, how sure that is."""
    heading = case.say("brief.worklist")
    if not case.items:
        phrase = "brief.no_links" if case.links.empty else "brief.answer_no_gap"
        none = Statement(case.say(phrase), case.counted)
        return BriefSection("worklist", heading, (none,))
    missing = sum(item.gap == "missing" for item in case.items)
    lead = case.say(
        "brief.worklist_lead",
        missing=missing,
        thin=len(case.items) - missing,
        most=THIN_SITES,
    )
    how = case.say("brief.worklist_how", basis=case.basis, few=WEAK_BELOW_SITES)
    if case.study.is_narrowed:
        how = f"{case.say('brief.worklist_every')} {how}"
    blocks = (
        Statement(lead, case.counted),
        _items(case),
        Statement(how, case.measured, aside=True),
    )
    return BriefSection("worklist", heading, blocks)


def _items(case: CityCase) -> ContentTable:
    rows = tuple(
        (
            str(place),
            _link(case, item),
            _holders(case, item),
            case.number(item.density, 2),
            _candidates(case, item),
            "\n".join((_plan(case, item), _confidence(case, item))),
        )
        for place, item in enumerate(case.items, start=1)
    )
    columns = (
        TableColumn(case.say("brief.place"), 0.8, numeric=True),
        TableColumn(case.say("brief.link"), 2.3),
        TableColumn(case.say("brief.holders"), 3.4, "km"),
        TableColumn(case.say("brief.relatedness"), 1.5, numeric=True),
        TableColumn(case.say("brief.candidates"), 2.6),
        TableColumn(case.say("brief.grounds"), 3.3),
    )
    return ContentTable(
        case.say("brief.worklist_caption", city=case.name),
        columns,
        rows,
        (*case.measured, *case.role_sources),
        tuple(_sources(case, item) for item in case.items),
    )


def _sources(case: CityCase, item: WorkItem) -> tuple[str, ...]:
    own = case.sites[_of_segment(case.sites["segments"], item.segment)].index
    names = [name for site in (*own, *item.holders.index) for name in best_source(case, str(site))]
    for company in item.candidates:
        listed = case.province.companies.at[company, "sources"]
        # An owner that the list does not know has the sources of its sites alone.
        names += [] if pd.isna(listed) else str(listed).split(";")[:1]
    return tuple(dict.fromkeys((*names, *case.plan_sources([item.sector]))))


def _of_segment(joined: pd.Series, segment: str) -> pd.Series:
    found: pd.Series = joined.fillna("").str.split(";").map(lambda names: segment in names)
    return found.astype(bool)


def _link(case: CityCase, item: WorkItem) -> str:
    """Name the segment, its sector, and how it stands with it here."""
    segment, sector = case.segment_name(item.segment), case.sector_name(item.sector)
    return "\n".join((case.say("label.note", text=segment, note=sector), _gap(case, item)))


def _gap(case: CityCase, item: WorkItem) -> str:
    if item.gap == "missing":
        return case.say("brief.gap_missing")
    return case.say("brief.gap_thin", sites=item.sites, active=item.active)


def _holders(case: CityCase, item: WorkItem) -> str:
    """Name the nearest holders with their city and the way there."""
    if item.holders.empty:
        return case.say("brief.nowhere")
    named = [
        case.say(
            "brief.holder",
            site=case.site_name(str(row.Index)),
            city=case.city_name(int(row.city_adcode)),
            km=case.number(row.km),
        )
        for row in item.holders.itertuples()
    ]
    return "\n".join(named)


def _plan(case: CityCase, item: WorkItem) -> str:
    """Name the roles of the city that concern the sector; where there is none, say so."""
    roles = [
        role.name.say(case.language)
        for role in roles_of(case.province.plan, case.adcode)
        if item.sector in role.sectors
    ]
    if not roles:
        return case.say("brief.plan_named")
    return case.say("brief.plan_role", roles=case.join(roles))


def _candidates(case: CityCase, item: WorkItem) -> str:
    """Name owners of the segment elsewhere, and which of them are in the city already."""
    if not item.candidates:
        return case.say("brief.none")
    return case.join(
        case.say("brief.present", company=case.company_name(one))
        if one in item.present
        else case.company_name(one)
        for one in item.candidates
    )


def _confidence(case: CityCase, item: WorkItem) -> str:
    words = case.say(f"brief.confidence_{item.confidence}", count=item.listed)
    searched = case.province.plan.segment(item.segment).searched
    if searched is not None:
        words += case.say("brief.searched", date=searched.date)
    if not math.isnan(item.nearest_km):
        best = site_sources(case.province, str(item.holders.index[0]))[0]
        words += case.say("brief.holder_grade", grade=case.say(f"grade.{best.grade}"))
    return words
