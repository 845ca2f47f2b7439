"""In a frame the atlas is the map alone, on those sites that may frame it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.atlas_page import AtlasPage
from tests.serving import RESULTS, serving
from ui.server.headers import FRAMES_VARIABLE


def test_the_map_stands_alone_with_a_way_to_the_atlas(server: str, page: Page):
    atlas = AtlasPage(page, server).open("embed=true&lang=en&role=assembly")
    expect(atlas.map.locator(".atlas-legend")).to_be_visible()
    expect(atlas.map.locator(".leaflet-control-attribution")).to_be_visible()
    expect(page.locator(".st-key-filter-panel, .st-key-profile-panel")).to_have_count(0)
    expect(page.get_by_test_id("stHeaderLogo")).to_have_count(0)
    tools = atlas.map.get_by_role("toolbar").first.get_by_role("button")
    expect(tools).to_have_count(3)
    whole = page.get_by_role("link", name="Open the full atlas")
    expect(whole).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    address = whole.get_attribute("href") or ""
    assert "role=assembly" in address
    assert "embed" not in address
    RESULTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=RESULTS / "embed.png")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve a folder as another site: another port is another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[str]:
    with site(tmp_path) as address:
        yield address


@pytest.fixture
def framed_server(other_site: str) -> Iterator[str]:
    """A server that the other site may frame, as the README says."""
    with serving(
        RESULTS / "framed-server.log",
        environment={**os.environ, FRAMES_VARIABLE: f"'self' {other_site}"},
        # Until it has read its data: the first page is not the one to wait for that.
        ready="/ogc/collections/cities/items?limit=1",
    ) as address:
        yield address


def snippet_of(page: Page, server: str, query: str) -> str:
    """Return the snippet as the Snapshot panel of a view gives it, from the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    atlas = AtlasPage(page, server).open(query)
    page.get_by_role("button", name="Snapshot").click()
    code = page.get_by_test_id("stCode").filter(has_text="<iframe")
    code.hover()
    code.get_by_role("button", name="Copy to clipboard").click()
    atlas.settle()
    return str(page.evaluate("navigator.clipboard.readText()"))


def written(folder: Path, snippet: str) -> None:
    page = f"<!doctype html><title>Synthetic page</title><h1>Synthetic page</h1>{snippet}"
    (folder / "page.html").write_text(page, encoding="utf-8")


def test_the_copied_snippet_works_on_a_site_that_may_frame_it(
    framed_server: str, other_site: str, page: Page, tmp_path: Path
):
    written(tmp_path, snippet_of(page, framed_server, "lang=en&sector=battery"))
    page.goto(f"{other_site}/page.html")
    frame = page.frame_locator("iframe")
    inside = frame.frame_locator("iframe[src*='/atlas/frame/']")
    inside.locator("body[data-atlas-ready]").wait_for()
    expect(inside.locator(".leaflet-atlas-land-pane path[d]")).to_have_count(13)
    whole = frame.get_by_role("link", name="Open the full atlas")
    expect(whole).to_be_visible()
    with page.context.expect_page() as opened:
        whole.click()
    assert opened.value.url.startswith(framed_server)
    assert "sector=battery" in opened.value.url
    page.screenshot(path=RESULTS / "embed-elsewhere.png")


def test_a_site_that_may_not_frame_it_shows_nothing_of_it(
    server: str, other_site: str, browser: Browser, tmp_path: Path
):
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    written(tmp_path, f'<iframe src="{server}/?embed=true"></iframe>')
    page.goto(f"{other_site}/page.html")
    page.wait_for_load_state("networkidle")
    assert any("frame-ancestors 'self'" in text for text in told)
    assert not any(frame.url.startswith(server) for frame in page.frames)
    page.close()
