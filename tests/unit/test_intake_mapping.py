"""Columns are recognised by headings in both languages and by values; the caller decides."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from data.errors import UnknownChoiceError
from data.uploads.sites.mapping import FIELDS, Mapping, guess_mapping
from data.uploads.sites.vocabulary import headings, unit_of, unit_words

CHINESE = {
    "序号": ["1", "2"],
    "企业名称": ["甲公司", "乙公司"],
    "企业英文名称": ["A", "B"],
    "经度（GCJ-02）": ["118.8", "119.9"],
    "纬度（GCJ-02）": ["32.05", "31.8"],
    "行政区划代码": ["320102", "320411"],
    "所在市": ["x", "y"],
    "区县": ["x", "y"],
    "所属行业": ["动力电池", "整车制造"],
    "产业链环节": ["隔膜", "客车"],
    "运营状态": ["在产", "在建"],
    "投产年份": ["2020", "2021年"],
    "产能": ["20", "30"],
    "产能单位": ["万辆/年", "GWh/年"],
    "所属集团": ["甲", "乙"],
    "详细地址": ["路1号", "路2号"],
    "产值（亿元）": ["1,000.5", "2"],
}


def guess(columns):
    frame = pd.DataFrame(columns)
    return guess_mapping(frame.columns, frame)


def test_chinese_headings():
    found = guess(CHINESE)
    wanted = [name for name in CHINESE if name != "序号"]
    names = ["name_zh", "name_en", "longitude", "latitude", "adcode", "city", "county", "sector"]
    names += ["segment", "status", "year", "capacity", "capacity_unit", "owner", "address", "value"]
    assert dict(found.pairs) == dict(zip(names, wanted, strict=True))


def test_english_headings():
    columns = {
        "Company Name": ["A", "B"],
        "LNG": [118.8, 119.9],
        "Lat": [32.0, 31.8],
        "City": ["a", "b"],
        "platform": ["x", "y"],
        "Industry": ["battery", "battery"],
    }
    found = dict(guess(columns).pairs)
    assert found == {
        "name_zh": "Company Name",
        "longitude": "LNG",
        "latitude": "Lat",
        "city": "City",
        "sector": "Industry",
    }


def test_values_speak_against_a_heading():
    found = guess({"名称": ["甲", "乙"], "经度": ["无", "不详"], "年份": ["很早", "早"]})
    assert found.column("longitude") is None
    assert found.column("year") is None


def test_values_alone():
    found = guess({"a": ["甲厂", "乙厂"], "b": ["118.81", "119.92"], "c": ["32.05", "31.83"]})
    assert dict(found.pairs) == {"name_zh": "a", "longitude": "b", "latitude": "c"}


def test_two_candidates_are_no_guess():
    found = guess({"a": [118.81, 119.92], "b": [118.1, 119.2], "c": [32.05, 31.83]})
    assert found == Mapping()
    assert not found.has_place


def test_an_empty_column_can_still_be_meant():
    assert guess({"经度": [None], "纬度": [None]}).has_place


def test_the_caller_decides():
    found = guess(CHINESE).changed("name_zh", "所属集团").changed("year", None)
    assert found.column("name_zh") == "所属集团"
    assert found.column("year") is None
    with pytest.raises(UnknownChoiceError, match="choose from name_zh"):
        found.changed("planet", "x")


def test_every_field_has_words_and_no_word_has_two_fields():
    assert tuple(headings()) == FIELDS
    words = Counter(word for found in headings().values() for word in found)
    # Of these the values tell which is meant.
    assert {word for word, times in words.items() if times > 1} == {"单位", "位置", "location"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("万辆/年", ("vehicles-a-year", 1e4)),
        ("ＧＷｈ / 年", ("GWh-a-year", 1.0)),
        ("GWh-a-year", ("GWh-a-year", 1.0)),
        ("光年", None),
    ],
)
def test_units(text, found, province):
    assert unit_of(text, unit_words(province.plan)) == found
