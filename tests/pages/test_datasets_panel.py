"""The page names a dataset that cannot be read as itself; the atlas around it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.own.dataset_content import save_own
from data.own.datasets import FOLDER_VARIABLE, Dataset, DatasetStore
from data.own.own_counts import OwnPoints
from data.register.build import register_from_table
from data.schema import read_toml
from data.text import LANGUAGES, say
from tests.pages.test_pages import open_screen, words
from tests.synthetic import COLUMNS, synthetic_table
from tests.unit.test_datasets import DAY, cut


@pytest.fixture
def store(tmp_path, monkeypatch) -> DatasetStore:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return DatasetStore(tmp_path)


@pytest.fixture
def saved(store, province) -> Dataset:
    register = register_from_table(synthetic_table(province, 50), COLUMNS, province.counties)
    return save_own(store, "My list", province, OwnPoints("points.csv", DAY, register))


def load(language: str) -> AppTest:
    app = open_screen("data", lang=language)
    app.button(key="dataset.load..My list").click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_torn_dataset_is_named(store, saved, language):
    path = Path(store.location(saved))
    path.write_bytes(cut(path.read_bytes()))
    app = load(language)
    (error,) = app.error
    assert "My list" in error.value
    assert error.value.startswith(say("dataset.error_unreadable", language).partition("“")[0])
    assert say("error.data_title", language) not in error.value
    assert any(saved.source in code.value for code in app.code)


def test_a_whole_dataset_is_loaded(store, saved):
    assert not load("en").error


def test_a_run_reads_each_description_once(store, saved, monkeypatch):
    read: list[Path] = []

    def noted(path, kind):
        read.append(path)
        return read_toml(path, kind)

    monkeypatch.setattr("data.own.datasets.read_toml", noted)
    open_screen("data", lang="en")
    assert read == list(store.folder.glob("*.toml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dataset_without_a_description_is_told(store, saved, language):
    (path,) = store.folder.glob("*.toml")
    path.write_bytes(cut(path.read_bytes()))
    app = open_screen("data", lang=language)
    assert [one.value for one in app.warning] == [say("dataset.faulty", language)]
    assert any(path.name in code.value for code in app.code)
    assert say("dataset.none", language) in words(app)
