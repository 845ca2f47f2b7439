"""Know the facets by which cities and sites are narrowed, each in one place.

To add a facet, add it to ``FACETS`` or ``RANGES``, its field to ``Selection`` and its words
(``filter.<key>``) to the catalogue of phrases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import pandas as pd

from clusters.area_of_interest import AreaOfInterest, site_positions
from clusters.evidence import confidence
from clusters.plan import cities_with_role
from data.evidence_rows import STATUSES, Precision, kind_ids
from data.loader import Province
from data.model import GRADES
from data.province_cache import cached_on_province

CAPACITY_DECIMALS = 6
"""How exactly the ends of a range of capacities are told."""
MOST_CAPACITY = 999_999_999_999.0
"""The greatest end of a range."""


@dataclass(frozen=True)
class CapacityRange:
    """Capacities in a unit, from ``least`` to ``most`` (both included; ``None`` is open)."""

    unit: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Facet:
    """A way to narrow: the ``field`` of a selection, its ``key`` in addresses and phrases.

    ``choices`` are the values that there are in a province, in their order; ``sites`` tells
    which sites have one of the values, as a boolean series by site id. ``of_sites``: what is
    known of sites decides it; otherwise the plan does, or whoever chose the cities.
    """

    key: str
    field: str
    choices: Callable[[Province], tuple[Any, ...]]
    sites: Callable[[Province, frozenset[Any]], pd.Series]
    of_sites: bool = True


@dataclass(frozen=True)
class RangeFacet:
    """As ``Facet``, for one range, of numbers or on the map; what is not known is outside any."""

    key: str
    field: str
    sites: Callable[[Province, Any], pd.Series]


def _column(name: str) -> Callable[[Province, frozenset[Any]], pd.Series]:
    def has_value(province: Province, values: frozenset[Any]) -> pd.Series:
        return province.sites[name].isin(list(values))

    return has_value


def _in_cities_with_role(province: Province, roles: frozenset[str]) -> pd.Series:
    holders = cities_with_role(province.plan, roles)
    return province.sites["city_adcode"].isin(list(holders))


def _of_segments(province: Province, segments: frozenset[str]) -> pd.Series:
    named = province.sites["segments"].fillna("").str.split(";")
    return named.map(lambda names: not segments.isdisjoint(names)).astype(bool)


def _of_grades(province: Province, grades: frozenset[str]) -> pd.Series:
    return site_grades(province).isin(list(grades))


@cached_on_province(1)
def site_grades(province: Province) -> pd.Series:
    """Return the grade of each site, by id: that of its most trusted source."""
    sites = province.sites.index
    return pd.Series([confidence(province, str(name)) for name in sites], sites, dtype=object)


def _within_years(province: Province, years: tuple[int, int]) -> pd.Series:
    return province.sites["year"].between(*years)


def _of_capacity(province: Province, wanted: CapacityRange) -> pd.Series:
    sites = province.sites
    chosen = (sites["capacity_unit"] == wanted.unit) & sites["capacity"].notna()
    if wanted.least is not None:
        chosen &= sites["capacity"] >= wanted.least
    if wanted.most is not None:
        chosen &= sites["capacity"] <= wanted.most
    return chosen


FACETS: tuple[Facet, ...] = (
    Facet(
        "sector",
        "sectors",
        lambda province: tuple(sector.id for sector in province.plan.sectors),
        _column("sector"),
    ),
    Facet(
        "segment",
        "segments",
        lambda province: tuple(segment.id for segment in province.plan.segments()),
        _of_segments,
    ),
    Facet(
        "role",
        "roles",
        lambda province: tuple(role.id for role in province.plan.roles),
        _in_cities_with_role,
        of_sites=False,
    ),
    Facet(
        "city",
        "cities",
        lambda province: tuple(int(adcode) for adcode in province.cities.index),
        _column("city_adcode"),
        of_sites=False,
    ),
    Facet("status", "statuses", lambda _: STATUSES, _column("status")),
    Facet("kind", "kinds", lambda province: kind_ids(province.plan), _column("kind")),
    Facet(
        "owner",
        "owners",
        lambda province: tuple(str(name) for name in province.companies.index),
        _column("company"),
    ),
    Facet("grade", "grades", lambda _: GRADES, _of_grades),
    Facet("precision", "precisions", lambda _: get_args(Precision), _column("precision")),
)
"""The facets that are combined with "and"; values within one with "or"."""


def _in_area(province: Province, area: AreaOfInterest) -> pd.Series:
    return site_positions(province, area) != "outside"


RANGES: tuple[RangeFacet, ...] = (
    RangeFacet("years", "years", _within_years),
    RangeFacet("capacity", "capacity", _of_capacity),
    RangeFacet("area", "area", _in_area),
)
"""The ranges that narrow sites: of years, of capacities, on the map."""

EVERY_FACET: tuple[Facet | RangeFacet, ...] = (*FACETS, *RANGES)
"""All ways to narrow."""
