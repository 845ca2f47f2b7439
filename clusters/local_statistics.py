"""Find counties with more sites around them than chance explains.

Local statistics by PySAL's ``esda`` on counts by county. Many counties are tested at once:
the share of false discoveries is held at 5 % after Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
import pandas as pd

from clusters.counts import sector_counts
from clusters.selection import Selection
from clusters.study import study_of
from data.loader import Province
from data.province_cache import cached_on_province

PERMUTATIONS = 9999
SEED = 20190806
FALSE_DISCOVERY_RATE = 0.05

HotSpot = Literal["hot", "cold", "hot, unsure", "cold, unsure", "none"]
Quadrant = Literal["high-high", "low-high", "low-low", "high-low"]
_QUADRANTS: dict[int, Quadrant] = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}


def county_counts(province: Province, sites: pd.DataFrame) -> pd.Series:
    """Count sites by county (adcode), zero included; sites known only to a city are left out."""
    counties = [int(adcode) for adcode in province.counties.index]
    sectors = [sector.id for sector in province.plan.sectors]
    table = sector_counts(sites, counties, sectors, "county_adcode")
    total: pd.Series = table.sum(axis="columns")
    return total.rename("sites")


@cached_on_province(64)
def county_hot_spots(province: Province, selection: Selection) -> pd.DataFrame:
    """Return ``local_statistics`` of the sites that a selection asks for."""
    sites = study_of(province, selection).sites
    return local_statistics(province, county_counts(province, sites))


def local_statistics(
    province: Province,
    counts: pd.Series,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return Getis-Ord Gi* and local Moran's I of counts by county.

    Neighbours share a border or a corner (queen contiguity); for Gi* a county is its own
    neighbour. Columns, by county adcode: ``sites``, ``gi_star`` (z-value), ``gi_p`` (pseudo
    p-value of conditional permutations, two-sided), ``hot_spot`` (hot or cold below the limit
    of the false discovery rate; ``unsure`` for p at most 0.05 that is not), ``moran``,
    ``moran_p``, ``quadrant``. Where all counts are alike nothing can be said: ``nan`` and
    ``none``. Getis and Ord (1992), Ord and Getis (1995), Anselin (1995).
    """
    empty = pd.DataFrame({"sites": counts, "gi_star": np.nan, "gi_p": np.nan})
    if counts.nunique() < 2 or len(counts) < 3:
        return empty.assign(hot_spot="none", moran=np.nan, moran_p=np.nan, quadrant=None)
    # esda takes a second to import: only who asks for hot spots waits for it.
    import esda

    weights = _weights(province)
    values = counts.to_numpy(dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Binary weights: with row-standardised ones, esda's z-values of Gi* differ from Ord's and
        # Getis's formula, because their variance leaves the county itself out.
        gi = esda.G_Local(
            values,
            weights,
            star=True,
            transform="B",
            permutations=permutations,
            seed=seed,
            keep_simulations=True,
            # Several would be processes, semaphores and shared memory that outlive the server.
            n_jobs=1,
        )
        moran = esda.Moran_Local(values, weights, permutations=permutations, seed=seed)
    gi_p = _two_sided(gi)
    return pd.DataFrame(
        {
            "sites": counts,
            "gi_star": gi.Zs,
            "gi_p": gi_p,
            "hot_spot": _kinds(gi.Zs, gi_p),
            "moran": moran.Is,
            "moran_p": moran.p_sim,
            "quadrant": [_QUADRANTS[int(place)] for place in moran.q],
        },
        index=counts.index,
    )


def false_discovery_limit(p_values: np.ndarray, rate: float = FALSE_DISCOVERY_RATE) -> float:
    """Return the largest p-value (above 0) that may be called a discovery; 0 where none may.

    Benjamini and Hochberg (1995): the largest ``p_(i)`` with ``p_(i) <= i / n rate``.
    """
    ordered = np.sort(p_values)
    passed = ordered <= np.arange(1, len(ordered) + 1) / len(ordered) * rate
    return float(ordered[passed].max()) if passed.any() else 0.0


def _two_sided(gi: object) -> np.ndarray:
    """Return pseudo p-values of both directions, from the permutations of ``gi``."""
    simulated, observed = gi.sim, gi.Gs  # type: ignore[attr-defined]
    draws = simulated if simulated.shape[0] == len(observed) else simulated.T
    above = (draws >= observed[:, None]).sum(axis=1)
    below = (draws <= observed[:, None]).sum(axis=1)
    rarer = np.minimum(above, below)
    return np.asarray(np.minimum(2 * (rarer + 1) / (draws.shape[1] + 1), 1.0))


def _kinds(z_values: np.ndarray, p_values: np.ndarray) -> list[HotSpot]:
    limit = false_discovery_limit(p_values)
    kinds: list[HotSpot] = []
    for z_value, p_value in zip(z_values, p_values, strict=True):
        if p_value > FALSE_DISCOVERY_RATE:
            kinds.append("none")
        elif p_value <= limit:
            kinds.append("hot" if z_value > 0 else "cold")
        else:
            kinds.append("hot, unsure" if z_value > 0 else "cold, unsure")
    return kinds


@cached_on_province(1)
def _weights(province: Province) -> object:
    from libpysal.weights import Queen

    return Queen.from_dataframe(province.counties, use_index=False, silence_warnings=True)
