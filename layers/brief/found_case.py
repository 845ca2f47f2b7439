"""Gather what a brief of whatever a selection finds is written from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd

from clusters.evidence import segment_counts
from clusters.matching import Matching, matching
from layers.brief.brief_case import BriefCase
from layers.brief.content import Block, ContentTable, Subheading, TableColumn
from layers.brief.site_facts import capacity, failures, owners
from layers.words.matching_words import describe_selection


@dataclass(frozen=True, eq=False)
class FoundCase(BriefCase):
    """What the selection of a view finds."""

    @property
    def name(self) -> str:
        """What is asked for, in words."""
        return describe_selection(self.view.selection, self.province, self.language)

    @cached_property
    def found(self) -> Matching:
        """What the selection finds."""
        return matching(self.province, self.view.selection)

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites that match, with the columns of ``SiteRow``."""
        return self.found.sites


def found_blocks(case: FoundCase) -> list[Block]:
    """Return what is told of the sites: segments, owners, capacity, what has ended."""
    if case.sites.empty:
        return []
    return [
        _segments(case),
        owners(case),
        Subheading(case.say("brief.capacity_heading")),
        *capacity(case),
        Subheading(case.say("brief.failures_heading")),
        failures(case),
    ]


def _segments(case: FoundCase) -> ContentTable:
    """Count the sites by segment, and in how many cities they are."""
    counts = segment_counts(case.sites)
    named = case.sites["segments"].fillna("").str.split(";")
    rows = []
    for segment in case.province.plan.segments():
        if segment.id not in counts.index:
            continue
        of_it = case.sites[named.map(lambda names, one=segment.id: one in names).astype(bool)]
        rows.append(
            (
                case.segment_name(segment.id),
                case.sector_name(case.province.plan.sector_of_segment(segment.id).id),
                case.say("brief.yes" if segment.named else "brief.no"),
                case.number(int(counts[segment.id])),
                case.number(of_it["city_adcode"].nunique()),
            )
        )
    columns = (
        TableColumn(case.say("chain.segment"), 3.0),
        TableColumn(case.say("chain.sector"), 2.4),
        TableColumn(case.say("brief.named"), 1.5),
        TableColumn(case.say("brief.listed"), 1.2, numeric=True),
        TableColumn(case.say("brief.cities"), 1.2, numeric=True),
    )
    sectors = [one.id for one in case.province.plan.sectors]
    return ContentTable(
        case.say("brief.found_segments_caption", name=case.short_name),
        columns,
        tuple(rows),
        (*case.counted, *case.plan_sources(sectors)),
        note=case.say("brief.segments_note"),
    )
