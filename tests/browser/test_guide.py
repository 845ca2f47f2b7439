"""The guide is read in the atlas, tells of what is there, and its pictures show today's pages.

``make guide`` (``ATLAS_REDRAW=1``) draws the pictures anew; look at them before committing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, expect

from data.text import Language, catalogue, say
from ui.words.handbook_texts import DOCS, PICTURES, handbook, parsed

from .atlas_page import AtlasPage
from .guide_pictures import FOLDER, STEPS, taken, walker

LANGUAGES: tuple[Language, ...] = get_args(Language)
COARSE = (64, 40)
"""Fonts and their edges differ between machines: pictures are compared by their large forms."""
MEAN_DIFFERENCE = 10.0
"""Mean difference of a channel, of 255."""
CHANGED = 0.12
"""Share of the coarse pixels that may differ by more than 40 of 255."""
MOST_BYTES = 1_500_000


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Return the mean difference of two pictures and the share that changed, seen from afar."""
    coarse = [
        np.asarray(
            picture.filter(ImageFilter.GaussianBlur(12)).resize(COARSE, Image.Resampling.BOX),
            dtype=int,
        )
        for picture in (one, other)
    ]
    apart = np.abs(coarse[0] - coarse[1])
    return float(apart.mean()), float((apart.max(axis=2) > 40).mean())


def kept(name: str, language: Language) -> Image.Image:
    return Image.open(FOLDER / language / f"{name}.webp").convert("RGB")


@pytest.fixture(scope="module")
def walking(browser: Browser) -> Iterator[Page]:
    page = walker(browser)
    yield page
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STEPS)
def test_a_picture_shows_what_a_person_sees_today(walking: Page, server, name, language):
    now = taken(walking, server, name, language)
    path = FOLDER / language / f"{name}.webp"
    if os.environ.get("ATLAS_REDRAW"):
        path.parent.mkdir(parents=True, exist_ok=True)
        now.save(path, quality=82, method=6)
    before = kept(name, language)
    assert before.size == now.size
    mean, changed = difference(before, now)
    assert mean < MEAN_DIFFERENCE, "run `make guide` and look at the pictures"
    assert changed < CHANGED, "run `make guide` and look at the pictures"


def test_the_comparison_can_fail():
    for name in STEPS:
        other = kept("map" if name == "ranking" else "ranking", "zh")
        mean, changed = difference(kept(name, "zh"), other)
        assert mean > MEAN_DIFFERENCE or changed > CHANGED, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_stands_in_the_guide_and_none_is_left_over(language):
    text = (DOCS / "guide" / f"{language}.md").read_text(encoding="utf-8")
    told = re.findall(r"!\[(.+?)\]\(pictures/(.+?)\)", text)
    there = {f"{language}/{path.name}" for path in (PICTURES / language).iterdir()}
    assert {path for _, path in told} == there == {f"{language}/{name}.webp" for name in STEPS}
    assert sum(path.stat().st_size for path in (PICTURES / language).iterdir()) < MOST_BYTES


def test_both_languages_have_the_same_chapters():
    chinese, english = (handbook("guide", language).chapters for language in LANGUAGES)
    assert [one.anchor for one in chinese] == [one.anchor for one in english]
    assert len({one.anchor for one in chinese}) == len(chinese) > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_controls_as_the_pages_do(language):
    """Words that the guide quotes as the names of controls are those of the catalogue."""
    text = (DOCS / "guide" / f"{language}.md").read_text(encoding="utf-8")
    keys = ["page.ranking", "page.guide", "pages.analysis", "filter.own", "snapshot.title"]
    keys += ["page.sources", "page.methods", "own.marker", "ranking.confidence"]
    for key in keys:
        assert catalogue(language)[key] in text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handbook_is_read_in_the_atlas(page: Page, server, language):
    atlas = AtlasPage(page, server).open(f"lang={language}")
    for name, file in (("guide", "guide"), ("methods", "measures"), ("dictionary", "files")):
        atlas.go_to(say("pages.help", language), say(f"page.{name}", language))
        text = handbook(file, language)
        expect(page.get_by_role("heading", name=text.title, exact=True)).to_be_visible()
        last = text.chapters[-1]
        # The contents are there before the chapters that they lead to.
        atlas.settle()
        page.get_by_role("link", name=last.title.replace("`", ""), exact=True).click()
        expect(page.locator(f"#{last.anchor}")).to_be_in_viewport()
        if name == "guide":
            see_pictures(page)


def see_pictures(page: Page) -> None:
    pictures = page.locator(".st-key-handbook-text img")
    expect(pictures).to_have_count(len(STEPS))
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("node => node.naturalWidth") > 600
        assert picture.get_attribute("alt")


def test_a_text_is_taken_apart_at_its_headings(tmp_path: Path):
    text = parsed("# T\n\nlead\n\n## One <!-- one -->\n\na ![x](pictures/zh/a.webp)\n\n## Two\nb\n")
    assert (text.title, text.lead) == ("T", "lead")
    assert [(one.title, one.anchor) for one in text.chapters] == [("One", "one"), ("Two", "part-2")]
    assert text.chapters[0].body == "a ![x](/atlas/guide/zh/a.webp)"
