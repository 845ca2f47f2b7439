"""Every page lives with a province that nothing is known of yet, and leads to another one."""

from __future__ import annotations

import shutil

import pytest

import data.loader
import ui.state.library
from data.authoring.new_province import new_province
from data.loader import PROVINCES_FOLDER, default_province_id
from data.text import say
from tests.pages.test_pages import VIEW, open_app, open_screen
from tests.places import PLACES

SCREENS = ("map", "plan", "progress", "sources", "ranking", "compare", "chain", "city", "measures")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provinces")
    shutil.copytree(PROVINCES_FOLDER / default_province_id(), folder / default_province_id())
    new_province(640000, folder)
    return folder


@pytest.fixture(autouse=True)
def two_provinces(folder, monkeypatch):
    monkeypatch.setattr(data.loader, "PROVINCES_FOLDER", folder)
    monkeypatch.setattr(ui.state.library, "PROVINCES_FOLDER", folder)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_of_a_province_without_a_plan_has_words_and_no_error(screen, language):
    app = open_screen(screen, province="ningxia", lang=language)
    assert not app.error
    assert app.session_state[VIEW].province == "ningxia"


def test_the_switch_opens_the_other_province_without_the_filters():
    app = open_app(lang="en", sector="battery")
    switch = app.selectbox(key="widget.province")
    assert switch.options == [PLACES.province.en, "Ningxia"]
    switch.set_value("ningxia").run()
    assert not app.exception
    view = app.session_state[VIEW]
    assert (view.province, view.language, view.selection.sectors) == ("ningxia", "en", frozenset())
    assert app.query_params["province"] == "ningxia"


def test_a_single_province_needs_no_switch(monkeypatch):
    monkeypatch.setattr(data.loader, "PROVINCES_FOLDER", PROVINCES_FOLDER)
    monkeypatch.setattr(ui.state.library, "PROVINCES_FOLDER", PROVINCES_FOLDER)
    app = open_app(lang="en")
    assert say("language.province", "en") not in [box.label for box in app.selectbox]
