"""Rankings: normalised, decomposed, firm or not, and honest about what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusters.ranking import normalise, rank_cities
from clusters.scores import USUAL_WEIGHTS, city_ranking, weights_in_use
from clusters.selection import Selection

cells = st.one_of(st.just(float("nan")), st.integers(-50, 50).map(float))
tables = arrays(float, st.tuples(st.integers(1, 9), st.integers(1, 5)), elements=cells).map(
    lambda values: pd.DataFrame(values, columns=list("abcde")[: values.shape[1]])
)
weight_lists = st.lists(st.integers(0, 10), min_size=5, max_size=5)


def ranked(table, weights, better=None):
    named = dict(zip(table.columns, weights, strict=False))
    return rank_cities(table, named, better or dict.fromkeys(table.columns, True))


def test_a_small_ranking_by_hand():
    table = pd.DataFrame({"a": [10, 20, 30], "b": [5, 1, 3]}, index=["x", "y", "z"])
    found = ranked(table, [3, 1], {"a": True, "b": False})
    # x: 0 and 0; y: 0.5 and 1; z: 1 and 0.5.
    assert found.table["score"].to_dict() == pytest.approx({"z": 87.5, "y": 62.5, "x": 0})
    assert found.table["rank"].to_dict() == {"z": 1, "y": 2, "x": 3}
    assert found.contributions.loc["y"].to_dict() == pytest.approx({"a": 37.5, "b": 25})
    assert found.bounds.loc["b"].to_dict() == {"worst": 5, "best": 1}


@given(tables, weight_lists)
def test_contributions_sum_to_the_score(table, weights):
    if not any(weights[: table.shape[1]]):
        with pytest.raises(ValueError, match="weight"):
            ranked(table, weights)
        return
    found = ranked(table, weights)
    known = found.table["score"].dropna()
    sums = found.contributions.sum(axis=1)[known.index]
    assert sums.to_numpy() == pytest.approx(known.to_numpy())
    assert known.between(-1e-9, 100 + 1e-9).all()
    assert (found.table["rank_low"] <= found.table["rank"]).all()
    assert (found.table["rank"] <= found.table["rank_high"]).all()


@given(tables, weight_lists, st.integers(2, 5))
def test_only_the_proportions_of_weights_matter(table, weights, factor):
    if any(weights[: table.shape[1]]):
        one, other = ranked(table, weights), ranked(table, [factor * one for one in weights])
        pd.testing.assert_frame_equal(one.table, other.table)


def test_missing_lowers_confidence_and_not_the_score():
    table = pd.DataFrame({"a": [1.0, 0.0, 1.0], "b": [1.0, 0.0, np.nan]})
    found = ranked(table, [1, 3])
    assert found.table["score"].loc[2] == found.table["score"].loc[0] == 100
    assert found.table["confidence"].to_dict() == {0: 1, 2: 0.25, 1: 1}
    assert np.isnan(found.normalised.at[2, "b"])
    nothing = ranked(pd.DataFrame({"a": [np.nan, 2.0]}), [1]).table
    assert np.isnan(nothing.at[0, "score"])
    assert nothing.at[0, "rank"] == 2
    assert nothing.at[0, "confidence"] == 0


def test_a_close_call_is_not_firm_and_a_clear_one_is():
    table = pd.DataFrame({"a": [1.0, 0.0, 0.0], "b": [0.0, 0.96, 0.0], "c": [1.0, 1.0, 0.0]})
    found = ranked(table, [5, 5, 5]).table
    assert found.loc[0, ["rank_low", "rank_high"]].tolist() == [1, 2]
    assert found.loc[2, ["rank_low", "rank_high"]].tolist() == [3, 3]


def test_equal_values_tell_nothing_apart():
    assert normalise(pd.Series([4.0, 4.0, np.nan])).tolist()[:2] == [0.5, 0.5]
    assert normalise(pd.Series([1.0, 3.0]), higher_is_better=False).tolist() == [1, 0]


def test_negative_weights_are_refused():
    with pytest.raises(ValueError, match="negative"):
        ranked(pd.DataFrame({"a": [1.0]}), [-1])


def test_the_usual_criteria_follow_the_sector(province):
    battery = Selection(sectors=frozenset({"battery"}))
    assert weights_in_use(province, battery, ()) == USUAL_WEIGHTS
    without = dict(weights_in_use(province, Selection(), ()))
    assert "location-quotient" not in without
    assert city_ranking(province, battery, ()).table.index[0] == 320400
