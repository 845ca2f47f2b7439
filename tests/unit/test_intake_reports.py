"""Every fault names its row and column; good and rejected rows are both kept."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas as pd
import pytest
from pydantic import TypeAdapter

from data.evidence_rows import SiteId, SiteRow
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import RefusedError
from data.uploads.row_faults import fault_table
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import Mapping, guess_mapping
from data.uploads.sites.reading import make_reading, site_ids
from layers.tables.spreadsheet_text import csv_of
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers")

HEAD = "企业名称,所在市,区县,行业,环节,状态,投产年份,产能（万辆/年）,产值"
CITY, DISTRICT = PLACES.capital.short_zh, PLACES.capital_district.zh
OTHER_CITY, OTHER_DISTRICT = PLACES.other_without_role.short_zh, PLACES.other_namesake.short_zh
GOOD = [
    f"甲厂（合成）,{CITY},{DISTRICT},动力电池,隔膜、正极材料,在产,2020年,20,1.5",
    f"乙厂（合成）,{CITY},,battery,separator;cathode,Operating,2021-05,3 GWh,",
    f"丙厂（合成）,{OTHER_CITY},{OTHER_DISTRICT},Power Battery,,,,,",
]


def read(province, *lines, head=HEAD, **options):
    table = read_safely("\n".join([head, *lines]).encode("gb18030"), "名单.csv")
    mapping = guess_mapping(table.frame.columns, table.frame.head(200))
    return make_reading(table, mapping, province, "gcj02", **options)


def codes(reading):
    return [(one.row, one.column, one.code) for one in reading.faults]


def test_good_rows_become_sites(province):
    reading = read(province, *GOOD)
    assert reading.faults == ()
    assert len(reading.rejected) == 0
    good = reading.good
    assert good.crs == "EPSG:4326"
    assert list(good.columns) == [*SiteRow.model_fields, "value", "row", "geometry"]
    assert good.index.tolist() == ["UP00002", "UP00003", "UP00004"]
    first = good.loc["UP00002"]
    assert first["name_en"] == first["name_zh"] == "甲厂（合成）"
    assert (first["city_adcode"], first["county_adcode"]) == (320100, 320102)
    assert (first["sector"], first["segments"]) == ("battery", "separator;cathode")
    assert (first["capacity"], first["capacity_unit"]) == (200_000, "vehicles-a-year")
    assert (first["year"], first["status"], first["value"]) == (2020, "operating", 1.5)
    assert good["capacity_unit"].tolist() == ["vehicles-a-year", "GWh-a-year", None]
    assert good["status"].tolist() == ["operating", "operating", "unknown"]
    assert good["precision"].tolist() == ["county", "city", "county"]
    assert good["longitude"].isna().all()
    assert good.geometry.isna().all()


def test_rows_with_faults_are_kept_as_they_were(province):
    bad = [
        f",{CITY},{DISTRICT},动力电池,,,,,",
        f"戊,{CITY},{DISTRICT},石油,,,,,",
        f"己,{CITY},{DISTRICT},动力电池,石油,,,,",
        f"庚,{CITY},{DISTRICT},动力电池,,梦中,,,",
        f"辛,{CITY},{DISTRICT},动力电池,,,去年,,",
        f"壬,{CITY},{DISTRICT},动力电池,,,,-3,",
        f"癸,{CITY},{DISTRICT},动力电池,,,,5 光年,许多",
    ]
    years = [f"填充{at},{CITY},{DISTRICT},动力电池,,,2020,1,1" for at in range(8)]
    reading = read(province, *bad, *years)
    assert codes(reading) == [
        (2, "企业名称", "name"),
        (3, "行业", "sector"),
        (4, "环节", "segment"),
        (5, "状态", "status"),
        (6, "投产年份", "year"),
        (7, "产能（万辆/年）", "capacity"),
        (8, "产值", "number"),
        (8, "产能（万辆/年）", "unit"),
    ]
    assert reading.rejected.index.tolist() == [2, 3]
    assert reading.rejected.loc[3, "行业"] == "石油"
    assert len(reading.good) == 8 + 5
    sector = reading.faults[1]
    assert sector.value == "石油"
    for one in province.plan.sectors:
        assert f"{one.name.zh} ({one.name.en})" in sector.expected("zh")


def test_every_word_of_the_plan_is_understood(province):
    lines, wanted = [], []
    for sector in province.plan.sectors:
        for word in (sector.id, sector.name.zh, sector.name.en, sector.name.en.upper()):
            lines.append(f'x,{CITY},,"{word}",,,,,')
            wanted.append(sector.id)
    assert read(province, *lines).good["sector"].tolist() == wanted
    lines, wanted = [], []
    for segment in province.plan.segments():
        for word in (segment.id, segment.name.zh, segment.name.en):
            lines.append(f'x,{CITY},,,"{word}",,,,')
            wanted.append(segment.id)
    assert read(province, *lines).good["segments"].tolist() == wanted


def test_defaults_fill_what_the_file_lacks(province):
    good = read(province, f"x,{CITY}", head="名称,城市", defaults={"sector": "hydrogen"}).good
    assert good["sector"].tolist() == ["hydrogen"]


def test_a_capacity_without_a_unit(province):
    reading = read(province, f"x,{CITY},5", head="名称,城市,产能")
    assert codes(reading) == [(2, "产能", "needs_unit")]


@pytest.mark.parametrize(
    ("amount", "unit", "capacity"),
    [
        *(("1万", "万套/年", None), ("1亿", "万套/年", None), ("1", "万套/年", 10_000)),
        *(("1万", "套/年", 10_000), ("1万套", "万套/年", 10_000)),
    ],
)
def test_ten_thousands_are_counted_once(province, amount, unit, capacity):
    reading = read(province, f"x,{CITY},{amount},{unit}", head="名称,城市,产能,产能单位")
    found = reading.good["capacity"].iloc[0]
    assert found == capacity or (capacity is None and pd.isna(found))
    assert codes(reading) == ([] if capacity else [(2, "产能", "both_counts")])
    heading = read(province, f"x,{CITY},{amount}", head=f"名称,城市,产能（{unit}）")
    assert [one.code for one in heading.faults] == [one.code for one in reading.faults]


def test_a_status_that_brackets_may_turn_round_is_unknown(province):
    rows = [f"甲,{CITY},正常（停产检修）", f"乙,{CITY},在产（2020年起）", f"丙,{CITY},在产"]
    reading = read(province, *rows, head="名称,城市,状态")
    assert reading.good["status"].tolist() == ["unknown", "operating", "operating"]
    assert codes(reading) == [(2, "状态", "status_aside"), (3, "状态", "read_without")]


def test_columns_that_do_not_fit_their_headings_are_said(province):
    years, sums = (
        ["2020年", "2021年", "待定中", "在谈", "2023年底"],
        ["10亿", "约20", "30多亿", "1", "2"],
    )
    rows = [f"甲{n},{CITY},{years[n]},{sums[n]},x{n}" for n in range(5)]
    reading = read(province, *rows, head="名称,城市,投产年份,总投资（亿元）,备注")
    assert reading.good["year"].isna().all()
    notes = [dict(one.details) for one in reading.notes if one.code == "unread_column"]
    assert notes == [
        {"column": "投产年份", "value": "待定中"},
        {"column": "总投资（亿元）", "value": "10亿"},
    ]


def test_a_year_that_is_still_to_come(province):
    ahead = dt.date.today().year + 1
    rows = [f"甲,{CITY},在产,{ahead}", f"乙,{CITY},在建,{ahead}", f"丙,{CITY},在产,{ahead - 1}"]
    reading = read(province, *rows, head="名称,城市,状态,投产年份")
    assert codes(reading) == [(2, "投产年份", "year_ahead")]
    assert reading.good["year"].tolist() == [ahead, ahead, ahead - 1]


def test_points_keep_their_warnings(province):
    point = province.counties.geometry.loc[320411].representative_point()
    head = "名称,经度,纬度,区县"
    reading = read(province, f"甲,{point.x},{point.y},{DISTRICT}", head=head)
    assert [one.code for one in reading.warnings] == ["elsewhere"]
    assert len(reading.rejected) == 0
    site = reading.good.iloc[0]
    assert site["precision"] == "site"
    assert (site["longitude"], site["latitude"]) == (site.geometry.x, site.geometry.y)
    assert site["longitude"] != point.x


def test_ids_are_stable_and_new(province):
    rows = pd.Index([2, 99_999, 100_000, 100_001])
    ids = site_ids(rows, province)
    assert ids == ["UP00002", "UP99999", "UQ00000", "UQ00001"]
    assert not set(ids) & set(province.sites.index)
    assert all(TypeAdapter(SiteId).validate_python(name) for name in ids)
    whole, part = (
        read(province, *GOOD).good,
        read(province, *GOOD[:1], "?,火星,,,,,,,", GOOD[2]).good,
    )
    assert part.index.tolist() == ["UP00002", "UP00004"]
    assert whole.loc["UP00004", "name_zh"] == part.loc["UP00004", "name_zh"]


def test_ids_pass_over_letters_of_the_province(province):
    class Taken:
        sites = pd.DataFrame(index=["UP00002"])

    assert site_ids(pd.Index([2]), Taken()) == ["UQ00002"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_faults_as_csv(province, language):
    reading = read(province, f'=cmd(),{CITY},"=HYPERLINK(""http://x"")",动力电池,,,,,')
    text = csv_of(fault_table(reading.faults, language)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["row", "column", "value", "kind", "expected"]
    assert rows[1][:3] == ["2", "区县", '\'=HYPERLINK("http://x")']
    assert len(rows) == 2
    assert rows[1][4]


def test_a_mapping_without_a_name(province):
    table = RawTable(pd.DataFrame({"a": ["x"]}), "CSV")
    with pytest.raises(RefusedError, match="No column holds the name"):
        make_reading(table, Mapping((("city", "a"),)), province, "wgs84")
