"""The rows of a sheet are found under whatever headings it has, and totals are no rows."""

from __future__ import annotations

import pytest

from data.uploads.formats.cells import sheet_frame
from data.uploads.formats.heading_rows import heading_rows
from data.uploads.formats.merged_cells import filled_down, merged_of
from data.uploads.formats.raw_table import RawTable, with_broken_marked
from data.uploads.formats.total_rows import total_rows
from data.uploads.limits import Limits, RefusedError
from data.uploads.sites.mapping import guess_mapping

LIMITS = Limits()
DATA = [["甲", "120.9", "31.3"], ["乙", "120.3", "31.8"], ["丙", "121.2", "31.9"]]


def codes(notes):
    return [one.code for one in notes]


def test_one_row_of_headings_below_a_title():
    found = heading_rows([["台账", None, None], ["名称", "经度", "纬度"], *DATA])
    assert (found.names, found.above, codes(found.notes)) == (
        ("名称", "经度", "纬度"),
        2,
        ["header_row"],
    )


def test_two_rows_of_headings():
    found = heading_rows([["名称", "坐标", None], [None, "经度", "纬度"], *DATA])
    assert found.names == ("名称", "经度", "纬度")
    assert found.above == 2


def test_words_that_stand_under_two_groups_keep_them():
    rows = [
        ["名称", "原", None, "现", None],
        [None, "市", "县", "市", "县"],
        *[["甲"] + ["a"] * 4] * 3,
    ]
    assert heading_rows(rows).names == ("名称", "原 市", "原 县", "现 市", "现 县")


def test_words_that_say_little_by_themselves_keep_their_group():
    rows = [
        ["企业名称", "市", "设计产能", None, "时间", None],
        [None, None, "数量", "单位", "开工", "投产"],
        *[["甲", "a", 5.0, "万套/年", 2019.0, 2021.0], ["乙", "a", 6.0, "套/年", 2020.0, 2022.0]],
    ]
    found = sheet_frame(rows, LIMITS).frame
    names = ["企业名称", "市", "设计产能 数量", "设计产能 单位", "开工 时间", "投产 时间"]
    assert list(found.columns) == names
    mapping = dict(guess_mapping(found.columns, found).pairs)
    assert mapping == {
        "name_zh": "企业名称",
        "city": "市",
        "capacity": "设计产能 数量",
        "capacity_unit": "设计产能 单位",
        "year": "投产 时间",
    }


def test_a_row_of_data_is_no_heading():
    found = heading_rows(DATA)
    assert found.names == (None, None, None)
    assert (found.above, codes(found.notes)) == (0, ["no_headings"])


def test_a_row_of_words_below_whole_headings_is_data():
    rows = [["名称", "备注", "说明"], ["甲", "好", None], ["乙", "坏", "x"]]
    assert heading_rows(rows).above == 1


def test_totals_are_left_out_and_said():
    rows = [["市", "名称", "产能"], ["a", "甲", 5.0], ["a", "小计", 5.0], ["b", "乙", 7.0]]
    rows += [["b小计", None, 7.0], ["合 计", None, 12.0]]
    sheet = sheet_frame(rows, LIMITS)
    assert sheet.frame["名称"].tolist() == ["甲", "乙"]
    assert [(one.row, one.code) for one in sheet.left_out] == [
        (3, "total"),
        (5, "total"),
        (6, "total"),
    ]
    for one in sheet.left_out:
        assert one.expected("zh")


def test_a_row_of_sums_without_a_word():
    rows = [(2, ["甲", 5, 1]), (3, ["乙", 7, 2]), (4, [None, 12, 3])]
    assert [(one.row, one.code) for one in total_rows(["名称", "a", "b"], rows)] == [(4, "sum")]


