"""Facets are combined with "and", values within a facet with "or"."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clusters.selection import Selection, selected_cities
from data.evidence_rows import STATUSES
from data.loader import default_province_id, load_province

PROVINCE = load_province(default_province_id())
CITIES = [int(adcode) for adcode in PROVINCE.cities.index]
ROLES = [role.id for role in PROVINCE.plan.roles]
SECTORS = [sector.id for sector in PROVINCE.plan.sectors]
SEGMENTS = [segment.id for segment in PROVINCE.plan.segments()]

selections = st.builds(
    Selection,
    cities=st.frozensets(st.sampled_from(CITIES), max_size=4),
    roles=st.frozensets(st.sampled_from(ROLES), max_size=2),
    sectors=st.frozensets(st.sampled_from(SECTORS), max_size=2),
    segments=st.frozensets(st.sampled_from(SEGMENTS), max_size=2),
    statuses=st.frozensets(st.sampled_from(STATUSES), max_size=3),
    years=st.none() | st.tuples(st.integers(1960, 2010), st.integers(2010, 2100)),
    by_plan=st.booleans(),
    by_line=st.booleans(),
)


def chosen(**facets: frozenset) -> set[int]:
    """Return the cities that the plan's roles select: what sites do, test_matching.py tells."""
    mask = selected_cities(Selection(**facets, by_plan=True), PROVINCE)
    return set(mask.index[mask])


def test_an_empty_selection_filters_nothing():
    assert chosen() == set(CITIES)
    assert Selection().is_empty


def test_facets_narrow_and_values_widen():
    both = chosen(roles=frozenset({"parts", "hydrogen"}))
    assert both == {320100, 320200, 320400, 320500, 320600, 320900}
    narrowed = chosen(roles=frozenset({"parts", "hydrogen"}), sectors=frozenset({"battery"}))
    assert narrowed == {320100, 320200, 320400, 320500}


def test_a_segment_selects_the_cities_of_its_sector():
    assert chosen(segments=frozenset({"refuelling"})) == chosen(sectors=frozenset({"hydrogen"}))


def test_a_segment_of_another_sector_selects_nothing():
    assert chosen(segments=frozenset({"refuelling"}), sectors=frozenset({"battery"})) == set()


@given(selections)
def test_every_facet_only_narrows(selection):
    mask = selected_cities(selection, PROVINCE)
    assert mask.index.equals(PROVINCE.cities.index)
    assert mask.dtype == bool
    for facet in ("cities", "roles", "sectors"):
        alone = selected_cities(Selection(**{facet: getattr(selection, facet)}), PROVINCE)
        assert not (mask & ~alone).any()
