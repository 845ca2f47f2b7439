"""Tell how evenly the sites of each sector lie over the cities."""

from __future__ import annotations

import pandas as pd

from clusters.counts import WEAK_BELOW_SITES
from clusters.specialisation import gini, herfindahl
from clusters.study import Study


def sector_concentration(study: Study) -> pd.DataFrame:
    """Return the concentration of each sector over all cities of the province.

    Columns ``sector, sites, herfindahl`` (1/n to 1), ``gini`` (0 to 1 - 1/n), ``weak`` (fewer
    than five sites); ``nan`` for a sector without any site.
    """
    counts = study.counts(every=True)
    sites = counts.sum()
    return pd.DataFrame(
        {
            "sector": list(counts.columns),
            "sites": sites.to_numpy(),
            "herfindahl": herfindahl(counts).to_numpy(),
            "gini": gini(counts).to_numpy(),
            "weak": (sites < WEAK_BELOW_SITES).to_numpy(),
        }
    )
