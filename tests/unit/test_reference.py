"""The reference pages are those of the code."""

from __future__ import annotations

import pytest

from layers.words.reference import reference_pages


def test_the_reference_pages_are_current():
    for path, text in reference_pages().items():
        assert path.read_text(encoding="utf-8") == text, "run python -m layers.words.reference"


@pytest.mark.parametrize("name", ["files.zh.md", "files.en.md"])
def test_every_column_says_what_it_means_and_takes(name):
    page = next(text for path, text in reference_pages().items() if path.name == name)
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 40
    assert all(line.split("|")[2].strip() and line.split("|")[4].strip() for line in rows)
    assert not [line for line in rows if "<class" in line or "typing" in line]
