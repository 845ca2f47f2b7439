"""Both languages have every phrase, and the code asks for no other."""

from __future__ import annotations

import datetime as dt
import re
import string
import tomllib
from pathlib import Path

import pytest

from data.text import LANGUAGES, catalogue, day, moment, number, say

ROOT = Path(__file__).parents[2]
FOLDERS = ("data", "clusters", "layers", "ui")


SAME_IN_BOTH = {
    "language.zh",
    "language.en",
    "error.ignored",
    "plan.exactly",
    "qualifier.exact",
    "paper.a4",
    "paper.a3",
    "paper.wide",
    "measure_unit.percent",
}


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_have_the_same_phrases():
    assert catalogue("zh").keys() == catalogue("en").keys()


def test_phrases_have_the_same_placeholders():
    for key, phrase in catalogue("en").items():
        assert placeholders(phrase) == placeholders(catalogue("zh")[key]), key


def test_code_asks_for_phrases_that_exist():
    asked = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            asked |= set(re.findall(r"""\bsay\(\s*"([a-z_]+\.[a-z_.]+)\"""", text))
            asked |= set(re.findall(r"""title="(layer\.[a-z_]+)\"""", text))
    assert len(asked) > 40
    assert asked <= catalogue("en").keys()


WITH_NAMES = {"boundaries.py", "basemaps.py"}
"""Code that reads or shows names which are Chinese everywhere."""


def test_no_chinese_outside_the_catalogue():
    """Phrases stand in the catalogue and names in the data, not in the code."""
    strays = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"[\u4e00-\u9fff]", line) and path.name not in WITH_NAMES
    ]
    assert strays == []


def test_chinese_phrases_are_chinese():
    same = [key for key, phrase in catalogue("zh").items() if phrase == catalogue("en")[key]]
    assert set(same) <= SAME_IN_BOTH


def test_say_fills_placeholders():
    assert say("filter.count", "en", selected=4, total=13) == "4 of 13 cities"


def test_numbers_are_grouped_by_three_in_both_languages():
    for language in LANGUAGES:
        assert number(1234567.25, language, decimals=1) == "1,234,567.2"
        assert number(13, language) == "13"


@pytest.mark.parametrize(
    ("date", "chinese", "english"),
    [
        ("2025-12-03", "2025年12月3日", "3 December 2025"),
        (dt.date(2026, 1, 2), "2026年1月2日", "2 January 2026"),
        ("2023-10", "2023年10月", "October 2023"),
        ("2019", "2019年", "2019"),
        ("2019-13-40", "2019-13-40", "2019-13-40"),
        ("autumn 2019", "autumn 2019", "autumn 2019"),
    ],
)
def test_dates_are_written_as_the_language_does(date, chinese, english):
    assert day(date, "zh") == chinese
    assert day(date, "en") == english


def test_a_moment_has_its_minute():
    assert moment("2026-03-04T09:05:59", "zh") == "2026年3月4日 09:05"
    assert moment("2026-03-04T09:05:59", "en") == "4 March 2026 09:05"
    assert moment("by hand", "en") == "by hand"


def test_every_phrase_of_streamlit_has_words_of_ours():
    own = {key.removeprefix("builtin.") for key in catalogue("zh") if key.startswith("builtin.")}
    spoken = tomllib.loads((ROOT / "ui" / "words" / "builtin.toml").read_text(encoding="utf-8"))
    assert set(spoken) == own
    for key, phrase in spoken.items():
        assert placeholders(phrase) == placeholders(catalogue("en")[f"builtin.{key}"]), key
