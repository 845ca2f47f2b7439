"""Write the brief of cities that are compared: who has what, and what one has that others lack."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clusters.matching import matching
from clusters.selection import Selection
from data.errors import AtlasError
from data.loader import Province
from data.text import Language, say
from layers.brief.back_matter import sites_section
from layers.brief.brief_case import BriefCase
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
from layers.brief.site_charts import sites_by_city
from layers.brief.unknown_points import unknown_section
from layers.compose import compose
from layers.specification.map_spec import Extent, MapSpec
from layers.specification.view import View
from layers.tables.comparison_tables import WordsTable, links_compared, measures_compared
from layers.words.matching_words import describe_selection

FEWEST_CITIES = 2
_MOST_BESIDE = 7

_Compared = Callable[[Selection, Province, tuple[int, ...], Language], WordsTable]


@dataclass(frozen=True, eq=False)
class ComparisonCase(BriefCase):
    """The cities that a view compares."""

    @property
    def cities(self) -> tuple[int, ...]:
        """The adcodes of the cities, in their order."""
        return self.view.compare

    @property
    def name(self) -> str:
        """What the cities are called."""
        return self.join(self.city_name(adcode) for adcode in self.cities)

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites of the cities that the selection leaves."""
        own = replace(self.view.selection.of_measures(), cities=frozenset(self.cities))
        return matching(self.province, own).sites

    @cached_property
    def links(self) -> pd.DataFrame:
        """What ``chain_links`` tells of the cities."""
        links = self.asked_links()
        return links[links["city_adcode"].isin(self.cities)]

    @property
    def plan_names(self) -> tuple[str, ...]:
        """The ids of the sources of the links that the plan names."""
        return self.plan_sources(self.links["sector"])


def comparison_brief(view: View, province: Province, date: dt.date) -> BriefOutline:
    """Outline the brief of the cities of ``view.compare``.

    Raises ``AtlasError`` for fewer than two cities.
    """
    if len(view.compare) < FEWEST_CITIES:
        raise AtlasError(say("compare.too_few", view.language))
    case = ComparisonCase(view, province, date)
    parts = {
        "answer": lambda: BriefSection("answer", case.say("brief.answer"), _answer(case)),
        "map": lambda: BriefSection("map", case.say("page.map"), (_map(case),)),
        "measures": lambda: _measures(case),
        "chain": lambda: _tables(case, "chain", links_compared),
        "worklist": lambda: BriefSection(
            "worklist", case.say("brief.complements"), _complements(case)
        ),
        "unknown": lambda: unknown_section(case),
    }
    language = view.language
    if view.selection.filters_sites:
        parts["sites"] = lambda: sites_section(
            case.sites, province, language, of_cities=True, area=view.selection.area
        )
    filters = describe_selection(view.selection.of_measures(), province, language)
    return BriefOutline(
        title=case.say("compare.paper_title", cities=case.name),
        subtitle=case.subtitle(filters),
        question=case.say("brief.comparison_question", cities=case.name),
        parts=parts,
    )


def _answer(case: ComparisonCase) -> tuple[Statement, ...]:
    counts = case.sites["city_adcode"].value_counts().reindex(list(case.cities), fill_value=0)
    ordered = counts.sort_values(ascending=False, kind="stable")
    sites = case.say(
        "brief.comparison_sites",
        sites=case.sites_words(int(counts.sum())),
        cities=case.join(_counted(case, int(one), int(count)) for one, count in ordered.items()),
    )
    if case.links.empty:
        none = Statement(case.say("brief.no_links"), case.counted)
        return (*case.scope(), Statement(sites, case.counted), none)
    return (*case.scope(), Statement(sites, case.counted), _chain(case), _mutual(case))


def _counted(case: ComparisonCase, adcode: int, count: int) -> str:
    return case.say("label.note", text=case.city_name(adcode), note=case.number(count))


def _chain(case: ComparisonCase) -> Statement:
    """Say how many links each city has, and which none of them has."""
    has = case.links[case.links["sites"] > 0].groupby("city_adcode").size()
    total = case.links["segment"].nunique()
    sites = case.links.groupby("segment", sort=False)["sites"].sum()
    nobody = [case.segment_name(str(name)) for name in sites.index[sites == 0]]
    words = case.say(
        "brief.comparison_chain",
        total=total,
        cities=case.join(_counted(case, one, int(has.get(one, 0))) for one in case.cities),
        count=len(nobody),
        segments=case.join(nobody) if nobody else case.say("brief.none"),
    )
    return Statement(words, (*case.plan_names, *case.counted))


