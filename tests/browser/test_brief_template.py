"""A person gives the office's own template, and gets the brief in it."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from playwright.sync_api import Page, expect

from data.text import say
from layers.brief.word.example_template import example_template
from tests.browser.atlas_page import AtlasPage
from tests.places import PLACES


def test_a_brief_comes_in_the_template_that_was_chosen(page: Page, server, tmp_path: Path):
    atlas = AtlasPage(page, server)
    atlas.open_page("city", f"lang=zh&profile={PLACES.hub.slug}")
    atlas.settle()
    page.get_by_role("button", name=say("brief.button", "zh")).click()
    page.get_by_text(say("template.field", "zh", extension="DOCX"), exact=True).first.click()
    chooser = page.locator("[class*='st-key-widget-brief-city-template-docx'] input[type='file']")
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"synthetic")
    with atlas.asking():
        chooser.set_input_files(bad)
    expect(page.get_by_text(say("intake.broken_zip", "zh"))).to_be_visible()
    good = tmp_path / "house.docx"
    good.write_bytes(example_template("zh"))
    with atlas.asking():
        chooser.set_input_files(good)
    expect(page.get_by_text(say("intake.broken_zip", "zh"))).to_have_count(0)
    with page.expect_download() as waited:
        page.get_by_role("button", name=say("brief.make", "zh")).click()
    document = Document(io.BytesIO(Path(waited.value.path()).read_bytes()))
    head = document.sections[0].header.paragraphs[0]
    assert head.text == say("template.letterhead", "zh")
    assert PLACES.hub.zh in document.paragraphs[0].text
