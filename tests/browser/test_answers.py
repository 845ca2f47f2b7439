"""A filter is answered: what matches, where, how much, who, and a list to take away."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from clusters.matching import matching
from clusters.selection import Selection
from data.text import say
from layers.address.query import parse_query
from layers.words.matching_words import matching_sentence
from tests.browser.atlas_page import AtlasPage, scrolled_to
from tests.places import PLACES

QUERY = "segment=separator,electrolyte"


@pytest.fixture(scope="module")
def asked(province) -> Selection:
    return parse_query(QUERY, province).view.selection


def open_map(atlas: AtlasPage, query: str) -> AtlasPage:
    atlas.open(query)
    atlas.map.locator("body[data-atlas-toolbar]").wait_for()
    return atlas


def panel(page: Page):
    return page.locator(".st-key-profile-panel")


def told(page: Page):
    """Return the rest of what the panel tells, once it is of what is asked for."""
    expect(page.locator(".st-key-profile-panel:not([data-atlas-awaits])")).to_be_visible()
    return page.locator(".st-key-profile-details")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_map_panel_and_filters_say_the_same_sentence(atlas, province, asked, language):
    open_map(atlas, f"lang={language}&{QUERY}")
    sentence = matching_sentence(asked, province, language)
    expect(atlas.map.locator(".atlas-chips-answer")).to_have_text(sentence)
    expect(panel(atlas.page)).to_contain_text(sentence)
    expect(atlas.page.locator(".st-key-filter-outcome")).to_contain_text(sentence)
    held = set(matching(province, asked).cities)
    expect(atlas.map.locator(".leaflet-atlas-matching-cities-pane path[d]")).not_to_have_count(0)
    outlined = atlas.frame.evaluate(
        """() => window.clusterAtlas.current.spec.layers
            .find((layer) => layer.id === "matching-cities").classes
            .flatMap((found) => found.features)"""
    )
    assert set(outlined) == held


def test_a_chip_is_taken_away_on_the_map(atlas):
    open_map(atlas, f"lang=en&{QUERY}")
    chips = atlas.map.locator(".atlas-chip")
    expect(chips).to_have_text(["Separator", "Electrolyte"])
    chips.first.click()
    atlas.expect_query("segment", "electrolyte")
    expect(chips).to_have_text(["Electrolyte"])
    chips.first.press("Enter")
    atlas.expect_query("segment", None)
    expect(atlas.map.locator(".atlas-chips")).to_have_count(0)
    expect(panel(atlas.page).get_by_role("heading", name=PLACES.province.en)).to_be_visible()


def test_a_bar_keeps_its_city_alone(atlas, province, asked):
    open_map(atlas, f"lang=en&{QUERY}")
    counts = matching(province, asked).by_city
    city = PLACES.other_hub
    bar = panel(atlas.page).locator(f"[data-atlas-only='city.{city.adcode}']")
    expect(bar).to_contain_text(str(counts.at[city.adcode]))
    bar.click()
    atlas.expect_query("city", city.slug)
    expect(atlas.map.locator(".atlas-chips-answer")).to_contain_text("of the 1 chosen cities")


def test_the_switch_goes_by_the_plan(atlas, province):
    open_map(atlas, f"lang=en&{QUERY}")
    atlas.page.get_by_role("radio", name="the plan").click()
    atlas.expect_query("by", "plan")
    expect(atlas.map.locator(".atlas-chips-answer")).to_contain_text("the plan names 4 of 13")
    expect(atlas.map.locator(".leaflet-atlas-matching-cities-pane path[d]")).to_have_count(0)


def test_a_cell_flies_to_its_site_and_a_tick_collects_it(atlas, province, asked, tmp_path):
    open_map(atlas, f"lang=en&{QUERY}")
    details = told(atlas.page)
    grid = details.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    ids = list(matching(province, asked).sites.index)
    # The grid is a picture of cells: its first column ticks, the next one names.
    grid.click(position={"x": 16, "y": 35 + 17})
    expect(details).to_contain_text("1 ticked")
    with atlas.page.expect_download() as started:
        details.get_by_role("button", name="XLSX").click()
    path = tmp_path / "list.xlsx"
    started.value.save_as(path)
    rows = list(openpyxl.load_workbook(path)["data_sites"].values)
    assert [row[0] for row in rows[1:]] == [ids[0]]
    grid.click(position={"x": 90, "y": 35 + 35 + 17})
    atlas.expect_query("site", ids[1])
    atlas.expect_query("zoom", "10")
    name = str(province.sites.at[ids[1], "name_en"])
    expect(panel(atlas.page).get_by_role("heading", name=name)).to_be_visible()


def test_closed_assembly_plants_as_a_list_take_four_clicks(atlas, province, tmp_path):
    """Two for the status, one on the legend, one on the file."""
    open_map(atlas, "lang=zh")
    box = atlas.page.get_by_role("combobox", name=say("filter.status", "zh"))
    # A list shuts where its panel still scrolls.
    box.scroll_into_view_if_needed()
    atlas.settle()
    box.click()
    scrolled_to(atlas.page, say("status.closed", "zh")).click()
    atlas.expect_query("status", "closed")
    atlas.settle()
    atlas.map.locator(".atlas-legend [data-toggle='sector.assembly']").dblclick()
    atlas.expect_query("sector", "assembly")
    atlas.settle()
    with atlas.page.expect_download() as started:
        told(atlas.page).get_by_role("button", name="XLSX").click()
    path: Path = tmp_path / "list.xlsx"
    started.value.save_as(path)
    query = parse_query("status=closed&sector=assembly", province).view
    found = matching(province, query.selection).sites
    book = openpyxl.load_workbook(path)
    assert {row[0] for row in [*book["data_sites"].values][1:]} == set(found.index)
    heads, *rows = book[say("sheet.sites", "zh")].values
    status = heads.index(say("site_list.status", "zh"))
    assert {row[status] for row in rows} == {say("status.closed", "zh")}


def test_what_filters_stands_on_every_page_on_which_it_acts(atlas, province):
    found = matching(province, parse_query(QUERY, province).view.selection)
    said = f"{len(found.sites)} matching sites in {len(found.cities)} of 13"
    atlas.open_page("plan", "lang=en")
    for page in ("ranking", "compare", "chain", "measures", "companies"):
        atlas.walk_to(page, f"lang=en&{QUERY}")
        bar = atlas.page.locator(".st-key-filter-bar")
        expect(bar.get_by_role("button", name="Separator")).to_be_visible()
        expect(atlas.page.get_by_text(re.compile(f"^{said}"))).to_be_visible()
        bar.get_by_role("button", name="Separator").click()
        atlas.expect_query("segment", "electrolyte")


def test_typing_finds_in_the_list(atlas, province, asked):
    open_map(atlas, f"lang=en&{QUERY}")
    details = told(atlas.page)
    box = details.get_by_role("textbox")
    box.fill("no such site")
    box.press("Enter")
    expect(details).to_contain_text("No site of the list is like that.")
    box.fill(PLACES.other_hub.en)
    box.press("Enter")
    expect(details.get_by_test_id("stDataFrame")).to_be_visible()


def test_a_company_leads_to_its_sites_on_the_map(atlas, province):
    owner = str(province.sites["company"].value_counts().index[0])
    name = str(province.companies.at[owner, "name_en"])
    atlas.open_page("companies", f"lang=en&owner={owner}")
    expect(atlas.page.get_by_role("heading", name=name).first).to_be_visible()
    atlas.page.get_by_role("button", name="Show these sites on the map").click()
    atlas.wait_for_map()
    atlas.expect_query("owner", owner)
    expect(atlas.map.locator(".atlas-chip")).to_have_text([name])
