"""Give every test the real province, and a folder that holds a copy to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.loader import PROVINCES_FOLDER, Province, default_province_id, load_province


@pytest.fixture(scope="session")
def province() -> Province:
    return load_province(default_province_id())


@pytest.fixture
def province_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(PROVINCES_FOLDER / default_province_id(), folder)
    return folder
