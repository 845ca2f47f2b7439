"""Answer the question of a city's brief in three sentences: where it stands, what it has, lacks."""

from __future__ import annotations

import math

from clusters.measures import take
from clusters.worklist import WorkItem
from layers.brief.city.city_case import CityCase
from layers.brief.content import Statement
from layers.words.plan_words import map_title

_NAMED = 3


def question(case: CityCase) -> str:
    """Return the question that the brief answers."""
    industry = case.province.plan.industry
    if industry is None:
        return case.say("brief.question_any", city=case.name)
    return case.say("brief.question", city=case.name, industry=industry.say(case.language))


def title(case: CityCase) -> str:
    """Return the title of the brief."""
    return case.say("brief.title", name=case.name, map=map_title(case.province, case.language))


def answer(case: CityCase) -> tuple[Statement, ...]:
    """Return the three sentences; two where the plan names no links, so that none is lacking."""
    if case.links.empty:
        return (*case.scope(), _standing(case), _chain(case))
    return (*case.scope(), _standing(case), _chain(case), _first_steps(case))


def _standing(case: CityCase) -> Statement:
    """Say how many sites there are, which place that is, of which sector most, which roles."""
    told = _roles(case)
    counts = case.study.counts().loc[case.adcode]
    sites, total = len(case.sites), len(case.study.sites)
    if not total:
        words = case.say("brief.answer_no_site_at_all")
        return Statement(words + told, (*case.counted, *case.role_sources))
    if not sites:
        words = case.say("brief.answer_no_site", city=case.name, total=case.number(total))
        return Statement(words + told, (*case.counted, *case.role_sources))
    ranks = take(case.province, case.view.selection, "sites").values.rank(
        ascending=False, method="min"
    )
    most = counts.index[counts == counts.max()]
    words = case.say(
        "brief.answer_sites",
        city=case.name,
        sites=case.number(sites),
        total=case.number(total),
        share=case.number(100 * sites / total, 1),
        rank=int(ranks[case.adcode]),
        count=len(ranks),
        sectors=case.join([case.sector_name(name) for name in most]),
        most=case.number(int(counts.max())),
    )
    return Statement(words + told, (*case.counted, *case.role_sources))


def _roles(case: CityCase) -> str:
    if not case.province.plan.roles:
        return case.say("brief.answer_no_plan")
    roles = case.join(role.name.say(case.language) for role in case.roles)
    return (
        case.say("brief.answer_roles", roles=roles) if roles else case.say("brief.answer_no_role")
    )


def _chain(case: CityCase) -> Statement:
    """Say of how many links the city has a site, how many are near, how many are neither."""
    states = case.links["state"].value_counts()
    if case.links.empty:
        return Statement(case.say("brief.no_links"), case.role_sources)
    near = int(states.get("within 50 km", 0) + states.get("within 100 km", 0))
    words = case.say(
        "brief.answer_chain",
        total=len(case.links),
        here=int(states.get("here", 0)),
        near=near,
        lacking=int(states.get("lacking", 0)),
        basis=case.basis,
    )
    return Statement(words, (*case.plan_sources(case.links["sector"]), *case.measured))


def _first_steps(case: CityCase) -> Statement:
    """Name what stands first on the worklist, and who has it nearest."""
    if not case.items:
        return Statement(case.say("brief.answer_no_gap"), case.counted)
    first = case.items[0]
    names = case.join([case.segment_name(item.segment) for item in case.items[:_NAMED]])
    words = case.say("brief.answer_first", segments=names, related=_relatedness(case, first))
    return Statement(words + _nearest(case, first), (*case.counted, *case.measured))


def _relatedness(case: CityCase, item: WorkItem) -> str:
    name = case.segment_name(item.segment)
    if math.isnan(item.density):
        return case.say("brief.related_unknown", segment=name)
    return case.say("brief.related", segment=name, density=case.number(item.density, 2))


def _nearest(case: CityCase, item: WorkItem) -> str:
    if item.holders.empty:
        return case.say("brief.answer_no_holder")
    site = str(item.holders.index[0])
    return case.say(
        "brief.answer_holder",
        site=case.site_name(site),
        city=case.city_name(int(item.holders.at[site, "city_adcode"])),
        km=case.number(item.nearest_km),
        basis=case.basis,
    )
