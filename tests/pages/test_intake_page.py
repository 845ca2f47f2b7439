"""The wizard says what it understood of a file, lets it be changed, and answers any ending."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusters.matching import matching
from data.loader import default_province_id, load_province
from data.text import say
from layers.address.query import parse_query
from layers.exports.site_files import site_file
from tests.pages.test_pages import open_screen, words

CASES = Path(__file__).parents[1] / "contract" / "intake"
HELD = "atlas.upload"
OWN_DATA = "atlas.own"


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


def test_a_list_of_the_atlas_is_taken_over_without_a_question():
    province = load_province(default_province_id())
    view = parse_query("segment=separator&lang=zh", province).view
    app = open_screen("data", lang="en")
    content = site_file(view, province, "csv")
    app.file_uploader[0].set_value(("list.csv", content, "text/csv")).run(timeout=60)
    assert not app.exception
    held = app.session_state[HELD]
    assert app.selectbox(key=f"data.field.kind.{held.key}.None.None").value == say(
        "site_list.kind", "zh"
    )
    assert any(one.value.startswith("The atlas wrote this list") for one in app.warning)
    app.button(key=f"data.accept.{held.key}").click().run(timeout=60)
    assert not app.exception
    (own,) = app.session_state[OWN_DATA]
    listed = matching(province, view.selection).sites
    for name in ("kind", "status_date", "capacity_meaning", "year_meaning", "note_zh"):
        assert list(own.data.sites[name].dropna()) == list(listed[name].dropna())


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
