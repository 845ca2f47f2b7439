"""Rank cities by weighted criteria, and tell how firm the ranking is.

A missing value is shown as missing: it lowers the confidence of a score, not the score.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

WEIGHT_SHIFT = 0.2
"""By how much weights are moved, up and down, to see how far a rank moves."""

_MOST_CORNERS = 12


@dataclass(frozen=True, eq=False)
class Ranking:
    """Cities by score.

    ``table`` is indexed by adcode, best first: ``score`` (0 to 100, ``nan`` without any
    value), ``rank`` (1 is best; equal scores share the better rank), ``rank_low`` and
    ``rank_high`` (the best and worst rank while weights move), ``confidence`` (share of the
    weights whose values are known, 0 to 1). ``normalised`` holds each criterion from 0 (worst
    city) to 1 (best city), ``contributions`` what each adds to the score; they sum to it.
    ``bounds`` gives the worst and best value of each criterion.
    """

    table: pd.DataFrame
    normalised: pd.DataFrame
    contributions: pd.DataFrame
    bounds: pd.DataFrame


def normalise(values: pd.Series, *, higher_is_better: bool = True) -> pd.Series:
    """Return ``(x - worst) / (best - worst)``: 0 is the worst city, 1 the best.

    Where all known values are alike, they tell nothing apart: each is 0.5. Missing stays
    missing.
    """
    low, high = values.min(), values.max()
    if not low < high:
        return values.where(values.isna(), 0.5)
    scaled: pd.Series = (values - low) / (high - low)
    return scaled if higher_is_better else 1 - scaled


def rank_cities(
    values: pd.DataFrame, weights: Mapping[str, float], higher_is_better: Mapping[str, bool]
) -> Ranking:
    """Rank the rows of ``values`` (a column a criterion) by weighted, normalised values.

    ``score = 100 sum of w_k n_k / sum of w_k``, over the criteria whose values are known.
    Criteria of weight zero take no part. Raises ``ValueError`` for a negative weight, or when
    no criterion has a weight.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("weights must not be negative")
    names = [name for name in values.columns if weights.get(name, 0) > 0]
    if not names:
        raise ValueError("at least one criterion needs a weight")
    normalised = pd.DataFrame(
        {name: normalise(values[name], higher_is_better=higher_is_better[name]) for name in names}
    )
    weight = np.array([float(weights[name]) for name in names])
    known = normalised.notna().to_numpy()
    present = known @ weight
    scores = _scores(normalised.to_numpy(), weight[:, None])[:, 0]
    ranks = _ranks(scores[:, None])[:, 0]
    moved = _ranks(_scores(normalised.to_numpy(), _moved_weights(weight)))
    table = pd.DataFrame(
        {
            "score": scores,
            "rank": ranks,
            "rank_low": moved.min(axis=1),
            "rank_high": moved.max(axis=1),
            "confidence": present / weight.sum(),
        },
        index=values.index,
    )
    shares = np.divide(
        weight, present[:, None], where=present[:, None] > 0, out=np.zeros(known.shape)
    )
    contributions = normalised * shares * 100
    order = table.sort_values(["rank", "confidence"], ascending=[True, False], kind="stable").index
    return Ranking(
        table.loc[order],
        normalised.loc[order],
        contributions.loc[order],
        _bounds(values[names], higher_is_better),
    )


def _bounds(values: pd.DataFrame, higher_is_better: Mapping[str, bool]) -> pd.DataFrame:
    low, high = values.min(), values.max()
    up = pd.Series({name: higher_is_better[name] for name in values.columns})
    return pd.DataFrame({"worst": low.where(up, high), "best": high.where(up, low)})


def _scores(normalised: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return scores (rows x weightings) of normalised values (rows x criteria)."""
    known = ~np.isnan(normalised)
    top = np.where(known, normalised, 0.0) @ weights
    present = known @ weights
    empty = np.full(top.shape, np.nan)
    return np.asarray(np.divide(100 * top, present, out=empty, where=present > 0))


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Rank each column from 1 (highest); equal scores share the better rank, ``nan`` is last."""
    rounded = np.round(np.where(np.isnan(scores), -1.0, scores), 9)
    ahead: np.ndarray = (rounded[None, :, :] > rounded[:, None, :]).sum(axis=1)
    return ahead + 1


def _moved_weights(weights: np.ndarray) -> np.ndarray:
    """Return weightings (criteria x cases): as given, and each weight moved up or down.

    Up to twelve criteria all corners of the box of weights are taken, beyond that each
    weight is moved alone.
    """
    count = len(weights)
    low, high = 1 - WEIGHT_SHIFT, 1 + WEIGHT_SHIFT
    if count <= _MOST_CORNERS:
        factors = np.array(list(itertools.product((low, high), repeat=count))).T
    else:
        alone = np.eye(count, dtype=bool)
        factors = np.hstack([np.where(alone, low, 1.0), np.where(alone, high, 1.0)])
    return np.asarray(weights[:, None] * np.hstack([np.ones((count, 1)), factors]))
