"""Work the apps in a real browser, and read what the page itself has timed (``watch.js``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.speed.serving import Served

WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
QUIET_MS = 600
"""Nothing painted for so long: the answer is complete."""

OWN_MAP = "iframe[src*='/atlas/frame/']"
"""The frame of the map that answers clicks."""

LATEST_S = 60
OWN = "atlas, until it answers"
Figures = dict[str, list[float]]


def context(browser: Browser) -> BrowserContext:
    """Open a browser of one who has been here before, as far as the tour goes."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    made.set_default_timeout(LATEST_S * 1000)
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


def watch(page: Page, selector: str) -> None:
    page.evaluate("selector => { speed.watched = selector }", selector)


@dataclass
class Clicker:
    """A page of an app, and its click that changes a filter, back and forth."""

    app: Served
    page: Page
    turn: int = field(default=0)

    def click(self) -> None:
        self.turn += 1
        if self.app.is_atlas:
            self.page.locator(".st-key-overlays label").nth(2).click()
            return
        options = ("one", "two") if self.app.name == "floor" else ("all", "battery")
        self.page.get_by_text(options[self.turn % 2], exact=True).click()


def address(app: Served) -> str:
    return f"{app.address}/?lang=en" if app.is_atlas else app.address


def visit(page: Page, app: Served) -> None:
    """Open an app, and wait until it is whole: the atlas shows a map before its page has come."""
    page.goto(address(app))
    if app.is_atlas:
        page.frame_locator(OWN_MAP).locator("body[data-atlas-toolbar]").wait_for()
    settle(page)


def opened(browser: Browser, app: Served) -> Clicker:
    page = context(browser).new_page()
    visit(page, app)
    return Clicker(app, page)


def filters(browser: Browser, apps: list[Served], rounds: int) -> Figures:
    """Time a change of a filter in each app, in turn; the first of each is left out."""
    clickers = [opened(browser, app) for app in apps]
    took: Figures = {app.name: [] for app in apps}
    for turn in range(rounds + 1):
        for one in clickers:
            found = answer_ms(one.page, one.click)
            if turn:
                took[one.app.name].append(found)
    for one in clickers:
        one.page.context.close()
    return took


def visits(browser: Browser, apps: list[Served], rounds: int) -> tuple[Figures, Figures]:
    """Time from the address to the first paint: with an empty browser, and once more.

    Under ``OWN`` stands the time until the atlas's own map is drawn, which answers clicks.
    """
    first: Figures = {name: [] for name in (*(app.name for app in apps), OWN)}
    second: Figures = {name: [] for name in first}
    for _ in range(rounds):
        for app in apps:
            visitor = context(browser)
            for took in (first, second):
                page = visitor.new_page()
                visit(page, app)
                took[app.name].append(page.evaluate("speed.first"))
                if app.is_atlas:
                    took[OWN].append(page.evaluate("speed.own"))
                page.close()
            visitor.close()
    return first, second


def geometry_bytes(browser: Browser, app: Served) -> int:
    """Return the bytes of all geometry that a first visit fetches, as they travel."""
    page = opened(browser, app).page
    frame = next(frame for frame in page.frames if "/atlas/frame/" in frame.url)
    size: int = frame.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.name.includes('/geometry/'))"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    page.context.close()
    return size


def switches(browser: Browser, app: Served, rounds: int) -> Figures:
    """Time other acts on the atlas: another language, a profile, another page."""
    page = opened(browser, app).page
    took: Figures = {"language": [], "profile": [], "page": []}
    for turn in range(rounds):
        name = ("中文", "English")[turn % 2]
        took["language"].append(answer_ms(page, page.get_by_text(name, exact=True).click))
    city = page.frame_locator(OWN_MAP).locator("path[data-feature='320500']")
    for _ in range(rounds):
        visit(page, app)
        watch(page, ".st-key-profile-panel h3")
        page.evaluate(
            """() => document.querySelector("iframe[src*='/atlas/frame/']").contentDocument
            .addEventListener("click", () => { speed.clicked = performance.now(); },
              { capture: true, once: true })"""
        )
        took["profile"].append(answer_ms(page, city.click))
        visit(page, app)
        watch(page, "h1")
        page.get_by_role("button", name="The plan", exact=True).click()
        took["page"].append(answer_ms(page, page.get_by_role("menuitem").first.click))
    page.context.close()
    return took