def _missing(case: ComparisonCase) -> pd.DataFrame:
    """Return the links of which a city has no site and another of the cities has one."""
    sites = case.links.groupby("segment")["sites"].transform("sum")
    found = case.links[(case.links["sites"] == 0) & (sites > 0)]
    order = {adcode: place for place, adcode in enumerate(case.cities)}
    return found.sort_values("city_adcode", key=lambda column: column.map(order), kind="stable")


def _mutual(case: ComparisonCase) -> Statement:
    found = _missing(case)
    far = found[found["state"] == "lacking"]
    words = case.say(
        "brief.comparison_mutual",
        count=found["segment"].nunique(),
        far=far["segment"].nunique(),
        basis=case.basis,
    )
    return Statement(words, (*case.plan_names, *case.measured))


def _map(case: ComparisonCase) -> ContentPicture:
    return map_picture(
        case,
        _compared_map(case),
        "brief.compared_map_alternative",
        extent="view",
    )


def _compared_map(case: ComparisonCase) -> MapSpec:
    """Return the map of what is asked for, around the cities that are compared."""
    wide = replace(case.view, center=None, zoom=None, profile=None, county=None, site=None)
    bounds = case.province.cities.loc[list(case.cities)].total_bounds
    west, south, east, north = (float(value) for value in bounds)
    return replace(compose(wide, case.province), extent=Extent((west, south, east, north)))


def _measures(case: ComparisonCase) -> BriefSection:
    section = _tables(case, "measures", measures_compared)
    chart = sites_by_city(case, case.cities, case.say("brief.cities_bars", name=case.name))
    return section if chart is None else replace(section, blocks=(chart, *section.blocks))


def _tables(case: ComparisonCase, name: str, compared: _Compared) -> BriefSection:
    """Return tables of words about the cities, so many beside each other as a sheet takes."""
    blocks = math.ceil(len(case.cities) / _MOST_BESIDE)
    beside = math.ceil(len(case.cities) / blocks)
    tables: list[Block] = []
    heading = ""
    asked = {case.segment_name(segment) for segment in case.view.selection.segments}
    for first in range(0, len(case.cities), beside):
        cities = case.cities[first : first + beside]
        words = compared(case.view.selection, case.province, cities, case.language)
        if asked and name == "chain":
            words = replace(words, rows=tuple(row for row in words.rows if row[0] in asked))
        heading = words.title
        tables.append(_content_table(case, words, cities))
    return BriefSection(name, heading, tuple(tables), wide=beside > _UPRIGHT)


_UPRIGHT = 4
"""How many cities beside each other an upright sheet takes."""


def _content_table(
    case: ComparisonCase, words: WordsTable, cities: tuple[int, ...]
) -> ContentTable | Statement:
    if not words.rows:
        return Statement(case.say("brief.no_links"), case.counted)
    names = case.join(case.city_name(adcode) for adcode in cities)
    return ContentTable(
        case.say("brief.compared_caption", title=words.title, cities=names),
        (
            TableColumn(words.heads[0], 3.0),
            *(TableColumn(head, 1.7) for head in words.heads[1:]),
        ),
        tuple(tuple(cell or case.nowhere for cell in row) for row in words.rows),
        words.sources,
        note=words.lead,
    )


def _complements(case: ComparisonCase) -> tuple[Block, ...]:
    """List what a city lacks and others of the cities have, with the way to the nearest site."""
    found = _missing(case)
    if found.empty:
        return (Statement(case.say("brief.no_complement"), case.counted),)
    having = case.links[case.links["sites"] > 0].groupby("segment")["city_adcode"].agg(list)
    rows = tuple(
        (
            case.city_name(int(row.city_adcode)),
            case.segment_name(row.segment),
            case.join(case.city_name(int(adcode)) for adcode in having[row.segment]),
            case.holder_name(row.nearest),
            case.number(row.distance_km),
        )
        for row in found.itertuples()
    )
    columns = (
        TableColumn(case.say("chain.city"), 1.4),
        TableColumn(case.say("brief.lacks"), 2.4),
        TableColumn(case.say("brief.have_it"), 2.6),
        TableColumn(case.say("chain.nearest"), 3.2),
        TableColumn(case.say("brief.distance"), 1.4, "km", numeric=True),
    )
    table = ContentTable(
        case.say("brief.complements_caption", basis=case.basis),
        columns,
        rows,
        (*case.plan_names, *case.measured),
        note=case.say("brief.complements_note"),
    )
    return (table,)
