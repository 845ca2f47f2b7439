"""Gather what a brief of a city is written from, once for all its sections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clusters.counts import counted_sources
from clusters.matching import Matching, matching
from clusters.nearest import distance_basis, link_sources
from clusters.plan import roles_of
from clusters.study import Study, study_of
from clusters.worklist import WorkItem, worklist
from data.loader import Province
from data.model import Role
from data.text import Language, join, number, say
from layers.specification.view import View


@dataclass(frozen=True, eq=False)
class CityCase:
    """A city (adcode) as a view asks for it: its selection narrows what is told of sites."""

    view: View
    province: Province
    adcode: int
    date: dt.date

    @property
    def language(self) -> Language:
        """The language of the brief."""
        return self.view.language

    @property
    def name(self) -> str:
        """What the city is called."""
        return self.city_name(self.adcode)

    @cached_property
    def study(self) -> Study:
        """What is measured: the selection, whatever cities it chooses."""
        return study_of(self.province, self.view.selection)

    @cached_property
    def found(self) -> Matching:
        """The sites of the city that the selection leaves."""
        own = replace(self.view.selection.of_measures(), cities=frozenset({self.adcode}))
        return matching(self.province, own)

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites of the city that the selection leaves, with the columns of ``SiteRow``."""
        return self.found.sites

    @cached_property
    def links(self) -> pd.DataFrame:
        """What ``chain_links`` tells of the city."""
        links = self.study.links()
        return links[links["city_adcode"] == self.adcode]

    @cached_property
    def items(self) -> tuple[WorkItem, ...]:
        """The worklist of the city."""
        return worklist(self.study, self.adcode)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the plan gives the city."""
        return roles_of(self.province.plan, self.adcode)

    @property
    def counted(self) -> tuple[str, ...]:
        """The ids of the sources of all that is counted of sites."""
        return counted_sources(self.province)

    @property
    def measured(self) -> tuple[str, ...]:
        """The ids of the sources of distances to sites."""
        return link_sources(self.province, by_line=self.view.selection.by_line)

    @property
    def basis(self) -> str:
        """How distances are measured, in words."""
        by_line = self.view.selection.by_line
        return self.say(f"brief.by_{distance_basis(self.province, by_line=by_line)}")

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the language of the brief."""
        return say(key, self.language, **values)

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

    @property
    def role_sources(self) -> tuple[str, ...]:
        """The ids of the sources of the city's roles, or of the plan where it has none."""
        named = self.roles or self.province.plan.roles
        return tuple(dict.fromkeys(name for role in named for name in role.sources))
