"""The atlas as it is on a system that lacks what Linux has, in a folder named as people do.

This is not Windows: there it has not been tried. What Windows lacks is hidden from the server and
from all that it starts, and is not used by any module either (``mypy --platform win32``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data.own.dataset_content import save_own
from data.own.datasets import FOLDER_VARIABLE, DatasetStore
from data.own.own_counts import OwnPoints
from data.register.build import register_from_table
from tests.serving import RESULTS, ROOT, serving
from tests.synthetic import COLUMNS, synthetic_table
from tests.unit.test_datasets import DAY

from . import data_files
from .data_page import DataPage
from .test_data import GOOD_OF_LIST
from .without_posix import MODULES, OF_OS, SIGNALS, write_python

PARTS = ("app.py", "data", "clusters", "layers", "ui", ".streamlit")
POINTS = 500


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as people name them, with the atlas and a Python that lacks what Windows lacks."""
    folder = tmp_path_factory.mktemp("place") / "图集 of the office (2)"
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        folder.mkdir(exist_ok=True)
        copy(ROOT / name, folder / name)
    write_python(folder / "python")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """That of a user who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if name != FOLDER_VARIABLE}
    return {**kept, "XDG_DATA_HOME": str(tmp_path_factory.mktemp("home") / "我的 data")}


@pytest.fixture(scope="module")
def served(place: Path, environment: dict[str, str]) -> Iterator[str]:
    log = RESULTS / "other-systems.log"
    how = {"environment": environment, "folder": place, "python": place / "python"}
    with serving(log, **how) as address:
        yield address
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_what_is_hidden_is_hidden(place, environment):
    tries = [f"import {name}" for name in MODULES]
    tries += [f"from os import {name}" for name in OF_OS]
    # What is there is found.
    tries.append("import json")
    tries += [f"from signal import {name}" for name in SIGNALS]
    (place / "tries.py").write_text(TRY, encoding="utf-8")
    found = subprocess.run(
        [place / "python", "-E", "-s", "-m", "tries", *tries],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.splitlines() == ["import json"]


TRY = """
import sys
for line in sys.argv[1:]:
    try:
        exec(line)
    except ImportError:
        continue
    print(line)
"""


def test_a_dataset_is_saved_and_opened_again(page, served, environment, province):
    """Without any setting: in the user's own folder, and the page says where."""
    folder = Path(environment["XDG_DATA_HOME"]) / "cluster-atlas" / "datasets"
    register = register_from_table(synthetic_table(province, POINTS), COLUMNS, province.counties)
    save_own(DatasetStore(folder), "Given", province, OwnPoints("points.csv", DAY, register))
    data = DataPage(page, served).open()
    own = page.locator("[class*='st-key-own-own']")
    expect(page.get_by_text(data.say("dataset.home", folder=folder / "open"))).to_be_visible()
    page.get_by_role("button", name=data.say("dataset.load"), exact=True).click()
    expect(own).to_contain_text("points.csv")
    page.get_by_role("button", name=data.say("dataset.save"), exact=True).click()
    page.get_by_role("textbox", name=data.say("dataset.name")).fill("Mine: a/b\\c")
    page.get_by_role("button", name=data.say("dataset.save_now")).click()
    expect(page.get_by_text(data.say("dataset.saved", name="Mine: a/b\\c"))).to_be_visible()
    assert [one.name for one in DatasetStore(folder).every()] == ["Given", "Mine: a/b\\c"]
    DatasetStore(folder).delete("Given")
    data.open()
    expect(own).to_have_count(0)
    page.get_by_role("button", name=data.say("dataset.load"), exact=True).click()
    expect(own).to_contain_text(str(POINTS))
    data.to_map()


def test_an_upload_is_read(page, served, province, tmp_path):
    path = tmp_path / "企业 list (1).csv"
    data_files.write_csv(data_files.synthetic_list(province), tmp_path).rename(path)
    data = DataPage(page, served).open().upload(path)
    data.choose_datum("wgs84")
    data.choose_kind("supplier")
    data.accept()
    own = page.locator("[class*='st-key-own-own']")
    expect(own).to_contain_text(path.name)
    expect(own).to_contain_text(data.say("data.item_sites", count=GOOD_OF_LIST))
