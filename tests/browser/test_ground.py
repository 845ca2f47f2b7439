"""The ground comes once the map is drawn, where it is near enough, and then it stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .atlas_page import AtlasPage

GEOMETRY = re.compile(r"/atlas/geometry/([a-z]+)\.")
LOOK_AT = (
    "([latitude, longitude, zoom]) => clusterAtlas.current.map.setView([latitude, longitude], zoom)"
)
LAKE = (31.25, 120.2)


@pytest.fixture
def asked(page) -> list[str]:
    """The geometries that the map has asked for, in their order."""
    found: list[str] = []
    page.on(
        "request",
        lambda request: found.extend(GEOMETRY.findall(request.url)),
    )
    return found


def look_at(atlas, place: tuple[float, float], zoom: float) -> None:
    atlas.frame.evaluate(LOOK_AT, [*place, zoom])
    atlas.settle()


def paths(atlas, layer: str):
    return atlas.map.locator(f".leaflet-atlas-{layer}-pane path[d]:not([d='M0 0'])")


def test_water_comes_after_the_map_and_the_rest_when_it_is_near(atlas, asked):
    atlas.open("lang=en")
    assert "water" in asked
    assert asked.index("water") > asked.index("boundaries")
    assert not {"roads", "railways", "towns", "ports"} & set(asked)
    expect(paths(atlas, "water")).not_to_have_count(0)
    look_at(atlas, LAKE, 10.5)
    assert {"roads", "railways", "towns"} <= set(asked)
    expect(paths(atlas, "roads")).not_to_have_count(0)
    expect(atlas.map.locator(".leaflet-atlas-towns-pane .atlas-label").first).to_be_attached()
    before = len(asked)
    atlas.choose("Sector", "Power battery")
    atlas.settle()
    look_at(atlas, LAKE, 8.0)
    look_at(atlas, LAKE, 10.5)
    assert len(asked) == before


def test_lakes_keep_their_names_close_up(atlas, province):
    lake = province.ground.water["name_zh"].iloc[0]
    atlas.open("lang=zh&center=31.25,120.2&zoom=10.5")
    name = atlas.map.locator(".leaflet-atlas-water-names-pane .atlas-label").filter(has_text=lake)
    expect(name).to_be_visible()


def test_fills_make_way_for_the_ground_close_up(atlas):
    atlas.open("lang=en")

    def opacity(layer: str) -> float:
        pane = atlas.map.locator(f".leaflet-atlas-{layer}-pane")
        return float(pane.evaluate("(node) => getComputedStyle(node).opacity"))

    assert opacity("assembly") == 1
    look_at(atlas, LAKE, 11.5)
    assert opacity("assembly") == opacity("consolidation") == 0.25
    assert opacity("parts") == 1
    atlas.open("lang=en&overlay=assembly&center=31.25,120.2&zoom=11.5")
    assert opacity("assembly") == 1


def test_what_a_browser_did_not_get_is_asked_for_again(browser, server):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    roads = re.compile("/atlas/geometry/roads")
    context.route(roads, lambda route: route.abort())
    atlas = AtlasPage(context.new_page(), server).open("lang=en&center=31.25,120.2&zoom=10.5")
    expect(paths(atlas, "roads")).to_have_count(0)
    expect(paths(atlas, "water")).not_to_have_count(0)
    context.unroute(roads)
    look_at(atlas, LAKE, 11.0)
    expect(paths(atlas, "roads")).not_to_have_count(0)
    context.close()


def test_a_switch_takes_the_ground_away_and_brings_it_back(atlas):
    atlas.open("lang=en")
    atlas.page.locator(".st-key-widget-ground summary").click()
    box = atlas.page.locator(".st-key-overlays-ground").get_by_text("Water", exact=True)
    box.click()
    expect(atlas.map.locator(".leaflet-atlas-water-pane path")).to_have_count(0)
    atlas.settle()
    assert "water" not in atlas.query["overlay"].split(",")
    box.click()
    expect(paths(atlas, "water")).not_to_have_count(0)
    atlas.expect_query("overlay", None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_town_is_found_by_its_name(atlas, province, language):
    towns = province.ground.towns
    town = towns[(towns["kind"] == "town") & towns["name_zh"].notna()].iloc[0]
    county = province.counties.loc[town["county_adcode"], f"name_{language}"]
    atlas.open_with_toolbar(f"lang={language}")
    field = atlas.map.get_by_role("combobox")
    field.click()
    field.press_sequentially(town[f"name_{language}"])
    hit = atlas.map.get_by_role("option").filter(has_text=county)
    expect(hit.first).to_be_visible()
    hit.first.click()
    atlas.wait_until_still()
    center = atlas.frame.evaluate("clusterAtlas.current.map.getCenter()")
    assert center["lat"] == pytest.approx(town["lat"], abs=0.02)
    assert center["lng"] == pytest.approx(town["lon"], abs=0.02)
    assert atlas.frame.evaluate("clusterAtlas.current.map.getZoom()") == 11.5
    name = town[f"name_{language}"]
    shown = atlas.map.locator(".atlas-label:visible").get_by_text(name, exact=True)
    expect(atlas.map.locator(".atlas-found")).to_have_count(1)
    expect(shown).to_have_count(1)
    assert shown.evaluate("(node) => node.style.fontWeight") == "600"
    atlas.map.locator(".folium-map").click(position={"x": 330, "y": 330})
    expect(atlas.map.locator(".atlas-found")).to_have_count(0)


def test_credits_name_where_the_ground_is_from(atlas):
    atlas.open("lang=en")
    credit = atlas.map.locator(".leaflet-control-attribution")
    for words in ("OpenStreetMap contributors", "GSHHG", "GeoNames"):
        expect(credit).to_contain_text(words)
