"""Sheets of workbooks are as wide and high as their words, and say nothing in codes."""

from __future__ import annotations

import pandas as pd
import pytest

from layers.exports.sheet_layout import height_of, lines_of, shown, widths_of, without_codes
from layers.tables.read_table import Link, digits, number_column, share_column, words_column


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("short", 10, 1),
        ("two words here", 10, 2),
        ("\u6c5f\u82cf\u7701\u5357\u901a\u5e02", 12, 1),
        ("\u6c5f\u82cf\u7701\u5357\u901a\u5e02", 6, 2),
        ("x" * 60, 20, 3),
        ("a\nb", 10, 2),
    ],
)
def test_lines_are_counted_as_words_break(text, width, lines):
    assert lines_of(text, width) == lines


def test_a_row_is_as_high_as_its_longest_cell():
    one = height_of(["a"], [10], "en")
    assert height_of(["a", "two words here"], [10, 8], "en") > one
    assert height_of(["x" * 100_000], [10], "en") <= 409  # the most that spreadsheets take


def test_columns_fit_their_numbers_and_grow_narrow_in_wide_tables():
    (alone,) = widths_of(["Capacity"], [["1,200,000,000"]])
    assert alone >= len("1,200,000,000")
    words = ["several words that stand in one cell of a table"]
    few, many = widths_of(["A"], [words]), widths_of(["A"] * 12, [words] * 12)
    assert many[0] < few[0]
    assert widths_of([], []) == []


def test_numbers_are_rounded_as_they_are_shown():
    column = number_column("Share (%)", pd.Series([97.11538461538461, None, -0.5]), 1)
    assert column.cells == (97.1, None, -0.5)
    assert [*map(shown, column.cells, column.formats)] == ["97.1", "", "-0.5"]
    whole = number_column("km", pd.Series([1234.6]), 0)
    assert whole.cells == (1235,)
    assert isinstance(whole.cells[0], int)
    assert shown(*share_column("Known", pd.Series([0.8])).cells, "0%") == "80%"
    assert digits(pd.Series([300000.0, 22.3, 0.125, None]), 3) == [0, 1, 3, 0]


def test_words_keep_links_and_leave_nothing_for_nothing():
    link = Link("a page", "https://a.invalid")
    assert words_column("A", ["b", "", None, link]).cells == ("b", None, None, link)


def test_a_title_holds_no_code_of_a_header():
    assert without_codes("R&D &P\x1b[31m\r\nx") == "R&&D &&P [31m  x"
    assert len(without_codes("&" * 300)) <= 200
