"""Find the links that an area of interest lacks, and who has them nearest."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from clusters.area_of_interest import AreaOfInterest, area_middle
from clusters.chain import plan_segments
from clusters.distances.nearest import nearest_to_place
from clusters.matching import matching
from clusters.selection import Selection, selected_sites
from data.loader import Province


def asked_segments(province: Province, selection: Selection) -> list[str]:
    """Return the ids of the segments that the plan names and a selection asks for."""
    named = [one.id for one in plan_segments(province, selection.effective_sectors(province))]
    return [one for one in named if not selection.segments or one in selection.segments]


def lacking_in_area(province: Province, selection: Selection, area: AreaOfInterest) -> pd.DataFrame:
    """Return the segments of which an area has no site of those that the selection leaves.

    A row a segment, in the order of the plan: ``segment``, ``nearest`` (id of the nearest site
    that the other filters leave, ``None`` without one) and ``distance_km`` from the middle of the
    area, by road or in a straight line as the selection asks.
    """
    found = matching(province, selection).by_segment.index
    lacking = [one for one in asked_segments(province, selection) if one not in found]
    others = province.sites[selected_sites(replace(selection, area=None), province)]
    middle = area_middle(province, area)
    return nearest_to_place(province, others, middle, lacking, by_line=selection.by_line)
