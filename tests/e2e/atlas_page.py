"""Work the map page as a person would."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import FrameLocator, Page, expect
from playwright.sync_api import TimeoutError as TooLateError


class AtlasPage:
    """The map page of a served atlas, in a browser."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server

    @property
    def map(self) -> FrameLocator:
        """The frame that holds the map."""
        return self.page.frame_locator("iframe[src*='/atlas/frame/']")

    def open(self, query: str = "") -> AtlasPage:
        """Open the map page and wait until it is drawn."""
        self.page.goto(f"{self.server}/?{query}")
        return self.wait_for_map()

    def wait_for_map(self) -> AtlasPage:
        """Wait until the map is drawn."""
        self.map.locator("body[data-atlas-ready]").wait_for()
        return self

    def settle(self) -> None:
        """Wait until the page has run to its end."""
        self.page.wait_for_timeout(300)
        self.page.locator("[data-test-script-state='notRunning']").first.wait_for()

    def wait_until_still(self) -> None:
        """Wait until the map has come to rest and the address holds its zoom."""
        frame = next(frame for frame in self.page.frames if "/atlas/frame/" in frame.url)
        # What an earlier wait has seen says nothing: the next move may not have begun.
        frame.evaluate("window.atlasSeen = null")
        frame.wait_for_function(
            """() => {
                const map = window.clusterAtlas.current.map;
                const now = [map.getZoom(), map.getCenter().lat, map.getCenter().lng].join();
                const still = window.atlasSeen === now;
                window.atlasSeen = now;
                return still;
            }""",
            polling=300,
        )
        zoom = frame.evaluate("window.clusterAtlas.current.map.getZoom()")
        self.page.wait_for_function(
            "zoom => Number(new URLSearchParams(location.search).get('zoom')) === zoom", arg=zoom
        )

    def go_to(self, group: str, page: str) -> None:
        """Open a page of the navigation's group."""
        self.page.get_by_role("button", name=group, exact=True).click()
        self.page.get_by_role("menuitem", name=page, exact=True).click()

    def open_page(self, page: str, query: str = "") -> AtlasPage:
        """Open a page by its address."""
        self.page.goto(f"{self.server}/{page}?{query}")
        self.page.locator("h1").first.wait_for()
        return self

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a filter, and close its list."""
        choose_option(self.page, label, option)
        self.page.keyboard.press("Escape")

    def click_city(self, adcode: int) -> None:
        """Click a city on the map."""
        self.map.locator(f"path[data-feature='{adcode}']").click()

    def expect_query(self, key: str, value: str | None) -> None:
        """Wait until the address holds ``value`` for ``key``, or does not hold the key."""
        self.page.wait_for_function(
            "([key, value]) => new URLSearchParams(location.search).get(key) === value",
            arg=[key, value],
        )

    @property
    def query(self) -> dict[str, str]:
        """The values in the address."""
        return {key: values[0] for key, values in parse_qs(urlparse(self.page.url).query).items()}

    def map_state(self) -> dict[str, object]:
        """The centre and zoom of the map, and a mark that a rebuilt map would have lost."""
        frame = next(frame for frame in self.page.frames if "/atlas/frame/" in frame.url)
        state: dict[str, object] = frame.evaluate(
            """() => {
                const map = window.clusterAtlas.current.map;
                window.atlasMark = window.atlasMark || Math.random();
                const center = map.getCenter();
                return {lat: center.lat, lng: center.lng, zoom: map.getZoom(),
                        mark: window.atlasMark};
            }"""
        )
        return state

    def drawn(self, layer: str) -> int:
        """How many paths and markers a layer of the map has."""
        return self.map.locator(
            f".leaflet-atlas-{layer}-pane path[d], .leaflet-atlas-{layer}-pane .leaflet-marker-icon"
        ).count()

    def expect_count(self, text: str) -> None:
        """Wait until the filter panel says how many cities are selected."""
        expect(self.page.locator(".st-key-filter-outcome")).to_contain_text(text)


def choose_option(page: Page, label: str, option: str) -> None:
    """Choose an option of a list; a list that a new layout shut is opened again."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        page.get_by_role("combobox", name=label).click()
        with suppress(TooLateError):
            wanted.click(timeout=6_000)
            return
    wanted.click()
