"""The map of an address is there before the page around it has started, and gives way to it."""

from __future__ import annotations

import time
import urllib.request

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.atlas_page import AtlasPage
from tests.places import PLACES

COVER = ".atlas-first-map"
OWN = "iframe[src*='/atlas/frame/']"


class HeldBack:
    """The page's own script, which comes only when it is released."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[Route] = []
        page.route("**/static/js/index.*", lambda route: self._waiting.append(route))

    def release(self) -> None:
        for route in self._waiting:
            route.continue_()


@pytest.fixture
def held_back(page: Page, warm: str) -> HeldBack:
    return HeldBack(page)


@pytest.fixture
def warm(server: str) -> str:
    """The server, when it has loaded what the first map needs: before, pages go without."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with urllib.request.urlopen(server) as answer:
            if b"data-view" in answer.read():
                return server
        time.sleep(0.2)
    pytest.fail("the server never offered a first map")


def box(page: Page, selector: str) -> list[float]:
    found = page.locator(selector).bounding_box()
    return [found[side] for side in ("x", "y", "width", "height")]


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (3840, 2160), (390, 844)])
def test_the_first_map_stands_where_the_page_puts_its_own(page, server, held_back, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server}/?lang=en", wait_until="commit")
    first = page.frame_locator(f"{COVER} iframe")
    first.locator("body[data-atlas-ready]").wait_for()
    assert first.locator("path[data-feature='320600']").count() > 0
    assert page.locator(OWN).count() == 0
    before = box(page, f"{COVER} iframe")
    held_back.release()
    AtlasPage(page, server).wait_for_map()
    expect(page.locator(COVER)).to_have_count(0)
    assert box(page, OWN) == pytest.approx(before, abs=1)


def test_the_first_map_is_the_view_of_the_address_and_cannot_be_reached(page, server, held_back):
    query = f"lang=zh&overlay=hydrogen&city={PLACES.other_hub.slug}"
    page.goto(f"{server}/?{query}", wait_until="commit")
    first = page.frame_locator(f"{COVER} iframe")
    first.locator("body[data-atlas-ready]").wait_for()
    expect(first.locator(".atlas-legend")).to_contain_text("图例")
    expect(first.locator(".leaflet-atlas-assembly-pane path")).to_have_count(0)
    assert page.locator(COVER).evaluate("node => node.inert")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")


def test_a_dark_page_has_a_dark_first_map(page, server, held_back):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{server}/", wait_until="commit")
    first = page.frame_locator(f"{COVER} iframe")
    first.locator("body[data-atlas-ready]").wait_for()
    assert first.locator("html").get_attribute("data-atlas-theme") == "dark"


@pytest.mark.parametrize("path", ["ranking", "?embed=true", "?sector=nonsense"])
def test_pages_without_that_map_have_no_first_one(page, server, warm, path):
    page.goto(f"{server}/{path}")
    page.locator("h1, iframe[src*='/atlas/frame/']").first.wait_for()
    expect(page.locator(COVER)).to_have_count(0)
