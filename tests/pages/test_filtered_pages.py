"""What filters acts on the page of a city and on the records too, and is taken away there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clusters.matching import matching
from clusters.selection import selected_cities
from data.text import say
from layers.address.query import parse_query
from layers.address.view_changes import city_map_view, lacks_roles, with_theme
from layers.specification.view import SCORE
from tests.pages.test_pages import VIEW, open_app, open_screen, words
from tests.places import PLACES

QUERY = {"segment": "separator,electrolyte", "lang": "en"}


@pytest.fixture
def in_city(province):
    """The sites that match in a city, which holds others too."""
    selection = parse_query(QUERY_STRING, province).view.selection
    adcode = PLACES.other_hub.adcode
    found = matching(province, replace(selection, cities=frozenset({adcode}))).sites
    assert 0 < len(found) < (province.sites["city_adcode"] == adcode).sum()
    return found


QUERY_STRING = "&".join(f"{key}={value}" for key, value in QUERY.items())


def test_the_page_of_a_city_shows_what_matches(in_city, province):
    app = open_screen("city", profile=PLACES.other_hub.slug, **QUERY)
    assert say("profile.sites", "en", count=len(in_city)) in [one.value for one in app.header]
    listed = next(one.value for one in app.dataframe if say("site.county", "en") in one.value)
    assert set(listed[say("site.name", "en")]) == set(in_city["name_en"])
    known = int((province.sites["city_adcode"] == PLACES.other_hub.adcode).sum())
    assert say("profile.sites_matching", "en", shown=len(in_city), known=known) in words(app)
    app.button(key="widget.chip.segments.separator").click().run()
    assert app.session_state[VIEW].selection.segments == {"electrolyte"}


@pytest.mark.parametrize("of", ["city", "county"])
def test_a_record_lists_as_many_sites_as_its_ring_counts(of, in_city, province):
    county = int(in_city["county_adcode"].dropna().iloc[0])
    asked = {"county": str(county)} if of == "county" else {"profile": PLACES.other_hub.slug}
    app = open_app(**QUERY, **asked)
    shown = in_city if of == "city" else in_city[in_city["county_adcode"] == county]
    assert f"###### {say('profile.sites', 'en', count=len(shown))}" in words(app)
    if of == "county":
        labels = {one.label for one in app.button}
        assert set(shown["name_en"]) <= labels
        left_out = province.sites[province.sites["county_adcode"] == county].index.difference(
            shown.index
        )
        assert not set(province.sites.loc[left_out, "name_en"]) & labels


@pytest.mark.parametrize(("city", "named"), [(PLACES.other_hub, True), (PLACES.capital, False)])
def test_the_sheet_of_a_city_shows_it_whatever_matches(province, city, named):
    """A city without a matching site is printed as a whole, not as a province that is greyed."""
    view = parse_query(QUERY_STRING, province).view
    printed = city_map_view(view, province, city.adcode).selection
    assert printed.cities == {city.adcode}
    assert bool(printed.segments) == named
    assert selected_cities(printed, province).sum() == 1


def test_the_sheet_of_a_city_has_its_roles_also_where_a_theme_put_them_away(province):
    asked = parse_query(QUERY_STRING, province).view
    themed = with_theme(asked, province, SCORE)
    assert lacks_roles(themed, province)
    assert city_map_view(themed, province, PLACES.capital.adcode) == city_map_view(
        asked, province, PLACES.capital.adcode
    )


@pytest.mark.parametrize("query", [{}, {"sector": "assembly"}, {"years": "2015-2020"}])
def test_lacking_is_said_of_what_the_filters_leave(query):
    """A filter by sector leaves no site of the chain out; one by year does."""
    apps = [open_screen("chain", lang="en", **query)]
    apps.append(open_screen("city", lang="en", profile=PLACES.border_city.slug, **query))
    keys = ("missing_here", "complete", "unfilled")
    of_all, narrowed = (
        [say(f"chain.{key}{end}", "en", segments="").rstrip() for key in keys]
        for end in ("", "_narrowed")
    )
    for app in apps:
        spoken = [
            one.value.replace("\\", "")
            for kind in (app.markdown, app.warning, app.success)
            for one in kind
        ]
        told = [
            any(start in one for one in spoken for start in starts) for starts in (of_all, narrowed)
        ]
        assert told == (["years" not in query, "years" in query])
        captions = [one.value for one in app.caption]
        assert (say("chain.narrowed", "en") in captions) == ("years" in query)


def test_the_list_beside_the_map_tells_what_is_surely_in_an_area(province):
    app = open_app(area="circle:32,120,40", lang="en")
    assert not app.exception
    head = say("site_list.in_area", "en")
    listed = next(one.value for one in app.dataframe if head in one.value)
    selection = app.session_state[VIEW].selection
    assert len(listed) == len(matching(province, selection).sites)
    assert set(listed[head]) == {say(f"area.{one}", "en") for one in ("inside", "perhaps")}
