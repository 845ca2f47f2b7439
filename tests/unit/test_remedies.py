"""Where a selection leaves nothing, the way out is named, and it helps."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.remedies import leaves_nothing, remedies
from clusters.selection import Selection, selected_cities, selected_sites
from data.evidence_rows import STATUSES
from data.loader import default_province_id, load_province

PROVINCE = load_province(default_province_id())
PLAN = PROVINCE.plan


def some(choices):
    return st.frozensets(st.sampled_from(sorted(choices)), max_size=2)


SELECTIONS = st.builds(
    Selection,
    cities=some(int(adcode) for adcode in PROVINCE.cities.index),
    roles=some(role.id for role in PLAN.roles),
    sectors=some(sector.id for sector in PLAN.sectors),
    segments=some(segment.id for segment in PLAN.segments()),
    statuses=some(STATUSES),
    years=st.none() | st.just((2001, 2002)),
)


@settings(max_examples=60, deadline=None)
@given(SELECTIONS)
def test_a_remedy_leaves_what_it_says(selection):
    found = remedies(selection, PROVINCE)
    for remedy in found:
        empty = getattr(Selection(), remedy.facet)
        assert getattr(selection, remedy.facet) != empty
        wider = replace(selection, **{remedy.facet: empty})
        assert remedy.cities == int(selected_cities(wider, PROVINCE).sum()) > 0
        assert remedy.sites == int(selected_sites(wider, PROVINCE).sum()) > 0
        assert not leaves_nothing(wider, PROVINCE)
    assert [remedy.cities for remedy in found] == sorted(remedy.cities for remedy in found)


def test_nothing_filtered_needs_no_remedy():
    assert remedies(Selection(), PROVINCE) == ()
    assert not leaves_nothing(Selection(), PROVINCE)


def test_a_city_that_lacks_the_role_is_a_dead_end_with_two_ways_out():
    role = PLAN.roles[0]
    city = next(int(one) for one in PROVINCE.cities.index if one not in role.cities)
    selection = Selection(cities=frozenset({city}), roles=frozenset({role.id}))
    assert leaves_nothing(selection, PROVINCE)
    found = {remedy.facet: remedy.cities for remedy in remedies(selection, PROVINCE)}
    assert found == {"cities": len(role.cities), "roles": 1}


def test_a_province_without_sites_is_not_empty_for_that():
    bare = replace(PROVINCE, sites=PROVINCE.sites.iloc[:0])
    selection = Selection(statuses=frozenset({STATUSES[0]}))
    assert not leaves_nothing(selection, bare)
