"""The map page in a real browser on the real server."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from urllib.parse import urlparse

import pytest
from PIL import Image
from playwright.sync_api import expect

from data.own.own_counts import OwnPoints
from data.register.build import register_from_table
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.points.points_asked import PointsAsked, with_asked
from tests.chromium import settle
from tests.places import PLACES
from tests.serving import RESULTS
from tests.synthetic import COLUMNS, synthetic_table

from .atlas_page import AtlasPage


def test_everything_is_drawn(atlas):
    atlas.open()
    assert atlas.drawn("land") == 13
    assert atlas.drawn("borders") == 13
    assert atlas.drawn("counties") == 0
    assert atlas.drawn("assembly") == 4
    assert atlas.drawn("consolidation") == 4
    assert atlas.drawn("hydrogen") == 5
    legend = atlas.map.locator(".atlas-legend")
    for entry in ("Assembly hub", "Consolidation city", "Parts base", "Hydrogen pilot"):
        expect(legend).to_contain_text(entry)


@pytest.mark.parametrize("path", ["/", "/plan", "/progress", "/sources"])
def test_nothing_is_fetched_from_outside(page, server, path):
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}{path}")
    if path == "/":
        atlas = AtlasPage(page, server).wait_for_map()
        atlas.click_city(PLACES.hub.adcode)
        expect(page.get_by_role("heading", name=PLACES.hub.en)).to_be_visible()
        page.get_by_role("button", name="Snapshot").click()
    else:
        expect(page.locator("h1")).to_be_visible()
        settle(page)
    page.wait_for_load_state("networkidle")
    outside = [
        url
        for url in asked
        if urlparse(url).scheme not in {"data", "blob"}
        and urlparse(url).netloc != urlparse(server).netloc
    ]
    assert len(asked) > 10
    assert outside == []


def test_the_server_asks_nobody_outside():
    """Streamlit tells in its log when it looks for its outside address; ours does not look."""
    log = (RESULTS / "server.log").read_text()
    assert "URL" in log
    assert "external IP" not in log
    assert "External URL" not in log


def test_the_listener_would_hear_an_outside_request(page):
    """On a page without the atlas's content policy, which would hold the request back."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.set_content("<p>any page</p>")
    page.evaluate("fetch('http://outside.invalid/').catch(() => null)")
    assert any("outside.invalid" in url for url in asked)


def test_a_filter_keeps_the_map_its_place_and_its_zoom(atlas):
    atlas.open("lang=en&by=plan&center=32.2,119.6&zoom=8.5")
    before = atlas.map_state()
    atlas.choose("Sector", "Power battery")
    atlas.expect_count("4 of 13 cities")
    atlas.expect_query("sector", "battery")
    expect(atlas.map.locator(".atlas-legend")).to_contain_text("Outside the filters")
    assert atlas.map_state() == before


def test_overlays_come_and_go_without_a_rebuild(atlas):
    atlas.open("lang=en")
    atlas.settle()
    before = atlas.map_state()
    atlas.page.get_by_text("Hydrogen pilot", exact=True).first.click()
    expect(atlas.map.locator(".atlas-glyph")).to_have_count(0)
    atlas.settle()
    atlas.page.get_by_text("Hydrogen pilot", exact=True).first.click()
    expect(atlas.map.locator(".atlas-glyph")).to_have_count(5)
    assert atlas.map_state() == before


def test_a_move_is_in_the_address_and_the_address_shows_the_same(atlas, browser, server):
    atlas.open("lang=en&role=hydrogen")
    atlas.click_city(PLACES.border_city.adcode)
    atlas.wait_until_still()
    before = atlas.query["zoom"]
    atlas.map.locator(".leaflet-control-zoom-in").click()
    atlas.page.wait_for_function(
        "before => new URLSearchParams(location.search).get('zoom') !== before", arg=before
    )
    atlas.wait_until_still()
    atlas.expect_query("profile", PLACES.border_city.slug)
    address, state = atlas.page.url, atlas.map_state()
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    copy = AtlasPage(other.new_page(), server)
    copy.page.goto(address)
    copy.wait_for_map()
    expect(copy.page.get_by_role("heading", name=PLACES.border_city.en)).to_be_visible()
    copy.expect_count("5 of 13 cities")
    shown = copy.map_state()
    assert shown["zoom"] == state["zoom"]
    # A pixel at this zoom: a frame that grows while it loads rounds its centre to one.
    pixel = 360 / (256 * 2 ** float(str(state["zoom"])))
    assert shown["lat"] == pytest.approx(state["lat"], abs=pixel)
    assert shown["lng"] == pytest.approx(state["lng"], abs=pixel)
    assert copy.query == atlas.query
    other.close()


