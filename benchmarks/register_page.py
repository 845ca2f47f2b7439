"""Measure a register on the page itself: from the click on a filter to the tiles painted, memory.

The real server and a real Chromium: 1,000 and 1,000,000 points are uploaded to the page, and the
page's own clock times the same filters on both.
"""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.speed.browsing import answer_ms, context, watch
from benchmarks.speed.serving import Served, served
from tests.browser.atlas_page import AtlasPage
from tests.browser.data_page import DataPage
from tests.chromium import rest_script

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TILES = ".leaflet-atlas-tiles-pane"
FACET = "segment"
CHANGES = 9


def page_figures(few: Path, many: Path, points: int, folder: Path) -> dict[str, float]:
    """Return times and memory on the page: CSV files of 1,000 and of ``points`` points.

    The first change of each page is left out. ``page_bytes_a_point`` is what the server's
    resident memory has grown by, for good, when the larger file is in use.
    """
    path = next(path for name in BROWSERS if (path := shutil.which(name)))
    with served("atlas", folder / "server.log") as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        small = _changes(_opened(browser, app, few))
        before = _resident(app)
        page = _opened(browser, app, many)
        grown = _resident(app) - before
        large = _changes(page)
        browser.close()
    return {
        "page_filter_change_ms": large,
        "page_filter_change_1000_points_ms": small,
        "page_filter_change_over_1000_points": large / small,
        "page_bytes_a_point": grown / points,
    }


def _opened(browser: Browser, app: Served, path: Path) -> Page:
    """Upload a file as points, and show them on the map with the filters open."""
    page = context(browser).new_page()
    page.add_init_script(rest_script())
    data = DataPage(page, app.address).open()
    data.upload(path)
    data.pictures().nth(2).wait_for()
    data.settle()
    words = data.say("data.target_points")
    page.get_by_test_id("stRadio").locator("label").filter(has_text=words).first.click()
    data.settle()
    data.choose_datum("wgs84")
    data.accept()
    data.to_map()
    AtlasPage(page, app.address).map.locator(f"{TILES} img").first.wait_for()
    data.settle()
    page.get_by_text(data.say("points.filters")).click()
    # A click on a list that is still sliding into place only gives it the focus.
    data.settle()
    watch(page, TILES)
    return page


def _changes(page: Page) -> float:
    """Return the median time from one more value of a filter to the last tile painted."""
    took = []
    for _ in range(CHANGES + 1):
        page.get_by_role("combobox", name=FACET, exact=True).click()
        # The first one chooses all.
        option = page.get_by_role("option").nth(1)
        option.wait_for()
        took.append(answer_ms(page, option.click))
        page.keyboard.press("Escape")
    page.context.close()
    return statistics.median(took[1:])


def _resident(app: Served) -> int:
    """Return the server's resident memory in bytes."""
    status = Path(f"/proc/{app.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
