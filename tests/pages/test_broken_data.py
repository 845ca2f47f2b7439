"""A data file that breaks while the atlas runs: it is named, and what was read goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import data.loader
from data.errors import DataError
from data.text import say
from ui.state import library

ROOT = Path(__file__).parents[2]
MAIN = str(ROOT / "ui" / "main.py")


@pytest.fixture
def own_province(province_copy, monkeypatch):
    """A province folder of this test's own, which the pages read."""
    target = province_copy.parent / data.loader.default_province_id()
    province_copy.rename(target)
    monkeypatch.setattr(data.loader, "PROVINCES_FOLDER", target.parent)
    monkeypatch.setattr(library, "PROVINCES_FOLDER", target.parent)
    return target


@pytest.mark.parametrize("name", ["sites.geojson", "plan.toml", "cities.geojson", "sources.csv"])
@pytest.mark.parametrize("harm", ["cut", "gone", "rubbish"])
def test_a_data_file_that_breaks_while_the_atlas_runs(name, harm, own_province):
    whole = library.province(own_province.name)
    path = own_province / name
    content = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else b"\x00\xff\xfe rubbish")
    assert library.province(own_province.name) is whole
    problem = library.data_problem(own_province.name)
    assert isinstance(problem, DataError)
    assert any(name.split(".")[0] in str(fault) for fault in problem.faults)
    path.write_bytes(content)
    os.utime(path, (1, 1))  # the clock went back: another time is another file
    assert len(library.province(own_province.name).sites) == len(whole.sites)
    assert library.data_problem(own_province.name) is None


def test_the_page_says_what_is_missing_and_goes_on(own_province):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params["lang"] = "en"
    app.query_params["sector"] = "battery"
    app.run()
    assert not app.warning
    (own_province / "sites.csv").write_text("x")
    (own_province / "sites.geojson").unlink()
    app.run()
    assert not app.exception
    assert say("error.data_kept", "en") in [one.value for one in app.warning]
    assert "sites" in app.code[0].value
    assert app.session_state["atlas.view"].selection.sectors == {"battery"}


def test_a_data_file_that_is_broken_from_the_start(own_province):
    """Nothing can be shown yet: the page names the file, and goes on when it is mended."""
    path = own_province / "cities.geojson"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    app = AppTest.from_file(MAIN, default_timeout=60)
    for language in ("zh", "en"):
        app.query_params["lang"] = language
        app.run()
        assert not app.exception
        assert [one.value for one in app.error] == [say("error.data_title", language)]
        assert "cities.geojson" in app.code[0].value
    path.write_bytes(content)
    app.run()
    assert not app.error
    assert not app.exception