def test_the_page_comes_to_rest(atlas):
    """No rerun loop: once drawn, nothing is asked of the server until somebody does something."""
    atlas.page.clock.install()
    atlas.open("lang=en")
    atlas.settle()
    asked = "() => window.atlasRest.asked"
    before = atlas.page.evaluate(asked)
    assert before > 0
    atlas.page.clock.run_for(60_000)
    atlas.settle()
    assert atlas.page.evaluate(asked) == before


@pytest.mark.parametrize(("locale", "word"), [("zh-CN", "地图"), ("en-GB", "Map")])
def test_the_browser_chooses_the_language(page, server, locale, word):
    AtlasPage(page, server).open()
    expect(page.get_by_role("link", name=word, exact=True)).to_be_visible()


def test_the_language_switch_keeps_the_view(atlas):
    atlas.open(f"lang=en&sector=battery&profile={PLACES.battery_base.slug}")
    before = atlas.map_state()
    atlas.page.get_by_text("中文", exact=True).click()
    expect(atlas.page.get_by_role("heading", name=PLACES.battery_base.zh)).to_be_visible()
    expect(atlas.map.locator(".atlas-legend")).to_contain_text("整车基地")
    atlas.expect_query("sector", "battery")
    atlas.expect_query("lang", "zh")
    assert atlas.map_state() == before


def test_pages_keep_the_view(atlas):
    atlas.open("lang=en&sector=hydrogen&by=plan")
    atlas.go_to("The plan", "Plan")
    expect(atlas.page.get_by_role("heading", name="Targets")).to_be_visible()
    atlas.page.get_by_role("link", name="Map", exact=True).click()
    atlas.wait_for_map()
    atlas.expect_count("5 of 13 cities")


@pytest.mark.parametrize("image_format", ["PNG", "SVG", "PDF"])
def test_the_snapshot_is_downloaded(atlas, image_format):
    atlas.open("lang=en&sector=battery")
    with atlas.asking():
        atlas.page.get_by_role("button", name="Snapshot").click()
    # The first one is chosen already, and asks for nothing.
    if image_format != "PNG":
        with atlas.asking():
            atlas.page.get_by_text(image_format, exact=True).click()
    with atlas.page.expect_download() as waiting:
        atlas.page.get_by_role("button", name="Download", exact=True).click()
    content = waiting.value.path().read_bytes()
    name = waiting.value.suggested_filename
    assert name.startswith(f"{PLACES.province.en}_Power_battery_Map_20")
    assert name.endswith(f".{image_format.lower()}")
    if image_format == "PNG":
        assert sorted(Image.open(io.BytesIO(content)).size) == [2480, 3507]
    else:
        assert content[:5] == {"SVG": b"<?xml", "PDF": b"%PDF-"}[image_format]


def test_the_map_fills_the_window(atlas):
    atlas.open()
    box = atlas.page.locator("iframe[src*='/atlas/frame/']").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(900 - 60, abs=8)
    assert box["width"] > 780
    scrolls = atlas.page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollHeight > window.innerHeight + 2"
    )
    assert not scrolls


def test_a_hostile_address_is_told_and_harmless(atlas):
    atlas.open("lang=en&sector=<img src=x onerror=alert(1)>&zoom=1e309&city=../../etc/passwd")
    expect(atlas.page.get_by_text("were left out")).to_be_visible()
    assert atlas.page.locator("img[src='x']").count() == 0


