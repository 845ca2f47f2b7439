"""The map on other screens: narrow, on a wall, on a phone, in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from data.text import say
from layers.catalogue import overlay_ids
from tests.chromium import until
from tests.places import PLACES

from .atlas_page import AtlasPage

PHONE = {"width": 360, "height": 740}
WALL = {"width": 3840, "height": 2160}


def fills(atlas: AtlasPage, layer: str) -> set[str]:
    found: list[str] = atlas.frame.evaluate(
        """layer => [...document.querySelectorAll(`.leaflet-atlas-${layer}-pane path[fill]`)]
            .map((path) => path.getAttribute("fill"))""",
        layer,
    )
    return set(found)


def covered_names(atlas: AtlasPage) -> list[float]:
    """How much of each name of a city that is shown lies under a ring or a glyph: both are round.

    Each name is looked at in 240 points.
    """
    found: list[float] = atlas.frame.evaluate(
        """() => {
            const boxes = (names) => [...document.querySelectorAll(names)].filter((node) =>
                node.style.visibility !== "hidden").map((node) => node.getBoundingClientRect());
            const rings = boxes(".atlas-ring, .atlas-glyph").map((box) => ({
                x: box.left + box.width / 2, y: box.top + box.height / 2,
                radius: Math.max(box.width, box.height) / 2 }));
            if (!rings.length) throw new Error("no ring is shown");
            const under = (x, y) => rings.some((ring) =>
                Math.hypot(x - ring.x, y - ring.y) < ring.radius);
            return boxes(".leaflet-atlas-city-names-pane .atlas-label").map((name) => {
                const places = [...Array(240).keys()].map((at) => [
                    name.left + name.width * ((at % 24) + 0.5) / 24,
                    name.top + name.height * (Math.floor(at / 24) + 0.5) / 10]);
                return places.filter(([x, y]) => under(x, y)).length / places.length;
            });
        }"""
    )
    return found


def test_on_a_phone_the_map_comes_first_and_filters_are_in_a_drawer(atlas, province):
    atlas.page.set_viewport_size(PHONE)
    atlas.open_with_toolbar()
    panel = atlas.page.locator(".st-key-filter-panel")
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']")
    expect(panel).to_be_hidden()
    assert frame.bounding_box()["y"] < 130
    assert frame.bounding_box()["height"] > 0.7 * PHONE["height"]
    atlas.page.get_by_role("button", name="Filters and layers").click()
    expect(panel).to_be_visible()
    panel.get_by_text("Hydrogen pilot", exact=True).click()
    atlas.expect_without(province, "hydrogen")
    atlas.page.get_by_role("button", name=say("drawer.close", "en")).click()
    expect(panel).to_be_hidden()
    assert atlas.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_panels_beside_a_narrow_map_fold_and_unfold_by_keyboard(atlas):
    atlas.page.set_viewport_size({"width": 1024, "height": 768})
    atlas.open_with_toolbar()
    frame = atlas.page.locator("iframe[src*='/atlas/frame/']")
    panels = [atlas.page.locator(f".st-key-{name}-panel") for name in ("filter", "profile")]
    filters, record = (
        atlas.page.locator(f"[data-atlas-fold='{name}']") for name in ("filters", "record")
    )
    until(atlas.page, lambda: frame.bounding_box()["width"] >= 620)
    expect(panels[0]).to_be_hidden()
    expect(filters).to_have_attribute("aria-expanded", "false")
    filters.press("Enter")
    expect(filters).to_have_attribute("aria-expanded", "true")
    expect(filters).to_have_accessible_name(say("drawer.close", "en"))
    # A filter makes the switch anew, with its count; what it unfolded stays.
    atlas.choose("Sector", "Power battery")
    atlas.expect_query("sector", "battery")
    expect(panels[0]).to_be_visible()
    expect(filters).to_have_attribute("aria-expanded", "true")
    filters.press("Enter")
    expect(panels[0]).to_be_hidden()
    expect(filters).to_have_accessible_name(say("drawer.open_count", "en", count=1))
    record.press("Enter")
    expect(record).to_have_attribute("aria-expanded", "false")
    expect(panels[1]).to_be_hidden()
    # The map takes the room of a panel a moment after the panel is gone.
    until(atlas.page, lambda: frame.bounding_box()["width"] == 1024)
    atlas.click_city(PLACES.hub.adcode)
    expect(panels[1]).to_be_visible()
    expect(panels[1]).to_contain_text(PLACES.hub.en)
    record.press("Enter")
    expect(panels[1]).to_be_hidden()
    # The same place comes back too, where a person asks for it; a step back shows no record.
    atlas.map.locator(".atlas-trail").get_by_role("button", name=PLACES.hub.en).click()
    expect(panels[1]).to_be_visible()
    record.press("Enter")
    expect(panels[1]).to_be_hidden()
    atlas.page.keyboard.press("Control+z")
    atlas.expect_query("profile", None)
    expect(panels[1]).to_be_hidden()


def test_the_snapshot_leaves_the_map_in_sight(atlas):
    atlas.open_with_toolbar()
    for width, covered in ((1440, 0), (1024, 0.45)):
        atlas.page.set_viewport_size({"width": width, "height": 800})
        if width < 1250:
            atlas.page.locator("[data-atlas-fold='filters']").click()
        atlas.page.get_by_role("button", name=say("snapshot.title", "en"), exact=True).click()
        expect(atlas.page.get_by_text(say("snapshot.graticule", "en"))).to_be_visible()
        atlas.settle()
        panel = atlas.page.get_by_test_id("stPopoverBody").bounding_box()
        frame = atlas.page.locator("iframe[src*='/atlas/frame/']").bounding_box()
        assert panel["x"] + panel["width"] <= frame["x"] + covered * frame["width"]
        atlas.page.keyboard.press("Escape")


def test_the_printed_map_page_is_the_print_map_on_one_sheet(atlas):
    drawn: list[str] = []
    atlas.page.on("response", lambda one: drawn.append(one.url) if "/print-" in one.url else None)
    atlas.open_with_toolbar("lang=en&sector=battery")
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
    atlas.open_with_toolbar()
    atlas.page.locator("body").press("Control+p")
    atlas.page.wait_for_function("() => window.prints === 1")
    atlas.choose("Sector", "Power battery")
    atlas.expect_query("sector", "battery")
    atlas.frame.wait_for_function(
        "() => window.clusterAtlas.current.spec.toolbar.title.includes('battery')"
    )
    atlas.map.get_by_role("button", name="Print (Ctrl+P)").click()
    atlas.page.wait_for_function("() => window.prints === 2")
    atlas.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sheet = atlas.page.locator(".atlas-print-sheet svg")
    expect(sheet).to_contain_text("new energy vehicle clusters")
    expect(sheet).to_contain_text("filtered by Power battery")
    atlas.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)


def test_on_wide_screens_nothing_folds(atlas):
    atlas.open_with_toolbar()
    expect(atlas.page.locator(".st-key-folds")).to_be_hidden()
    assert atlas.page.locator(".st-key-filter-panel").bounding_box()["x"] == 0


def test_a_dark_page_has_a_dark_map_and_a_light_one_a_light_map(atlas):
    atlas.open_with_toolbar()
    light = fills(atlas, "neighbours")
    assert light == {"#F4F2ED"}
    atlas.page.emulate_media(color_scheme="dark")
    atlas.open_with_toolbar()
    atlas.map.locator("html[data-atlas-theme='dark']").wait_for()
    dark = fills(atlas, "neighbours")
    assert dark
    assert dark.isdisjoint(light)
    assert fills(atlas, "assembly") == {"#F2B950"}
    background = atlas.frame.evaluate(
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
    atlas.open_with_toolbar()
    covered = covered_names(atlas)
    assert len(covered) >= 11
    assert max(covered) <= 0.3


def test_on_a_phone_nobody_takes_a_ring_for_that_of_another_name(atlas):
    atlas.page.set_viewport_size(PHONE)
    atlas.open_with_toolbar("lang=zh")
    doubtful: list[str] = atlas.frame.evaluate(
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
        atlas.open_with_toolbar(query)
        expect(atlas.map.locator(".atlas-legend details[open]")).to_be_visible()
        covered: list[str] = atlas.frame.evaluate(
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
    atlas.open_with_toolbar()
    line = atlas.map.locator("[data-toggle='overlay.parts']")
    remark = line.locator(".atlas-legend-note")
    assert remark.bounding_box()["width"] <= 1
    assert remark.text_content() in line.get_attribute("title")
    atlas.map.locator("[data-toggle='overlay.consolidation']").focus()
    atlas.page.keyboard.press("Tab")
    expect(line).to_be_focused()
    assert remark.bounding_box()["width"] > 100


def test_on_a_wall_no_ring_lies_on_the_name_of_a_city(atlas):
    atlas.page.set_viewport_size(WALL)
    atlas.open_with_toolbar()
    names = covered_names(atlas)
    assert len(names) == 13
    assert max(names) <= 0.06


def test_a_wall_grows_everything_and_the_map_answers_clicks_where_they_are(atlas):
    atlas.page.set_viewport_size(WALL)
    atlas.open_with_toolbar()
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
