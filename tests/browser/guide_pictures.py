"""Walk to what the pictures of the guide show; ``make guide`` draws them anew.

Each picture is a step that a test walks as well, so that the guide cannot tell of what is gone.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from data.loader import default_province_id, load_province
from data.text import Language, say

from . import data_files
from .atlas_page import AtlasPage
from .data_page import DataPage

FOLDER = Path(__file__).parents[2] / "docs" / "guide" / "pictures"
SIZE = (1280, 800)


@dataclass(frozen=True)
class Walk:
    """Where a step of the guide is walked: a page of a served atlas, in a language."""

    atlas: AtlasPage
    language: Language
    folder: Path

    def say(self, key: str) -> str:
        return say(key, self.language)

    def open_map(self, query: str = "") -> None:
        self.atlas.open(f"lang={self.language}&{query}")
        self.atlas.map.locator("body[data-atlas-toolbar]").wait_for()
        self.atlas.settle()

    def open_page(self, page: str, query: str) -> None:
        self.atlas.open_page(page, f"lang={self.language}&{query}")
        self.atlas.settle()


def the_map(walk: Walk) -> None:
    walk.open_map()


def the_search(walk: Walk) -> None:
    walk.open_map()
    walk.atlas.map.get_by_role("combobox").fill("yc")
    expect(walk.atlas.map.get_by_role("option").first).to_be_visible()


def the_legend(walk: Walk) -> None:
    walk.open_map()
    walk.atlas.map.locator("body[data-atlas-toolbar]").wait_for()
    walk.atlas.settle()
    walk.atlas.map.locator(".atlas-legend [data-toggle='sector.battery']").dblclick()
    walk.atlas.expect_query("sector", "battery")
    expect(walk.atlas.map.locator(".atlas-legend .atlas-off").first).to_be_visible()
    walk.atlas.settle()


def the_ranking(walk: Walk) -> None:
    walk.open_page("ranking", "sector=battery")
    walk.atlas.wait_for_map()


def the_chain(walk: Walk) -> None:
    walk.open_page("chain", "sector=battery")
    expect(walk.atlas.page.locator("[aria-roledescription='rect mark']").first).to_be_visible()


def the_datum(walk: Walk) -> None:
    table = data_files.synthetic_list(load_province(default_province_id()), "gcj02")
    data = DataPage(walk.atlas.page, walk.atlas.server, walk.language)
    data.open().upload(data_files.write_csv(table, walk.folder))
    expect(data.pictures()).to_have_count(3)
    data.settle()
    heading = walk.atlas.page.get_by_role("heading", name=walk.say("data.step_datum"))
    heading.evaluate("node => node.scrollIntoView({ block: 'start' })")
    walk.atlas.page.get_by_test_id("stMain").evaluate("node => node.scrollBy(0, -80)")
    for picture in data.pictures().all():
        picture.evaluate("node => node.decode()")


def the_snapshot(walk: Walk) -> None:
    walk.open_map("sector=battery")
    walk.atlas.page.get_by_role("button", name=walk.say("snapshot.title")).click()
    expect(walk.atlas.page.get_by_text(walk.say("snapshot.graticule"))).to_be_visible()


STEPS: dict[str, Callable[[Walk], None]] = {
    "map": the_map,
    "search": the_search,
    "legend": the_legend,
    "ranking": the_ranking,
    "chain": the_chain,
    "datum": the_datum,
    "snapshot": the_snapshot,
}


def taken(page: Page, server: str, name: str, language: Language) -> Image.Image:
    """Walk to a step and return what a person sees there."""
    with tempfile.TemporaryDirectory() as folder:
        STEPS[name](Walk(AtlasPage(page, server), language, Path(folder)))
        page.wait_for_load_state("load")
        page.mouse.move(SIZE[0] / 2, 2)
        shot = page.screenshot(animations="disabled", caret="hide")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def walker(browser: Browser) -> Page:
    """Return a page of the pictures' size, still and light whatever the machine prefers."""
    context = browser.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]},
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    return context.new_page()
