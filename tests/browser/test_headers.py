"""The browser keeps every page to this server: no violation, and an outside request is blocked."""

from __future__ import annotations

import ast
import json
import os
import re
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

import ui.page_scripts as scripts_module
from tests.chromium import settle
from tests.serving import RESULTS, ROOT, serving
from ui.page_scripts import LEAVING, SCRIPTS, SERVER, STEPS
from ui.server.headers import (
    FramePolicyError,
    GuardHeaders,
    frame_policy,
    inline_scripts,
    inner_frame_policy,
)

from . import data_files
from .atlas_page import AtlasPage
from .data_page import DataPage

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP violation " + event.violatedDirective + " " + event.blockedURI));
"""
PAGES = (
    "",
    "ranking",
    "compare",
    "chain",
    "city",
    "companies",
    "measures",
    "plan",
    "progress",
    "sources",
    "views",
)
ASK_OUTSIDE = """
new Promise((resolve) => {
  document.addEventListener("securitypolicyviolation", (event) => resolve(event.blockedURI));
  fetch("https://outside.invalid/x").catch(() => {});
})
"""


def test_no_page_around_the_atlas_may_work_it_by_messages(server):
    with urllib.request.urlopen(f"{server}/_stcore/host-config", timeout=20) as answer:
        assert json.load(answer)["allowedOrigins"] == []


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/ogc/", "/nothing.js", "/atlas/x"])
def test_every_answer_has_the_headers(server, path):
    try:
        answer = urllib.request.urlopen(f"{server}{path}", timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    (scripts,) = re.findall("script-src[^;]*", policy)
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-eval'" not in scripts
    assert "object-src 'none'" in policy
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


def test_own_data_on_all_pages_keeps_the_policy(server, page, told, province, tmp_path):
    """The pages are walked by their navigation, as a session with own data needs it."""
    data = DataPage(page, server).open()
    data.upload(data_files.write_csv(data_files.synthetic_list(province), tmp_path))
    data.choose_datum("wgs84")
    data.choose_kind("supplier")
    data.accept()
    atlas = AtlasPage(page, server)
    for group, name in (
        *(
            ("pages.analysis", one)
            for one in ("ranking", "compare", "chain", "city", "companies", "measures")
        ),
        *(("pages.plan", one) for one in ("plan", "progress")),
        ("pages.data", "sources"),
        ("pages.data", "data"),
    ):
        atlas.go_to(data.say(group), data.say(f"page.{name}"))
        page.wait_for_url(f"**/{name}**")
        data.settle()
    data.to_map()
    atlas.click_city(320900)
    data.settle()
    page.get_by_role("button", name="Snapshot").click()
    data.settle()
    assert broken_policies(told) == []


@pytest.mark.parametrize(
    ("frames", "outer", "inner"),
    [
        (None, "'self'", "'self'"),
        ("'none'", "'none'", "'self'"),
        ("https://a.example", "https://a.example", "'self' https://a.example"),
        ("'self' https://*.example:8443", None, "'self' https://*.example:8443"),
    ],
)
def test_who_may_frame_pages_and_the_map_in_them(frames, outer, inner, monkeypatch):
    """Whoever may not frame a page, the page itself frames the map."""
    monkeypatch.delenv("ATLAS_FRAMES", raising=False)
    if frames is not None:
        monkeypatch.setenv("ATLAS_FRAMES", frames)
    assert frame_policy() == (outer or frames)
    assert inner_frame_policy() == inner


@pytest.mark.parametrize(
    "frames", ["", "*", "self", "'none' 'self'", "javascript:x", "a; script-src *"]
)
def test_a_frame_policy_that_is_none_stops_the_start(frames, monkeypatch):
    monkeypatch.setenv("ATLAS_FRAMES", frames)
    with pytest.raises(FramePolicyError):
        GuardHeaders(Starlette())


def test_every_script_of_a_page_is_known_to_the_policy():
    """What a page shows with scripts is one of the constants that the policy names."""
    shown = set()
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and any(
                one.arg == "unsafe_allow_javascript" for one in node.keywords
            ):
                assert isinstance(node.args[0], ast.Name), path
                shown.add(getattr(scripts_module, node.args[0].id))
    # Three more stand in the page itself, before Streamlit's own.
    assert {SERVER, STEPS, LEAVING, *shown} == set(SCRIPTS)
    assert all(inline_scripts(one) for one in SCRIPTS)


INJECT = """
() => new Promise((resolve) => {
  const heard = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    heard.push(event.effectiveDirective);
    if (heard.length === 2) resolve([heard.sort(), window.injected]);
  });
  document.body.insertAdjacentHTML("beforeend", "<img src='data:,x' onerror='injected = 1'>");
  const script = document.createElement("script");
  script.text = "window.injected = 2";
  document.body.append(script);
})
"""


def test_a_script_that_got_into_a_page_or_the_map_does_not_run(server: str, page: Page):
    AtlasPage(page, server).open("lang=en")
    frame = next(one for one in page.frames if "/atlas/frame/" in one.url)
    for place in (page, frame):
        heard, injected = place.evaluate(INJECT)
        assert heard == ["script-src-attr", "script-src-elem"]
        assert injected is None


def test_the_map_is_there_where_nobody_may_frame_the_atlas(page: Page):
    environment = {**os.environ, "ATLAS_FRAMES": "'none'"}
    with serving(RESULTS / "unframed-server.log", environment=environment) as address:
        answer = page.goto(f"{address}/plan?lang=en")
        assert answer is not None
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        AtlasPage(page, address).open("lang=en")


def test_no_page_breaks_the_policy(server: str, page: Page, told: list[str]):
    page.goto(f"{server}/plan?lang=en")
    settle(page)
    atlas = AtlasPage(page, server).open("lang=en")
    for name in (*PAGES[1:], PAGES[0]):
        atlas.walk_to(name, "lang=en")
        expect(page.get_by_test_id("stMain")).to_be_visible()
    assert broken_policies(told) == []
    assert page.evaluate(ASK_OUTSIDE).startswith("https://outside.invalid")
