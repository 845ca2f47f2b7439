"""The controls on the map, with pointer and keyboard, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from data.text import say
from tests.places import PLACES

from .atlas_page import AtlasPage


def search(atlas: AtlasPage, text: str) -> Locator:
    atlas.map.get_by_role("combobox").fill(text)
    return atlas.map.get_by_role("option")


def legend(atlas: AtlasPage, toggle: str) -> Locator:
    return atlas.map.locator(f".atlas-legend [data-toggle='{toggle}']")


def test_a_city_is_found_in_every_spelling(atlas):
    atlas.open_with_toolbar()
    for text in PLACES.hub.spellings:
        expect(search(atlas, text).filter(has_text=PLACES.hub.en).first).to_be_visible()
        expect(search(atlas, "")).to_have_count(0)


def test_the_keyboard_searches_flies_and_opens(atlas):
    atlas.open_with_toolbar()
    county = PLACES.parts_pilot_county
    before = atlas.map_state()
    atlas.page.locator("body").press("/")
    field = atlas.map.get_by_role("combobox")
    expect(field).to_be_focused()
    field.press_sequentially(county.en.lower())
    expect(field).to_have_attribute("aria-activedescendant", "atlas-hit-0")
    field.press("Enter")
    expect(atlas.page.get_by_role("heading", name=county.en)).to_be_visible()
    atlas.expect_query("county", str(county.adcode))
    atlas.expect_query("profile", PLACES.parts_pilot.slug)
    atlas.page.wait_for_function(
        "() => Number(new URLSearchParams(location.search).get('zoom')) > 8.5"
    )
    assert atlas.map_state()["mark"] == before["mark"]


def test_a_site_and_a_segment_are_found(atlas):
    atlas.open_with_toolbar()
    search(atlas, PLACES.site.search).first.click()
    atlas.expect_query("site", PLACES.site.id)
    hits = search(atlas, "gemo")
    hits.filter(has_text="Segment").first.click()
    atlas.expect_query("segment", "separator")


def test_a_company_that_is_found_opens_its_record(atlas, province):
    atlas.open_with_toolbar()
    name = str(province.companies["name_en"].iloc[0])
    search(atlas, name).filter(has_text="Company").first.click()
    expect(atlas.page.get_by_role("heading", name=name, level=1)).to_be_visible()
    atlas.settle()
    assert "/companies" in atlas.page.url


def test_nothing_found_says_how_to_ask(atlas):
    atlas.open_with_toolbar()
    search(atlas, "qqqq")
    expect(atlas.map.get_by_text("Nothing found")).to_be_visible()
    atlas.map.get_by_role("combobox").press("Escape")
    expect(atlas.map.get_by_text("Nothing found")).to_be_hidden()


def test_down_to_a_county_and_up_again_on_one_map(atlas):
    atlas.open_with_toolbar()
    mark = atlas.map_state()["mark"]
    city, county = PLACES.hub, PLACES.hub_county
    atlas.click_city(city.adcode)
    trail = atlas.map.get_by_role("navigation")
    expect(trail).to_contain_text(city.en)
    drawn = atlas.map.locator(f"path[data-feature='{county.adcode}']")
    drawn.focus()
    drawn.press("Enter")
    atlas.expect_query("county", str(county.adcode))
    expect(trail.locator("[aria-current]")).to_have_text(county.en)
    atlas.page.keyboard.press("Escape")
    atlas.expect_query("county", None)
    atlas.expect_query("profile", city.slug)
    trail.get_by_role("button", name=PLACES.province.en).click()
    atlas.expect_query("profile", None)
    expect(trail.locator("[aria-current]")).to_have_text(PLACES.province.en)
    assert atlas.map_state()["mark"] == mark


def test_a_county_of_the_open_city_is_clicked(atlas):
    query = "lang=en&overlay=counties&center=31.5,119.0&zoom=9.5"
    atlas.open_with_toolbar(f"{query}&profile={PLACES.capital.slug}")
    atlas.map.locator("path[data-feature='320117']").click()
    atlas.expect_query("county", "320117")


def test_county_borders_wait_until_counties_are_looked_at(atlas, province):
    everything = len(province.counties)
    atlas.open_with_toolbar()
    note = legend(atlas, "overlay.counties").get_by_text(say("legend.nearer", "en"))
    assert atlas.drawn("counties") == 0
    expect(note).to_be_visible()
    atlas.map.locator(f"path[data-feature='{PLACES.hub.adcode}']").hover()
    expect(atlas.map.locator(".atlas-tooltip-name")).to_have_text(PLACES.hub.en)
    atlas.click_city(PLACES.hub.adcode)
    atlas.expect_query("profile", PLACES.hub.slug)
    borders = atlas.map.locator(".leaflet-atlas-open-counties-pane path[d]")
    expect(borders).to_have_count(sum(province.counties["city_adcode"] == PLACES.hub.adcode))
    atlas.open_with_toolbar("lang=en&center=33,120&zoom=8.75")
    assert atlas.drawn("counties") == 0
    atlas.open_with_toolbar("lang=en&center=33,120&zoom=9")
    assert atlas.drawn("counties") == everything
    expect(note).to_have_count(0)
    atlas.open_with_toolbar("lang=en&overlay=counties,hotspots")
    assert atlas.drawn("counties") == everything
    expect(note).to_have_count(0)


def test_the_legend_filters(atlas, province):
    atlas.open_with_toolbar()
    legend(atlas, "overlay.assembly").click()
    atlas.expect_without(province, "assembly")
    expect(legend(atlas, "overlay.assembly")).to_have_attribute("aria-checked", "false")
    legend(atlas, "overlay.assembly").click()
    atlas.expect_query("overlay", None)
    legend(atlas, "sector.battery").dblclick()
    atlas.expect_query("sector", "battery")
    expect(legend(atlas, "sector.hydrogen")).to_have_attribute("aria-checked", "false")


def test_the_legend_is_open_where_there_is_room_until_somebody_chooses(atlas):
    atlas.open_with_toolbar()
    lines = atlas.map.locator(".atlas-legend [data-toggle]").first
    tall = 800
    for width, shown in ((1280, True), (500, False), (1280, True)):
        atlas.page.set_viewport_size({"width": width, "height": tall})
        expect(lines).to_be_visible(visible=shown)
    atlas.map.locator(".atlas-legend summary").click()
    expect(lines).to_be_hidden()
    atlas.page.set_viewport_size({"width": 1400, "height": tall})
    atlas.frame.wait_for_function(
        "() => window.clusterAtlas.current.map.getSize().x === document.body.clientWidth"
    )
    atlas.settle()
    expect(lines).to_be_hidden()


def test_the_legend_filters_by_keyboard_and_keeps_the_focus(atlas):
    atlas.open_with_toolbar()
    legend(atlas, "sector.hydrogen").focus()
    atlas.page.keyboard.press("Shift+Enter")
    atlas.expect_query("sector", "hydrogen")
    expect(legend(atlas, "sector.battery")).to_have_attribute("aria-checked", "false")
    expect(legend(atlas, "sector.hydrogen")).to_be_focused()
    atlas.page.keyboard.press("Shift+Enter")
    atlas.expect_query("sector", None)


def test_the_map_in_words_leads_to_the_map_and_back(atlas):
    atlas.open_with_toolbar()
    table = atlas.map.get_by_role("region", name="Table: the map in words")
    atlas.map.get_by_role("button", name="Table: the map in words").press("Enter")
    expect(table).to_be_focused()
    rows = table.get_by_role("row")
    expect(rows).to_have_count(14)
    city, district = PLACES.hub, PLACES.hub_district
    expect(rows.filter(has_text=city.en)).to_contain_text("Assembly hub; Hydrogen pilot")
    table.get_by_role("button", name=city.en, exact=True).press("Enter")
    atlas.expect_query("profile", city.slug)
    expect(table.get_by_role("table", name=f"{city.en} · Counties (9)")).to_be_visible()
    table.get_by_role("button", name=district.en, exact=True).press("Enter")
    atlas.expect_query("county", str(district.adcode))
    expect(table.get_by_role("table", name=re.compile(f"^{district.en} · Sites"))).to_be_visible()
    site = table.get_by_role("table").get_by_role("button").first
    site.press("Enter")
    expect(site).to_have_attribute("aria-current", "true")
    atlas.map.get_by_role("button", name="Back to the first view").click()
    atlas.expect_query("profile", None)
    expect(rows).to_have_count(14)
    table.press("Escape")
    expect(table).to_have_count(0)
    expect(atlas.map.get_by_role("button", name="Table: the map in words")).to_be_focused()


def test_steps_are_undone_and_done_again(atlas):
    atlas.open_with_toolbar()
    undo = atlas.map.get_by_role("button", name=re.compile("^Undo"))
    redo = atlas.map.get_by_role("button", name=re.compile("^Redo"))
    expect(undo).to_be_disabled()
    atlas.choose("Sector", "Power battery")
    atlas.expect_query("sector", "battery")
    undo.click()
    atlas.expect_query("sector", None)
    expect(undo).to_be_disabled()
    redo.click()
    atlas.expect_query("sector", "battery")
    expect(undo).to_be_enabled()
    atlas.page.locator("body").press("Control+z")
    atlas.expect_query("sector", None)
    atlas.page.locator("body").press("Control+Shift+z")
    atlas.expect_query("sector", "battery")
    atlas.map.get_by_role("button", name="Back to the first view").click()
    atlas.expect_query("sector", None)


def test_undo_takes_the_map_back_to_its_place(atlas):
    atlas.open_with_toolbar()
    before = atlas.map_state()
    atlas.click_city(320900)
    atlas.wait_until_still()
    atlas.map.locator("body").press("Control+z")
    atlas.expect_query("profile", None)
    atlas.frame.wait_for_function(
        "zoom => window.clusterAtlas.current.map.getZoom() === zoom", arg=before["zoom"]
    )
    after = atlas.map_state()
    assert after["mark"] == before["mark"]


def test_a_preset_opens_by_keyboard(atlas, province):
    atlas.open_with_toolbar()
    atlas.map.get_by_role("button", name="Ready-made views").focus()
    atlas.page.keyboard.press("Enter")
    items = atlas.map.get_by_role("menuitem")
    expect(items).to_have_count(len(province.presets))
    expect(items.first).to_be_focused()
    atlas.page.keyboard.press("ArrowDown")
    atlas.page.keyboard.press("Enter")
    atlas.expect_query("theme", "sites")
    atlas.expect_query("sector", "battery")
    expect(items).to_have_count(0)


def test_an_empty_map_says_what_to_change_and_changes_it(atlas):
    atlas.open_with_toolbar(f"lang=en&city={PLACES.other_without_role.slug}&role=assembly")
    card = atlas.map.get_by_role("status").filter(has_text="No city matches all filters")
    expect(card).to_be_visible()
    expect(atlas.page.locator(".st-key-empty-state").get_by_role("button")).to_have_count(3)
    card.get_by_role("button", name=re.compile("Without “Role in the plan”: 1 cities")).click()
    atlas.expect_query("role", None)
    atlas.expect_count("1 of 13 cities")
    expect(card).to_have_count(0)


def test_the_years_pass_and_one_is_kept(atlas, province):
    years = province.sites["year"].dropna().astype(int)
    atlas.open_with_toolbar("lang=en&overlay=sites&center=32.0,119.9&zoom=12")
    rings = atlas.map.locator(".leaflet-atlas-sites-pane .leaflet-marker-icon")
    atlas.map.get_by_role("button", name="Years").click()
    slider = atlas.map.get_by_role("slider")
    expect(atlas.map.locator(".atlas-time output")).to_have_text(
        f"Up to {years.max()}: {len(years)} sites"
    )
    slider.fill("2005")
    expect(atlas.map.locator(".atlas-time output")).to_contain_text("Up to 2005")
    few = rings.count()
    atlas.map.get_by_role("button", name="Play").click()
    expect(atlas.map.locator(".atlas-time output")).to_contain_text("Up to 2008")
    atlas.map.get_by_role("button", name="Pause").click()
    assert atlas.query.get("years") is None
    slider.fill("2015")
    assert rings.count() > few
    atlas.map.get_by_role("button", name="Filter by it").click()
    atlas.expect_query("years", f"{years.min()}-2015")
    expect(atlas.map.locator(".atlas-time")).to_have_count(0)


@pytest.fixture
def first_timer() -> None:
    """Nobody has been here before: the tour is offered."""


def test_a_first_timer_is_shown_around_once(first_timer, atlas):
    atlas.open_with_toolbar()
    card = atlas.map.get_by_role("dialog")
    expect(card).to_contain_text("New here?")
    card.get_by_role("button", name="Show me").click()
    for _ in range(5):
        card.get_by_role("button", name="Next").click()
    expect(card).to_contain_text("6 / 6")
    card.get_by_role("button", name="Done").click()
    expect(card).to_have_count(0)
    atlas.open_with_toolbar()
    atlas.settle()
    expect(card).to_have_count(0)


def test_the_tour_is_left_by_escape_and_not_offered_again(first_timer, atlas):
    atlas.open_with_toolbar()
    atlas.map.get_by_role("button", name="Show me").click()
    atlas.page.keyboard.press("Escape")
    expect(atlas.map.get_by_role("dialog")).to_have_count(0)
    assert atlas.page.evaluate("localStorage.getItem('atlas.tour')") == "done"


def test_a_site_without_a_place_is_found_in_the_ring_of_its_county(atlas, province):
    atlas.open_with_toolbar(f"lang=en&overlay=sites&site={PLACES.site.id}")
    expect(atlas.map.locator(".atlas-chosen")).to_have_count(0)
    search(atlas, PLACES.site.search).first.click()
    atlas.wait_until_still()
    home = int(province.sites.at[PLACES.site.id, "county_adcode"])
    chosen = atlas.map.locator(".atlas-chosen")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-area", str(home))
