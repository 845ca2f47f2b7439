"""Work an app in a real browser, and read what the page itself has timed (``watch.js``)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
QUIET_MS = 600
"""Nothing painted for so long: the answer is complete."""


def context(browser: Browser) -> BrowserContext:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    made.set_default_timeout(60_000)
    made.add_init_script("try { localStorage.setItem('atlas.tour', 'done') } catch {}")
    made.add_init_script(WATCH)
    return made


def settle(page: Page, *, paints: int = 0) -> None:
    """Wait until something was painted after ``paints`` paints, and then nothing for a while."""
    page.wait_for_function(
        "([paints, quiet]) => speed.paints > paints && performance.now() - speed.painted > quiet",
        arg=[paints, QUIET_MS],
        polling=100,
    )


def answer_ms(page: Page, click: Callable[[], None]) -> float:
    """Return the time from a click to the last paint of its answer, in milliseconds."""
    paints = page.evaluate("speed.paints")
    click()
    settle(page, paints=paints)
    took: float = page.evaluate("speed.painted - speed.clicked")
    return took
