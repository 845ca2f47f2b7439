"""Make the province that a person sees: with the sites and the points that they brought along."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.registers.register_counts import count_by_area
from clusters.registers.register_filter import RegisterFilter, choose
from data.loader import Province
from data.own.own_counts import OwnPoints, with_own_counts
from data.own.own_source import OwnSites, with_own_sites


def with_own_data(base: Province, own: Iterable[OwnSites | OwnPoints]) -> Province:
    """Return ``base`` with own sites among its sites, and counts of own points by city.

    Raises what ``with_own_sites`` raises.
    """
    every = tuple(own)
    province = with_own_sites(base, [one for one in every if isinstance(one, OwnSites)])
    for one in every:
        if isinstance(one, OwnPoints):
            counts = count_by_area(one.register, choose(one.register, RegisterFilter()), "city")
            province = with_own_counts(province, counts, one)
    return province
