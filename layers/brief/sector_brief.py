"""Write the brief of sectors and segments: where they stand, who has them, who is far from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from clusters.chain import LINK_STATES
from clusters.distances.nearest import site_distances
from data.loader import Province
from layers.brief.back_matter import sites_section
from layers.brief.brief_map import map_picture
from layers.brief.content import (
    Block,
    BriefOutline,
    BriefSection,
    ContentPicture,
    ContentTable,
    Statement,
    TableColumn,
)
from layers.brief.found_case import FoundCase, found_blocks
from layers.brief.site_charts import sites_by_city
from layers.brief.unknown_points import unknown_section
from layers.compose import compose
from layers.specification.view import View
from layers.words.distance_words import measured_words


@dataclass(frozen=True, eq=False)
class SectorCase(FoundCase):
    """The sectors and segments that a view asks for, with its other filters."""

    @cached_property
    def links(self) -> pd.DataFrame:
        """What ``chain_links`` tells of the segments asked for, in the cities asked for."""
        links = self.asked_links()
        return links[links["city_adcode"].isin(self.found.scope)]

    @property
    def plan_names(self) -> tuple[str, ...]:
        """The ids of the sources of what the plan says of the sectors asked for."""
        sectors = self.study.sectors or {one.id for one in self.province.plan.sectors}
        return self.plan_sources(sectors)


def sector_brief(view: View, province: Province, date: dt.date) -> BriefOutline:
    """Outline the brief of the sectors and segments that a view asks for."""
    case = SectorCase(view, province, date)
    language = view.language
    return BriefOutline(
        title=case.say("brief.title", name=case.name),
        subtitle=case.subtitle(""),
        question=case.say("brief.sector_question", name=case.name),
        parts={
            "answer": lambda: BriefSection("answer", case.say("brief.answer"), _answer(case)),
            "map": lambda: BriefSection("map", case.say("page.map"), (_map(case),)),
            "standing": lambda: BriefSection(
                "standing", case.say("brief.standing"), _standing(case)
            ),
            "chain": lambda: BriefSection("chain", case.say("brief.reach"), _reach(case)),
            "unknown": lambda: unknown_section(case),
            "sites": lambda: sites_section(
                case.sites, province, language, of_cities=True, area=view.selection.area
            ),
        },
    )


def _answer(case: SectorCase) -> tuple[Statement, ...]:
    counts = case.found.by_city
    here = counts[counts > 0]
    if here.empty:
        none = case.say("brief.sector_none", name=case.name, total=len(counts))
        return (Statement(none, case.counted), _planned(case))
    most = here.index[here == here.max()]
    words = case.say(
        "brief.sector_sites",
        name=case.name,
        sites=case.sites_words(len(case.sites)),
        cities=len(here),
        total=len(counts),
        most=case.join(case.city_name(int(adcode)) for adcode in most),
        count=case.number(int(here.max())),
    )
    return (Statement(words, case.counted), _planned(case), _farthest(case))


def _planned(case: SectorCase) -> Statement:
    """Say which cities the plan names, and which of these have no site."""
    planned = case.found.planned or ()
    if not planned:
        return Statement(case.say("brief.sector_unplanned", name=case.name), case.plan_names)
    without = [adcode for adcode in planned if case.found.by_city[adcode] == 0]
    words = case.say(
        "brief.sector_planned", cities=case.join(case.city_name(one) for one in planned)
    )
    phrase = "brief.sector_planned_without" if without else "brief.sector_planned_all"
    words += case.say(phrase, cities=case.join(case.city_name(one) for one in without))
    return Statement(words, (*case.plan_names, *case.counted))


def _nearest(case: SectorCase) -> pd.Series:
    """Return the way from each city without a site to the nearest site asked for, in km."""
    counts, by_line = case.found.by_city, case.view.selection.by_line
    without = [int(adcode) for adcode in counts.index[counts == 0]]
    ways = {
        city: site_distances(case.province, case.sites, city, by_line=by_line).min()
        for city in without
    }
    return pd.Series(ways, dtype=float)


def _farthest(case: SectorCase) -> Statement:
    counts = case.found.by_city
    without = counts.index[counts == 0]
    nearest = _nearest(case).dropna()
    if len(without) == 0:
        return Statement(case.say("brief.sector_everywhere", total=len(counts)), case.counted)
    words = case.say(
        "brief.sector_without",
        count=len(without),
        cities=case.join(case.city_name(int(adcode)) for adcode in without),
    )
    if len(nearest):
        words += case.say(
            "brief.sector_farthest",
            city=case.city_name(int(nearest.idxmax())),
            km=case.number(float(nearest.max())),
            basis=case.basis,
        )
    return Statement(words, (*case.counted, *case.measured))


def _map(case: SectorCase) -> ContentPicture:
    return map_picture(
        case,
        compose(case.view, case.province),
        "brief.sector_map_alternative",
        extent="province",
        cities=len(case.found.cities),
    )


def _standing(case: SectorCase) -> tuple[Block, ...]:
    counts = case.found.by_city.sort_values(ascending=False, kind="stable")
    chart = sites_by_city(case, [*counts.index], case.say("brief.cities_bars", name=case.name))
    return (*([] if chart is None else [chart]), _cities(case), *found_blocks(case))


def _cities(case: SectorCase) -> ContentTable:
    """Count the sites by city, those with most first."""
    counts = case.found.by_city.sort_values(ascending=False, kind="stable")
    total, planned = int(counts.sum()), set(case.found.planned or ())
    nearest = _nearest(case)
    rows = tuple(
        (
            case.city_name(int(adcode)),
            case.number(int(count)),
            case.number(100 * count / total, 1) if total else case.say("measures.missing"),
            case.say("brief.yes" if adcode in planned else "brief.no"),
            "–" if count else case.number(nearest.get(adcode, float("nan"))),
        )
        for adcode, count in counts.items()
    )
    columns = (
        TableColumn(case.say("chain.city"), 2.0),
        TableColumn(case.say("brief.listed"), 1.2, numeric=True),
        TableColumn(case.say("brief.share_of_these"), 1.6, "%", numeric=True),
        TableColumn(case.say("brief.role_concerns"), 1.8),
        TableColumn(case.say("brief.nearest_distance"), 2.0, "km", numeric=True),
    )
    return ContentTable(
        case.say("brief.cities_caption", name=case.name),
        columns,
        rows,
        (*case.counted, *case.plan_names, *case.measured),
        note=measured_words(case.view.selection, case.province, case.language),
    )


def _reach(case: SectorCase) -> tuple[Block, ...]:
    """Say of each segment how many cities have it, have it near, or lack it."""
    if case.links.empty:
        return (Statement(case.say("brief.no_links"), case.plan_names),)
    rows = []
    for segment, part in case.links.groupby("segment", sort=False):
        states = part["state"].value_counts()
        lacking = part.loc[part["state"] == LINK_STATES[-1], "city_adcode"]
        names = case.join(case.city_name(int(adcode)) for adcode in lacking)
        rows.append(
            (
                case.segment_name(str(segment)),
                *(case.number(int(states.get(state, 0))) for state in LINK_STATES[:3]),
                names or case.say("brief.none"),
            )
        )
    columns = (
        TableColumn(case.say("chain.segment"), 2.2),
        TableColumn(case.say("brief.cities_here"), 1.2, numeric=True),
        TableColumn(case.say("brief.cities_50"), 1.4, numeric=True),
        TableColumn(case.say("brief.cities_100"), 1.5, numeric=True),
        TableColumn(case.say("brief.cities_lacking"), 4.0),
    )
    how = measured_words(case.view.selection, case.province, case.language)
    table = ContentTable(
        case.say("brief.reach_caption", basis=case.basis),
        columns,
        tuple(rows),
        (*case.plan_names, *case.measured),
        note=case.say("brief.not_listed"),
    )
    return (Statement(how, case.measured, aside=True), table)
