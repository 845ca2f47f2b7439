"""The atlas in Python: what its documentation shows is true, and its notebook runs."""

from __future__ import annotations

import doctest
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from data.errors import UnknownChoiceError
from layers import open_atlas
from layers.address.opened import QueryError
from tests.places import PLACES

ROOT = Path(__file__).parents[2]


def test_the_examples_of_the_documentation():
    found = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert found.attempted > 5
    assert found.failed == 0


def test_the_map_stands_by_itself():
    html = open_atlas("sector=hydrogen&lang=en").map().get_root().render()
    assert 'id="atlas-view"' in html
    assert "<script src=" not in html
    assert "<link" not in html


def test_a_file_of_any_format_is_saved(tmp_path):
    atlas = open_atlas(f"city={PLACES.other_hub.slug}")
    assert atlas.save(tmp_path / "map.svg").read_bytes().startswith(b"<?xml")
    with pytest.raises(UnknownChoiceError):
        atlas.save(tmp_path / "map.exe")


def test_the_figure_has_the_size_of_its_sheet():
    width, height = open_atlas("").figure().get_size_inches()
    assert sorted((round(width * 25.4), round(height * 25.4))) == [210, 297]


def test_a_query_that_is_not_understood_is_refused():
    with pytest.raises(QueryError, match="sector=steel"):
        open_atlas("sector=steel")


@pytest.mark.filterwarnings("default")
def test_the_notebook_runs(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(ROOT / "docs" / "notebooks" / "atlas.ipynb", as_version=4)
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": os.fspath(ROOT)}}
    )
    client.execute()
    shown = [cell["outputs"] for cell in notebook.cells if cell.cell_type == "code"]
    assert "text/html" in shown[0][0]["data"]
    assert "image/png" in str(shown[-2])
    assert shown[-1][0]["data"]["text/plain"] == "True"
