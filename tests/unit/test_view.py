"""A view survives its address, and no address breaks the view."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.loader import default_province_id, load_province
from layers.address.query import QUERY_KEYS, parse_query, write_query
from layers.catalogue import default_overlays, overlay_ids, overlays_asked, overlays_of
from layers.specification.view import View
from tests.places import PLACES

from .test_selection import CITIES, selections

PROVINCE = load_province(default_province_id())
WEST, SOUTH, EAST, NORTH = PROVINCE.settings.window

places = st.tuples(
    st.tuples(
        st.floats(SOUTH, NORTH).map(lambda value: round(value, 4)),
        st.floats(WEST, EAST).map(lambda value: round(value, 4)),
    ),
    st.floats(6, 14).map(lambda value: round(value, 2)),
)

views = st.builds(
    lambda selection, overlays, profile, site, place, basemap, language: View(
        province=PROVINCE.id,
        selection=selection,
        overlays=overlays_asked(overlays, PROVINCE),
        profile=profile,
        site=site,
        center=place[0] if place else None,
        zoom=place[1] if place else None,
        basemap=basemap,
        language=language,
    ),
    selections,
    st.sets(st.sampled_from(overlay_ids(PROVINCE))),
    st.none() | st.sampled_from(CITIES),
    st.none() | st.sampled_from(list(PROVINCE.sites.index)),
    st.none() | places,
    st.sampled_from(["plain", "osm", "carto", "tianditu"]),
    st.sampled_from(["zh", "en"]),
)


@given(views)
def test_a_view_survives_its_address(view):
    parsed = parse_query(write_query(view, PROVINCE), PROVINCE)
    assert parsed.view == view
    assert parsed.ignored == ()


@given(st.text(max_size=300) | st.from_regex(r"(\w+=[^&]{0,20}&?){0,6}"))
def test_no_query_raises(query):
    parse_query(query, PROVINCE)


@given(st.dictionaries(st.sampled_from(QUERY_KEYS), st.lists(st.text(max_size=40), max_size=3)))
def test_no_value_raises(pairs):
    parsed = parse_query(pairs, PROVINCE)
    again = parse_query(write_query(parsed.view, PROVINCE), PROVINCE)
    assert again.view == parsed.view


def test_the_default_view_has_a_short_address():
    assert write_query(View(PROVINCE.id), PROVINCE) == "lang=zh"
    assert parse_query("", PROVINCE).view == View(PROVINCE.id)
    assert overlays_of(View(PROVINCE.id), PROVINCE) == default_overlays(PROVINCE)


def test_cities_by_adcode_slug_and_any_case():
    cities = PLACES.capital, PLACES.battery_base, PLACES.border_city
    words = cities[0].slug, str(cities[1].adcode), cities[2].slug.swapcase()
    parsed = parse_query(f"city={','.join(words)}", PROVINCE)
    assert parsed.view.selection.cities == {city.adcode for city in cities}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("colour=red", "colour"),
        ("sector=batery", "sector"),
        ("city=gotham", "city"),
        ("center=91,400&zoom=8", "center"),
        ("center=nan,nan&zoom=8", "center"),
        ("center=32,119&zoom=1e9", "zoom"),
        ("lang=fr", "lang"),
        ("years=2020", "years"),
        ("years=2025-2020", "years"),
        ("status=asleep", "status"),
        ("site=JS99999", "site"),
        ("basemap=http://example.org", "basemap"),
        ("x" * 5000, "?"),
    ],
)
def test_what_is_not_understood_is_named(query, key):
    parsed = parse_query(query, PROVINCE)
    assert [part.key for part in parsed.ignored] == [key]


def test_what_is_understood_is_kept_beside_what_is_not():
    parsed = parse_query("sector=battery,unobtainium&role=parts", PROVINCE)
    assert parsed.view.selection.sectors == {"battery"}
    assert parsed.view.selection.roles == {"parts"}
    assert "battery" in parsed.ignored[0].choices


def test_a_center_without_a_zoom_is_no_place():
    assert parse_query("center=32,119", PROVINCE).view.center is None


def test_no_overlays_is_not_all_overlays():
    assert parse_query("overlay=none", PROVINCE).view.overlays == ()
