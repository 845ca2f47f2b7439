"""WCAG 2.2 AA by axe-core, on every page, in both languages and both themes, the map included.

Names depend on the language and contrast on the theme: each page is looked at in each language and
in each theme, not in each pair of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import pytest
from playwright.sync_api import Page, expect

from data.loader import Province
from data.text import Language, say
from tests.chromium import settle
from tests.places import PLACES

from . import data_files
from .atlas_page import AtlasPage
from .axe import faults
from .data_page import DataPage

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
    "data",
    "views",
    "sources",
    "guide",
    "methods",
    "dictionary",
)
STATES = (
    "overlay=counties,hotspots,sites&theme=location-quotient&sector=battery",
    f"profile={PLACES.hub.slug}&zoom=10&center=33.38,120.15",
    "county=320282",
)
Scheme = Literal["light", "dark"]


@pytest.fixture(params=[("zh", "light"), ("en", "dark")], ids="-".join)
def eyes(request: pytest.FixtureRequest) -> tuple[Language, Scheme]:
    """The language and the theme of who looks."""
    return cast("tuple[Language, Scheme]", request.param)


@pytest.fixture
def language(eyes: tuple[Language, Scheme]) -> Language:
    return eyes[0]


@pytest.fixture
def scheme(eyes: tuple[Language, Scheme]) -> Scheme:
    return eyes[1]


@pytest.fixture
def sight(page: Page, scheme: Scheme) -> Page:
    """The page in the eyes of somebody whose system is light or dark."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    return page


def test_no_page_shuts_anybody_out(sight: Page, server: str, language: Language):
    atlas = AtlasPage(sight, server).open_page("plan", f"lang={language}")
    for name in PAGES:
        atlas.walk_to(name, f"lang={language}")
        assert faults(sight) == [], f"{name or 'map'} in {language}"


def test_no_state_of_the_map_shuts_anybody_out(sight: Page, server: str, language: Language):
    atlas = AtlasPage(sight, server)
    for query in STATES:
        atlas.open(f"lang={language}&{query}")
        settle(sight)
        assert faults(sight) == [], query
    for control in ("presets", "table", "compare"):
        atlas.map.get_by_role("button", name=say(f"toolbar.{control}", language)).click()
        settle(sight)
        assert faults(sight) == [], control
        atlas.map.locator("body").press("Escape")


def test_no_step_of_the_wizard_shuts_anybody_out(
    sight: Page, server: str, language: Language, province: Province, tmp_path: Path
):
    data = DataPage(sight, server, language).open()
    table = data_files.with_faults(data_files.synthetic_list(province, "gcj02"))
    data.upload(data_files.write_csv(table, tmp_path))
    expect(data.pictures()).to_have_count(3)
    settle(sight)
    assert faults(sight) == [], "columns and datum"
    data.choose_datum("gcj02")
    data.choose_kind("supplier")
    expect(data.accept_button).to_be_enabled()
    settle(sight)
    assert faults(sight) == [], "check"
    data.accept()
    settle(sight)
    assert faults(sight) == [], "accepted"


def test_the_test_finds_what_shuts_people_out(sight: Page, server: str):
    sight.goto(f"{server}/plan?lang=en")
    settle(sight)
    sight.evaluate(
        "document.querySelector('main, section').append(document.createElement('button'))"
    )
    assert any(fault.startswith("button-name") for fault in faults(sight))
