"""In a frame the atlas is the map alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.atlas_page import AtlasPage
from tests.e2e.conftest import RESULTS


@pytest.mark.browser
def test_the_map_stands_alone_with_a_way_to_the_atlas(server: str, page: Page):
    atlas = AtlasPage(page, server).open("embed=true&lang=en&role=assembly")
    expect(atlas.map.locator(".atlas-legend")).to_be_visible()
    expect(atlas.map.locator(".leaflet-control-attribution")).to_be_visible()
    expect(page.locator(".st-key-filter-panel, .st-key-profile-panel")).to_have_count(0)
    expect(page.get_by_test_id("stHeaderLogo")).to_have_count(0)
    whole = page.get_by_role("link", name="Open the full atlas")
    expect(whole).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    address = whole.get_attribute("href") or ""
    assert "role=assembly" in address
    assert "embed" not in address
    page.wait_for_load_state("networkidle")
    RESULTS.mkdir(exist_ok=True)
    page.screenshot(path=RESULTS / "embed.png")
