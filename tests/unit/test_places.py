"""What the tests take for granted of their places is what the province says."""

from __future__ import annotations

import pytest

from clusters.plan import roles_of
from data.loader import default_province_id
from tests.places import PLACES


def test_the_province_is_the_one_that_opens(province):
    told = PLACES.province
    assert told.id == province.id == default_province_id()
    assert told.adcode == province.settings.adcode
    assert (told.zh, told.en) == (province.settings.name.zh, province.settings.name.en)


@pytest.mark.parametrize("name", PLACES.all_cities())
def test_cities(province, name):
    told = PLACES.all_cities()[name]
    row = province.cities.loc[told.adcode]
    assert (told.zh, told.en) == (row["name_zh"], row["name_en"])
    assert told.slug == province.city_slugs[told.adcode]
    assert told.roles == tuple(role.id for role in roles_of(province.plan, told.adcode))


@pytest.mark.parametrize("name", PLACES.all_counties())
def test_counties(province, name):
    told = PLACES.all_counties()[name]
    row = province.counties.loc[told.adcode]
    assert (told.zh, told.en) == (row["name_zh"], row["name_en"])


def test_the_site(province):
    assert province.sites.at[PLACES.site.id, "city_adcode"] == PLACES.battery_base.adcode
