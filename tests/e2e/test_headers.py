"""The browser keeps every page to this server: no violation, and an outside request is blocked."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.headers import GuardHeaders

from . import data_files
from .atlas_page import AtlasPage
from .data_page import DataPage

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP violation " + event.violatedDirective + " " + event.blockedURI));
"""
PAGES = ("", "ranking", "compare", "chain", "city", "measures", "plan", "progress", "sources")
ASK_OUTSIDE = """
new Promise((resolve) => {
  document.addEventListener("securitypolicyviolation", (event) => resolve(event.blockedURI));
  fetch("https://outside.invalid/x").catch(() => {});
})
"""


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/ogc/", "/nothing.js", "/atlas/x"])
def test_every_answer_has_the_headers(server, path):
    try:
        answer = urllib.request.urlopen(f"{server}{path}", timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_an_answer_to_a_fault_has_the_headers_too():
    async def broken(request: Request) -> Response:
        raise RuntimeError("synthetic fault")

    app = Starlette(routes=[Route("/x", broken)], middleware=[Middleware(GuardHeaders)])
    answer = TestClient(app, raise_server_exceptions=False).get("/x")
    assert answer.status_code == 500
    assert "synthetic" not in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def told(page: Page) -> list[str]:
    """What the pages write to the console."""
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    page.add_init_script(WATCH)
    return lines


def broken_policies(told: list[str]) -> list[str]:
    return [text for text in told if "CSP" in text or "Content Security" in text]


@pytest.mark.browser
def test_own_data_on_all_pages_keeps_the_policy(server, page, told, province, tmp_path):
    """The pages are walked by their navigation, as a session with own data needs it."""
    data = DataPage(page, server).open()
    data.upload(data_files.write_csv(data_files.synthetic_list(province), tmp_path))
    data.choose_datum("wgs84")
    data.choose_kind("supplier")
    data.accept()
    atlas = AtlasPage(page, server)
    for group, name in (
        *(("pages.analysis", one) for one in ("ranking", "compare", "chain", "city", "measures")),
        *(("pages.plan", one) for one in ("plan", "progress")),
        ("pages.data", "sources"),
        ("pages.data", "data"),
    ):
        atlas.go_to(data.say(group), data.say(f"page.{name}"))
        page.wait_for_url(f"**/{name}**")
        data.settle()
        page.wait_for_load_state("networkidle")
    data.to_map()
    atlas.click_city(320900)
    data.settle()
    page.get_by_role("button", name="Snapshot").click()
    data.settle()
    page.wait_for_load_state("networkidle")
    assert broken_policies(told) == []


@pytest.mark.browser
def test_no_page_breaks_the_policy(server: str, page: Page, told: list[str]):
    for name in PAGES:
        page.goto(f"{server}/{name}?lang=en")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        page.wait_for_load_state("networkidle")
    assert broken_policies(told) == []
    assert page.evaluate(ASK_OUTSIDE).startswith("https://outside.invalid")
