"""Chosen points and their counts are those of a plain table."""

from __future__ import annotations

import h3
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.registers.register_counts import (
    count_by_area,
    count_by_hexagon,
    hexagon_ring,
)
from clusters.registers.register_filter import Chosen, RegisterFilter, choose, filter_of
from clusters.selection import Selection
from data.errors import UnknownChoiceError
from data.register.build import RegisterColumns, register_from_table
from tests.synthetic import COLUMNS, synthetic_table

SECTORS = ("assembly", "battery", "hydrogen")


@pytest.fixture(scope="module")
def register(province):
    return register_from_table(synthetic_table(province, 3000), COLUMNS, province.counties)


@pytest.fixture(scope="module")
def frame(register) -> pd.DataFrame:
    """The register as a plain table: the other way to each answer."""
    return register.records(np.arange(len(register))).to_pandas()


@pytest.fixture(scope="module")
def adcodes(province) -> list[int]:
    return [int(adcode) for adcode in province.counties.index]


def plain(frame: pd.DataFrame, wanted: RegisterFilter, homes: pd.Series) -> pd.Series:
    mask = pd.Series(True, index=frame.index)
    if wanted.counties is not None:
        mask &= frame["county_adcode"].isin(wanted.counties)
    if wanted.cities is not None:
        mask &= frame["county_adcode"].map(homes).isin(wanted.cities)
    for name, values in wanted.values:
        mask &= frame[name].isin(values)
    for name, first, last in wanted.ranges:
        mask &= frame[name].between(first, last)
    return mask


@st.composite
def filters(draw, counties: list[int], cities: list[int]) -> RegisterFilter:
    years = sorted(draw(st.tuples(st.integers(1985, 2030), st.integers(1985, 2030))))
    some = st.lists(st.sampled_from(SECTORS), max_size=3, unique=True).map(tuple)
    return RegisterFilter(
        cities=draw(st.none() | st.lists(st.sampled_from(cities), max_size=4).map(tuple)),
        counties=draw(st.none() | st.lists(st.sampled_from(counties), max_size=20).map(tuple)),
        values=draw(st.just(()) | some.map(lambda names: (("sector", names),))),
        ranges=draw(st.sampled_from([(), (("year", *years),)])),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_choosing_and_counting_agree_with_a_plain_table(data, register, frame, province, adcodes):
    homes = province.counties["city_adcode"]
    cities = [int(adcode) for adcode in province.cities.index]
    wanted = data.draw(filters(adcodes, cities))
    chosen = choose(register, wanted)
    mask = plain(frame, wanted, homes)
    assert chosen.rows.tolist() == np.flatnonzero(mask).tolist()
    assert len(chosen) == int(mask.sum())
    kept = frame[mask]
    counties = count_by_area(register, chosen, "county")
    assert counties.index.tolist() == adcodes
    expected = kept["county_adcode"].value_counts().reindex(adcodes, fill_value=0)
    assert counties.tolist() == expected.tolist()
    by_city = kept["county_adcode"].map(homes).value_counts().reindex(cities, fill_value=0)
    assert count_by_area(register, chosen, "city").to_dict() == by_city.to_dict()


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.data())
def test_runs_are_counted_as_one_by_one(mask, data):
    chosen = Chosen(len(mask), np.array(mask))
    start = data.draw(st.integers(0, len(mask)))
    stop = data.draw(st.integers(start, len(mask)))
    assert chosen.count_between(np.array([start]), np.array([stop])).tolist() == [
        sum(mask[start:stop])
    ]
    expected = [place for place in range(start, stop) if mask[place]]
    assert chosen.rows_between(start, stop).tolist() == expected
    everything = Chosen(len(mask))
    assert everything.count_between(np.array([start]), np.array([stop])).tolist() == [stop - start]
    assert everything.rows_between(start, stop).tolist() == list(range(start, stop))


