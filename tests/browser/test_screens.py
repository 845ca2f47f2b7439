"""The map on other screens: side by side, on a wall, on a phone, in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from layers.catalogue import overlay_ids
from tests.chromium import until
from tests.places import PLACES

from .atlas_page import AtlasPage

PHONE = {"width": 360, "height": 740}
WALL = {"width": 3840, "height": 2160}


def open_desk(atlas: AtlasPage, query: str = "lang=en") -> AtlasPage:
    atlas.open(query)
    atlas.map.locator("body[data-atlas-desk]").wait_for()
    return atlas


def frame_of(atlas: AtlasPage):
    return next(frame for frame in atlas.page.frames if "/atlas/frame/" in frame.url)


def fills(atlas: AtlasPage, layer: str) -> set[str]:
    found: list[str] = frame_of(atlas).evaluate(
        """layer => [...document.querySelectorAll(`.leaflet-atlas-${layer}-pane path[fill]`)]
            .map((path) => path.getAttribute("fill"))""",
        layer,
    )
    return set(found)


def covered_names(atlas: AtlasPage) -> list[float]:
    """How much of each name of a city that is shown lies under a ring or a glyph."""
    found: list[float] = frame_of(atlas).evaluate(
        """() => {
            const boxes = (names) => [...document.querySelectorAll(names)].filter((node) =>
                node.style.visibility !== "hidden").map((node) => node.getBoundingClientRect());
            const rings = boxes(".atlas-ring, .atlas-glyph");
            return boxes(".leaflet-atlas-city-names-pane .atlas-label").map((name) =>
                rings.reduce((sum, ring) => sum +
                    Math.max(0, Math.min(name.right, ring.right) - Math.max(name.left, ring.left)) *
                    Math.max(0, Math.min(name.bottom, ring.bottom) - Math.max(name.top, ring.top)),
                0) / (name.width * name.height));
        }"""
    )
    return found


def test_a_held_view_stays_beside_the_map_and_moves_with_it(atlas):
    open_desk(atlas)
    before = atlas.map_state()
    atlas.map.get_by_role("button", name="Compare").click()
    second = atlas.map.locator(".atlas-second")
    expect(second.locator(".atlas-glyph")).to_have_count(5)
    atlas.map.get_by_role("button", name="Ready-made views").click()
    atlas.map.get_by_role("menuitem", name="Battery chain").click()
    atlas.expect_query("theme", "sites")
    expect(atlas.map.locator(".folium-map .atlas-glyph")).to_have_count(0)
    expect(second.locator(".atlas-glyph")).to_have_count(5)
    atlas.map.locator(".folium-map .leaflet-control-zoom-in").click()
    atlas.wait_until_still()
    frame_of(atlas).wait_for_function(
        """() => {
            const [one, other] = [window.clusterAtlas.current, window.clusterAtlas.held];
            return one.map.getZoom() === other.map.getZoom()
                && Math.abs(one.map.getCenter().lat - other.map.getCenter().lat) < 0.01;
        }"""
    )
    atlas.map.locator("body").press("Escape")
    expect(second).to_have_count(0)
    assert atlas.map_state()["mark"] == before["mark"]


def test_closing_the_comparison_gives_the_map_its_place_back(atlas):
    open_desk(atlas)
    before = atlas.map_state()
    compare = atlas.map.get_by_role("button", name="Compare")
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "true")
    atlas.map.locator(".atlas-second").get_by_role("button", name="Close").click()
    expect(compare).to_have_attribute("aria-pressed", "false")
    after = atlas.map_state()
    assert (after["zoom"], after["mark"]) == (before["zoom"], before["mark"])
    assert after["lat"] == pytest.approx(before["lat"], abs=0.02)


def test_a_presentation_shows_the_map_alone_and_escape_leaves(atlas):
    open_desk(atlas)
    atlas.map.get_by_role("button", name="Presentation").click()
    banner = atlas.map.locator(".atlas-banner")
    expect(banner).to_contain_text("Plan overview")
    expect(atlas.page.locator(".st-key-filter-panel")).to_be_hidden()
    expect(atlas.page.get_by_test_id("stHeader")).to_be_hidden()
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']")
    assert frame.bounding_box()["width"] == atlas.page.viewport_size["width"]
    atlas.page.keyboard.press("ArrowRight")
    expect(banner).to_contain_text("Battery chain")
    atlas.expect_query("sector", "battery")
    atlas.page.keyboard.press("Escape")
    expect(banner).to_have_count(0)
    expect(atlas.page.locator(".st-key-filter-panel")).to_be_visible()


def test_on_a_phone_the_map_comes_first_and_filters_are_in_a_drawer(atlas):
    atlas.page.set_viewport_size(PHONE)
    open_desk(atlas)
    panel = atlas.page.locator(".st-key-filter-panel")
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']")
    expect(panel).to_be_hidden()
    assert frame.bounding_box()["y"] < 130
    assert frame.bounding_box()["height"] > 0.7 * PHONE["height"]
    atlas.page.get_by_role("button", name="Filters and layers").click()
    expect(panel).to_be_visible()
    panel.get_by_text("Hydrogen pilot", exact=True).click()
    atlas.expect_query("overlay", "assembly,consolidation,counties,parts,sites")
    atlas.page.get_by_role("button", name="Close the filters").click()
    expect(panel).to_be_hidden()
    assert atlas.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_printed_map_page_is_the_print_map_on_one_sheet(atlas):
    drawn: list[str] = []
    atlas.page.on("response", lambda one: drawn.append(one.url) if "/print-" in one.url else None)
    open_desk(atlas, "lang=en&sector=battery")
    atlas.settle()
    assert drawn == []
    sheets = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", atlas.page.pdf(prefer_css_page_size=True))
    until(atlas.page, lambda: drawn)
    assert len(drawn) == 1
    assert [round(float(side)) for side in sheets[0].split()] == [0, 0, 595, 842]
    assert len(sheets) == 1
    expect(atlas.page.locator(".atlas-print-sheet")).to_have_count(0)


def test_the_key_and_the_button_print_what_is_shown(atlas):
    atlas.page.add_init_script("window.prints = 0; window.print = () => { window.prints += 1; }")
    open_desk(atlas)
    atlas.page.locator("body").press("Control+p")
    atlas.page.wait_for_function("() => window.prints === 1")
    atlas.choose("Sector", "Power battery")
    atlas.expect_query("sector", "battery")
    frame_of(atlas).wait_for_function(
        "() => window.clusterAtlas.current.spec.desk.title.includes('battery')"
    )
    atlas.map.get_by_role("button", name="Print (Ctrl+P)").click()
    atlas.page.wait_for_function("() => window.prints === 2")
    atlas.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sheet = atlas.page.locator(".atlas-print-sheet svg")
    expect(sheet).to_contain_text("new energy vehicle clusters")
    expect(sheet).to_contain_text("filtered by Power battery")
    atlas.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)


def test_wide_screens_have_no_drawer(atlas):
    open_desk(atlas)
    expect(atlas.page.get_by_role("button", name="Filters and layers")).to_be_hidden()
    assert atlas.page.locator(".st-key-filter-panel").bounding_box()["x"] == 0


def test_a_dark_page_has_a_dark_map_and_a_light_one_a_light_map(atlas):
    open_desk(atlas)
    light = fills(atlas, "neighbours")
    assert light == {"#F4F2ED"}
    atlas.page.emulate_media(color_scheme="dark")
    open_desk(atlas)
    atlas.map.locator("html[data-atlas-theme='dark']").wait_for()
    dark = fills(atlas, "neighbours")
    assert dark
    assert dark.isdisjoint(light)
    assert fills(atlas, "assembly") == {"#F2B950"}
    background = frame_of(atlas).evaluate(
        "getComputedStyle(document.querySelector('.atlas-legend')).backgroundColor"
    )
    red, green, blue = (int(part) for part in re.findall(r"\d+", background)[:3])
    assert max(red, green, blue) < 60


def test_every_map_of_a_dark_page_is_dark(atlas):
    atlas.page.emulate_media(color_scheme="dark")
    atlas.open_page("ranking", "lang=en")
    atlas.map.locator("html[data-atlas-theme='dark'] body[data-atlas-ready]").wait_for()
    assert fills(atlas, "neighbours").isdisjoint({"#F4F2ED"})


def test_on_a_phone_no_name_lies_under_a_ring(atlas):
    atlas.page.set_viewport_size(PHONE)
    open_desk(atlas)
    covered = covered_names(atlas)
    assert len(covered) >= 11
    assert max(covered) <= 0.3


def test_on_a_phone_nobody_takes_a_ring_for_that_of_another_name(atlas):
    atlas.page.set_viewport_size(PHONE)
    open_desk(atlas, "lang=zh")
    doubtful: list[str] = frame_of(atlas).evaluate(
        """() => {
            const pane = ".leaflet-atlas-city-names-pane .atlas-label";
            const middle = ({left, right, top, bottom}) => [(left + right) / 2, (top + bottom) / 2];
            const rings = [...document.querySelectorAll(".atlas-ring")]
                .map((node) => node.getBoundingClientRect());
            return [...document.querySelectorAll(pane)].filter((node) => {
                if (node.style.visibility === "hidden") return false;
                const name = node.getBoundingClientRect();
                const home = node.parentElement.getBoundingClientRect();
                const own = rings.find((ring) => Math.abs(middle(ring)[0] - home.left) < 1);
                const [x, y] = middle(name);
                const inLine = Math.abs(x - middle(own)[0]) < 2 || Math.abs(y - middle(own)[1]) < 2;
                return !inLine && rings.some((ring) => ring !== own
                    && ring.left < name.right + 4 && ring.right > name.left - 4
                    && ring.top < name.bottom + 4 && ring.bottom > name.top - 4);
            }).map((node) => node.textContent);
        }"""
    )
    assert doubtful == []


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_open_legend_covers_no_city(atlas, province, language, size):
    atlas.page.set_viewport_size({"width": size[0], "height": size[1]})
    everything = ",".join(overlay_ids(province))
    for query in (f"lang={language}", f"lang={language}&overlay={everything}"):
        open_desk(atlas, query)
        expect(atlas.map.locator(".atlas-legend details[open]")).to_be_visible()
        covered: list[str] = frame_of(atlas).evaluate(
            """() => {
                const legend = document.querySelector(".atlas-legend").getBoundingClientRect();
                return [...document.querySelectorAll(".atlas-ring, .atlas-glyph, .atlas-label")]
                    .filter((node) => !node.closest(".leaflet-atlas-neighbours-pane"))
                    .filter((node) => {
                        const {left, bottom} = node.getBoundingClientRect();
                        return left < legend.right && bottom > legend.top;
                    }).map((node) => node.textContent);
            }"""
        )
        assert covered == []


def test_a_remark_of_a_narrow_legend_comes_with_the_focus(atlas):
    atlas.page.set_viewport_size({"width": 1280, "height": 800})
    open_desk(atlas)
    line = atlas.map.locator("[data-toggle='sector.hydrogen']")
    remark = line.locator(".atlas-legend-note")
    assert remark.bounding_box()["width"] <= 1
    assert remark.text_content() in line.get_attribute("title")
    atlas.map.locator("[data-toggle='sector.powertrain']").focus()
    atlas.page.keyboard.press("Tab")
    expect(line).to_be_focused()
    assert remark.bounding_box()["width"] > 100


def test_on_a_wall_no_ring_lies_on_the_name_of_a_city(atlas):
    atlas.page.set_viewport_size(WALL)
    open_desk(atlas)
    names = covered_names(atlas)
    assert len(names) == 13
    assert max(names) <= 0.05


def test_a_wall_grows_everything_and_the_map_answers_clicks_where_they_are(atlas):
    atlas.page.set_viewport_size(WALL)
    open_desk(atlas)
    assert atlas.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']").bounding_box()
    panel = atlas.page.locator(".st-key-map-panel").bounding_box()
    assert frame["width"] == pytest.approx(panel["width"], abs=2)
    assert frame["y"] + frame["height"] == pytest.approx(WALL["height"], abs=2)
    atlas.click_city(PLACES.hub.adcode)
    atlas.expect_query("profile", PLACES.hub.slug)
    atlas.map.get_by_role("button", name="Presentation").click()
    expect(atlas.map.locator(".atlas-banner")).to_be_visible()
    atlas.page.wait_for_function(
        """([width, height]) => {
            const box = document.querySelector("iframe[src*='/atlas/frame/']")
                .getBoundingClientRect();
            return Math.abs(box.width - width) < 2 && Math.abs(box.height - height) < 2;
        }""",
        arg=[WALL["width"], WALL["height"]],
    )


def test_on_a_phone_the_chain_moves_sideways_and_the_page_does_not(atlas):
    atlas.page.set_viewport_size(PHONE)
    atlas.open_page("chain", "lang=en")
    chart = atlas.page.locator("[class*='st-key-scrolling-']").first
    chart.locator("canvas, svg.marks").first.wait_for()
    width, shown = chart.evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert width > 2 * shown
    assert atlas.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
