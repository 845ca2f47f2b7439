"""Tell which segments stand together, and which cities are alike.

Proximity is taken from co-location over few areas of a curated list: a hint, not a law.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusters.counts import WEAK_BELOW_SITES


def proximity(table: pd.DataFrame) -> pd.DataFrame:
    """Return how often two segments stand in the same areas, from 0 to 1.

    ``table``: a row an area, a column a segment; a positive cell says that the segment is
    there. ``min(P(s|t), P(t|s))`` over the areas; Hidalgo, C. A. et al. (2007), The product
    space conditions the development of nations, with presence for their revealed advantage.
    A segment without any area is ``nan`` in its row and column; the diagonal is 1.
    """
    present = (table.to_numpy() > 0).astype(float)
    together = present.T @ present
    areas = present.sum(axis=0)
    larger = np.maximum.outer(areas, areas)
    known = np.minimum.outer(areas, areas) > 0
    values = np.divide(together, larger, out=np.full_like(together, np.nan), where=known)
    return pd.DataFrame(values, index=table.columns, columns=table.columns)


def related_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of segments with their proximity, the nearest first.

    ``table`` as for ``proximity``, of counts of sites. Columns ``segment, other, proximity``,
    ``sites`` (those of the rarer of the two) and ``weak`` (fewer than five of them). Pairs
    whose proximity is undefined are left out.
    """
    near, sites = proximity(table), table.sum()
    first, second = np.triu_indices(len(near), k=1)
    names = near.index.to_numpy()
    pairs = pd.DataFrame(
        {
            "segment": names[first],
            "other": names[second],
            "proximity": near.to_numpy()[first, second],
            "sites": np.minimum(sites.to_numpy()[first], sites.to_numpy()[second]),
        }
    )
    pairs["weak"] = pairs["sites"] < WEAK_BELOW_SITES
    known = pairs.dropna(subset="proximity")
    return known.sort_values("proximity", ascending=False, kind="stable", ignore_index=True)


def relatedness_density(table: pd.DataFrame) -> pd.DataFrame:
    """Return how near each segment is to what an area has: from 0 to 1, in the shape of ``table``.

    ``sum of proximity to the segments present / sum of proximity to all``, the segment itself
    left out; Hidalgo et al. (2007). ``nan`` where a segment is related to none.
    """
    near = proximity(table).fillna(0.0).to_numpy(copy=True)
    np.fill_diagonal(near, 0.0)
    present = (table.to_numpy() > 0).astype(float)
    whole = near.sum(axis=0)
    top = present @ near
    values = np.divide(top, whole, out=np.full_like(top, np.nan), where=whole > 0)
    return pd.DataFrame(values, index=table.index, columns=table.columns)


def similarity(table: pd.DataFrame) -> pd.DataFrame:
    """Return the cosine similarity of the rows' profiles, from 0 to 1.

    ``table``: a row an area, a column a sector or segment, counts. 1 says that two areas have
    the same mix, whatever their size. ``nan`` for an area without anything.
    """
    values = table.to_numpy(dtype=float)
    lengths = np.linalg.norm(values, axis=1)
    scale = np.outer(lengths, lengths)
    product = values @ values.T
    cosine = np.divide(product, scale, out=np.full_like(product, np.nan), where=scale > 0)
    return pd.DataFrame(np.minimum(cosine, 1.0), index=table.index, columns=table.index)


def weak_likeness(sites: pd.Series, area: int) -> pd.Series:
    """Say of each area whether its similarity to ``area`` rests on fewer than five sites.

    ``sites``: how many each area has, by area; the fewer of the two areas' counts.
    """
    weak: pd.Series = sites.clip(upper=sites.at[area]) < WEAK_BELOW_SITES
    return weak


def most_similar(table: pd.DataFrame, area: int, count: int = 3) -> pd.Series:
    """Return the areas most like ``area`` by ``similarity``, the most alike first.

    Areas without anything are left out; none is returned for an area that has nothing.
    """
    others = similarity(table)[area].drop(area).dropna()
    found: pd.Series = others.sort_values(ascending=False, kind="stable").head(count)
    return found