def test_phone_shows_the_map_first(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
    atlas = AtlasPage(context.new_page(), server).open()
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']").bounding_box()
    panel = atlas.page.locator(".st-key-filter-panel")
    expect(panel).to_be_hidden()
    atlas.page.get_by_role("button", name="Filters and layers").click()
    expect(panel).to_be_visible()
    assert frame is not None
    assert frame["y"] < 140
    assert frame["width"] == pytest.approx(390, abs=2)
    wide = atlas.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    context.close()


def test_geometry_is_immutable_and_compressed(page, server):
    answers = {}
    page.on("response", lambda answer: answers.update({answer.url: answer.headers}))
    AtlasPage(page, server).open()
    geometry = {url: headers for url, headers in answers.items() if "/atlas/geometry/" in url}
    kinds = {url.rpartition("/")[2].split(".")[0] for url in geometry}
    assert kinds == {"boundaries", "sites", "water"}
    for url, headers in geometry.items():
        assert re.search(r"\.[0-9a-f]{16}\.json$", url)
        assert "immutable" in headers["cache-control"]
        assert headers["content-encoding"] == "gzip"


def test_rings_of_cities_then_of_counties_and_never_a_sign_at_no_place(atlas, province):
    """From the province to one plant: what is known to its county only stays the county's."""
    battery = province.sites[province.sites["sector"] == "battery"]
    placed = battery[battery.geometry.notna()]
    unplaced = battery.drop(index=placed.index)
    homes = unplaced["county_adcode"].fillna(unplaced["city_adcode"])
    atlas.open("lang=en&overlay=sites&sector=battery")
    expect(atlas.map.locator(".atlas-ring")).to_have_count(battery["city_adcode"].nunique())
    expect(atlas.map.locator(".atlas-stack")).to_have_count(0)
    for zoom in (9, 11, 14):
        query = f"lang=en&overlay=sites&sector=battery&center=31.43,119.4&zoom={zoom}"
        atlas.walk_to("", query)
        # Far off, the ring of a county counts what is placed in it too.
        expect(atlas.map.locator(".atlas-ring")).to_have_count(homes.nunique())
        signs = atlas.map.locator(".atlas-sign [data-feature]")
        drawn = signs.evaluate_all("nodes => nodes.map((node) => node.dataset.feature)")
        assert set(drawn) <= set(placed.index)


def at_label(table, adcode, zoom):
    label = table.loc[adcode]
    return f"center={label['label_lat']:.4f},{label['label_lon']:.4f}&zoom={zoom}"


def test_the_ring_of_a_county_opens_the_list_of_its_sites(atlas, province):
    counts = province.sites["county_adcode"].value_counts()
    adcode = int(counts.index[0])
    atlas.open(f"lang=en&overlay=sites&{at_label(province.counties, adcode, 12)}")
    atlas.map.locator(f".atlas-stack[data-area='{adcode}']").click()
    atlas.expect_query("county", str(adcode))
    panel = atlas.page.locator(".st-key-profile-panel")
    expect(panel).to_contain_text(f"Sites ({counts.iloc[0]})")
    name = province.sites.loc[province.sites["county_adcode"] == adcode, "name_en"].iloc[0]
    panel.get_by_role("button", name=name, exact=True).click()
    expect(atlas.page.get_by_text("Confidence, by source")).to_be_visible()


def test_the_ring_of_one_site_opens_its_record(atlas, province):
    sites = province.sites
    counts = sites["county_adcode"].value_counts()
    adcode = int(counts.index[counts == 1][0])
    (name,) = sites.index[sites["county_adcode"] == adcode]
    ring = atlas.map.locator(f".atlas-stack[data-area='{adcode}']")
    for work in (ring.click, lambda: ring.locator("xpath=..").press("Enter")):
        atlas.open(f"lang=en&overlay=sites&{at_label(province.counties, adcode, 11)}")
        work()
        atlas.expect_query("site", name)
        expect(atlas.page.get_by_text("Confidence, by source")).to_be_visible()


def test_a_ring_leads_nearer(atlas):
    atlas.open("lang=en&overlay=sites")
    zoom = atlas.map_state()["zoom"]
    atlas.map.locator(".atlas-ring").first.click()
    atlas.page.wait_for_function("() => location.search.includes('zoom=')")
    assert float(atlas.query["zoom"]) > float(str(zoom))


def test_the_offline_page_works_without_a_server(page, province, tmp_path):
    view = parse_query("lang=en", province).view
    path = tmp_path / "atlas.html"
    path.write_bytes(
        all_exporters()["html"].write(compose(view, province), province, PaperOptions())
    )
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.locator("body[data-atlas-ready]").wait_for()
    assert page.locator(".leaflet-atlas-land-pane path[d]").count() == 13
    page.get_by_role("searchbox").fill("yanche")
    page.locator(".atlas-results button").first.click()
    expect(page.locator(".atlas-record")).to_contain_text("15,524 km²")
    page.get_by_label("Hydrogen pilot").uncheck()
    expect(page.locator(".atlas-glyph").first).to_be_hidden()
    town = province.ground.towns.query("kind == 'town' and name_zh.notna()").iloc[0]
    page.get_by_role("searchbox").fill(town["name_zh"])
    page.get_by_role("button", name=town["name_en"], exact=True).click()
    expect(page.locator(".atlas-record").filter(has_text=town["name_en"])).to_be_visible()
    assert asked == [path.as_uri()]


@pytest.mark.parametrize(("count", "kind"), [(400, "canvas"), (20_000, "img")])
def test_the_offline_page_shows_points(page, province, tmp_path, count, kind):
    register = register_from_table(synthetic_table(province, count), COLUMNS, province.counties)
    own = OwnPoints("points.csv", dt.date(2026, 11, 1), register)
    spec = compose(parse_query("lang=en", province).view, province)
    spec, _ = with_asked(spec, province, own, PointsAsked())
    path = tmp_path / "points.html"
    path.write_bytes(all_exporters()["html"].write(spec, province, PaperOptions()))
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.locator("body[data-atlas-ready]").wait_for()
    expect(page.locator(f".leaflet-atlas-tiles-pane {kind}")).to_be_visible()
    legend = page.locator(".atlas-legend:not(.atlas-switches)")
    expect(legend).to_contain_text("Own data: points.csv")
    assert {one for one in asked if not one.startswith("data:")} == {path.as_uri()}


def test_hostile_names_do_not_run(page, province, tmp_path):
    bad = "</script><img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
    cities = province.cities.assign(name_en=bad, name_zh=bad)
    sites = province.sites.assign(name_en=bad, name_zh=bad, owner=bad)
    hostile = replace(province, cities=cities, sites=sites)
    view = parse_query("lang=en", hostile).view
    path = tmp_path / "hostile.html"
    path.write_bytes(all_exporters()["html"].write(compose(view, hostile), hostile, PaperOptions()))
    page.goto(path.as_uri())
    page.locator("body[data-atlas-ready]").wait_for()
    page.locator("path[data-feature='320900']").hover()
    page.locator("path[data-feature='320900']").click()
    expect(page.locator(".atlas-record")).to_contain_text("<img src=x")
    assert page.evaluate("window.hacked") is None


def test_quick_changes_all_count(atlas, province):
    atlas.open("lang=en")
    overlays = atlas.page.locator(".st-key-overlays")
    for name in ("Assembly hub", "Consolidation city", "Parts base", "Hydrogen pilot"):
        overlays.get_by_text(name, exact=True).click()
    atlas.expect_without(province, *(role.id for role in province.plan.roles))
    expect(atlas.map.locator(".atlas-glyph")).to_have_count(0)
    assert atlas.drawn("assembly") == 0


def test_another_language_changes_nothing_else(atlas):
    """A browser holds choices by their words; those of before must not come back as choices."""
    atlas.open("lang=en")
    atlas.page.get_by_text("中文", exact=True).click()
    atlas.expect_query("lang", "zh")
    atlas.wait_for_map()
    atlas.click_city(PLACES.border_city.adcode)
    atlas.expect_query("profile", PLACES.border_city.slug)
    assert set(atlas.query) <= {"lang", "profile", "center", "zoom"}
    expect(atlas.page.get_by_test_id("stException")).to_have_count(0)
