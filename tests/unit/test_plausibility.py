"""A capacity that cannot be is told: a fault of a province's own sites, a doubt of an upload's."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from data.authoring import new_province
from data.authoring.check import folder_faults
from data.errors import DataError
from data.evidence_files import read_rows
from data.evidence_rows import UNITS, PlausibilityRow, unit_ids
from data.loader import load_folder
from data.plausibility import capacity_rules, is_plausible, limit_words
from data.site_places import write_sites
from data.uploads.row_faults import fault_table
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from layers.command.cli import main
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers")

CITY = PLACES.capital.short_zh
SKELETON = Path(new_province.__file__).parent / "skeleton" / "plausibility.csv"
HEAD = "企业名称,城市,环节,产能"


def rule(unit, segment, at_least, at_most):
    return PlausibilityRow(unit=unit, segment=segment, at_least=at_least, at_most=at_most)


RULES = (rule("t", None, 100, 1e6), rule("t", "cathode", 500, 2e6), rule("m2", "film", 1e6, 1e10))


@pytest.mark.parametrize(
    ("unit", "segments", "limits"),
    [
        ("t", ("cathode",), ["500 – 2,000,000"]),
        ("t", ("anode",), ["100 – 1,000,000"]),
        ("t", (), ["100 – 1,000,000"]),
        ("t", ("anode", "cathode"), ["100 – 1,000,000", "500 – 2,000,000"]),
        ("t", ("anode", "other"), ["100 – 1,000,000"]),
        ("m2", ("film",), ["1,000,000 – 10,000,000,000"]),
        ("m2", ("film", "anode"), []),
        ("m2", (), []),
        ("pieces", ("cathode",), []),
    ],
)
def test_a_segment_without_a_rule_has_that_of_its_unit(unit, segments, limits):
    assert [limit_words(one) for one in capacity_rules(RULES, unit, segments)] == limits


@pytest.mark.parametrize(
    ("capacity", "segments", "can_be"),
    [
        (2, ("cathode",), False),
        (499, ("cathode",), False),
        (500, ("cathode",), True),
        (2e6, ("cathode",), True),
        (2e6, ("anode",), False),
        (150, ("cathode",), False),
        (150, ("cathode", "anode"), True),
        (0, (), False),
    ],
)
def test_the_limits_themselves_can_be_and_one_segment_is_enough(capacity, segments, can_be):
    assert is_plausible(capacity, capacity_rules(RULES, "t", segments)) is can_be


@pytest.fixture
def province_copy(province_copy: Path) -> Path:
    """A copy to break, without the ground under its map: that has its own tests."""
    shutil.rmtree(province_copy / "ground")
    return province_copy


def change_site(folder, **cells):
    """Write ``cells`` into the first row of ``sites.csv``, and return how it is named."""
    path = folder / "sites.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        rows, header = list(reader), list(reader.fieldnames or [])
    rows[0].update(cells)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    write_sites(folder)
    return f"sites.csv: row 2 ({rows[0]['id']}), capacity: "


@pytest.mark.parametrize(
    ("capacity", "unit", "sector", "segments", "told"),
    [
        (
            "2",
            "tonnes-a-year",
            "battery",
            "cathode",
            "2 tonnes-a-year; expected 500 – 2,000,000 (ca",
        ),
        ("1.2", "square-metres-a-year", "battery", "separator", "1.2 square-metres-a-year; expect"),
        ("5", "vehicles-a-year", "assembly", "whole-vehicle", "5 vehicles-a-year; expected 100 – "),
        ("5", "vehicles-a-year", "assembly", "", "3,000,000 (any segment)"),
        ("5", "sets-a-year", "electronics", "sensors;electronics-other", "5 sets-a-year; expected"),
        ("4000", "GWh-a-year", "battery", "cell-pack", "0.05 – 300 (any segment)"),
    ],
)
def test_the_check_names_a_capacity_that_cannot_be(
    province_copy, capsys, capacity, unit, sector, segments, told
):
    cells = {"capacity": capacity, "capacity_unit": unit, "sector": sector, "segments": segments}
    where = change_site(province_copy, **cells)
    (fault,) = map(str, folder_faults(province_copy))
    assert fault.startswith(where)
    assert told in fault
    assert "Look in the source for lost zeros" in fault
    assert "widen the limits in plausibility.csv" in fault


def test_a_province_without_the_table_checks_no_capacity(province_copy):
    change_site(province_copy, capacity="2", capacity_unit="tonnes-a-year")
    assert len(folder_faults(province_copy)) == 1
    (province_copy / "plausibility.csv").unlink()
    assert folder_faults(province_copy) == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("furlongs,,1,2,", "row 2, unit: no unit 'furlongs'; choose from vehicles-a-year, "),
        ("kg-a-day,unobtainium,1,2,", "row 2, segment: no segment 'unobtainium'; choose from "),
        ("kg-a-day,,3,2,", "at_least is more than at_most"),
        ("kg-a-day,,-1,2,", "at_least: Input should be greater than or equal to 0"),
        ("kg-a-day,,1,inf,", "at_most: Input should be a finite number"),
        ("kg-a-day,,1,,", "row 2, at_most: the cell is empty"),
        ("kg-a-day,,1,2,\nkg-a-day,,1,3,", "row 3, unit, segment: the unit has a rule for this"),
    ],
)
def test_faults_of_the_table_are_named(province_copy, row, told):
    path = province_copy / "plausibility.csv"
    rows = "".join(f"{one},\n" for one in row.split("\n"))
    path.write_text(f"unit,segment,at_least,at_most,note_zh,note_en\n{rows}", encoding="utf-8")
    with pytest.raises(DataError) as error:
        load_folder(province_copy)
    assert told in str(error.value)
    assert any(fault.file == "plausibility.csv" for fault in folder_faults(province_copy))


def test_every_unit_has_limits(province):
    """Property: no unit of the province or of a new one goes unchecked."""
    stated = {one.unit for one in province.plausibility if one.segment is None}
    assert stated == set(unit_ids(province.plan))
    skeleton, faults = read_rows(SKELETON, PlausibilityRow)
    assert not faults
    assert {one.unit for one in skeleton if one.segment is None} == set(UNITS)


def read(province, *lines, head=HEAD):
    table = read_safely("\n".join([head, *lines]).encode(), "名单.csv")
    return make_reading(table, guess_mapping(table.frame.columns, table.frame), province, "gcj02")


def test_rows_of_uploads_are_doubted_and_stay(province):
    reading = read(
        province,
        f"甲,{CITY},正极材料,2 吨/年",
        f"乙,{CITY},正极材料,2 万吨/年",
        f"丙,{CITY},隔膜,1 平方米/年",
        f"丁,{CITY},,5 辆/年",
        f"戊,{CITY},正极材料、隔膜,2 吨/年",
        f"己,{CITY},正极材料,",
        "庚,火星,正极材料,2 吨/年",
    )
    doubts = [(one.row, one.column, one.value, one.code) for one in reading.warnings]
    assert doubts == [
        (2, "产能", "2 吨/年", "implausible"),
        (4, "产能", "1 平方米/年", "implausible"),
        (5, "产能", "5 辆/年", "implausible"),
        (6, "产能", "2 吨/年", "implausible"),
    ]
    assert reading.good["row"].tolist() == [2, 3, 4, 5, 6, 7]
    assert reading.good["capacity"].tolist()[:4] == [2, 20_000, 1, 5]
    assert reading.rejected.index.tolist() == [8]


def test_the_doubt_says_what_was_expected_in_both_languages(province):
    reading = read(province, f"甲,{CITY},正极材料,2 吨/年")
    segment = province.plan.segment("cathode").name
    limits = f"500 – 2,000,000 吨/年 (tonnes a year), {segment.zh} ({segment.en})"
    for language in ("zh", "en"):
        (row,) = fault_table(reading.faults, language).to_dict("records")
        assert limits in row["expected"]
    assert row["kind"] == "warning"
    assert "The row is kept" in row["expected"]


def test_the_command_tells_the_doubt_and_accepts_the_file(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}\n甲,{CITY},正极材料,2 吨/年\n", encoding="utf-8")
    assert main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "  warning: row 2, 产能: found '2 吨/年'; expected a capacity within 500 – " in out
