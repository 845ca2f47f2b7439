"""Work the map page as a person would."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from urllib.parse import parse_qs

from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLateError

from data.loader import Province
from layers.catalogue import default_overlays
from tests.chromium import LOOK_MS, PATIENCE_MS, asking, settle, until

A_LIST_OPENS_MS = 3_000
CAN_BE_PRESSED = """(row) => {
    const box = row.getBoundingClientRect();
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return row.contains(there);
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
STEP = """(address) => {
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
}"""


class AtlasPage:
    """The map page of a served atlas, in a browser."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server

    @property
    def map(self) -> FrameLocator:
        """The frame that holds the map."""
        return self.page.frame_locator("iframe[src*='/atlas/frame/']")

    @property
    def frame(self) -> Frame:
        """The frame that holds the map, to run scripts in."""
        return next(frame for frame in self.page.frames if "/atlas/frame/" in frame.url)

    def open(self, query: str = "") -> AtlasPage:
        """Open the map page and wait until it is drawn, and all that it asks for at first."""
        self.page.goto(f"{self.server}/?{query}")
        self.wait_for_map().settle()
        return self

    def open_with_toolbar(self, query: str = "lang=en") -> AtlasPage:
        """Open the map page and wait until the tools on the map are there too."""
        self.open(query)
        self.map.locator("body[data-atlas-toolbar]").wait_for()
        return self

    def wait_for_map(self) -> AtlasPage:
        """Wait until the map is drawn."""
        self.map.locator("body[data-atlas-ready]").wait_for()
        return self

    def settle(self) -> None:
        """Wait until all that was asked for is drawn, and the map is still."""
        settle(self.page)

    def asking(self) -> AbstractContextManager[None]:
        """Wait, after the block, for the answer to what it asks for."""
        return asking(self.page)

    def wait_until_still(self) -> None:
        """Wait until the map has come to rest and the address holds its zoom."""
        self.settle()
        zoom = self.frame.evaluate("window.clusterAtlas.current.map.getZoom()")
        self.page.wait_for_function(
            "zoom => Number(new URLSearchParams(location.search).get('zoom')) === zoom",
            arg=zoom,
            polling=LOOK_MS,
        )

    def go_to(self, group: str, page: str) -> None:
        """Open a page of the navigation's group, once nothing is under way on this one."""
        self.settle()
        self.page.get_by_role("button", name=group, exact=True).click()
        self.page.get_by_role("menuitem", name=page, exact=True).click()

    def open_page(self, page: str, query: str = "") -> AtlasPage:
        """Open a page by its address."""
        self.page.goto(f"{self.server}/{page}?{query}")
        self.page.locator("h1").first.wait_for()
        return self

    def walk_to(self, page: str, query: str) -> AtlasPage:
        """Go to an address by a step in the history of a page that is open, and wait for it.

        Streamlit's page is not loaded anew: it asks for another one, as when somebody goes
        forward in the browser. A walk through all pages takes a third of the time so.
        """
        with self.asking():
            self.page.evaluate(STEP, f"{self.server}/{page}?{query}")
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
            polling=LOOK_MS,
        )

    def expect_without(self, province: Province, *layers: str) -> None:
        """Wait until all layers that are on at first, but for these, are on."""
        left = [name for name in default_overlays(province) if name not in layers]
        self.expect_query("overlay", ",".join(left))

    @property
    def query(self) -> dict[str, str]:
        """The values in the address."""
        # As the page has it: what Playwright was told may be older.
        asked = self.page.evaluate("location.search.slice(1)")
        return {key: values[0] for key, values in parse_qs(asked).items()}

    def map_state(self) -> dict[str, object]:
        """The centre and zoom of the map, and a mark that a rebuilt map would have lost."""
        state: dict[str, object] = self.frame.evaluate(
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


def scrolled_to(page: Page, option: str, within_ms: float = PATIENCE_MS) -> Locator:
    """Return an option of the open list, once the list is still where it was scrolled to.

    While a list scrolls, and a little after, its rows cannot be pressed.
    """
    wanted = page.get_by_role("option", name=option, exact=True)
    wanted.scroll_into_view_if_needed(timeout=within_ms)
    page.evaluate(TWO_FRAMES)
    until(page, lambda: wanted.evaluate(CAN_BE_PRESSED))
    return wanted


def choose_option(page: Page, label: str, option: str) -> None:
    """Choose an option of a list; one that the page shuts, as it still moves, is opened again."""
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    settle(page)

    def is_chosen() -> bool:
        if box.get_attribute("aria-expanded") != "true":
            box.click()
        with suppress(TooLateError):
            scrolled_to(page, option, A_LIST_OPENS_MS).click(timeout=A_LIST_OPENS_MS)
            return True
        return False

    until(page, is_chosen)
