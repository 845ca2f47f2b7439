"""An area is drawn on the map by mouse and keyboard, answered, and taken back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from clusters.area_of_interest import read_area
from tests.browser.atlas_page import AtlasPage


def draw(atlas: AtlasPage, form: str, *places: tuple[float, float]) -> None:
    """Choose a form and click at shares of the width and the height of the map."""
    atlas.map.locator(".atlas-tool-area").click()
    atlas.map.get_by_role("button", name=form, exact=True).click()
    box = atlas.map.locator(".folium-map").bounding_box()
    for across, down in places:
        x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
        atlas.page.mouse.move(x, y)
        atlas.page.mouse.click(x, y)


def area_of(atlas: AtlasPage, province):
    return read_area(address(atlas)["area"][0], province.settings.window)


def address(atlas: AtlasPage) -> dict[str, list[str]]:
    return parse_qs(urlparse(atlas.page.url).query)


def test_a_circle_takes_two_clicks_and_is_answered(atlas, province):
    atlas.open_with_toolbar()
    with atlas.asking():
        draw(atlas, "Circle", (0.6, 0.5), (0.66, 0.56))
    area = area_of(atlas, province)
    assert area.form == "circle"
    assert area.km > 1
    expect(atlas.page.get_by_text("Surely inside")).to_be_visible()
    expect(atlas.map.locator(".leaflet-atlas-area-of-interest-pane path[d]")).to_have_count(1)
    expect(atlas.map.locator(".atlas-area")).to_have_count(0)
    with atlas.asking():
        atlas.map.get_by_role("button", name=re.compile("Drop the filter: Area")).click()
    assert "area" not in address(atlas)


@pytest.mark.parametrize("form", ["polygon", "corridor"])
def test_points_are_taken_back_and_enter_ends(atlas, province, form):
    atlas.open_with_toolbar()
    words = {"polygon": "Polygon", "corridor": "Along a line"}[form]
    draw(atlas, words, (0.55, 0.4), (0.7, 0.4), (0.9, 0.9), (0.7, 0.6))
    atlas.page.keyboard.press("Backspace")
    atlas.page.keyboard.press("Backspace")
    box = atlas.map.locator(".folium-map").bounding_box()
    atlas.page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.6 * box["height"])
    with atlas.asking():
        atlas.page.keyboard.press("Enter")
    area = area_of(atlas, province)
    assert area.form == form
    assert len(area.points) == 3


def test_sides_that_cross_are_refused_and_escape_leaves(atlas):
    atlas.open_with_toolbar()
    draw(atlas, "Polygon", (0.55, 0.4), (0.7, 0.6), (0.7, 0.4), (0.55, 0.6))
    atlas.page.keyboard.press("Enter")
    expect(atlas.map.get_by_text("The sides cross each other")).to_be_visible()
    atlas.page.keyboard.press("Escape")
    expect(atlas.map.get_by_text("Choose a form")).to_be_visible()
    atlas.page.keyboard.press("Escape")
    expect(atlas.map.locator(".atlas-area")).to_have_count(0)
    assert "area" not in address(atlas)


def test_a_click_that_draws_opens_no_city(atlas, province):
    atlas.open_with_toolbar()
    with atlas.asking():
        draw(atlas, "By road", (0.65, 0.5))
    assert area_of(atlas, province).form == "road"
    assert "profile" not in address(atlas)


def test_what_is_measured_stays_in_the_browser(atlas):
    atlas.open_with_toolbar()
    draw(atlas, "Measure", (0.55, 0.4), (0.7, 0.4), (0.7, 0.6))
    atlas.page.keyboard.press("Enter")
    told = atlas.map.locator(".atlas-area [role='status']")
    expect(told).to_contain_text(re.compile(r"Measured: [\d.]+ km · encloses [\d.]+ km²"))
    expect(atlas.map.locator(".atlas-area")).to_be_visible()
    assert "area" not in address(atlas)