@pytest.mark.parametrize(
    "name",
    [
        *("合计科技有限公司", "甲", "总计算机厂", "小计划", "合计家具有限公司", "总计360科技公司"),
        *("小计一家便利店", "合计一家人餐饮公司", "全市通物流公司", "总体设计院", "占比科技"),
        *("平安公司", "大合计3D打印厂", "增长率咨询公司"),
    ],
)
def test_names_that_are_no_totals(name):
    assert total_rows(["名称"], [(2, [name])]) == ()
    assert total_rows(["企业名称", "市", "产值"], [(2, [name, "甲市", 3])]) == ()


@pytest.mark.parametrize(
    "word",
    [
        *("共计2家", "甲市小计2家", "合计:共3家企业", "本市规上企业合计数", "合计 12", "总计三户"),
        *(
            "全市",
            "总体",
            "占比",
            "占比（%）",
            "增长率%",
            "平均每家",
            "甲市占比",
            "累计5家规上企业",
        ),
        *("合计家数", "共计3家公司", "累计5家规上企业"),
    ],
)
def test_totals_in_the_place_of_a_name_are_left_out(word):
    rows = [(2, ["甲公司", "甲市", "", 300]), (3, [word, "甲市", "", 300])]
    found = total_rows(["企业名称", "市", "区县", "产值"], rows)
    assert [(one.row, one.column, one.code) for one in found] == [(3, "企业名称", "total")]
    assert [one.row for one in total_rows(["区县", "产值"], [(2, [word, 7])])] == [2]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        (["市", "区县", "企业名称"], ["甲市", "全市", "甲公司"]),
        (["区县", "企业名称"], ["全市", "甲公司"]),
        (["区县名称", "企业名称"], ["全市", "甲公司"]),
        (["企业名称", "范围"], ["甲公司", "总体"]),
        (["甲", "乙"], ["全市", "甲公司"]),
    ],
)
def test_a_company_beside_such_a_word_stays(names, row):
    assert total_rows(names, [(2, row)]) == ()


def test_a_row_with_a_delimiter_too_many_is_a_fault():
    rows = [
        ["名称", "地址", "市"],
        ["甲", "路1号", "x"],
        ["乙", "路2号", "3楼", "y"],
        ["丙", "路", "z"],
    ]
    sheet = sheet_frame(rows, LIMITS, delimited=True)
    assert [(one.row, one.code, one.warning) for one in sheet.faults] == [(3, "cells", False)]
    assert list(sheet.frame.columns) == ["名称", "地址", "市"]


def test_broken_characters_are_warnings():
    frame = sheet_frame([["名称"], ["甲\ufffd"]], LIMITS).frame
    (fault,) = with_broken_marked(RawTable(frame, "CSV")).faults
    assert (fault.row, fault.column, fault.code) == (2, "名称", "broken_character")


def test_text_of_merged_cells_stands_in_each_row_and_numbers_do_not():
    rows = [["市", "名称", "产能"], ["a", "甲", 5], [None, "乙", None], [None, "丙", None]]
    filled, notes = filled_down(rows, merged_of(["A2:A3", "C2:C4", "bad", "A1:C1"]), 1, LIMITS)
    assert [row[0] for row in filled] == ["市", "a", "a", None]
    assert [row[2] for row in filled] == ["产能", 5, None, None]
    assert codes(notes) == ["merged_filled", "merged_numbers"]


def test_merged_cells_are_bounded():
    rows = [["市"], ["a"], *[[None]] * 100]
    with pytest.raises(RefusedError, match="cells"):
        filled_down(rows, [(1, 0, 101, 0)] * 3, 1, Limits(cells=150))


def test_a_row_of_units_stands_behind_the_headings():
    rows = [["名称", "产能", "投资"], [None, "万辆", "亿元"], ["甲", 5.0, 3.0], ["乙", 6.0, None]]
    found = heading_rows(rows)
    assert (found.names, found.above) == (("名称", "产能(万辆)", "投资(亿元)"), 2)
    without_a_name = [["名称", "市", "产能"], [None, "x", 5.0], ["甲", "y", 6.0]]
    assert heading_rows(without_a_name).above == 1
