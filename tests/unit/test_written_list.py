"""A list of sites that the atlas wrote is read again whole, but for what own sites cannot hold."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from clusters.matching import matching
from data.evidence_rows import SiteRow, kind_ids
from data.loader import Province
from data.own.own_grade import own_site_ids
from data.text import LANGUAGES, say
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import RefusedError
from data.uploads.row_faults import RowFault
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import Reading, make_reading
from data.uploads.sites.written_list import written_list_fields
from data.uploads.uploaded_file import UploadedFile
from layers.address.query import parse_query
from layers.command.cli import main
from layers.command.reading_arguments import HowRead
from layers.command.upload_check import add_file
from layers.exports.site_files import site_file

pytestmark = pytest.mark.usefixtures("forked_readers", "home_at_hand")

NOT_HELD = ("id", "sources")
"""What own sites cannot take over: they get ids and a source of their own."""


def own_part(province: Province) -> pd.DataFrame:
    own = province.sites.loc[[*own_site_ids(province)]]
    return pd.DataFrame(own.drop(columns="geometry")).reset_index(drop=True)


def differing(one: pd.Series, other: pd.Series) -> list[tuple[object, object]]:
    pairs = zip(one, other, strict=True)
    return [(a, b) for a, b in pairs if not (a == b or (pd.isna(a) and pd.isna(b)))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_provinces_list_is_read_again(province, tmp_path, capsys, form, language):
    path = tmp_path / f"list.{form}"
    assert main(["sites", f"lang={language}", "-o", str(path)]) == 0
    read = own_part(add_file(province, path, HowRead()))
    listed = province.sites.reset_index(drop=True)
    held = [name for name in SiteRow.model_fields if name not in NOT_HELD]
    # A list in words names the company of a site, not how its owner was spelt.
    columns = [one for one in (*held, "company") if form == "xlsx" or one != "owner"]
    assert len(read) == len(listed)
    assert {name: differing(listed[name], read[name])[:3] for name in columns} == {
        name: [] for name in columns
    }
    told = capsys.readouterr().err
    in_words = [say(f"site_list.{name}", language) for name in NOT_HELD]
    lost = NOT_HELD if form == "xlsx" else in_words
    note = next(line for line in told.splitlines() if "The atlas wrote this list" in line)
    assert all(one in note for one in lost)
    assert "warning" not in told


def test_no_answer_is_needed_on_the_command_line(province, tmp_path, capsys):
    first, again = tmp_path / "first.xlsx", tmp_path / "again.csv"
    assert main(["sites", "segment=separator", "-o", str(first)]) == 0
    assert main(["check", str(first)]) == 0
    told = capsys.readouterr().out
    assert "capacity_meaning: capacity_meaning" in told
    assert "Not taken over: id, sources" in told
    query = "segment=separator&lang=en&grade=own"
    assert main(["sites", query, "--sites", str(first), "-o", str(again)]) == 0
    with again.open(encoding="utf-8-sig", newline="") as file:
        kinds = {row[say("site_list.kind", "en")] for row in csv.DictReader(file)}
    assert kinds
    assert "" not in kinds


def raw_list(province: Province, **cells: object) -> RawTable:
    """Return the raw list of one site that has its own place, with other ``cells``."""
    placed = province.sites[province.sites["precision"] == "town"].iloc[:1]
    frame = pd.DataFrame(placed.drop(columns=["geometry", "company"]))
    frame = frame.astype(object).where(frame.notna(), None).assign(**cells)
    frame.index = pd.RangeIndex(2, 3, name="row")
    return RawTable(frame, "CSV")


def reading_of(table: RawTable, province: Province) -> Reading:
    mapping = guess_mapping(table.frame.columns, table.frame)
    return make_reading(table, mapping, province, "wgs84")


def told(reading: Reading) -> list[tuple[int, str, str, str, bool]]:
    def parts(one: RowFault) -> tuple[int, str, str, str, bool]:
        return one.row, one.column, one.value, one.code, one.warning

    return [parts(one) for one in reading.faults]


@pytest.mark.parametrize(
    ("column", "cell", "code", "warns"),
    [
        ("kind", "castle", "choice", False),
        ("capacity_meaning", "guessed", "choice", True),
        ("year_meaning", "guessed", "choice", True),
        ("precision", "street", "choice", True),
        ("precision", "city", "precision", True),
        ("status_date", "last week", "day", True),
        ("status_date", "2023-13", "day", True),
        ("checked", "2023-02-30", "day", True),
    ],
)
def test_what_is_outside_the_known_lists_is_told(province, column, cell, code, warns):
    reading = reading_of(raw_list(province, **{column: cell}), province)
    assert told(reading) == [(2, column, cell, code, warns)]
    assert len(reading.good) == warns


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2017/2/4", "2017-02-04"),
        ("2017.2.4", "2017-02-04"),
        ("2025/8", "2025-08"),
        ("2017\u5e742\u67084\u65e5", "2017-02-04"),
        ("2025\u5e748\u6708", "2025-08"),
        ("2019\u5e74", "2019"),
    ],
)
def test_days_as_spreadsheets_write_them_are_read(province, cell, read):
    reading = reading_of(raw_list(province, status_date=cell), province)
    assert (told(reading), reading.good["status_date"].tolist()) == ([], [read])


@pytest.mark.parametrize("cell", ["4/2/2017", "2025.8", "Aug-25", "20170204", "2017/2/30", "2017/"])
def test_days_that_could_be_another_are_told(province, cell):
    reading = reading_of(raw_list(province, status_date=cell), province)
    assert told(reading) == [(2, "status_date", cell, "day", True)]


def test_a_town_without_coordinates_is_no_town(province):
    reading = reading_of(raw_list(province, longitude=None, latitude=None), province)
    assert told(reading) == [(2, "precision", "town", "precision", True)]
    assert list(reading.good["precision"]) == ["county"]


def test_a_note_in_one_language_stands_in_both(province):
    reading = reading_of(raw_list(province, note_zh=None, note_en="One"), province)
    assert [*reading.good["note_zh"], *reading.good["note_en"]] == ["One", "One"]


def test_what_was_kept_from_running_is_as_it_was(province):
    table = raw_list(province, name_zh="'-5", name_en="'s", note_zh="'=1+1", note_en="'@x")
    good = reading_of(table, province).good.iloc[0]
    assert [good[name] for name in ("name_zh", "name_en", "note_zh", "note_en")] == [
        *("-5", "'s", "=1+1", "@x")
    ]


def test_columns_that_a_person_chose_have_no_stated_datum(province):
    view = parse_query("segment=separator&lang=en", province).view
    text = site_file(view, province, "csv").decode("utf-8-sig")
    rows = [{**row, "x": "119.5"} for row in csv.DictReader(io.StringIO(text))]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    file = UploadedFile.read(out.getvalue().encode(), "list.csv")
    assert file.as_guessed(province, None).datum == "wgs84"
    with pytest.raises(RefusedError):
        file.as_guessed(province, None, columns={"longitude": "x"})


def test_lists_of_others_are_none_of_the_atlas():
    frame = pd.DataFrame(
        {
            "name": ["Synthetic One"],
            "city": ["x"],
            "kind": ["private"],
            "precision": ["high"],
            "checked": ["yes"],
        }
    )
    assert written_list_fields(frame.columns) == {}
    mapping = guess_mapping(frame.columns, frame)
    assert [mapping.column(one) for one in ("kind", "precision", "checked")] == [None] * 3
    coded = guess_mapping(["name", "kind"], pd.DataFrame({"name": ["One"], "kind": ["plant"]}))
    assert coded.column("kind") == "kind"


@pytest.mark.parametrize("form", ["csv", "geojson", "parquet", "gpkg", "xlsx"])
def test_the_sites_of_a_written_view_are_read_again(province, tmp_path, capsys, form):
    path = tmp_path / f"view.{form}"
    assert main(["export", "segment=separator&overlay=sites", "-o", str(path)]) == 0
    view = parse_query("segment=separator", province).view
    listed = matching(province, view.selection).sites.reset_index(drop=True)
    read = own_part(add_file(province, path, HowRead()))
    columns = ["name_zh", "kind", "status_date", "capacity_meaning", "precision", "longitude"]
    assert {name: differing(listed[name], read[name]) for name in columns} == {
        name: [] for name in columns
    }
    beside = form in ("csv", "geojson", "parquet")
    assert ("of another layer" in capsys.readouterr().err) is beside


@pytest.mark.parametrize("dropped", ["meaning", "as_of", "kind", "sector"])
def test_a_list_without_one_of_its_marks_keeps_all_else(province, tmp_path, dropped):
    path = tmp_path / "list.csv"
    assert main(["sites", "segment=separator&lang=zh", "-o", str(path)]) == 0
    written = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    written.drop(columns=say(f"site_list.{dropped}", "zh")).to_csv(path, index=False)
    sector = kind = None
    if dropped == "sector":
        sector = province.plan.sectors[0].id
    if dropped == "kind":
        kind = kind_ids(province.plan)[0]
    read = own_part(add_file(province, path, HowRead(), sector=sector, kind=kind))
    view = parse_query("segment=separator", province).view
    listed = matching(province, view.selection).sites.reset_index(drop=True)
    gone = {"as_of": "status_date", "meaning": "capacity_meaning"}.get(dropped, dropped)
    kept = {"name_en", "kind", "sector", "status_date", "precision", "note_en", "checked"} - {gone}
    lost = {name: found for name in kept if (found := differing(listed[name], read[name]))}
    assert lost == {}


@pytest.mark.parametrize("dropped", ["id", "sources", "status_date"])
def test_cities_of_a_written_view_are_never_sites(province, tmp_path, dropped):
    path = tmp_path / "view.csv"
    assert main(["export", "segment=separator", "-o", str(path)]) == 0
    written = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    written.drop(columns=dropped).to_csv(path, index=False)
    read = own_part(add_file(province, path, HowRead(datum="wgs84")))
    view = parse_query("segment=separator", province).view
    assert len(read) == len(matching(province, view.selection).sites)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_sheet_says_what_comes_back(language):
    words = say("front.twins", language)
    not_held = [say(f"site_list.{name}", language) for name in ("id", "sources")]
    for one in (say("own.marker", language), *not_held):
        assert one.lower() in words.lower()
