"""The classic measures against published tables, other implementations, and their own laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from inequality.gini import Gini
from scipy.stats import entropy
from scipy.stats.contingency import expected_freq

from clusters.specialisation import (
    area_shares,
    diversity,
    gini,
    herfindahl,
    location_quotient,
    location_quotient_against,
    sector_shares,
    shift_share,
)

# The worked table of G. Krumme, University of Washington, "Shift & Share Table with Excel
# explanations" (faculty.washington.edu/krumme/350/ssexcel.html): employment of a region by
# industry in 1985 and 1995, the nation's structure and growth in per cent, and its results.
REGION_1985 = [500, 100, 200, 200]
REGION_1995 = [1000, 100, 250, 280]
NATION_SHARE = [10, 20, 40, 30]
NATION_GROWTH = [10, 20, 30, 40]
PUBLISHED_QUOTIENTS = [5, 0.5, 0.5, 0.667]
PUBLISHED_COMPETITIVE = [450, -20, -10, 0]
PUBLISHED_MIX_TOTAL = -80
PUBLISHED_NATIONAL_TOTAL = 290

tables = arrays(
    float,
    st.tuples(st.integers(2, 8), st.integers(1, 6)),
    elements=st.integers(0, 1000).map(float),
).map(pd.DataFrame)


def two_regions(year: int) -> pd.DataFrame:
    """The published region, and the rest of a nation of a million jobs."""
    industries = ["I", "II", "III", "IV"]
    region = pd.Series(REGION_1985 if year == 1985 else REGION_1995, industries, dtype=float)
    nation = pd.Series(NATION_SHARE, industries) * 10_000.0
    if year == 1995:
        nation *= 1 + pd.Series(NATION_GROWTH, industries) / 100
    return pd.DataFrame([region, nation - region], index=["region", "rest"])


def test_location_quotients_of_a_published_table():
    quotients = location_quotient(two_regions(1985)).loc["region"]
    assert quotients.tolist() == pytest.approx(PUBLISHED_QUOTIENTS, abs=5e-4)


def test_shift_share_of_a_published_table():
    parts = shift_share(two_regions(1985), two_regions(1995))
    region = parts[parts["area"] == "region"]
    assert region["competitive"].tolist() == pytest.approx(PUBLISHED_COMPETITIVE)
    assert region["mix"].sum() == pytest.approx(PUBLISHED_MIX_TOTAL)
    assert region["national"].sum() == pytest.approx(PUBLISHED_NATIONAL_TOTAL)


def test_herfindahl_of_a_published_example():
    """Four firms of 30, 30, 20 and 20 per cent: 2,600 (United States Department of Justice)."""
    shares = pd.DataFrame({"market": [30, 30, 20, 20]})
    assert 10_000 * herfindahl(shares)["market"] == pytest.approx(2600)


@given(tables)
def test_gini_is_pysals(table):
    found = gini(table)
    for name in table.columns:
        if table[name].sum() > 0:
            assert found[name] == pytest.approx(Gini(table[name].to_numpy()).g, abs=1e-9)
        else:
            assert np.isnan(found[name])


@given(tables)
def test_diversity_is_the_exponential_of_scipys_entropy(table):
    found = diversity(table)
    for area in table.index:
        if table.loc[area].sum() > 0:
            assert found[area] == pytest.approx(np.exp(entropy(table.loc[area])))
        else:
            assert np.isnan(found[area])


@given(tables)
def test_quotients_are_the_ratio_to_what_independence_expects(table):
    """A location quotient is the observed count by that expected in a contingency table."""
    if (table.sum() == 0).any() or (table.sum(axis=1) == 0).any():
        return
    expected = expected_freq(table.to_numpy())
    assert location_quotient(table).to_numpy() == pytest.approx(table.to_numpy() / expected)


@given(tables)
def test_shares_add_up_and_quotients_average_to_one(table):
    by_area, by_sector = area_shares(table), sector_shares(table)
    assert by_area.sum()[table.sum() > 0].to_numpy() == pytest.approx(1)
    assert by_sector.sum(axis=1)[table.sum(axis=1) > 0].to_numpy() == pytest.approx(1)
    quotients = location_quotient(table)
    weights = table.sum(axis=1) / max(table.to_numpy().sum(), 1)
    mean = quotients.mul(weights, axis=0).sum()
    assert mean[table.sum() > 0].to_numpy() == pytest.approx(1)


@given(tables)
def test_indices_keep_their_bounds(table):
    concentrated, even = herfindahl(table).dropna(), gini(table).dropna()
    rows, columns = table.shape
    assert concentrated.between(1 / rows - 1e-9, 1 + 1e-9).all()
    assert even.between(-1e-9, 1 - 1 / rows + 1e-9).all()
    assert diversity(table).dropna().between(1 - 1e-9, columns + 1e-9).all()


@given(tables, tables)
def test_parts_of_a_change_add_up(earlier, later):
    later = later.reindex(index=earlier.index, columns=earlier.columns, fill_value=3.0)
    parts = shift_share(earlier, later).dropna()
    whole = parts["national"] + parts["mix"] + parts["competitive"]
    assert whole.to_numpy() == pytest.approx(parts["change"].to_numpy(), abs=1e-6)


def test_nothing_is_undefined_not_zero():
    table = pd.DataFrame({"a": [0, 0], "b": [2, 0]}, index=["one", "two"])
    assert area_shares(table)["a"].isna().all()
    assert location_quotient(table).loc["two"].isna().all()
    assert location_quotient(table)["a"].isna().all()
    assert location_quotient(table).at["one", "b"] == 1
    assert np.isnan(herfindahl(table)["a"])
    assert np.isnan(gini(table)["a"])
    assert np.isnan(diversity(table)["two"])
    assert location_quotient(table * 0).isna().all(axis=None)


def test_a_single_area_has_no_gini():
    assert gini(pd.DataFrame({"a": [5]})).isna().all()


def test_a_sector_that_was_nothing_has_no_growth():
    earlier, later = pd.DataFrame({"a": [0], "b": [2]}), pd.DataFrame({"a": [4], "b": [3]})
    parts = shift_share(earlier, later).set_index("sector")
    assert parts.loc["a", ["national", "mix", "competitive"]].isna().all()
    assert parts.loc["b", ["national", "mix", "competitive"]].notna().all()
    with pytest.raises(ValueError, match="same areas"):
        shift_share(earlier, later[["b"]])


def test_quotient_against_a_base_leaves_missing_out():
    part = pd.Series({1: 30.0, 2: 10.0, 3: np.nan, 4: 5.0})
    base = pd.Series({1: 50.0, 2: 50.0, 3: 10.0, 4: np.nan})
    found = location_quotient_against(part, base)
    assert found.loc[[1, 2]].tolist() == pytest.approx([1.5, 0.5])
    assert found.loc[[3, 4]].isna().all()


def test_diversity_counts_equal_sectors():
    table = pd.DataFrame({"a": [3, 9], "b": [3, 0], "c": [3, 0]})
    assert diversity(table).tolist() == pytest.approx([3, 1])
