"""What a browser prints of the pages: every row of every table, in a PDF that Chromium makes."""

from __future__ import annotations

import io
import re
import unicodedata

from playwright.sync_api import expect
from pypdf import PdfReader

from clusters.local_statistics import county_hot_spots
from clusters.selection import Selection
from data.loader import Province
from data.text import say
from tests.places import PLACES

from .atlas_page import AtlasPage


def printed(atlas: AtlasPage) -> str:
    """Return the text of the page on paper, in one line."""
    pages = PdfReader(io.BytesIO(atlas.page.pdf(prefer_css_page_size=True))).pages
    text = unicodedata.normalize("NFKC", " ".join(one.extract_text() for one in pages))
    return re.sub(r"\s+", " ", text)


def open_settled(atlas: AtlasPage, page: str, query: str) -> AtlasPage:
    atlas.open_page(page, query)
    atlas.page.locator("[class*='st-key-table-'] canvas").first.wait_for()
    atlas.settle()
    return atlas


def test_the_ranking_is_printed_row_by_row(atlas, province):
    text = printed(open_settled(atlas, "ranking", "lang=en"))
    rows = re.findall(r"\b(\d+) (\S+) (\d+\.\d) \d+(?: to \d+)? 100 %", text)
    assert [int(rank) for rank, _, _ in rows] == list(range(1, 14))
    assert {city for _, city, _ in rows} == set(province.cities["name_en"])


def listed(province: Province, adcode: int) -> int:
    """Return how many sites are listed of a city."""
    return int((province.sites["city_adcode"] == adcode).sum())


def test_the_comparison_is_printed_with_every_measure(atlas, province):
    one, other = PLACES.capital, PLACES.hub
    text = printed(open_settled(atlas, "compare", f"lang=zh&compare={one.slug},{other.slug}"))
    assert f"测度 {one.zh} {other.zh}" in text
    counts = [listed(province, city.adcode) for city in (one, other)]
    assert re.search(r"收录站点数\(个\) {} {}\b".format(*counts), text)


def test_the_counties_that_stand_out_are_printed(atlas, province):
    text = printed(open_settled(atlas, "measures", "lang=en"))
    found = county_hot_spots(province, Selection())
    standing_out = found[(found["hot_spot"] != "none") | (found["moran_p"] <= 0.05)]
    assert len(standing_out) > 2
    for row in standing_out.itertuples():
        county = province.counties.loc[row.Index]
        city = province.cities.at[county["city_adcode"], "name_en"]
        value = f"{row.gi_star:.2f}".rstrip("0").rstrip(".")
        assert f"{county['name_en']} {city} {row.sites} {value} " in text


def test_all_sources_are_printed_or_those_searched(atlas, province):
    open_settled(atlas, "sources", "lang=en")
    text = printed(atlas).replace(" ", "")
    addresses = [one.address for one in province.sources.values()]
    assert len(addresses) > 300
    plain = [unicodedata.normalize("NFKC", one).replace(" ", "") for one in addresses]
    assert [one for one in plain if one not in text] == []
    atlas.page.get_by_role("textbox", name=say("sources.search", "en")).fill("Gasgoo")
    with atlas.asking():
        atlas.page.keyboard.press("Enter")
    fewer = printed(atlas)
    assert "Gasgoo" in fewer
    assert len(fewer) < len(text) / 4


def test_a_city_is_printed_with_its_sectors_and_sites(atlas, province):
    text = printed(open_settled(atlas, "city", f"lang=en&profile={PLACES.hub.slug}"))
    sites = province.sites[province.sites["city_adcode"] == PLACES.hub.adcode]
    count = (sites["sector"] == "assembly").sum()
    share = 100 * count / (province.sites["sector"] == "assembly").sum()
    assert re.search(rf"Vehicle assembly yes {count} {share:.1f} % \d\.\d\d", text)
    bare = text.replace(" ", "")
    names = [unicodedata.normalize("NFKC", one).replace(" ", "") for one in sites["name_en"]]
    assert len(names) > 20
    assert [one for one in names if one not in bare] == []


def test_the_gaps_of_the_chain_are_printed(atlas, province):
    text = printed(open_settled(atlas, "chain", "lang=en"))
    count = listed(province, PLACES.battery_base.adcode)
    assert re.search(rf"{PLACES.battery_base.en} \d+ % \d+ % \d+ % {count}\b", text)


def test_the_grid_is_on_the_screen_and_the_lines_on_paper(atlas):
    open_settled(atlas, "ranking", "lang=en")
    grid = atlas.page.get_by_test_id("stDataFrame").first
    lines = atlas.page.locator(".st-key-table-ranking .atlas-print-table")
    expect(grid).to_be_visible()
    expect(lines).to_be_hidden()
    atlas.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(lines).to_be_hidden()
    atlas.page.emulate_media(media="print")
    expect(grid).to_be_hidden()
    expect(lines.get_by_role("row")).to_have_count(14)
    atlas.page.evaluate("dispatchEvent(new Event('afterprint'))")
    atlas.page.emulate_media(media="screen")
    expect(lines.locator("table")).to_have_count(0)
    expect(grid).to_be_visible()


def test_a_table_is_fetched_when_printed_and_by_nobody_who_cannot_name_it(atlas):
    asked: list[str] = []
    atlas.page.on("request", lambda one: asked.append(one.url) if "/table-" in one.url else None)
    open_settled(atlas, "ranking", "lang=en")
    assert asked == []
    printed(atlas)
    assert asked
    answer = atlas.page.request.get(asked[0])
    assert answer.status == 200
    assert answer.headers["cache-control"] == "private, no-store"
    name = asked[0].rpartition("/")[2]
    guessed = f"{atlas.server}/atlas/session/{'x' * 32}/{name}"
    assert atlas.page.request.get(guessed).status == 404
