"""Give every test the real province, and a folder that holds a copy to break."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from data.loader import PROVINCES_FOLDER, Province, default_province_id, load_province

# How long an example takes says nothing of whether it is right. The same examples in every run:
# what a change is judged by must not be luck. ``ATLAS_FUZZ=20 pytest tests/hostile`` looks
# further: other examples in every run, and twenty times as many.
WIDER = int(os.environ.get("ATLAS_FUZZ", "0"))
settings.register_profile("atlas", deadline=None, derandomize=not WIDER, database=None)
settings.load_profile("atlas")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a browser two more tries, and properties more examples where somebody looks further.

    A machine that is busy for half a minute is no defect of a page. What needed another try
    is named at the end of the run, so that nobody takes it for sound.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))
    for item in items if WIDER else ():
        test = getattr(item, "obj", None)
        found = getattr(test, "_hypothesis_internal_use_settings", None)
        if found is not None:
            more = found.max_examples * WIDER
            test._hypothesis_internal_use_settings = settings(
                found, max_examples=more, derandomize=False
            )


BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def province() -> Province:
    return load_province(default_province_id())


@pytest.fixture
def province_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(PROVINCES_FOLDER / default_province_id(), folder)
    return folder


def chromium_path() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: Playwright takes no second one in the same thread."""
    path = chromium_path()
    if path is None:
        message = "no Chromium found: install Debian's `chromium` to run the browser tests"
        if os.environ.get("ATLAS_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()
