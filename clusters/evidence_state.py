"""Measure how well the list of sites stands: how many, how dated, how attested, how placed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from clusters.evidence import segment_counts, site_sources
from data.evidence_rows import PLACED
from data.loader import Province
from data.model import EvidenceBars

STALE_AFTER_DAYS = 730
"""After two years a site that was planned or built has likely become something else."""
_FIRST_HAND = ("official", "company")


@dataclass(frozen=True)
class EvidenceFigure:
    """One figure of the state: a number of sites, or a share from 0 to 1.

    ``id`` is a field of ``EvidenceBars``. ``wanted`` is the province's bar, ``None`` where it
    sets none; ``at_most`` tells that the figure should not be above it. ``named`` are ids of the
    areas, segments, sites or sources that are below it, for those who go on.
    """

    id: str
    value: float
    wanted: float | None
    at_most: bool
    share: bool
    named: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool | None:
        """Whether the bar is met; ``None`` without one."""
        if self.wanted is None:
            return None
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted


def evidence_state(province: Province, today: dt.date) -> tuple[EvidenceFigure, ...]:
    """Return the figures of a province's evidence, as of ``today``, beside its bars."""
    sites, bars = province.sites, province.settings.evidence_bars or EvidenceBars()
    cities = sites["city_adcode"].value_counts().reindex(province.cities.index, fill_value=0)
    counts = segment_counts(sites)
    segments = {
        one.id: int(counts.get(one.id, 0))
        for one in province.plan.segments()
        if one.named and one.searched is None
    }
    stated = sites[sites["capacity"].notna()]
    unclear = stated["capacity_meaning"].fillna("unclear") == "unclear"
    placed = sites["precision"].isin(PLACED)
    undated = sites["status_date"].isna()
    stale = _not_followed(sites, today)
    attested = _attested(province)
    addressed = pd.Series({key: one.has_page for key, one in province.sources.items()}, dtype=bool)
    few_cities = cities[cities < (bars.sites_in_each_city or 0)].index
    few_segments = [name for name, n in segments.items() if n < (bars.sites_of_each_segment or 0)]

    def figure(
        name: str,
        value: float,
        *,
        at_most: bool = False,
        share: bool = True,
        named: tuple[str, ...] = (),
    ) -> EvidenceFigure:
        return EvidenceFigure(name, value, getattr(bars, name), at_most, share, named)

    return (
        figure("sites", len(sites), share=False),
        figure(
            "sites_in_each_city",
            int(cities.min()),
            share=False,
            named=tuple(province.city_slugs[int(adcode)] for adcode in few_cities),
        ),
        figure(
            "sites_of_each_segment",
            min(segments.values(), default=bars.sites_of_each_segment or 0),
            share=False,
            named=tuple(few_segments),
        ),
        figure("undated", _share(undated), at_most=True, named=_ids(sites, undated)),
        figure("not_followed_up", _share(stale), at_most=True, named=_ids(sites, stale)),
        figure("well_attested", _share(attested), named=_ids(sites, ~attested)),
        figure("without_page", _share(~addressed), at_most=True, named=_ids(addressed, ~addressed)),
        figure("unclear_capacity", _share(unclear), at_most=True, named=_ids(stated, unclear)),
        figure("placed", _share(placed), named=_ids(sites, ~placed)),
    )


def _attested(province: Province) -> pd.Series:
    """Tell of each site whether two publishers attest it, or an authority or its company."""
    told = {}
    for site in province.sites.index:
        sources = site_sources(province, str(site))
        told[site] = len({one.publisher for one in sources}) > 1 or any(
            one.grade in _FIRST_HAND for one in sources
        )
    return pd.Series(told, dtype=bool).reindex(province.sites.index)


def _not_followed(sites: pd.DataFrame, today: dt.date) -> pd.Series:
    """Tell of each site whether its plans or works were last told of, or looked up, long ago."""
    limit = (today - dt.timedelta(days=STALE_AFTER_DAYS)).isoformat()
    planned = sites["status"].isin(["building", "announced"])
    seen = [
        any(_latest_day(date) >= limit for date in dates if isinstance(date, str))
        for dates in zip(sites["status_date"], sites["checked"], strict=True)
    ]
    return planned & ~pd.Series(seen, index=sites.index, dtype=bool)


def _latest_day(date: str) -> str:
    """Return the latest day that a date as exact as its source can mean."""
    return date + "-12-31"[len(date) - 4 :] if len(date) < 10 else date


def _share(held: pd.Series) -> float:
    return float(held.mean()) if len(held) else 0.0


def _ids(rows: pd.DataFrame | pd.Series, held: pd.Series) -> tuple[str, ...]:
    return tuple(str(name) for name in rows.index[held])
