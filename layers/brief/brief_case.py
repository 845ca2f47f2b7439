"""Gather what a brief is written from, once for all its sections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clusters.counts import counted_sources
from clusters.distances.nearest import distance_basis, link_sources
from clusters.study import Study, study_of
from clusters.worklist import ENDED
from data.loader import Province
from data.text import Language, day, join, number, say
from layers.brief.content import Statement
from layers.specification.view import View
from layers.words.matching_words import describe_selection


@dataclass(frozen=True, eq=False)
class BriefCase:
    """What a view asks for: its selection narrows what is told of sites."""

    view: View
    province: Province
    date: dt.date

    @property
    def name(self) -> str:
        """What the brief is about, in words."""
        raise NotImplementedError

    @property
    def short_name(self) -> str:
        """What captions call it."""
        return self.name

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites that the brief tells of, with the columns of ``SiteRow``."""
        raise NotImplementedError

    @property
    def language(self) -> Language:
        """The language of the brief."""
        return self.view.language

    @cached_property
    def study(self) -> Study:
        """What is measured: the selection, whatever cities it chooses."""
        return study_of(self.province, self.view.selection)

    def asked_links(self) -> pd.DataFrame:
        """Return what ``chain_links`` tells of the segments asked for, of all cities."""
        links, asked = self.study.links(), self.view.selection.segments
        return links[links["segment"].isin(asked)] if asked else links

    def scope(self) -> tuple[Statement, ...]:
        """Say which sites are told of, where the selection leaves some of them out."""
        selection = self.view.selection.of_measures()
        if not selection.filters_sites:
            return ()
        words = self.say(
            "brief.scope",
            filters=describe_selection(selection, self.province, self.language),
            count=self.number(len(self.study.sites)),
            total=self.number(len(self.province.sites)),
        )
        return (Statement(words, self.counted),)

    @property
    def nowhere(self) -> str:
        """What stands in place of a site where there is none."""
        return self.say("brief.nowhere_narrowed" if self.study.is_narrowed else "brief.nowhere")

    @property
    def counted(self) -> tuple[str, ...]:
        """The ids of the sources of all that is counted of sites."""
        return counted_sources(self.province)

    @property
    def measured(self) -> tuple[str, ...]:
        """The ids of the sources of distances to sites."""
        return link_sources(self.province, by_line=self.view.selection.by_line)

    @property
    def distance_basis(self) -> str:
        """Whether distances are measured by ``road`` or along a straight ``line``."""
        return distance_basis(self.province, by_line=self.view.selection.by_line)

    @property
    def basis(self) -> str:
        """How distances are measured, in words."""
        return self.say(f"brief.by_{self.distance_basis}")

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the language of the brief."""
        return say(key, self.language, **values)

    def subtitle(self, filters: str) -> str:
        """Say whose data a brief tells, as of when, and what is filtered (in words)."""
        name = self.province.settings.name.say(self.language)
        date = day(self.date, self.language)
        words = [self.say("brief.subtitle", province=name, date=date)]
        words += [self.say("map.filtered", filters=filters)] if filters else []
        return self.say("clause.separator").join(words)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number; a missing one as such."""
        if pd.isna(value):
            return self.say("measures.missing")
        return number(value, self.language, decimals=decimals)

    def join(self, words: Iterable[str]) -> str:
        """Join words as a list."""
        return join([*words], self.language)

    def sites_words(self, count: int) -> str:
        """Write how many sites there are."""
        words = self.number(count)
        return self.say("brief.site" if count == 1 else "brief.sites", count=words)

    def city_name(self, adcode: int) -> str:
        """Return what a city is called."""
        return str(self.province.cities.at[adcode, f"name_{self.language}"])

    def holder_name(self, site: str) -> str:
        """Return what a site is called, with its status where it has ended."""
        status = self.province.sites.at[site, "status"]
        if status not in ENDED:
            return self.site_name(site)
        return self.say("label.note", text=self.site_name(site), note=self.say(f"status.{status}"))

    def site_name(self, site: str) -> str:
        """Return what a site is called."""
        return str(self.province.sites.at[site, f"name_{self.language}"])

    def company_name(self, company: str) -> str:
        """Return what a company is called."""
        return str(self.province.companies.at[company, f"name_{self.language}"])

    def segment_name(self, segment: str) -> str:
        """Return what a segment is called."""
        return self.province.plan.segment(segment).name.say(self.language)

    def sector_name(self, sector: str) -> str:
        """Return what a sector is called."""
        return self.province.plan.sector(sector).name.say(self.language)

    def plan_sources(self, sectors: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the sources of what the plan says of sectors, each once."""
        wanted = set(sectors)
        found = [one for one in self.province.plan.sectors if one.id in wanted]
        return tuple(dict.fromkeys(name for one in found for name in one.sources))
