"""By keyboard alone, with less motion, and at 200 %: what axe cannot see (WCAG 2.2 AA)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from data.text import say
from tests.chromium import until
from tests.places import PLACES

from .atlas_page import AtlasPage

MOST_STEPS = 140
PAGES = (
    "ranking",
    "compare",
    "chain",
    "city",
    "companies",
    "measures",
    "plan",
    "progress",
    "data",
    "views",
    "sources",
)
PAGES = (*PAGES, "guide", "methods", "dictionary")

LOOK = """() => {
    const looks = (node) => ["", "::before", "::after"].map((part) => {
        const s = getComputedStyle(node, part || undefined);
        const outline = s.outlineStyle === "none" ? "" : s.outline;
        return [outline, s.boxShadow, s.border, s.backgroundColor, s.stroke,
            s.strokeWidth, s.filter, s.textDecoration, s.color].join("|");
    }).join("#");
    const near = (node) => {
        const around = [node, ...node.querySelectorAll("*")].slice(0, 12);
        for (let up = node.parentElement, n = 0; up && n < 4; up = up.parentElement, n += 1) {
            around.push(up, ...[...up.children].slice(0, 6));
        }
        return around.map(looks).join("~");
    };
    const node = document.activeElement;
    const held = near(node);
    const name = [node.tagName, node.getAttribute("aria-label") || node.textContent.trim()
        || node.dataset.testid || node.className.baseVal || ""].join(" ").slice(0, 60);
    const paths = document.querySelectorAll(".leaflet-overlay-pane path, svg path").length;
    node.blur();
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const changed = held !== near(node)
            || paths !== document.querySelectorAll(".leaflet-overlay-pane path, svg path").length;
        node.focus({ preventScroll: true, focusVisible: true });
        done([name, changed]);
    })));
}"""
CUT = """() => {
    const cut = [];
    for (const node of document.querySelectorAll("body *")) {
        if (/^(STYLE|SCRIPT)$/.test(node.tagName)) continue;
        if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const words = [...node.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE)
            .map((one) => one.nodeValue.trim()).join(" ");
        const box = node.getBoundingClientRect();
        // What only screen readers are meant to hear is a pixel wide.
        if (words.length < 2 || box.width < 2 || box.height < 2) continue;
        if (node.closest(".leaflet-map-pane, svg, canvas")) continue;
        if (node.closest("[data-testid='stSidebar'][data-collapsed='true']")) continue;
        let scrolls = false;
        let lost = false;
        for (let up = node; up && up !== document.documentElement; up = up.parentElement) {
            const style = getComputedStyle(up);
            if (/auto|scroll/.test(style.overflowX + style.overflowY)) scrolls = true;
            const edge = up.getBoundingClientRect();
            if (!scrolls && up !== node && /hidden|clip/.test(style.overflowX)
                && (box.right > edge.right + 2 || box.left < edge.left - 2)) lost = true;
        }
        if (!scrolls && (box.right > innerWidth + 2 || box.left < -2)) lost = true;
        if (lost) cut.push(node.tagName + " " + words.slice(0, 60));
    }
    return cut;
}"""
MOVING = """() => {
    const seconds = (text) => Math.max(...text.split(",").map((one) => parseFloat(one)
        * (one.trim().endsWith("ms") ? 0.001 : 1)));
    return [...document.querySelectorAll("*")].filter((node) => {
        const style = getComputedStyle(node);
        return seconds(style.transitionDuration) > 0.01
            || (style.animationName !== "none" && seconds(style.animationDuration) > 0.01);
    }).map((node) => node.tagName + "." + (node.className.baseVal ?? node.className)).slice(0, 8);
}"""
MOVES = """() => {
    window.atlasMoves = 0;
    window.clusterAtlas.current.map.on("move", () => { window.atlasMoves += 1; });
}"""


@pytest.fixture
def page(page: Page) -> Page:
    return page


def frame_of(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/atlas/frame/" in frame.url)


def focused(page: Page) -> Frame:
    """Return the frame that has the focus."""
    inside = page.evaluate("document.activeElement && document.activeElement.tagName === 'IFRAME'")
    return frame_of(page) if inside else page.main_frame


def walk(page: Page) -> list[tuple[str, bool]]:
    """Go through the page by Tab; return what had the focus, and whether it could be seen."""
    found: list[tuple[str, bool]] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        frame = focused(page)
        if frame.evaluate("document.activeElement === document.body"):
            break
        name, changed = frame.evaluate(LOOK)
        # A table marks the cell that has the focus on its canvas: a test of its own sees it.
        found.append((name, changed or name.startswith("CANVAS")))
    return found


def test_the_whole_map_page_is_reached_and_the_focus_is_seen(page: Page, server):
    atlas = AtlasPage(page, server)
    atlas.open("lang=en")
    atlas.map.locator("body[data-atlas-toolbar]").wait_for()
    atlas.settle()
    found = walk(page)
    names = " ".join(name for name, _ in found)
    for wanted in ("Analysis", "中文", "Assembly hub", "Sector", "Snapshot", "Search"):
        assert wanted in names, wanted
    tools = [say(f"toolbar.{name}", "en") for name in ("reset", "presets", "table", "present")]
    assert [tool for tool in tools if tool not in names] == []
    cities = [name for name, _ in found if name.startswith("path")]
    assert len(cities) >= 13
    unseen = [name for name, changed in found if not changed]
    assert unseen == []


@pytest.mark.parametrize("name", ["ranking", "data", "views", "guide"])
def test_the_focus_is_seen_on_other_pages(page: Page, server, name):
    AtlasPage(page, server).open_page(name, "lang=en").settle()
    found = walk(page)
    assert len(found) > 8
    assert [what for what, changed in found if not changed] == []


def test_the_cell_of_a_table_that_has_the_focus_is_marked(page: Page, server):
    AtlasPage(page, server).open_page("ranking", "lang=en").settle()
    table = page.get_by_test_id("stDataFrame").first
    canvas = table.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    page.keyboard.press("ArrowDown")
    one = canvas.screenshot()
    page.keyboard.press("ArrowDown")
    until(page, lambda: canvas.screenshot() != one)


def test_an_unseen_focus_would_be_found(page: Page, server):
    AtlasPage(page, server).open_page("plan", "lang=en").settle()
    page.evaluate(
        """() => { const node = document.createElement("div"); node.tabIndex = 0;
        node.style.outline = "none"; node.textContent = "unseen"; document.body.append(node);
        node.focus(); }"""
    )
    assert page.evaluate(LOOK) == ["DIV unseen", False]


def test_a_page_is_worked_by_keyboard_alone(page: Page, server):
    """From the start page to a ranking for separators and back to the map, without a pointer."""
    atlas = AtlasPage(page, server)
    atlas.open("lang=en")
    atlas.settle()
    group = page.get_by_role("button", name="Analysis", exact=True)
    group.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Ranking", exact=True)).to_be_visible()
    page.get_by_role("menuitem", name="Ranking", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Ranking", exact=True)).to_be_visible()
    atlas.settle()
    page.get_by_text("Power battery", exact=True).first.locator(
        "xpath=ancestor-or-self::*[@tabindex or self::button][1]"
    ).press("Enter")
    atlas.expect_query("sector", "battery")


@pytest.fixture(params=["no-preference", "reduce"])
def motion(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, Page]]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion=request.param
    )
    context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    yield request.param, context.new_page()
    context.close()


def test_the_map_flies_only_for_those_who_like_it(motion, server):
    wish, page = motion
    atlas = AtlasPage(page, server)
    atlas.open("lang=en")
    atlas.settle()
    frame_of(page).evaluate(MOVES)
    atlas.click_city(PLACES.hub.adcode)
    atlas.expect_query("profile", PLACES.hub.slug)
    atlas.wait_until_still()
    moves = frame_of(page).evaluate("window.atlasMoves")
    assert moves > 3 if wish == "no-preference" else 1 <= moves <= 3
    moving = [page.evaluate(MOVING), frame_of(page).evaluate(MOVING)]
    assert (moving == [[], []]) == (wish == "reduce"), moving


@pytest.fixture
def large(browser: Browser) -> Iterator[Page]:
    """A window of 1440 by 900 at a zoom of 200 %."""
    context = browser.new_context(
        viewport={"width": 720, "height": 450}, device_scale_factor=2, locale="en-GB"
    )
    context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_lost_at_200_percent(large: Page, server, language):
    atlas = AtlasPage(large, server)
    atlas.open_page("dictionary", f"lang={language}")
    for name in PAGES:
        atlas.walk_to(name, f"lang={language}")
        wide = large.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map((node) => node.scrollWidth - node.clientWidth)"
        )
        assert max(wide) <= 1, name
        assert large.evaluate(CUT) == [], name


def test_the_map_is_whole_at_200_percent(large: Page, server):
    atlas = AtlasPage(large, server)
    atlas.open("lang=en")
    atlas.map.locator("body[data-atlas-toolbar]").wait_for()
    atlas.settle()
    assert large.evaluate("document.documentElement.scrollWidth") <= 720
    assert large.evaluate(CUT) == []
    box = large.locator("iframe[src*='/atlas/frame/']").bounding_box()
    assert box is not None
    for tool in atlas.map.locator(".atlas-bar button, .leaflet-control-zoom a").all():
        if tool.is_visible():
            place = tool.bounding_box()
            assert place is not None
            assert place["y"] >= box["y"] - 1
            assert place["y"] + place["height"] <= box["y"] + box["height"] + 1
    atlas.page.get_by_role("button", name="Filters and layers").click()
    expect(atlas.page.locator(".st-key-filter-panel")).to_be_visible()


def test_cut_words_would_be_found(large: Page, server):
    AtlasPage(large, server).open_page("plan", "lang=en").settle()
    large.evaluate(
        """() => { const node = document.createElement("p"); node.textContent = "lost words";
        node.style.cssText = "position: absolute; top: 200px; left: 700px; white-space: nowrap";
        document.body.append(node); }"""
    )
    assert large.evaluate(CUT) == ["P lost words"]
