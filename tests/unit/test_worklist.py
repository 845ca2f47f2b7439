"""The worklist: every link that a city lacks or has thinly, who has it, in a told order."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest

from clusters.distances.nearest import nearest_sites, site_distances
from clusters.relatedness import relatedness_density
from clusters.selection import Selection
from clusters.study import study_of
from clusters.worklist import ENDED, MOST_CANDIDATES, MOST_HOLDERS, THIN_SITES, worklist
from tests.places import PLACES

CITIES = (PLACES.hub.adcode, PLACES.battery_base.adcode, PLACES.without_role.adcode)


def having(sites: gpd.GeoDataFrame, segment: str) -> gpd.GeoDataFrame:
    return sites[[segment in str(names).split(";") for names in sites["segments"]]]


@pytest.fixture(params=CITIES)
def city(request) -> int:
    return request.param


def test_each_link_that_is_missing_or_thin_is_on_it_and_no_other(province, city):
    here = province.sites[province.sites["city_adcode"] == city]
    named = [one.id for sector in province.plan.sectors for one in sector.named_segments]
    expected = {}
    for segment in named:
        own = having(here, segment)
        if (~own["status"].isin(ENDED)).sum() <= THIN_SITES:
            expected[segment] = "thin" if len(own) else "missing"
    items = worklist(study_of(province, Selection()), city)
    assert {item.segment: item.gap for item in items} == expected
    assert expected


@pytest.mark.parametrize("by_line", [False, True])
def test_holders_are_the_nearest_that_go_on_elsewhere(province, city, by_line):
    study = study_of(province, Selection(by_line=by_line))
    away = province.sites[
        (province.sites["city_adcode"] != city) & ~province.sites["status"].isin(ENDED)
    ]
    items = worklist(study, city)
    found = nearest_sites(
        province, away, [city], [item.segment for item in items], by_line=by_line
    ).set_index("segment")
    for item in items:
        assert len(item.holders) == min(MOST_HOLDERS, len(having(away, item.segment)))
        assert item.holders["km"].is_monotonic_increasing
        km = found.at[item.segment, "distance_km"]
        assert item.nearest_km == pytest.approx(km, nan_ok=True)


def test_candidates_have_the_segment_elsewhere_and_not_here(province, city):
    here = province.sites[province.sites["city_adcode"] == city]
    for item in worklist(study_of(province, Selection()), city):
        owners = having(province.sites[~province.sites["status"].isin(ENDED)], item.segment)
        assert len(item.candidates) <= MOST_CANDIDATES
        assert set(item.candidates) <= set(owners["company"].dropna())
        assert not set(item.candidates) & set(having(here, item.segment)["company"].dropna())
        assert item.present == set(item.candidates) & set(here["company"].dropna())


def test_it_goes_by_the_plan_then_what_is_missing_then_relatedness(province, city):
    study = study_of(province, Selection())
    items = worklist(study, city)
    density = relatedness_density(study.segment_counts()).loc[city]
    roles = [role for role in province.plan.roles if city in role.cities]
    for item in items:
        assert item.planned == any(item.sector in role.sectors for role in roles)
        assert item.density == pytest.approx(density[item.segment], nan_ok=True)
    keys = [
        (not one.planned, one.gap == "thin", -np.nan_to_num(one.density, nan=-1)) for one in items
    ]
    assert keys == sorted(keys)


def test_confidence_rests_on_how_many_sites_of_the_sector_are_listed(province, city):
    here = province.sites[province.sites["city_adcode"] == city]
    for item in worklist(study_of(province, Selection()), city):
        assert item.listed == (here["sector"] == item.sector).sum()
        assert item.confidence == ("fair" if item.listed >= 5 else "weak")


def test_a_city_is_no_way_from_its_own_sites(province, city):
    km = site_distances(province, province.sites, city, by_line=False)
    own = province.sites["city_adcode"] == city
    assert (km[own] == 0).all()
    assert (km[~own] > 0).all()
