"""The browser keeps every page to this server: no violation, and an outside request is blocked."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

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


@pytest.mark.browser
def test_no_page_breaks_the_policy(server: str, page: Page):
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.add_init_script(WATCH)
    for name in PAGES:
        page.goto(f"{server}/{name}?lang=en")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        page.wait_for_load_state("networkidle")
    assert [text for text in told if "CSP" in text or "Content Security" in text] == []
    assert page.evaluate(ASK_OUTSIDE).startswith("https://outside.invalid")
