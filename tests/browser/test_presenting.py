"""A view that is held beside the map, and a presentation of views in turn."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.places import PLACES


def test_a_held_view_stays_beside_the_map_and_moves_with_it(atlas):
    atlas.open_with_toolbar()
    before = atlas.map_state()
    atlas.map.get_by_role("button", name="Compare").click()
    second = atlas.map.locator(".atlas-second")
    expect(second.locator(".atlas-glyph")).to_have_count(5)
    atlas.map.get_by_role("button", name="Ready-made views").click()
    atlas.map.get_by_role("menuitem", name="Battery chain").click()
    atlas.expect_query("theme", "sites")
    expect(atlas.map.locator(".folium-map .atlas-glyph")).to_have_count(0)
    expect(second.locator(".atlas-glyph")).to_have_count(5)
    atlas.settle()
    atlas.map.locator(".folium-map .leaflet-control-zoom-in").click()
    atlas.wait_until_still()
    atlas.frame.wait_for_function(
        """() => {
            const [one, other] = [window.clusterAtlas.current, window.clusterAtlas.held];
            return one.map.getZoom() === other.map.getZoom()
                && Math.abs(one.map.getCenter().lat - other.map.getCenter().lat) < 0.01;
        }"""
    )
    atlas.map.locator("body").press("Escape")
    expect(second).to_have_count(0)
    assert atlas.map_state()["mark"] == before["mark"]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_each_half_of_a_comparison_shows_the_province_clear_of_the_controls(atlas, size):
    atlas.page.set_viewport_size({"width": size[0], "height": size[1]})
    atlas.open_with_toolbar()
    atlas.map.get_by_role("button", name="Compare").click()
    atlas.map.locator(".atlas-second .atlas-ring").first.wait_for()
    atlas.settle()
    covered: list[str] = atlas.frame.evaluate(
        """() => {
            const apart = (one, other) => one.right <= other.left || one.left >= other.right
                || one.bottom <= other.top || one.top >= other.bottom;
            const controls = [...document.querySelectorAll(
                ".atlas-bar, .atlas-lead, .leaflet-control-zoom, .atlas-legend, .atlas-strip")];
            const { current, held } = window.clusterAtlas;
            const [west, south, east, north] = current.spec.extent.bounds;
            const provinces = [current, held].map(({ map }) => {
                const half = map.getContainer().getBoundingClientRect();
                const [from, to] = [[north, west], [south, east]].map((corner) =>
                    map.latLngToContainerPoint(corner));
                return { left: half.left + from.x, top: half.top + from.y,
                    right: half.left + to.x, bottom: half.top + to.y, half };
            });
            const outside = provinces.filter((one) => one.left < one.half.left
                || one.right > one.half.right || one.top < one.half.top
                || one.bottom > one.half.bottom).map(() => "outside of its half");
            const strips = [...document.querySelectorAll(".atlas-strip")];
            const under = controls.filter((node) => [...provinces,
                ...strips.filter((strip) => strip !== node).map((strip) =>
                    strip.getBoundingClientRect())]
                .some((box) => !apart(node.getBoundingClientRect(), box)))
                .map((node) => node.className);
            return [...outside, ...under];
        }"""
    )
    assert covered == []
    atlas.map.locator(".atlas-second").get_by_role("button", name="Close").click()
    atlas.settle()
    assert "center" not in atlas.query


def test_closing_the_comparison_gives_the_map_its_place_back(atlas):
    atlas.open_with_toolbar()
    before = atlas.map_state()
    compare = atlas.map.get_by_role("button", name="Compare")
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "true")
    atlas.map.locator(".atlas-second").get_by_role("button", name="Close").click()
    expect(compare).to_have_attribute("aria-pressed", "false")
    after = atlas.map_state()
    assert (after["zoom"], after["mark"]) == (before["zoom"], before["mark"])
    assert after["lat"] == pytest.approx(before["lat"], abs=0.02)


def test_a_presentation_shows_the_map_alone_and_escape_leaves(atlas):
    atlas.open_with_toolbar()
    atlas.map.get_by_role("button", name="Presentation").click()
    banner = atlas.map.locator(".atlas-banner")
    expect(banner).to_contain_text(PLACES.province.en)
    expect(atlas.page.locator(".st-key-filter-panel")).to_be_hidden()
    expect(atlas.page.get_by_test_id("stHeader")).to_be_hidden()
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']")
    assert frame.bounding_box()["width"] == atlas.page.viewport_size["width"]
    atlas.page.keyboard.press("Escape")
    expect(banner).to_have_count(0)
    expect(atlas.page.locator(".st-key-filter-panel")).to_be_visible()


def test_a_presentation_begins_with_the_view_and_gives_it_back_as_it_was(atlas):
    own = "lang=en&sector=hydrogen&center=31.9,120.1&zoom=8.5"
    atlas.open_with_toolbar(own)
    before, asked = atlas.map_state(), atlas.query
    atlas.map.get_by_role("button", name="Presentation").click()
    banner = atlas.map.locator(".atlas-banner")
    expect(banner).to_contain_text("filtered by Hydrogen")
    coloured = atlas.map.locator(".leaflet-atlas-theme-pane path[d]")
    expect(coloured).to_have_count(0)
    atlas.page.keyboard.press("+")
    atlas.frame.wait_for_function(
        "(zoom) => window.clusterAtlas.current.map.getZoom() > zoom", arg=before["zoom"]
    )
    atlas.settle()
    for key, words in (("ArrowLeft", "Hydrogen pilots without"), ("ArrowLeft", "Gaps")):
        atlas.page.keyboard.press(key)
        expect(banner).to_contain_text(words)
    expect(coloured).to_have_count(13)
    for _ in range(2):
        atlas.page.keyboard.press("ArrowRight")
    expect(banner).to_contain_text("filtered by Hydrogen")
    expect(coloured).to_have_count(0)
    atlas.page.keyboard.press("ArrowRight")
    expect(banner).to_contain_text("Plan overview")
    atlas.page.keyboard.press("Escape")
    expect(banner).to_have_count(0)
    # Of two answers that are under way the first may still be flown to: the last one counts.
    atlas.frame.wait_for_function(
        "(zoom) => window.clusterAtlas.current.map.getZoom() === zoom", arg=before["zoom"]
    )
    atlas.settle()
    after = atlas.map_state()
    assert after["zoom"] == before["zoom"]
    assert [after[one] for one in ("lat", "lng")] == pytest.approx(
        [before[one] for one in ("lat", "lng")], abs=0.005
    )
    assert atlas.query == asked
    expect(atlas.map.get_by_role("button", name=re.compile("^Undo"))).to_be_disabled()