def test_bounds(register, frame):
    chosen = choose(register, RegisterFilter(bounds=(118.5, 32.0, 119.5, 33.0)))
    inside = frame["longitude"].between(118.5, 119.5) & frame["latitude"].between(32.0, 33.0)
    assert 0 < len(chosen) < len(register)
    assert chosen.rows.tolist() == np.flatnonzero(inside).tolist()


@pytest.mark.parametrize("resolution", [4, 7])
def test_hexagons_are_those_of_each_point(register, frame, resolution):
    chosen = choose(register, RegisterFilter(values=(("sector", ("battery",)),)))
    counts = count_by_hexagon(register, chosen, resolution)
    kept = frame[frame["sector"] == "battery"]
    expected = pd.Series(
        [
            h3.str_to_int(h3.latlng_to_cell(row.latitude, row.longitude, resolution))
            for row in kept.itertuples()
        ]
    ).value_counts()
    assert counts.to_dict() == expected.to_dict()


def test_a_hexagon_lies_around_its_points(frame):
    for row in frame.head(50).itertuples():
        cell = h3.str_to_int(h3.latlng_to_cell(row.latitude, row.longitude, 6))
        # Edges are great circles, not straight in degrees.
        ring = shapely.Polygon(hexagon_ring(cell)).buffer(1e-4)
        assert ring.contains(shapely.Point(row.longitude, row.latitude))


def test_resolution_is_bounded(register):
    with pytest.raises(ValueError, match="`resolution` must be 0 to 10, but is 15"):
        count_by_hexagon(register, Chosen(len(register)), 15)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (RegisterFilter(cities=(1,)), "`cities`: unknown value '1'; choose from 3"),
        (RegisterFilter(counties=(320000,)), "`counties`: unknown value '320000'"),
        (RegisterFilter(values=(("colour", ("red",)),)), "`category`: unknown value 'colour'"),
        (RegisterFilter(values=(("sector", ("x",)),)), "`sector`: unknown value 'x'; choose"),
        (RegisterFilter(ranges=(("sector", 1, 2),)), "`ranges`: unknown value 'sector'; choose"),
    ],
)
def test_unknown_wishes_are_named(register, wanted, message):
    with pytest.raises(UnknownChoiceError, match=message):
        choose(register, wanted)


def test_a_selection_of_the_atlas_chooses_points(register, province):
    selection = Selection(
        roles=frozenset({"assembly"}),
        sectors=frozenset({"battery", "electronics"}),
        statuses=frozenset({"operating"}),
        years=(2000, 2010),
    )
    wanted, lacking = filter_of(selection, province, register)
    assert lacking == ("status",)
    assert wanted.values == (("sector", ("battery",)),)
    assert wanted.ranges == (("year", 2000, 2010),)
    assert wanted.cities is not None
    assert len(wanted.cities) == 4
    assert len(choose(register, wanted)) > 0


def test_cities_without_a_wanted_role_leave_nothing(register, province):
    assembly, _ = filter_of(Selection(roles=frozenset({"assembly"})), province, register)
    assert assembly.cities is not None
    other = next(adcode for adcode in province.cities.index if adcode not in assembly.cities)
    selection = Selection(cities=frozenset({int(other)}), roles=frozenset({"assembly"}))
    wanted, _ = filter_of(selection, province, register)
    assert wanted.cities == ()
    assert len(choose(register, wanted)) == 0


def test_an_empty_selection_filters_nothing(register, province):
    wanted, lacking = filter_of(Selection(), province, register)
    assert wanted.is_empty
    assert lacking == ()
    assert len(choose(register, wanted)) == len(register)


def test_digests_tell_filters_apart():
    one = RegisterFilter(cities=(320100,))
    assert one.digest == RegisterFilter(cities=(320100,)).digest
    assert one.digest != RegisterFilter(counties=(320100,)).digest
    assert len(one.digest) == 16


def test_columns_need_not_have_categories(province):
    bare = register_from_table(synthetic_table(province, 100), RegisterColumns(), province.counties)
    wanted, lacking = filter_of(Selection(sectors=frozenset({"battery"})), province, bare)
    assert wanted.is_empty
    assert lacking == ("sector",)
