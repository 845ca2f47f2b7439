"""Steps back and forward in the browser, and what a page asks while it is left for another."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data.text import LANGUAGES, say
from tests.places import PLACES


def test_one_step_back_undoes_one_choice_wherever_the_map_has_flown(atlas):
    atlas.open("lang=en")
    atlas.click_city(PLACES.hub.adcode)
    atlas.wait_until_still()
    assert "center" in atlas.query
    atlas.page.go_back()
    atlas.expect_query("profile", None)
    expect(atlas.page.get_by_role("heading", name=PLACES.province.en)).to_be_visible()
    atlas.settle()
    atlas.page.go_forward()
    atlas.expect_query("profile", PLACES.hub.slug)
    expect(atlas.page.get_by_role("heading", name=PLACES.hub.en)).to_be_visible()


def test_a_step_back_right_after_a_click_counts(atlas):
    atlas.open("lang=en")
    atlas.click_city(PLACES.hub.adcode)
    atlas.expect_query("profile", PLACES.hub.slug)
    atlas.page.go_back()
    atlas.settle()
    assert "profile" not in atlas.query
    expect(atlas.page.get_by_role("heading", name=PLACES.province.en)).to_be_visible()


def test_one_step_back_leads_to_the_page_before(atlas):
    atlas.open(f"lang=en&profile={PLACES.hub.slug}")
    atlas.go_to("Analysis", "Ranking")
    expect(atlas.page.get_by_role("heading", level=1, name="Ranking")).to_be_visible()
    atlas.settle()
    atlas.page.go_back()
    atlas.wait_for_map()
    atlas.expect_query("profile", PLACES.hub.slug)
    expect(atlas.page.get_by_role("heading", name=PLACES.hub.en)).to_be_visible()


def test_one_step_back_leaves_the_atlas(page, server, atlas):
    page.goto(f"{server}/_stcore/health")
    atlas.open()
    atlas.expect_query("lang", "en")
    atlas.settle()
    page.go_back()
    page.wait_for_url("**/_stcore/health")


@pytest.mark.parametrize("place", ["profile", "navigation"])
def test_what_the_map_asks_while_its_page_is_left_brings_no_empty_page(atlas, place):
    atlas.open(f"lang=en&profile={PLACES.hub.slug}")
    page = atlas.page
    atlas.settle()
    if place == "navigation":
        page.get_by_role("button", name="Analysis", exact=True).click()
        leave = page.get_by_role("menuitem", name="Ranking", exact=True)
        headings = {language: say("page.ranking", language) for language in LANGUAGES}
    else:
        leave = page.get_by_role("button", name="Full profile")
        headings = {language: PLACES.hub.name(language) for language in LANGUAGES}
    # Far more often than the map does it by itself: one of them meets the moment.
    leave.evaluate(
        """(link) => {
            const frame = document.querySelector("iframe[src*='/atlas/frame/']");
            link.click();
            const asking = setInterval(() => {
                if (!frame.isConnected) clearInterval(asking);
                else frame.contentWindow.dispatchEvent(new Event("atlas-left"));
            }, 1);
        }"""
    )
    expect(page.get_by_role("heading", level=1, name=headings["en"])).to_be_visible()
    # The server passes over what a part of the page asks for that has gone: one more answer tells
    # that all before it were given.
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=headings["zh"])).to_be_visible()
    atlas.settle()
    expect(page.get_by_role("heading", level=1, name=headings["zh"])).to_be_visible()
