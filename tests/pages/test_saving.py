"""The page says where datasets are saved, or why they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from data.own.dataset_content import save_own
from data.own.datasets import FOLDER_VARIABLE, DatasetStore
from data.own.own_counts import OwnPoints
from data.register.build import register_from_table
from data.text import say
from tests.pages.test_pages import open_screen, words
from tests.synthetic import COLUMNS, synthetic_table
from tests.unit.test_datasets import DAY
from ui.access.owner import STRANGERS_VARIABLE
from ui.components.markdown_text import escape

LIST = b"name,sector,longitude,latitude\nSynthetic,battery,119.0,32.5\n"


@pytest.fixture(autouse=True)
def _of_this_machine(monkeypatch):
    """``AppTest`` has no connection that comes from somewhere; ``tests/browser`` has one."""
    monkeypatch.setattr("ui.access.owner.asked_from_this_machine", lambda *_: True)


@pytest.fixture
def user_folder(monkeypatch, tmp_path) -> Path:
    """The folder of a user whose path has all that a path may have."""
    folder = tmp_path / "资料 of [A] *B*\\C"
    monkeypatch.setattr("ui.access.owner.user_data_path", lambda *_, **__: folder)
    monkeypatch.delenv(FOLDER_VARIABLE)
    return folder / "datasets" / "open"


@pytest.fixture
def reached_by_others():
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")  # noqa: S104
    yield
    config.set_option("server.address", before)


def page_with_own_data(language: str = "en") -> AppTest:
    app = open_screen("data", lang=language)
    app.file_uploader[0].set_value(("list.csv", LIST, "text/csv")).run()
    (datum,) = [one for one in app.radio if str(one.key).startswith("data.datum")]
    datum.set_value("wgs84").run()
    (kind,) = [one for one in app.get("button_group") if "kind" in str(one.proto.id)]
    kind.set_value("supplier").run()
    (accept,) = [one for one in app.button if str(one.key).startswith("data.accept")]
    accept.click().run()
    assert not app.exception
    assert not app.error
    return app


def save_buttons(app: AppTest) -> list[object]:
    return [one for one in app.button if str(one.key).startswith("dataset.save.")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_ones_own_machine_the_page_says_where(user_folder, language):
    app = open_screen("data", lang=language)
    assert say("dataset.home", language, folder=escape(str(user_folder))) in words(app)
    assert not user_folder.exists()


def test_on_ones_own_machine_saving_needs_no_setting(user_folder):
    app = page_with_own_data()
    (save,) = save_buttons(app)
    save.click().run()
    assert not app.exception
    assert app.success[0].value == say("dataset.saved", "en", name=escape("list.csv"))
    assert [one.name for one in DatasetStore(user_folder.parent).every()] == ["list.csv"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_server_for_others_saves_nothing_for_strangers_and_says_why(
    reached_by_others, user_folder, language
):
    app = page_with_own_data(language)
    told = say("dataset.strangers", language)
    assert told in words(app)
    assert all(setting in told for setting in (FOLDER_VARIABLE, f"{STRANGERS_VARIABLE}=yes"))
    assert save_buttons(app) == []
    assert not user_folder.exists()


def test_what_stands_in_the_folder_of_such_a_server_can_be_loaded_and_stays(
    reached_by_others, user_folder, monkeypatch, tmp_path, province
):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    register = register_from_table(synthetic_table(province, 50), COLUMNS, province.counties)
    save_own(DatasetStore(tmp_path), "Kept", province, OwnPoints("points.csv", DAY, register))
    app = open_screen("data", lang="en")
    assert say("dataset.strangers", "en") in words(app)
    keys = {str(one.key) for one in app.button if str(one.key).startswith("dataset.")}
    assert keys == {"dataset.load..Kept"}


def test_told_so_it_saves_for_everybody_and_says_that(
    reached_by_others, user_folder, monkeypatch, tmp_path
):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setenv(STRANGERS_VARIABLE, "yes")
    app = page_with_own_data()
    assert say("dataset.open", "en") in words(app)
    assert len(save_buttons(app)) == 1
