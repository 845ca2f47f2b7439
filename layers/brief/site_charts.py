"""Show counts of sites as bars: by city, by segment; the colours are those of the sectors."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from clusters.counts import sector_counts
from clusters.evidence import segment_counts
from layers.brief.brief_case import BriefCase
from layers.brief.content import ChartSeries, ContentChart
from layers.specification.plan_signs import sector_colors

_FEWEST_BARS = 2


def sites_by_city(case: BriefCase, cities: Sequence[int], caption: str) -> ContentChart | None:
    """Return the sites of cities by sector; ``None`` for fewer than two bars."""
    sectors = [one.id for one in case.province.plan.sectors]
    counts = sector_counts(case.sites, [*cities], sectors)
    names = [case.city_name(adcode) for adcode in cities]
    return _chart(case, counts.set_axis(names), caption)


def sites_by_segment(case: BriefCase, caption: str) -> ContentChart | None:
    """Return the sites by segment, in the order of the plan, then those without one.

    ``None`` for fewer than two bars.
    """
    plan, listed = case.province.plan, segment_counts(case.sites)
    counts = pd.DataFrame(
        0,
        index=[one.id for one in plan.segments() if one.id in listed.index],
        columns=[one.id for one in plan.sectors],
    )
    for segment in counts.index:
        counts.at[segment, plan.sector_of_segment(segment).id] = int(listed[segment])
    named = counts.rename(index=case.segment_name)
    without = case.sites[case.sites["segments"].isna()]["sector"].value_counts()
    named.loc[case.say("answer.no_segment")] = without.reindex(counts.columns, fill_value=0)
    return _chart(case, named, caption)


def _chart(case: BriefCase, counts: pd.DataFrame, caption: str) -> ContentChart | None:
    """Return counts (a row a bar, a column a sector) as a chart of the bars that are not empty."""
    shown = counts.loc[counts.sum(axis="columns") > 0, counts.sum() > 0]
    if len(shown) < _FEWEST_BARS:
        return None
    colors = dict(sector_colors(case.province))
    values = [
        case.say("label.note", text=name, note=case.number(int(total)))
        for name, total in shown.sum(axis="columns").items()
    ]
    return ContentChart(
        caption=caption,
        alternative=case.say("brief.chart_alternative", caption=caption, values=case.join(values)),
        categories=tuple(str(name) for name in shown.index),
        series=tuple(
            ChartSeries(
                case.sector_name(str(sector)), tuple(map(int, shown[sector])), colors[str(sector)]
            )
            for sector in shown.columns
        ),
        sources=case.counted,
    )
