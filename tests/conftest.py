"""Give every test the real province, and a folder that holds a copy to break."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import data.loader
from data.loader import PROVINCES_FOLDER, Province, default_province_id, load_folder
from tests.home import home

# Only development brings it, and nothing here asks for it: it takes a second to load.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

pytest_plugins = ("tests.report",)

# How long an example takes says nothing of whether it is right. The same examples in every run:
# what a change is judged by must not be luck. ``ATLAS_FUZZ=20 pytest tests/hostile`` looks
# further: other examples in every run, and twenty times as many.
WIDER = int(os.environ.get("ATLAS_FUZZ", "0"))
settings.register_profile("atlas", deadline=None, derandomize=not WIDER, database=None)
settings.load_profile("atlas")


@pytest.fixture(scope="session")
def forked_readers() -> None:
    """Readers of files are forked, as those of a server are, where the system can."""
    from data.uploads.sandbox.walls import prepare_readers

    prepare_readers()


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put the main module back after a page that ran in its place, under Streamlit's ``AppTest``.

    A process that a later test starts would run that page before all else.
    """
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a browser one more try until its last races are found, and properties more examples.

    What needed another try is named at the end of the run (``RERUN``): it has a cause to be found.
    """
    for item in items:
        if {"browser", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=1))
    for item in items if WIDER else ():
        test = getattr(item, "obj", None)
        found = getattr(test, "_hypothesis_internal_use_settings", None)
        if found is not None:
            more = found.max_examples * WIDER
            test._hypothesis_internal_use_settings = settings(
                found, max_examples=more, derandomize=False
            )


@pytest.fixture(scope="session", autouse=True)
def datasets_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep all that tests save, their servers too, out of the folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ATLAS_DATASETS", str(tmp_path_factory.mktemp("datasets")))
        yield


@pytest.fixture(scope="session", autouse=True)
def garbage_looked_for_seldom() -> None:
    """Look through what this process holds less often: that was a fifth of what tests took.

    Modules and what they hold live as long as the process. Tests of what is let go ask for it.
    """
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session")
def province() -> Province:
    return home()


@pytest.fixture
def home_at_hand(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever loads the real province gets it as it is loaded, with what was counted of it."""
    folder = PROVINCES_FOLDER / default_province_id()

    def loaded(asked: Path) -> Province:
        return province if asked == folder else load_folder(asked)

    monkeypatch.setattr(data.loader, "load_folder", loaded)


@pytest.fixture
def province_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(PROVINCES_FOLDER / default_province_id(), folder)
    return folder
