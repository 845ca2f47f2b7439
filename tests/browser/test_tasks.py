"""Tasks of a new user, each from the start page and in at most four clicks, the longest in six.

``docs/tasks.md`` tells them in words with the clicks that each takes; a click more fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from clusters.matching import matching
from data.loader import Province
from data.text import Language, say
from layers.address.query import parse_query
from tests.places import PLACES

from .atlas_page import AtlasPage, scrolled_to

MOST_CLICKS, LONGEST = 4, {"strongest-on-paper": 6}
# Heard at the document: a click that the browser driver holds back at the window, because a run
# of the page has just moved what it aims at, is not counted twice.
COUNT = """addEventListener("DOMContentLoaded", () => {
    document.addEventListener("pointerdown", (event) => {
        if (event.isTrusted) window.atlasClicked();
    }, { capture: true });
});"""
TABLE = Path(__file__).parents[2] / "docs" / "tasks.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)`: .+ \| (\d) \|$", re.MULTILINE)
TOLD = {name: int(clicks) for name, clicks in ROW.findall(TABLE.read_text(encoding="utf-8"))}


class User:
    """Somebody at the start page, whose clicks in the page and in its map are counted."""

    def __init__(self, page: Page, server: str, language: Language, province: Province) -> None:
        self.page = page
        self.province = province
        self.language = language
        self.clicks = 0
        page.context.expose_binding("atlasClicked", lambda _: self._count())
        page.context.add_init_script(COUNT)
        self.atlas = AtlasPage(page, server)
        self.atlas.open(f"lang={language}")
        self.atlas.map.locator("body[data-atlas-toolbar]").wait_for()
        self.atlas.settle()

    def _count(self) -> None:
        self.clicks += 1

    def counted(self) -> int:
        """Return the clicks so far. A page tells of them before it answers anything asked later."""
        for frame in self.page.frames:
            frame.evaluate("0")
        return self.clicks

    def say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def name(self, chinese: str, english: str) -> str:
        return chinese if self.language == "zh" else english

    def go_to(self, group: str, name: str) -> None:
        self.page.get_by_role("button", name=self.say(f"pages.{group}"), exact=True).click()
        self.page.get_by_role("menuitem", name=self.say(f"page.{name}"), exact=True).click()
        self.page.locator("h1").first.wait_for()
        self.atlas.settle()

    def pill(self, words: str) -> None:
        self.page.get_by_test_id("stMain").get_by_text(words, exact=True).first.click()
        self.atlas.settle()

    def tool(self, name: str) -> Locator:
        return self.atlas.map.get_by_role("button", name=self.say(f"toolbar.{name}"))

    def search(self, text: str) -> None:
        field = self.atlas.map.get_by_role("combobox")
        field.click()
        field.press_sequentially(text)
        expect(self.atlas.map.get_by_role("option").first).to_be_visible()
        field.press("Enter")


def find_pilots_without_a_station(user: User, folder: Path) -> None:
    user.tool("presets").click()
    user.atlas.map.get_by_role("menuitem").last.click()
    user.atlas.expect_query("segment", "refuelling")
    user.tool("table").click()
    rows = user.atlas.map.get_by_role("row")
    with_none = (PLACES.parts_pilot, PLACES.hub)
    with_some = (PLACES.capital, PLACES.border_city, PLACES.other_hub)
    station = user.name("氢燃料电池示范", "Hydrogen pilot")
    for city in (*with_none, *with_some):
        row = rows.filter(has_text=city.name(user.language))
        expect(row).to_contain_text(station)
        none = row.get_by_text(re.compile(r"(^|\D)0( 个| sites)"))
        expect(none).to_have_count(1 if city in with_none else 0)


def rank_the_cities_for_a_separator_plant(user: User, folder: Path) -> None:
    user.go_to("analysis", "ranking")
    user.pill(user.name("动力电池", "Power battery"))
    user.pill(user.name("隔膜", "Separator"))
    user.atlas.expect_query("segment", "separator")
    expect(user.page.get_by_text(user.say("ranking.contributions"))).to_be_visible()


def take_a_city_away_on_a4(user: User, folder: Path) -> None:
    user.atlas.click_city(PLACES.hub.adcode)
    user.page.get_by_role("button", name=user.say("profile.open")).wait_for()
    user.atlas.settle()
    user.page.get_by_role("button", name=user.say("profile.open")).click()
    with user.page.expect_download() as waiting:
        user.page.get_by_role("button", name=user.say("city.print")).click()
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", waiting.value.path().read_bytes())
    assert box is not None
    assert sorted(round(float(points) / 72 * 25.4) for points in box.groups()) == [210, 297]
    assert PLACES.hub.name(user.language) in waiting.value.suggested_filename


def add_the_spreadsheet_of_a_bureau(user: User, folder: Path) -> None:
    path = folder / "synthetic.xlsx"
    counties = (PLACES.border_county, PLACES.parts_pilot_county, PLACES.hub_county)
    names = {"企业名称": ["甲", "乙", "丙"], "区县": [county.zh for county in counties]}
    pd.DataFrame(names | {"行业": ["动力电池"] * 3}).to_excel(path, index=False)
    user.page.get_by_role("link", name=user.say("filter.own")).click()
    with user.page.expect_file_chooser() as waiting:
        user.page.get_by_test_id("stFileUploaderDropzone").locator("button").click()
    waiting.value.set_files(path)
    user.page.get_by_text(user.say("kind.supplier"), exact=True).click()
    accept = user.page.get_by_role("button", name=user.say("data.accept", count=3))
    expect(accept).to_be_enabled()
    accept.click()
    listed = user.page.locator("[class*='st-key-own-own']")
    expect(listed).to_contain_text(user.say("data.item_sites", count=3))


def compare_two_cities(user: User, folder: Path) -> None:
    user.go_to("analysis", "compare")
    chosen = user.page.locator("[class*='st-key-widget-compare-cities']")
    chosen.get_by_role("button", name=user.say("builtin.clear_all")).click()
    expect(user.page.get_by_text(user.say("compare.too_few"))).to_be_visible()
    field = chosen.get_by_role("combobox")
    field.click()
    cities = (PLACES.battery_base, PLACES.capital)
    for city in cities:
        field.press_sequentially(city.name(user.language))
        field.press("Enter")
    field.press("Escape")
    user.atlas.expect_query("compare", ",".join(city.slug for city in cities))
    expect(user.page.get_by_role("heading", name=user.say("compare.positions"))).to_be_visible()


def take_the_strongest_three_away(user: User, folder: Path) -> None:
    user.page.get_by_role("combobox", name=user.say("filter.segment")).click()
    for segment in (user.name("隔膜", "Separator"), user.name("电解液", "Electrolyte")):
        scrolled_to(user.page, segment).click()
        expect(user.atlas.map.locator(".atlas-chip").filter(has_text=segment)).to_be_visible()
    user.page.keyboard.press("Escape")
    user.go_to("analysis", "compare")
    user.atlas.expect_query("segment", "separator,electrolyte")
    view = parse_query(user.page.url.partition("?")[2], user.province).view
    counts = matching(user.province, view.selection).by_city
    assert set(view.compare) == set(counts.nlargest(3, keep="all").index[:3])
    with user.page.expect_download() as waiting:
        user.page.get_by_role("button", name=user.say("compare.pdf")).click()
    written = "".join(page.extract_text() for page in PdfReader(waiting.value.path()).pages)
    drawn = "".join(written.split())
    for adcode in view.compare:
        assert str(user.province.cities.at[adcode, f"name_{user.language}"]) in drawn
    sites = matching(user.province, view.selection).sites
    for name in sites.loc[sites["city_adcode"].isin(view.compare), f"name_{user.language}"]:
        assert "".join(name.split()) in drawn


def see_which_cities_lack_separators(user: User, folder: Path) -> None:
    user.go_to("analysis", "chain")
    user.pill(user.name("动力电池", "Power battery"))
    separator = user.name("隔膜", "Separator")
    cells = user.page.locator(f"[aria-roledescription='rect mark'][aria-label*='{separator}']")
    expect(cells).to_have_count(13)
    here = user.say("chain.state_here")
    assert 0 < sum(here in (cell.get_attribute("aria-label") or "") for cell in cells.all()) < 13


def send_the_view(user: User, folder: Path) -> None:
    user.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    user.page.get_by_role("button", name=user.say("snapshot.title")).click()
    code = user.page.get_by_test_id("stCode").first
    code.hover()
    code.get_by_role("button").click()
    copied = user.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("http")
    assert f"lang={user.language}" in copied


def read_the_newest_figure_of_a_target(user: User, folder: Path) -> None:
    user.go_to("plan", "progress")
    words = user.name("为目标下限的", "of the lower target value")
    expect(user.page.get_by_text(words).first).to_be_visible()


def show_the_map_on_the_wall(user: User, folder: Path) -> None:
    user.tool("present").click()
    expect(user.atlas.map.locator(".atlas-banner")).to_be_visible()
    expect(user.page.locator("body.atlas-presenting")).to_be_attached()


def read_the_sources_of_a_site(user: User, folder: Path) -> None:
    user.search(PLACES.site.search)
    user.atlas.expect_query("site", PLACES.site.id)
    panel = user.page.locator(".st-key-profile-panel")
    expect(panel.get_by_role("link", name=re.compile(".")).first).to_be_visible()


TASKS: dict[str, Callable[[User, Path], None]] = {
    "pilots-without-station": find_pilots_without_a_station,
    "rank-for-separators": rank_the_cities_for_a_separator_plant,
    "city-on-a4": take_a_city_away_on_a4,
    "bureau-spreadsheet": add_the_spreadsheet_of_a_bureau,
    "compare-two": compare_two_cities,
    "strongest-on-paper": take_the_strongest_three_away,
    "lacking-separators": see_which_cities_lack_separators,
    "share-view": send_the_view,
    "newest-of-target": read_the_newest_figure_of_a_target,
    "present": show_the_map_on_the_wall,
    "sources-of-site": read_the_sources_of_a_site,
}


def test_tasks_are_written_down_and_none_takes_too_many_clicks():
    assert TOLD.keys() == TASKS.keys()
    assert len(TOLD) == 11
    assert all(clicks <= LONGEST.get(name, MOST_CLICKS) for name, clicks in TOLD.items())


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_the_clicks_that_are_told(page, server, province, task, tmp_path):
    """In Chinese and in English by turns: the way to a thing is the same in both."""
    language = get_args(Language)[list(TASKS).index(task) % 2]
    user = User(page, server, language, province)
    TASKS[task](user, tmp_path)
    assert user.counted() == TOLD[task]


def test_clicks_are_counted_in_the_page_and_in_its_map(page, server, province):
    user = User(page, server, "en", province)
    user.tool("presets").click()
    user.page.get_by_role("button", name="Snapshot").click()
    user.page.keyboard.press("Enter")
    assert user.counted() == 2
