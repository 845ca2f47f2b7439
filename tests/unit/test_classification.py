"""Class breaks: exact natural breaks, and fixed ones for quotients."""

from __future__ import annotations

import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.specification.classification import QUOTIENT_BREAKS, natural_breaks, quotient_breaks


def deviation(values: np.ndarray, upper: list[float]) -> float:
    places = np.searchsorted(np.array(upper[:-1]), values, side="left")
    return sum(
        float(((part - part.mean()) ** 2).sum())
        for place in set(places)
        if len(part := values[places == place])
    )


@pytest.mark.filterwarnings("ignore:Numba not installed")
@given(st.lists(st.integers(0, 500), min_size=6, max_size=40).filter(lambda v: len(set(v)) >= 5))
def test_breaks_are_as_good_as_those_of_mapclassify(values):
    array = np.array(values, dtype=float)
    ours = natural_breaks(values)
    theirs = mapclassify.FisherJenks(array, k=5)
    assert deviation(array, list(ours.upper)) <= deviation(array, list(theirs.bins)) + 1e-6


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_every_value_is_in_its_class(values):
    breaks = natural_breaks(values)
    assert len(breaks.upper) == min(5, len(set(values)))
    for value in values:
        place = breaks.class_of(value)
        assert breaks.lower[place] <= value <= breaks.upper[place]


def test_quotients_have_fixed_classes():
    breaks = quotient_breaks([0.2, 1.0, 7.5])
    assert breaks.is_diverging
    assert breaks.upper[:-1] == QUOTIENT_BREAKS
    assert [breaks.class_of(value) for value in (0.2, 0.6, 1.0, 1.3, 7.5)] == [0, 1, 2, 3, 4]
    assert quotient_breaks([]).upper[-1] == 2.0
