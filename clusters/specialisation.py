"""Measure how strong, how specialised and how even: the classic measures of regional science.

Tables have a row an area and a column a sector; cells are counts or amounts of one unit,
zero or more. What a measure does not define (a total of zero, a single area) is ``nan``,
never zero or infinite. Each function names its formula and where it comes from.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def area_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return each area's share of each sector: ``x_as / x_.s``, from 0 to 1.

    A sector without anything has no shares (``nan``).
    """
    return _divided(table, table.sum(axis="index"), "columns")


def sector_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return each sector's share of each area: ``x_as / x_a.``, from 0 to 1.

    An area without anything has no shares (``nan``).
    """
    return _divided(table, table.sum(axis="columns"), "index")


def location_quotient(table: pd.DataFrame) -> pd.DataFrame:
    """Return the location quotients ``(x_as / x_a.) / (x_.s / x_..)``; 1 is the whole's average.

    Florence, P. S. (1939), Report on the Location of Industry; Isard, W. (1960), Methods of
    Regional Analysis. Undefined (``nan``) for an area or a sector without anything. Example:
    an area with half its jobs in a sector that has a tenth of all jobs has the quotient 5.
    """
    whole = table.sum(axis="index") / _not_zero(table.to_numpy().sum())
    return _divided(sector_shares(table), whole, "columns")


def location_quotient_against(part: pd.Series, base: pd.Series) -> pd.Series:
    """Return the location quotients ``(x_a / X) / (b_a / B)`` of an amount against a base.

    ``part`` (capacity, output) and ``base`` (population, value added) are indexed by area;
    only areas with both are summed in ``X`` and ``B``, others are undefined (``nan``).
    """
    both = pd.DataFrame({"part": part, "base": base}).astype(float)
    known = both.dropna()
    shares = known / known.sum().map(_not_zero)
    quotient: pd.Series = shares["part"] / shares["base"].map(_not_zero)
    return quotient.reindex(both.index).rename(None)


def herfindahl(table: pd.DataFrame) -> pd.Series:
    """Return the Herfindahl-Hirschman index of each column: ``sum of s_a²``, from 1/n to 1.

    ``s_a`` are the shares of the rows. 1: all in one row; 1/n: evenly in n rows. The scale of
    10,000 that competition authorities use is this times 10,000. Hirschman, A. O. (1945),
    National Power and the Structure of Foreign Trade. ``nan`` for a column of zeros.
    """
    index: pd.Series = (area_shares(table) ** 2).sum(axis="index", skipna=False)
    return index


def gini(table: pd.DataFrame) -> pd.Series:
    """Return the Gini coefficient of each column, from 0 (even) to 1 - 1/n (all in one row).

    ``G = sum over i of (2 i - n - 1) x_i / (n sum x)``, ``x`` in rising order; Gini, C.
    (1912). ``nan`` for a column of zeros, and for fewer than two rows.
    """
    count = len(table)
    if count < 2:
        return pd.Series(np.nan, index=table.columns)
    values = np.sort(table.to_numpy(dtype=float), axis=0)
    places = 2 * np.arange(1, count + 1)[:, None] - count - 1
    totals = pd.Series(values.sum(axis=0), index=table.columns).map(_not_zero)
    top = pd.Series((places * values).sum(axis=0), index=table.columns)
    result: pd.Series = top / (count * totals)
    return result


def diversity(table: pd.DataFrame) -> pd.Series:
    """Return the effective number of sectors of each area: ``exp(- sum of p_s ln p_s)``.

    From 1 (one sector) to the number of columns (all alike); Hill, M. O. (1973), Diversity
    and evenness, the number of order 1. ``nan`` for an area without anything.
    """
    shares = sector_shares(table)
    logs = np.log(shares.where(shares > 0, 1.0))
    entropy = -(shares * logs).sum(axis="columns", skipna=False)
    result: pd.Series = np.exp(entropy)
    return result


def shift_share(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Split the change of each area and sector between two years into three parts.

    Both tables have the same rows and columns. Returns one row a pair, with the columns
    ``area, sector, earlier, later, change, national, mix, competitive`` in the unit of the
    tables: ``national = x G``, ``mix = x (g_s - G)``, ``competitive = x (g_as - g_s)`` with
    the growth rates of the whole ``G``, of the sector ``g_s`` and of the pair ``g_as``; they
    add up to the change. Dunn, E. S. (1960), A statistical and analytical technique for
    regional analysis. Where a sector's earlier total is zero its growth is undefined: ``nan``.
    Raises ``ValueError`` when the tables differ in their rows or columns.
    """
    if not (earlier.index.equals(later.index) and earlier.columns.equals(later.columns)):
        raise ValueError("the two years must have the same areas and sectors")
    before, after = earlier.astype(float), later.astype(float)
    whole = after.to_numpy().sum() / _not_zero(before.to_numpy().sum()) - 1
    by_sector = after.sum() / before.sum().map(_not_zero) - 1
    # Where the sector's growth is unknown, so is every part of it.
    national = before * whole + by_sector * 0
    mix = before * (by_sector - whole)
    competitive = after - before - before * by_sector
    parts = {
        "earlier": before,
        "later": after,
        "change": after - before,
        "national": national,
        "mix": mix,
        "competitive": competitive,
    }
    stacked = {name: _stacked(part) for name, part in parts.items()}
    return pd.DataFrame(stacked).rename_axis(["area", "sector"]).reset_index()


def _stacked(table: pd.DataFrame) -> pd.Series:
    stacked: pd.Series = table.stack(future_stack=True)
    return stacked


def _not_zero(value: float) -> float:
    """Return ``value``, or ``nan`` for zero: a share of nothing is not defined."""
    return float(value) if value else np.nan


def _divided(table: pd.DataFrame, totals: pd.Series, axis: str) -> pd.DataFrame:
    along = "columns" if axis == "columns" else "index"
    result: pd.DataFrame = table.astype(float).div(totals.map(_not_zero), axis=along)
    return result
