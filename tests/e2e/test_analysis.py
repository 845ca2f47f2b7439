"""The analysis pages in a real browser: rank, compare, read the chain, open a city."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.atlas_page import AtlasPage

pytestmark = pytest.mark.browser


@pytest.fixture
def atlas(page, server) -> AtlasPage:
    return AtlasPage(page, server)


def chart(atlas: AtlasPage, place: int = 0):
    return atlas.page.get_by_test_id("stVegaLiteChart").nth(place)


def test_a_weight_changes_the_ranking_and_the_address(atlas):
    atlas.open_page("ranking", "lang=en&sector=battery")
    atlas.map.locator("body[data-atlas-ready]").wait_for()
    slider = atlas.page.get_by_role("slider", name="Gross domestic product")
    slider.focus()
    for weight in (2, 3, 4):
        slider.press("ArrowRight")
        atlas.page.wait_for_function(
            "(part) => new URLSearchParams(location.search).get('weights')?.includes(part)",
            arg=f"gdp:{weight}",
        )
    expect(atlas.map.locator(".atlas-legend")).to_contain_text("Ranking score")
    expect(chart(atlas)).to_contain_text("Gross domestic product")
    atlas.page.get_by_role("button", name="Usual criteria").click()
    atlas.expect_query("weights", None)


def test_the_data_of_a_chart_is_downloaded_with_its_sources(atlas):
    atlas.open_page("ranking", "lang=en&sector=battery")
    with atlas.page.expect_download() as waiting:
        atlas.page.get_by_role("button", name="Data (CSV)").first.click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len({row["City"] for row in rows}) == 13
    assert all(row["Sources"] for row in rows)
    assert all(row["Value"] for row in rows)


def test_a_cell_of_the_chain_leads_to_the_map(atlas):
    atlas.open_page("chain", "lang=en&sector=battery")
    expect(chart(atlas)).to_contain_text("Separator")
    cell = chart(atlas).locator("path[aria-label*='City: Changzhou'][aria-label*='Separator']")
    cell.first.click()
    atlas.wait_for_map()
    atlas.expect_query("segment", "separator")
    atlas.expect_query("profile", "changzhou")
    atlas.go_to("Analysis", "Chain")
    expect(atlas.page.get_by_role("heading", name="The chain")).to_be_visible()
    atlas.expect_query("segment", "separator")


def test_the_chain_can_be_read_without_a_mouse(atlas):
    atlas.open_page("chain", "lang=en")
    expect(chart(atlas)).to_contain_text("Separator")
    atlas.choose("City", "Yancheng")
    atlas.choose("Segment", "Anode")
    atlas.page.get_by_role("button", name="Show on the map").click()
    atlas.wait_for_map()
    atlas.expect_query("profile", "yancheng")
    atlas.expect_query("segment", "anode")


def test_the_most_similar_cities_join_the_comparison(atlas):
    atlas.open_page("compare", "lang=en&compare=nantong,suqian")
    expect(chart(atlas)).to_contain_text("Nantong")
    atlas.page.get_by_role("button", name="Add the most similar").click()
    atlas.page.wait_for_function(
        "() => new URLSearchParams(location.search).get('compare').split(',').length === 5"
    )
    expect(chart(atlas)).to_contain_text("NantongSuqianXuzhou")


def test_one_city_is_no_comparison(atlas):
    atlas.open_page("compare", "lang=en&compare=nantong")
    expect(atlas.page.get_by_text("Choose at least two cities.")).to_be_visible()
    expect(atlas.page.get_by_role("button", name="Add the most similar")).to_be_visible()


def test_a_city_prints_and_leads_to_its_neighbour(atlas):
    atlas.open_page("city", "lang=en&profile=suqian")
    expect(atlas.page.get_by_text("The plan names no role for this city.")).to_be_visible()
    with atlas.page.expect_download() as waiting:
        atlas.page.get_by_role("button", name="Print map (PDF)").click()
    assert waiting.value.path().read_bytes()[:5] == b"%PDF-"
    assert waiting.value.suggested_filename.startswith("suqian-")
    atlas.page.get_by_role("button", name=re.compile("^Huai'an: ")).click()
    atlas.expect_query("profile", "huaian")


def test_the_profile_beside_the_map_leads_to_the_full_one(atlas):
    atlas.open("lang=en&profile=changzhou")
    atlas.page.get_by_role("button", name="Full profile").click()
    expect(
        atlas.page.get_by_role("heading", name="Indicators against the province")
    ).to_be_visible()


@pytest.mark.parametrize("page_name", ["ranking", "compare", "chain", "city", "measures"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_analysis_page_says_what_its_sample_is(atlas, page_name, language):
    atlas.open_page(page_name, f"lang={language}")
    words = {"zh": "并非普查", "en": "no census"}[language]
    expect(atlas.page.get_by_text(words).first).to_be_visible()
    expect(atlas.page.get_by_test_id("stException")).to_have_count(0)
