"""A Chinese page is Chinese throughout, Streamlit's own controls too, in a real browser."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.text import say

from .atlas_page import AtlasPage

BUILTIN = tomllib.loads(
    (Path(__file__).parents[2] / "ui" / "words" / "builtin.toml").read_text(encoding="utf-8")
)
SAID = """() => {
    const said = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) said.add(node.nodeValue.trim());
        else if (node.nodeType === Node.ELEMENT_NODE) {
            for (const name of ["aria-label", "title", "placeholder", "alt"]) {
                if (node.hasAttribute(name)) said.add(node.getAttribute(name));
            }
        }
    }
    return [...said];
}"""
PAGES = (
    "ranking",
    "compare",
    "chain",
    "city",
    "companies",
    "measures",
    "plan",
    "progress",
    "data",
    "views",
    "sources",
)


@pytest.fixture
def locale() -> str:
    return "zh-CN"


@pytest.fixture
def atlas(page: Page, server: str) -> AtlasPage:
    return AtlasPage(page, server)


def english(page: Page) -> set[str]:
    """Return which phrases of Streamlit's own, and of its charts, stand on the page."""
    own = {phrase for phrase in BUILTIN.values() if "{n}" not in phrase}
    said = set(page.evaluate(SAID))
    return own & said | {one for one in said if "-axis" in one or "legend titled" in one}


def test_no_control_of_a_chinese_page_speaks_english(atlas):
    atlas.open("lang=zh")
    for name in (*PAGES, ""):
        atlas.walk_to(name, "lang=zh")
        expect(atlas.page.locator("html")).to_have_attribute("lang", "zh-Hans")
        assert english(atlas.page) == set(), name


def test_an_open_list_speaks_chinese(atlas):
    atlas.open("lang=zh")
    atlas.settle()
    field = atlas.page.get_by_role("combobox", name=say("filter.segment", "zh"))
    field.click()
    expect(atlas.page.get_by_text(say("builtin.select_all", "zh"))).to_be_visible()
    field.fill("qqq")
    expect(atlas.page.get_by_text(say("builtin.no_results", "zh"))).to_be_visible()
    assert english(atlas.page) == set()


def test_the_language_is_switched_there_and_back(atlas):
    page = atlas.page
    atlas.open("lang=en")
    expect(page.get_by_title("Map", exact=True)).to_be_visible()
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_title("地图", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(atlas.map.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_title("Map", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(atlas.map.locator("html")).to_have_attribute("lang", "en")
    atlas.settle()
    found = page.evaluate(SAID)
    assert not {say(f"builtin.{key}", "zh") for key in BUILTIN} & set(found)


def test_a_refused_file_is_told_in_chinese(atlas, tmp_path):
    path = tmp_path / "list.exe"
    path.write_bytes(b"MZ")
    atlas.open_page("data", "lang=zh")
    atlas.page.locator("input[type=file]").set_input_files(path)
    told = say("intake.extension", "zh", extension=".exe", choices="")
    expect(atlas.page.get_by_text(told.partition("；")[0])).to_be_attached()


def test_the_test_would_find_english(atlas):
    atlas.open_page("plan", "lang=zh")
    expect(atlas.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    atlas.page.evaluate(
        "window.atlasWords.disconnect(); document.body.append('No results')",
    )
    assert "No results" in english(atlas.page)
