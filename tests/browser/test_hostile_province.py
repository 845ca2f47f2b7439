"""Open what the atlas makes of hostile texts in a real Chromium, and listen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page

from layers.catalogue import overlay_ids
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.specification.view import View
from tests.chromium import settle, until
from tests.hostile.corpus import CORPUS, MARK, SCRIPTS, hostile_province
from tests.serving import RESULTS, serving

from .atlas_page import AtlasPage

ROOT = Path(__file__).parents[2]
PAGES = (
    "",
    "plan",
    "progress",
    "sources",
    "views",
    "ranking",
    "compare",
    "chain",
    "city",
    "companies",
    "measures",
)


class Listener:
    """Hears dialogs, scripts of the corpus that ran, and requests to anywhere outside."""

    def __init__(self, context: BrowserContext, own: tuple[str, ...]) -> None:
        self.heard: list[str] = []
        self.own = own
        context.expose_function(MARK + "Heard", lambda what: self.heard.append(str(what)))
        context.add_init_script(
            f"Object.defineProperty(window, '{MARK}', "
            f"{{set() {{ top.{MARK}Heard && top.{MARK}Heard('script ran'); }}, get() {{}}}})"
        )
        context.on("request", self._request)
        context.on("page", lambda page: self.listen(page))

    def listen(self, page: Page) -> Page:
        page.on("dialog", self._dialog)
        return page

    def _dialog(self, dialog) -> None:
        self.heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request) -> None:
        if not request.url.startswith((*self.own, "data:", "blob:", "about:")):
            self.heard.append(f"request: {request.url}")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield context
    context.close()


def test_the_listener_hears(context, tmp_path):
    """The trap itself: without escaping it would go off."""
    listener = Listener(context, ("file://",))
    for script in (SCRIPTS[0], SCRIPTS[3], SCRIPTS[9]):
        (tmp_path / "page.html").write_text(f"<body>{script}</body>")
        listener.heard.clear()
        page = context.new_page()
        page.goto(f"file://{tmp_path}/page.html")
        until(page, lambda: listener.heard)


@pytest.mark.parametrize("start", [0, 17])
def test_files_that_a_browser_opens(start, context, province, tmp_path):
    hostile = hostile_province(province, start)
    view = View(
        hostile.id, overlays=overlay_ids(hostile), language="zh" if start else "en", theme="sites"
    )
    spec = compose(view, hostile)
    options = PaperOptions(title=CORPUS[start + 1], subtitle=CORPUS[start + 2])
    listener = Listener(context, ("file://",))
    for name in ("svg", "html"):
        path = tmp_path / f"view.{name}"
        path.write_bytes(all_exporters()[name].write(spec, hostile, options))
        page = listener.listen(context.new_page())
        page.goto(f"file://{path}")
        if name == "html":
            touch_everything(page)
            page.screenshot(path=RESULTS / f"hostile-{start}.png")
        assert listener.heard == []


def touch_everything(page: Page) -> None:
    """Open tooltips and records of all that is drawn, and search for what is hostile."""
    open_everything(page)
    field = page.locator("input[type=search]")
    if field.count():
        for words in ("script", "=1", "img"):
            field.fill(words)
            page.locator(".atlas-results button").first.click()


def open_everything(page: Page | Frame) -> None:
    """Open tooltips and records of all that is drawn."""
    page.locator("body[data-atlas-ready]").wait_for()
    count = page.evaluate(
        """() => {
            const atlas = window.clusterAtlas.current;
            let count = 0;
            for (const held of atlas.layers.drawn.values()) for (const part of held.parts) {
                part.group.eachLayer((layer) => {
                    if (layer.getTooltip && layer.getTooltip()) {
                        layer.fire("mouseover", {latlng: atlas.map.getCenter()});
                        layer.openTooltip(atlas.map.getCenter());
                        count += 1;
                    }
                });
            }
            for (const table of Object.values(atlas.features)) {
                for (const id of table.keys()) atlas.click(id);
            }
            return count;
        }"""
    )
    assert count > 12


@pytest.fixture(scope="module")
def hostile_server() -> Iterator[str]:
    with serving(
        RESULTS / "hostile-server.log",
        module=("tests.browser.hostile_atlas",),
        environment={**os.environ, "CORPUS_START": "0"},
    ) as address:
        yield address


def wait_until_drawn(page: Page) -> None:
    """Wait for the map in its frame, or fail with what its script says."""
    body = page.frame_locator("iframe[src*='/atlas/frame/']").locator(
        "body[data-atlas-ready], body[data-atlas-error]"
    )
    body.wait_for()
    assert body.get_attribute("data-atlas-error") is None


@pytest.mark.parametrize(("language", "walks"), [("zh", False), ("en", True)])
def test_every_page_with_a_hostile_province(language, walks, hostile_server, context, province):
    """Whether its address is opened or stepped to from another one."""
    own = (hostile_server, hostile_server.replace("http", "ws"))
    listener = Listener(context, own)
    page = listener.listen(context.new_page())
    atlas = AtlasPage(page, hostile_server)
    overlays = ",".join(overlay_ids(province))
    if walks:
        atlas.open_page("guide", f"lang={language}")
    for place, name in enumerate(PAGES):
        script = quote(SCRIPTS[place % len(SCRIPTS)])
        query = f"lang={language}&overlay={overlays}&zoom={script}&{script}=1"
        if walks:
            atlas.walk_to(name, query)
        else:
            page.goto(f"{hostile_server}/{name}?{query}")
        page.locator("[data-testid='stMainBlockContainer']").wait_for()
        if name == "":
            wait_until_drawn(page)
        settle(page)
        page.screenshot(path=RESULTS / f"hostile-{language}-{name or 'map'}.png")
        for frame in page.frames:
            links = frame.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
            assert not [link for link in links if link.lower().startswith(("javascript", "data"))]
            handlers = frame.eval_on_selector_all(
                "img, svg, iframe", "all => all.filter((one) => one.onload || one.onerror).length"
            )
            assert handlers == 0
        assert listener.heard == [], name
