"""A view is saved on the map, and opened next week in another browser."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.own.view_files import read_views
from data.text import Language, say
from tests.chromium import settle

from .atlas_page import AtlasPage
from .axe import faults
from .conftest import new_profile

QUERY = "sector=battery&status=operating&theme=location-quotient&center=32.5000,119.5000&zoom=9"


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """Somebody's other browser."""
    profile = new_profile(browser, "zh-CN")
    yield profile.page
    assert profile.errors == []
    profile.context.close()


@pytest.fixture
def name() -> str:
    """A name that no other test has given, nor this one when it is tried again."""
    return f"For <b> {uuid.uuid4().hex[:6]}"


class ViewsPage:
    """The page of saved views, in a browser."""

    def __init__(self, page: Page, language: Language) -> None:
        self.page = page
        self.language = language

    def open(self, server: str) -> ViewsPage:
        AtlasPage(self.page, server).open_page("views", f"lang={self.language}").settle()
        return self

    def say(self, key: str, /, **values: object) -> str:
        return say(f"views.{key}", self.language, **values)

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(key), exact=True)

    def row(self, name: str) -> Locator:
        return self.page.locator("[class*='st-key-view-']").filter(
            has=self.page.get_by_text(name, exact=True)
        )

    def press(self, key: str, name: str) -> None:
        settle(self.page)
        self.row(name).get_by_role("button", name=self.say(key), exact=True).click()
        settle(self.page)


def save(atlas: AtlasPage, name: str) -> None:
    """Save the view on the map under a name, by the keyboard alone."""
    views, page = ViewsPage(atlas.page, "en"), atlas.page
    atlas.settle()
    views.button("save").press("Enter")
    field = page.get_by_role("textbox", name=views.say("name"), exact=True)
    expect(field).not_to_have_value("")
    field.fill(name)
    atlas.settle()
    views.button("save_now").press("Enter")
    expect(page.get_by_text(views.say("saved", name=name))).to_be_visible()


def test_a_view_is_opened_in_another_browser(atlas, other, server, name):
    atlas.open(f"{QUERY}&lang=en")
    save(atlas, name)
    atlas.page.get_by_role("link", name=say("views.to_list", "en")).press("Enter")
    here = ViewsPage(atlas.page, "en")
    expect(here.row(name)).to_be_visible()
    there = ViewsPage(other, "zh").open(server)
    there.press("open", name)
    opened = AtlasPage(other, server).wait_for_map()
    opened.wait_until_still()
    assert opened.query == atlas.query | {"lang": "en"}
    wanted = ("sector", "status", "theme", "center", "zoom")
    assert {name for name in wanted if name not in opened.query} == set()
    assert opened.query["center"] == "32.5000,119.5000"


def test_a_view_is_renamed_deleted_and_brought_back(page, server, atlas, name):
    atlas.open(f"{QUERY}&lang=en")
    save(atlas, name)
    views = ViewsPage(page, "en").open(server)
    views.press("other", name)
    field = page.get_by_role("textbox", name=views.say("name"), exact=True)
    renamed = f"{name} renamed"
    field.fill(renamed)
    field.press("Enter")
    settle(page)
    views.button("rename").click()
    expect(views.row(renamed)).to_be_visible()
    page.keyboard.press("Escape")
    views.press("delete", renamed)
    expect(page.get_by_text(views.say("deleted", name=renamed))).to_be_visible()
    expect(views.row(renamed).get_by_role("button")).to_have_count(0)
    views.button("undo").click()
    expect(views.row(renamed).get_by_role("button", name=views.say("open"))).to_be_visible()
    expect(views.button("undo")).to_have_count(0)


def test_views_are_taken_away_in_a_file_and_brought_again(
    page, server, atlas, name, tmp_path: Path
):
    atlas.open(f"{QUERY}&lang=en")
    save(atlas, name)
    views = ViewsPage(page, "en").open(server)
    with page.expect_download() as download:
        page.locator(".st-key-views-take button").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    kept, told = read_views(path.read_bytes(), path.name)
    assert told == ()
    assert name in {one.name for one in kept}
    page.get_by_text(views.say("bring"), exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name=views.say("add", count=len(kept))).click()
    expect(page.get_by_text(views.say("brought", count=len(kept)))).to_be_visible()
    expect(page.get_by_text(name, exact=True)).to_have_count(2)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_and_what_it_opens_shut_nobody_out(page, server, atlas, name, language):
    """Dark in English; on a phone nothing is cut."""
    atlas.open(f"{QUERY}&lang=en")
    save(atlas, name)
    page.emulate_media(color_scheme="dark" if language == "en" else "light")
    views = ViewsPage(page, language).open(server)
    views.press("other", name)
    expect(views.button("rename")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = views.button("rename").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
