"""The analysis pages in a real browser: rank, compare, read the chain, open a city."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from clusters.counts import WEAK_BELOW_SITES
from tests.browser.atlas_page import AtlasPage
from tests.places import PLACES


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
    atlas.page.get_by_role("button", name="Data (CSV)").first.wait_for()
    atlas.settle()
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
    city = PLACES.battery_base
    cell = chart(atlas).locator(f"path[aria-label*='City: {city.en}'][aria-label*='Separator']")
    cell.first.click()
    atlas.wait_for_map()
    atlas.expect_query("segment", "separator")
    atlas.expect_query("profile", city.slug)
    atlas.go_to("Analysis", "Chain")
    expect(atlas.page.get_by_role("heading", name="The chain")).to_be_visible()
    atlas.expect_query("segment", "separator")


def test_the_chain_can_be_read_without_a_mouse(atlas):
    atlas.open_page("chain", "lang=en")
    expect(chart(atlas)).to_contain_text("Separator")
    atlas.choose("City", PLACES.hub.en)
    atlas.choose("Segment", "Anode")
    atlas.page.get_by_role("button", name="Show on the map").click()
    atlas.wait_for_map()
    atlas.expect_query("profile", PLACES.hub.slug)
    atlas.expect_query("segment", "anode")


def test_the_most_similar_cities_join_the_comparison(atlas, province):
    first, second = PLACES.other_hub, PLACES.without_role
    atlas.open_page("compare", f"lang=en&compare={first.slug},{second.slug}")
    expect(chart(atlas)).to_contain_text(first.en)
    atlas.page.get_by_role("button", name="Add the most similar").click()
    atlas.page.wait_for_function(
        "() => new URLSearchParams(location.search).get('compare').split(',').length === 5"
    )
    names = {slug: adcode for adcode, slug in province.city_slugs.items()}
    for slug in atlas.query["compare"].split(","):
        expect(chart(atlas)).to_contain_text(province.cities.at[names[slug], "name_en"])
    assert {first.slug, second.slug} < set(atlas.query["compare"].split(","))


def test_a_cell_of_a_citys_chain_leads_to_the_map(atlas):
    atlas.open_page("city", f"lang=en&profile={PLACES.without_role.slug}")
    matrix = atlas.page.locator("[class*='st-key-scrolling-'] [data-testid='stVegaLiteChart']")
    near = PLACES.other_without_role
    cell = matrix.locator(f"path[aria-label*='City: {near.en}'][aria-label*='Cathode']")
    box = cell.first.bounding_box()
    assert box is not None
    assert box["height"] > 15
    cell.first.click()
    atlas.wait_for_map()
    atlas.expect_query("segment", "cathode")
    atlas.expect_query("profile", near.slug)


def test_a_city_says_its_sectors(atlas):
    atlas.open_page("city", f"lang=en&profile={PLACES.without_role.slug}")
    expect(atlas.page.get_by_role("heading", name="Sectors", exact=True)).to_be_visible()
    rows = csv_of(atlas, "city-sectors")
    assert [row["Sector"] for row in rows] == [
        "Vehicle assembly",
        "Power battery",
        "Automotive electronics",
        "Powertrain",
        "Hydrogen fuel cells",
    ]
    assert all((int(row["Sites"]) < 5) == (row["Weak"] == "weak") for row in rows)


def csv_of(atlas: AtlasPage, name: str) -> list[dict[str, str]]:
    """Download the data of a chart, by the name of its file."""
    atlas.settle()
    with atlas.page.expect_download() as waiting:
        atlas.page.locator(f".st-key-widget-data-{name} button").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_ranking_marks_what_rests_on_few_sites(atlas, province):
    atlas.open_page("ranking", "lang=en&sector=powertrain")
    expect(chart(atlas, 1)).to_be_visible()
    weak = {row["City"] for row in csv_of(atlas, "ranking") if row["Weak"] == "weak"}
    sites = province.sites[province.sites["sector"] == "powertrain"]
    counts = sites["city_adcode"].value_counts().reindex(province.cities.index, fill_value=0)
    few = counts.index[counts < WEAK_BELOW_SITES]
    assert weak == set(province.cities.loc[few, "name_en"])
    assert 0 < len(weak) < len(province.cities)
    expect(atlas.map.locator(".atlas-legend")).to_contain_text(
        f"Fewer than {WEAK_BELOW_SITES} sites: weak"
    )
    bands = csv_of(atlas, "ranking-bands")
    assert all(int(row["Best rank"]) <= int(row["Rank"]) for row in bands)
    assert all(int(row["Rank"]) <= int(row["Lowest rank"]) for row in bands)


def test_all_cities_stand_side_by_side(atlas):
    atlas.open_page("compare", "lang=en")
    with atlas.asking():
        atlas.page.get_by_role("button", name="All cities").click()
    atlas.page.wait_for_function(
        "() => new URLSearchParams(location.search).get('compare').split(',').length === 13"
    )
    expect(chart(atlas)).to_contain_text(PLACES.without_role.en)
    assert len({row["City"] for row in csv_of(atlas, "compare-chain")}) == 13


def test_a_ranking_is_opened_by_its_address(atlas):
    query = "lang=en&sector=hydrogen&weights=sites:7,gdp:2"
    atlas.open_page("ranking", query)
    slider = atlas.page.get_by_role("slider", name="Listed sites")
    expect(slider).to_have_value("7")
    expect(atlas.page.get_by_role("slider", name="Gross domestic product")).to_be_visible()
    expect(atlas.page.get_by_role("slider")).to_have_count(2)


def test_progress_says_the_latest_figure_and_where_there_is_none(atlas):
    atlas.open_page("progress", "lang=en")
    expect(atlas.page.get_by_text("Latest: 1,047,000").first).to_be_visible()
    expect(atlas.page.get_by_text("No figure with a source was found.").first).to_be_visible()
    rows = csv_of(atlas, "target-nev-output-2025")
    assert all(row["Sources"] for row in rows)


@pytest.mark.parametrize("page_name", ["chain", "city", "compare"])
def test_a_matrix_is_not_squeezed_on_a_phone(atlas, page_name):
    atlas.page.set_viewport_size({"width": 390, "height": 844})
    atlas.open_page(page_name, "lang=zh")
    area = atlas.page.locator("[class*='st-key-scrolling-']").first
    area.locator("canvas, svg").first.wait_for()
    cell = area.locator("path[aria-label*='\u73af\u8282']").first
    cell.wait_for()
    box = cell.bounding_box()
    assert box is not None
    assert box["width"] > 35
    assert atlas.page.evaluate("document.documentElement.scrollWidth") == 390


def test_one_city_is_no_comparison(atlas):
    atlas.open_page("compare", f"lang=en&compare={PLACES.other_hub.slug}")
    expect(atlas.page.get_by_text("Choose at least two cities.")).to_be_visible()
    expect(atlas.page.get_by_role("button", name="Add the most similar")).to_be_visible()


def test_a_city_prints_and_leads_to_its_neighbour(atlas):
    atlas.open_page("city", f"lang=en&profile={PLACES.without_role.slug}")
    expect(atlas.page.get_by_text("The plan names no role for this city.")).to_be_visible()
    with atlas.page.expect_download() as waiting:
        atlas.page.get_by_role("button", name="Print map (PDF)").click()
    assert waiting.value.path().read_bytes()[:5] == b"%PDF-"
    assert waiting.value.suggested_filename.startswith(
        f"{PLACES.province.en}_{PLACES.without_role.en}_Map_"
    )
    neighbour = PLACES.namesake_hub
    atlas.page.get_by_role("button", name=re.compile(f"^{neighbour.en}: ")).click()
    atlas.expect_query("profile", neighbour.slug)


def test_the_profile_beside_the_map_leads_to_the_full_one(atlas):
    atlas.open(f"lang=en&profile={PLACES.battery_base.slug}")
    atlas.settle()
    atlas.page.get_by_role("button", name="Full profile").click()
    expect(
        atlas.page.get_by_role("heading", name="Indicators against the province")
    ).to_be_visible()


@pytest.mark.parametrize(("language", "words"), [("zh", "并非普查"), ("en", "no census")])
def test_every_analysis_page_says_what_its_sample_is(atlas, language, words):
    atlas.open_page("plan", f"lang={language}")
    for name in ("ranking", "compare", "chain", "city", "companies", "measures"):
        atlas.walk_to(name, f"lang={language}")
        expect(atlas.page.get_by_text(words).first).to_be_visible()
        expect(atlas.page.get_by_test_id("stException")).to_have_count(0)
