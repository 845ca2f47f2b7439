"""The wizard says what it understood of a file, lets it be changed, and answers any ending."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.text import say
from tests.pages.test_pages import open_screen, words

CASES = Path(__file__).parents[1] / "contract" / "intake"
HELD = "atlas.upload"


def opened(case: str):
    (path,) = (CASES / case).iterdir()
    app = open_screen("data", lang="en")
    app.file_uploader[0].set_value((path.name, path.read_bytes(), "text/csv")).run(timeout=60)
    assert not app.exception
    return app


def test_metres_without_a_system_are_a_guess_that_can_be_changed():
    app = opened("18a-metres-no-zone")
    held = app.session_state[HELD]
    box = app.selectbox(key=f"data.crs.{held.key}")
    assert box.value == "EPSG:4549"
    assert "EPSG:4547" in box.options
    assert "This is a guess from the points" in words(app)


def test_another_sheet_can_be_chosen():
    app = opened("33-first-sheet-is-instructions")
    held = app.session_state[HELD]
    box = app.selectbox(key=f"data.layer.{held.key}")
    assert list(box.options) == list(held.file.table.layers)
    box.set_value(held.file.table.layers[0]).run(timeout=60)
    assert not app.exception
    assert app.session_state[HELD].file.table.layer == held.file.table.layers[0]


def test_totals_are_named():
    app = opened("11b-totals-city")
    told = [one.value for one in app.warning]
    assert say("data.left_out", "en", count=3, rows="4, 6, 7") in told


@pytest.mark.parametrize(
    ("case", "code"), [("86-bare-shp", "bare_shapefile"), ("38-html-named-xls", "web_page")]
)
def test_endings_that_are_not_read_are_answered_in_words(case, code):
    app = opened(case)
    (path,) = (CASES / case).iterdir()
    assert app.error[0].value == say(f"intake.{code}", "en", extension=path.suffix)
