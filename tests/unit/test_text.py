"""Both languages have every phrase, and the code asks for no other."""

from __future__ import annotations

import re
import string
from pathlib import Path

from data.text import catalogue, say

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


def test_no_chinese_outside_the_catalogue():
    """Phrases stand in the catalogue and names in the data, not in the code."""
    strays = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"[\u4e00-\u9fff]", line) and path.name not in {"boundaries.py", "basemaps.py"}
    ]
    assert strays == []


def test_chinese_phrases_are_chinese():
    same = [key for key, phrase in catalogue("zh").items() if phrase == catalogue("en")[key]]
    assert set(same) <= SAME_IN_BOTH


def test_say_fills_placeholders():
    assert say("filter.count", "en", selected=4, total=13) == "4 of 13 cities"
