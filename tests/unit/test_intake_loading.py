"""The process that reads an upload is waited for: it loads what its file needs, and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from data.uploads.formats.recognition import FORMATS

ROOT = Path(__file__).parents[2]
HEAVY = ("babel", "geopandas", "openpyxl", "pandas", "pydantic", "pyogrio", "pyproj", "shapely")


def loaded(what: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{what}\nimport sys\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split()) & {*HEAVY, "data.loader"}


def test_a_csv_in_columns_needs_arrow_alone():
    found = loaded(
        "from data.uploads.sandbox.worker import _in_columns\nfrom pathlib import Path\n"
        "_in_columns(Path('a.csv'), {'names': [], 'texts': []})"
    )
    assert found == {"babel"}


def test_a_csv_cell_by_cell_needs_no_reader_of_another_format():
    found = loaded(
        "from data.uploads.sandbox.worker import _cell_by_cell\nfrom pathlib import Path\n"
        "_cell_by_cell(Path('a.csv'))"
    )
    assert not found & {"openpyxl", "pyogrio", "pydantic", "data.loader"}


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.extensions[0])
def test_every_format_has_a_reader(one):
    assert callable(one.load())
