"""A list of as many sites as the atlas takes is drawn, counted, listed and searched."""

from __future__ import annotations

import re

import shapely
from playwright.sync_api import expect

from data.own.own_source import MOST_SITES
from data.text import say
from tests.synthetic import synthetic_table

from .atlas_page import AtlasPage
from .data_page import DataPage


def test_ten_thousand_own_sites(page, server, province, tmp_path):
    table = synthetic_table(province, 3 * MOST_SITES).to_pandas()
    land = province.cities.union_all().buffer(-0.02)
    inside = shapely.contains_xy(land, table["longitude"], table["latitude"])
    table = table[inside].head(MOST_SITES)
    named = table.assign(name=[f"Synthetic {one}" for one in table["id"]], sector="battery")
    path = tmp_path / "many.csv"
    columns = ["name", "sector", "year", "longitude", "latitude"]
    named[columns].to_csv(path, index=False)
    data = DataPage(page, server).open()
    data.upload(path)
    data.choose_datum("wgs84")
    data.choose_kind("plant")
    data.accept()
    count = f"{len(named):,}"
    expect(page.locator("[class*='st-key-own-own']")).to_contain_text(count)
    data.to_map()
    atlas = AtlasPage(page, server)
    atlas.choose(say("filter.sector", "en"), "Power battery")
    listed = int((province.sites["sector"] == "battery").sum()) + len(named)
    panel = page.locator(".st-key-profile-panel")
    expect(panel).to_contain_text(re.compile(f"{listed:,} matching sites"))
    sought = page.get_by_role("textbox", name=say("answer.find", "en"))
    sought.fill(named["name"].iloc[-1])
    sought.press("Enter")
    data.settle()
    grid = page.locator(".st-key-profile-details").get_by_role("grid").first
    # The heads, and the one row.
    expect(grid).to_have_attribute("aria-rowcount", "2")
