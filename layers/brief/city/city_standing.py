"""Say where a city stands: roles, sites by sector and segment, owners, capacities, failures."""

from __future__ import annotations

from clusters.counts import WEAK_BELOW_SITES
from clusters.evidence import segment_counts
from clusters.measures import take
from clusters.plan import sector_membership
from clusters.specialisation import area_shares, location_quotient
from layers.brief.city.city_case import CityCase
from layers.brief.content import (
    Block,
    BriefSection,
    ContentTable,
    Statement,
    StatementList,
    Subheading,
    TableColumn,
)
from layers.brief.site_charts import sites_by_segment
from layers.brief.site_facts import capacity, failures, owners
from layers.words.measure_words import sample_words


def standing_section(case: CityCase) -> BriefSection:
    """Return the section: what the plan wants of the city, and what is listed there."""
    blocks: list[Block] = [Subheading(case.say("profile.roles")), _roles(case)]
    blocks.append(Subheading(case.say("brief.sites_heading")))
    if case.study.sites.empty or not case.province.plan.sectors:
        blocks.append(Statement(case.say("city.no_sites"), case.counted))
        return BriefSection("standing", case.say("brief.standing"), tuple(blocks))
    blocks += [_sample(case), _sectors(case)]
    if len(case.sites):
        chart = sites_by_segment(case, case.say("brief.city_bars", name=case.name))
        blocks += [] if chart is None else [chart]
        blocks += [_segments(case), owners(case)]
        blocks += [Subheading(case.say("brief.capacity_heading")), *capacity(case)]
        blocks += [Subheading(case.say("brief.failures_heading")), failures(case)]
    return BriefSection("standing", case.say("brief.standing"), tuple(blocks))


def _roles(case: CityCase) -> Statement | StatementList:
    if not case.province.plan.roles:
        return Statement(case.say("brief.no_plan"))
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
        TableColumn(case.say("brief.sample"), 1.6),
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
