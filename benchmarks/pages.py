"""Measure every page of the menus until it is at rest: ``python -m benchmarks.pages``.

The atlas is served beside the floor of ``benchmarks.speed``; each page is opened by its address
and from the menu, and its controls are changed. Writes ``benchmarks/pages.md`` and ``.json``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.speed.__main__ import BROWSERS, NOTHING_OUTSIDE, WARM_S, median
from benchmarks.speed.browsing import Figures, context
from benchmarks.speed.report import Row, machine_of, write_tables
from benchmarks.speed.serving import Served, served
from data.text import say
from tests.chromium import rest_script
from ui.page_names import FIRST_PAGE, GROUPS

TARGET = Path(__file__).parent / "pages"
CONTROLS = ("ranking", "compare", "chain", "measures")
RADIO = re.compile("^(one|two)$")
SECTOR = ".st-key-widget-picker-sector button"
FLOOR = "floor"
FIRST_BAR, LATER_BAR, MENU_BAR, CONTROL_BAR = 3, 2, 2, 2
LONGEST_MS = 3000

AT_REST = """([asked, quiet]) => new Promise((done) => {
  let since = 0;
  const look = () => {
    if (window.atlasRest.asked <= asked || !window.atlasRest.holds()) since = 0;
    else if (!since) since = performance.now();
    else if (performance.now() - since > quiet) return done(since);
    setTimeout(look, 15);
  };
  look();
})"""
"""The time at which the page came to rest, and stayed so: from the start of its navigation.

``asked`` is how often it had asked for anything before what is waited for.
"""

QUIET_MS = 600


def opened(browser: Browser) -> Page:
    """Return an empty page of an empty browser that tells when it is at rest."""
    visitor = context(browser)
    visitor.add_init_script(rest_script())
    return visitor.new_page()


def rest_ms(page: Page, asked: int = 0) -> float:
    """Return when the page came to rest, in milliseconds after its navigation."""
    found: float = page.evaluate(AT_REST, [asked, QUIET_MS])
    return found


def answer_ms(page: Page, click: Callable[[], None]) -> float:
    """Return the time from a click to rest, in milliseconds."""
    rest_ms(page)
    asked = page.evaluate("window.atlasRest.asked")
    click()
    until = rest_ms(page, asked)
    since: float = page.evaluate("speed.clicked")
    return until - since


def address(app: Served, name: str) -> str:
    path = "" if name in (FLOOR, FIRST_PAGE) else name
    return f"{app.address}/{path}?lang=en"


def visit(browser: Browser, app: Served, name: str) -> tuple[float, float]:
    """Return when an empty browser shows the first text, and when it is at rest."""
    page = opened(browser)
    page.goto(address(app, name))
    rest = rest_ms(page)
    first: float = page.evaluate("speed.first")
    page.context.close()
    return first, rest


def addresses(
    browser: Browser, floor: Served, names: list[str], rounds: int, log: Path
) -> tuple[Figures, Figures]:
    """Time each page by its address: the first to open it after the server's start, and later.

    Under ``FLOOR`` stand the first texts of the floor's visits in between.
    """
    first: Figures = {name: [] for name in (FLOOR, *names)}
    later: Figures = {name: [] for name in (FLOOR, *names)}
    for _ in range(rounds):
        for name in names:
            with served("atlas", log) as app:
                time.sleep(WARM_S)
                for found in (first, later, later):
                    found[FLOOR].append(visit(browser, floor, FLOOR)[0])
                    found[name].append(visit(browser, app, name)[1])
    return first, later


def title(name: str) -> str:
    return say(f"page.{name}", "en")


def choose(page: Page, name: str) -> Callable[[], None]:
    """Return the click on a page of the menu, whose group is opened first."""
    heading = next(heading for heading, names in GROUPS if name in names)
    if not heading:
        return page.get_by_role("link", name=title(name), exact=True).click
    menu = page.get_by_role("button", name=say(heading, "en"), exact=True)
    item = page.get_by_role("menuitem", name=title(name), exact=True)

    def click() -> None:
        menu.click()
        item.click()

    return click


def menus(browser: Browser, app: Served, names: list[str], rounds: int) -> Figures:
    """Time the way through all pages by the menu; the first way round is left out."""
    took: Figures = {name: [] for name in names}
    page = opened(browser)
    page.goto(address(app, names[-1]))
    for turn in range(rounds + 1):
        for name in names:
            found = answer_ms(page, choose(page, name))
            if turn:
                took[name].append(found)
    page.context.close()
    return took


def controls(browser: Browser, floor: Served, app: Served, rounds: int) -> Figures:
    """Time a click of the floor, and another sector on the pages that ask for one."""
    took: Figures = {name: [] for name in (FLOOR, *CONTROLS)}
    pages = {name: opened(browser) for name in took}
    for name, page in pages.items():
        page.goto(address(floor if name == FLOOR else app, name))
    for turn in range(rounds + 1):
        for name, page in pages.items():
            options = page.get_by_text(RADIO) if name == FLOOR else page.locator(SECTOR)
            option = options.nth((turn + 1) % 2)
            page.bring_to_front()
            found = answer_ms(page, option.click)
            if turn:
                took[name].append(found)
    for page in pages.values():
        page.context.close()
    return took


def rows_of(what: str, took: Figures, floor: float, bar: float) -> list[Row]:
    """Return ratios to the floor, and the median of each page."""
    names = [name for name in took if name != FLOOR]
    medians = {name: median(took[name]) for name in names}
    ratios = [
        Row(f"{what}: {name}, over the floor", medians[name] / floor, bar, "×") for name in names
    ]
    return [*ratios, *(Row(f"{what}: {name}, median", value) for name, value in medians.items())]


def measured(browser: Browser, names: list[str], rounds: int, log: Path) -> list[Row]:
    with served("floor", log) as floor:
        first, later = addresses(browser, floor, names, rounds, log)
        with served("atlas", log) as app:
            time.sleep(WARM_S)
            changed = controls(browser, floor, app, 2 * rounds)
            walked = menus(browser, app, names, rounds)
    text, click = median([*first[FLOOR], *later[FLOOR]]), median(changed[FLOOR])
    slowest = max(median(first[name]) for name in names)
    return [
        Row("floor: first text of a first visit, median", text),
        Row("floor: click, median", click),
        Row("slowest page, first after the start", slowest, LONGEST_MS),
        *rows_of("address, first after the start", first, text, FIRST_BAR),
        *rows_of("address, later", later, text, LATER_BAR),
        *rows_of("menu", walked, click, MENU_BAR),
        *rows_of("another sector", changed, click, CONTROL_BAR),
    ]


def main() -> None:
    """Measure the pages that are named, or all of the menus."""
    known = [name for _, names in GROUPS for name in names]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="PAGE", help="of the menus; all if none")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=TARGET, help="without its ending")
    asked = parser.parse_args()
    before = os.getloadavg()[0]
    log = Path(tempfile.mkdtemp()) / "servers.log"
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", NOTHING_OUTSIDE]
        )
        rows = measured(browser, asked.names or known, asked.rounds, log)
        browser.close()
    write_tables(rows, machine_of(before, asked.rounds), asked.out)
    print(asked.out.with_suffix(".md").read_text())


if __name__ == "__main__":
    main()
