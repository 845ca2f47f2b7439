"""Gather what a brief of a city is written from, once for all its sections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clusters.matching import Matching, matching
from clusters.plan import roles_of
from clusters.selection import Selection
from clusters.study import study_of
from clusters.worklist import WorkItem, worklist
from data.model import Role
from layers.brief.brief_case import BriefCase


@dataclass(frozen=True, eq=False)
class CityCase(BriefCase):
    """A city (adcode) as a view asks for it: its selection narrows what is told of sites."""

    adcode: int

    @property
    def name(self) -> str:
        """What the city is called."""
        return self.city_name(self.adcode)

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
        links = self.asked_links()
        return links[links["city_adcode"] == self.adcode]

    @cached_property
    def items(self) -> tuple[WorkItem, ...]:
        """The worklist in the segments asked for, of all sites: other filters do not count."""
        asked = self.view.selection
        of_all = Selection(sectors=asked.sectors, segments=asked.segments, by_line=asked.by_line)
        every = worklist(study_of(self.province, of_all), self.adcode)
        return tuple(one for one in every if not asked.segments or one.segment in asked.segments)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the plan gives the city."""
        return roles_of(self.province.plan, self.adcode)

    @property
    def role_sources(self) -> tuple[str, ...]:
        """The ids of the sources of the city's roles, or of the plan where it has none."""
        named = self.roles or self.province.plan.roles
        return tuple(dict.fromkeys(name for role in named for name in role.sources))
