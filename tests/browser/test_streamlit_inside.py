"""The pages have what our style sheets and scripts find Streamlit's own parts by."""

from __future__ import annotations

import pytest
import streamlit

from ui import streamlit_inside as inside
from ui.page_names import PAGE_NAMES

from . import data_files
from .data_page import DataPage

NAMES = """() => [...document.querySelectorAll("*")].flatMap((node) => [
    node.dataset.testid, ...node.classList,
    ...node.getAttributeNames().filter((name) => name.startsWith("data-")), node.id])"""
PHONE = {"width": 360, "height": 740}
ONLY_IN_A_FAULT = {"stException"}
"""Pages show it where the atlas is broken; ``tests/contract`` looks into the page's code for it."""


def test_every_name_is_found_in_some_page(atlas, province, tmp_path):
    seen: set[str] = set()

    def look() -> None:
        atlas.settle()
        seen.update(filter(None, atlas.page.evaluate(NAMES)))

    atlas.open("lang=en&role=hydrogen")
    look()
    atlas.page.locator(".st-key-widget-snapshot button").first.click()
    atlas.page.locator(".st-key-widget-snapshot-download").wait_for()
    look()
    for name in sorted(PAGE_NAMES):
        atlas.walk_to(name, "lang=en")
        look()
    data = DataPage(atlas.page, atlas.server).open()
    data.upload(data_files.write_csv(data_files.synthetic_list(province), tmp_path))
    data.pictures().first.wait_for()
    look()
    atlas.page.set_viewport_size(PHONE)
    # The page hears later that its window is narrow, and moves its navigation then.
    atlas.page.get_by_test_id("stSidebar").wait_for(state="attached")
    look()
    listed = inside.TEST_IDS | inside.PAGE_CLASSES | inside.PAGE_ATTRIBUTES
    gone = {name: why for name, why in listed.items() if name not in seen | ONLY_IN_A_FAULT}
    assert inside.ROOT in seen
    if gone:
        pytest.fail(
            f"The pages of Streamlit {streamlit.__version__} have no {gone}. "
            "Mend it in ui/streamlit_inside.py and where it is asked for"
        )
