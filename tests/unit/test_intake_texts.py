"""Cells are read as people write them, and nothing is read that could be something else."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from data.uploads.sites.amount_text import amount_in, plain_number
from data.uploads.sites.coordinate_text import angle_in, pair_in
from data.uploads.sites.status_text import StatusRead, status_in
from data.uploads.sites.vocabulary import bare, datum_of_heading, is_blank_word, status_words
from data.uploads.sites.year_text import year_in

EAST = 120.989


@pytest.mark.parametrize(
    "text",
    [
        *(
            "120.989",
            "120.989°",
            "东经120.989",
            "１２０．９８９",
            "120.989E",
            "E120.989",
            "120,989",
        ),
        *("120°59′20.40″", "120°59'20.40\"", "120度59分20.4秒", "120°59’20.40”", "120 59 20.40"),
        *("120°59.34′", "120°59'20.4''", "120:59:20.40", "E120°59′20.40″", "120°59′20.40″E"),
    ],
)
def test_a_longitude_in_any_notation(text):
    found = angle_in(text)
    assert found is not None
    assert found.value == pytest.approx(EAST, abs=1e-7)


@pytest.mark.parametrize(
    "text", ["", "abc", "120.9.8", "-", "120°75′", "200°1′1″", "1e308", "120 989", "x" * 200]
)
def test_what_is_no_longitude(text):
    assert angle_in(text) is None


def test_digits_that_are_run_together_are_read_only_where_that_is_asked():
    assert angle_in("1205920.40").value == 1205920.40
    assert angle_in("1205920.40", packed=True).value == EAST
    assert angle_in("594138.999").value == 594138.999


def test_the_south_and_the_west_are_negative():
    assert angle_in("31°19′12″S").value == -31.32
    assert angle_in("W120.5").value == -120.5


@pytest.mark.parametrize(
    "text",
    [
        *("120.989,31.32", "31.32，120.989", "POINT (120.989 31.32)", "[120.989, 31.32]"),
        *("SRID=4326;POINT(120.989 31.32)", "东经120°59′20.40″，北纬31°19′12.00″", "120.989 31.32"),
        *("经度:120.989,纬度:31.32", "31°19'12\"N 120°59'20.4\"E", "120.989;31.32;5"),
    ],
)
def test_both_in_one_cell(text):
    assert [one.value for one in pair_in(text)] == pytest.approx([EAST, 31.32])


@pytest.mark.parametrize("text", ["", "某市,1", "120.989", "1,2,3,4", "a,b"])
def test_what_is_no_pair(text):
    assert pair_in(text) is None


@pytest.mark.parametrize(
    ("text", "year", "read_as"),
    [
        *(("2019", 2019, ""), ("2019年5月", 2019, ""), ("2019-05-01", 2019, "")),
        *(("20190501", 2019, ""), ("201905", 2019, ""), ("２０２０年", 2020, "")),
        *(("二〇一九年", 2019, ""), ("1/5/2017", 2017, ""), ("43466", 2019, "serial")),
        *(("19年", 2019, "short"), ("1/5/19", 2019, "short"), ("99年", 1999, "short")),
        *(("预计2025年底", 2025, "inside"), ("2019年（2019）", 2019, ""), ("2019-12", 2019, "")),
        *(("2019年12月10日", 2019, ""), ("2019/05", 2019, ""), ("19年12月", 2019, "short")),
    ],
)
def test_years(text, year, read_as):
    found = year_in(text)
    assert (found.year, found.read_as) == (year, read_as)


@pytest.mark.parametrize(
    "text",
    [
        *("", "去年", "123", "1234", "2019至2021", "999999", "2019-2021年", "2019年-2021年"),
        *("2023年规划，2026年投产", "2019-21", "2019年至21年", "19年至21年", "一期2019，二期2021"),
    ],
)
def test_what_is_no_year(text):
    assert year_in(text) is None


@pytest.mark.parametrize(
    ("text", "number", "unit", "with_words"),
    [
        *(("12万辆/年", 12, "万辆/年", False), ("1,200辆", 1200, "辆", False)),
        *(("12万", 120000, "", False), ("约5万辆", 5, "万辆", True)),
        *(("年产30万套", 30, "万套", True), ("1.2e5辆", 1.2e5, "辆", False)),
        *(("5(万辆)", 5, "万辆", True), ("30万套(件)/年", 30, "万套/年", True)),
    ],
)
def test_amounts(text, number, unit, with_words):
    found = amount_in(text)
    assert (found.number, found.unit, found.with_words) == (number, unit, with_words)


@pytest.mark.parametrize("text", ["", "很多", "10-20万辆", "-3", "0,0", "待定"])
def test_what_is_no_amount(text):
    assert amount_in(text) is None


def test_a_number_has_thousands_where_there_are_three_digits():
    assert plain_number("1,234,567") == 1234567
    assert plain_number("12,34") is None


@pytest.mark.parametrize("text", ["-", "—", "——", "/", "无", "N/A", "#N/A", "待定", "ｎ／ａ", "…"])
def test_words_for_nothing(text):
    assert is_blank_word(text)


@pytest.mark.parametrize("text", ["0", "甲", "-3", "无声", "a/b"])
def test_words_for_something(text):
    assert not is_blank_word(text)


@pytest.mark.parametrize(
    ("text", "status", "aside", "doubtful"),
    [
        *(("正常（停产检修）", "operating", "停产检修", True), ("在产", "operating", "", False)),
        *(("存续（吊销）", "operating", "吊销", True), ("投产（拟）", "operating", "拟", True)),
        *(("在建（已停工）", "building", "已停工", True), ("（停产）", "suspended", "", False)),
        ("正常[closed]", "operating", "closed", True),
        ("在产（2020年起）", "operating", "2020年起", False),
        ("存续（在营、开业、在册）", "operating", "", False),
        *(("【在建】", "building", "", False), ("在产（Operating）", "operating", "", False)),
    ],
)
def test_a_status_with_words_in_brackets(text, status, aside, doubtful):
    assert status_in(text, status_words()) == StatusRead(status, aside, doubtful)


@pytest.mark.parametrize("text", ["", "（）", "正常（停产", "（在产）（停产）", "梦中（在产）"])
def test_what_is_no_status(text):
    assert status_in(text, status_words()) is None


def test_traditional_characters_are_the_same_names():
    assert bare("東區") == bare("东区")
    assert bare("企業名稱") == bare("企业名称")


@pytest.mark.parametrize(
    ("heading", "datum"),
    [("高德经度", "gcj02"), ("WGS84经度", "wgs84"), ("百度经度", "bd09"), ("经度", None)],
)
def test_the_datum_of_a_heading(heading, datum):
    assert datum_of_heading(heading) == datum


@pytest.mark.parametrize(
    "name",
    [
        *("sites.amount_text", "sites.coordinate_text", "sites.year_text", "sites.column_values"),
        *("formats.mended_kml", "sites.vocabulary"),
    ],
)
def test_the_examples_are_true(name):
    found = doctest.testmod(import_module(f"data.uploads.{name}"))
    assert found.attempted
    assert not found.failed
