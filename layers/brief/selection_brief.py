"""Write the brief of whatever a selection finds: an area, a company, a status, plants of a kind."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import pandas as pd

from clusters.area_links import asked_segments, lacking_in_area
from clusters.area_of_interest import AreaOfInterest, area_km2, site_positions
from clusters.area_population import area_population
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
from layers.brief.unknown_points import unknown_section
from layers.compose import compose
from layers.specification.view import View
from layers.words.area_words import about_residents, positions_counted, residents_note


class SelectionCase(FoundCase):
    """What a selection finds, in an area where it names one."""

    @property
    def area(self) -> AreaOfInterest | None:
        """The area that is asked about."""
        return self.view.selection.area

    @property
    def short_name(self) -> str:
        """What captions call it: an area has a name that is too long for them."""
        return self.name if self.area is None else self.say("brief.area_short")

    @cached_property
    def lacking(self) -> pd.DataFrame:
        """What ``lacking_in_area`` tells of the area; empty without one."""
        if self.area is None:
            return pd.DataFrame(columns=["segment", "nearest", "distance_km"])
        return lacking_in_area(self.province, self.view.selection, self.area)

    @property
    def asked(self) -> list[str]:
        """The ids of the segments that the plan names, of those asked for."""
        return asked_segments(self.province, self.view.selection)

    @property
    def positions(self) -> pd.Series:
        """Whether each of the sites is in the area, by id: values of ``Position``."""
        if self.area is None:
            return pd.Series("inside", index=self.sites.index, dtype=object)
        return site_positions(self.province, self.area).reindex(self.sites.index)

    @property
    def plan_names(self) -> tuple[str, ...]:
        """The ids of the sources of the segments that the plan names."""
        return self.plan_sources(one.id for one in self.province.plan.sectors)


def selection_brief(view: View, province: Province, date: dt.date) -> BriefOutline:
    """Outline the brief of what the selection of a view finds."""
    case = SelectionCase(view, province, date)
    language = view.language
    parts = {
        "answer": lambda: BriefSection("answer", case.say("brief.answer"), _answer(case)),
        "map": lambda: BriefSection("map", case.say("page.map"), (_map(case),)),
        "standing": lambda: BriefSection("standing", case.say("brief.standing"), _standing(case)),
        "unknown": lambda: unknown_section(case, *_unsure(case)),
        "sites": lambda: sites_section(
            case.sites, province, language, of_cities=True, area=case.area
        ),
    }
    if case.area is not None and case.asked:
        heading = case.say("brief.area_links")
        parts["chain"] = lambda: BriefSection("chain", heading, _links(case))
    phrase = "brief.selection_question" if case.area is None else "brief.area_question"
    return BriefOutline(
        title=case.say("brief.title", name=case.name),
        subtitle=case.subtitle(""),
        question=case.say(phrase, name=case.name),
        parts={name: parts[name] for name in _ORDER if name in parts},
    )


_ORDER = ("answer", "map", "standing", "chain", "unknown", "sites")


def _answer(case: SelectionCase) -> tuple[Statement, ...]:
    told = [_found(case), *_positions(case)]
    if case.area is not None and case.asked:
        told.append(_lacks(case))
    return tuple(told)


def _found(case: SelectionCase) -> Statement:
    counts = case.found.by_city
    here = counts[counts > 0]
    if here.empty:
        return Statement(case.say("brief.selection_none", name=case.name), case.counted)
    words = case.say(
        "brief.sector_sites" if case.area is None else "brief.area_sites",
        name=case.name,
        sites=case.sites_words(len(case.sites)),
        cities=len(here),
        total=len(counts),
        most=case.join(case.city_name(int(one)) for one in here.index[here == here.max()]),
        count=case.number(int(here.max())),
    )
    return Statement(words, case.counted)


def _positions(case: SelectionCase) -> list[Statement]:
    """Say how large an area is, and how many of its sites are surely and perhaps inside."""
    if case.area is None:
        return []
    counts = positions_counted(case.found, case.area, case.province)
    words = case.say(
        "brief.area_positions",
        area=case.number(area_km2(case.province, case.area)),
        inside=case.number(counts["inside"]),
        perhaps=case.number(counts["perhaps"]),
    )
    return [Statement(words, case.counted)]


def _residents(case: SelectionCase) -> list[Statement]:
    """Say about how many people live in an area, and how that was estimated."""
    found = None if case.area is None else area_population(case.province, case.area)
    if found is None:
        return []
    words = case.say(
        "brief.area_residents",
        about=about_residents(found, case.language),
        note=residents_note(found, case.province, case.language),
    )
    return [Statement(words, found.sources)]


def _lacks(case: SelectionCase) -> Statement:
    """Say of how many links an area has a site surely, of how many perhaps, and which it lacks."""
    sure = case.sites[case.positions == "inside"]
    held = {name for joined in sure["segments"].dropna() for name in joined.split(";")}
    asked, lacking = case.asked, [str(one) for one in case.lacking["segment"]]
    inside = sum(one in held for one in asked)
    words = case.say(
        "brief.area_links_told",
        total=len(asked),
        inside=inside,
        perhaps=len(asked) - inside - len(lacking),
        count=len(lacking),
        segments=case.join([case.segment_name(one) for one in lacking] or [case.say("brief.none")]),
    )
    return Statement(words, (*case.plan_names, *case.counted))


def _map(case: SelectionCase) -> ContentPicture:
    return map_picture(
        case,
        compose(case.view, case.province),
        "brief.selection_map_alternative",
        extent="province" if case.area is None else "selection",
    )


def _standing(case: SelectionCase) -> tuple[Block, ...]:
    if case.sites.empty:
        none = Statement(case.say("brief.selection_none", name=case.name), case.counted)
        return (none, *_residents(case))
    return (*_residents(case), _cities(case), *found_blocks(case))


def _cities(case: SelectionCase) -> ContentTable:
    """Count the sites by city, those with most first; in an area, the sure and the others."""
    counts = case.found.by_city.sort_values(ascending=False, kind="stable")
    counts = counts[counts > 0]
    total = int(counts.sum())
    columns = [
        TableColumn(case.say("chain.city"), 2.0),
        TableColumn(case.say("brief.listed"), 1.2, numeric=True),
        TableColumn(case.say("brief.share_of_these"), 1.6, "%", numeric=True),
    ]
    positions = None if case.area is None else case.positions
    if positions is not None:
        columns += [
            TableColumn(case.say("area.inside"), 1.4, numeric=True),
            TableColumn(case.say("area.perhaps"), 1.4, numeric=True),
        ]
    rows = []
    for adcode, count in counts.items():
        row = [
            case.city_name(int(adcode)),
            case.number(int(count)),
            case.number(100 * count / total, 1),
        ]
        if positions is not None:
            own = positions[case.sites["city_adcode"] == adcode]
            row += [case.number(int((own == one).sum())) for one in ("inside", "perhaps")]
        rows.append(tuple(row))
    return ContentTable(
        case.say("brief.cities_caption", name=case.short_name),
        tuple(columns),
        tuple(rows),
        case.counted,
        note="" if positions is None else case.say("area.perhaps_note"),
    )


def _links(case: SelectionCase) -> tuple[Block, ...]:
    """Tell of each link that an area lacks who has it nearest."""
    if case.lacking.empty:
        words = case.say("brief.area_complete", total=len(case.asked))
        return (Statement(words, (*case.plan_names, *case.counted)),)
    rows = tuple(
        (
            case.segment_name(str(row.segment)),
            *_holder(case, row.nearest),
            case.number(float(row.distance_km)),
        )
        for row in case.lacking.itertuples()
    )
    columns = (
        TableColumn(case.say("chain.segment"), 2.2),
        TableColumn(case.say("brief.area_nearest"), 3.4),
        TableColumn(case.say("chain.city"), 1.4),
        TableColumn(case.say("brief.distance"), 1.2, "km", numeric=True),
    )
    table = ContentTable(
        case.say("area.lacking"),
        columns,
        rows,
        (*case.plan_names, *case.counted, *case.measured),
        note=case.say(f"area.lacking_{case.distance_basis}"),
    )
    return (table,)


def _holder(case: SelectionCase, site: object) -> tuple[str, str]:
    """Name a site and its city."""
    if site is None or pd.isna(site):
        return (case.nowhere, case.say("brief.none"))
    name = str(site)
    city = int(case.province.sites.at[name, "city_adcode"])
    return (case.holder_name(name), case.city_name(city))


def _unsure(case: SelectionCase) -> list[Statement]:
    if case.area is None:
        return []
    perhaps = positions_counted(case.found, case.area, case.province)["perhaps"]
    if not perhaps:
        return []
    words = case.say("brief.area_unsure", count=perhaps, total=len(case.sites))
    return [Statement(words, case.counted)]
