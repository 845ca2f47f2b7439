"""Workbooks are for people in front and for programs behind, and both say the same."""

from __future__ import annotations

import io
import math
import re
from functools import cache
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data.text import LANGUAGES, Language, day, say
from data.uploads.uploaded_file import UploadedFile
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.sheet_layout import FRONT_WIDTHS
from layers.exports.site_files import site_file
from layers.exports.workbook_file import TWIN_PREFIX
from layers.paper.sheet import PaperOptions
from layers.tables.raw_rows import site_rows
from layers.tables.view_tables import view_tables
from layers.words.matching_words import describe_selection
from tests.home import home
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers")

LINK = "https://atlas.invalid/?a=1&b=2"
QUERIES = {
    "a city": f"city={PLACES.hub.slug}",
    "the ranking": (
        "theme=score&sector=battery&overlay=assembly,hotspots,counties,road-catchments,sites,roads"
        "&area=circle:31.8,119.97,40"
    ),
    "a measure": "theme=location-quotient&sector=battery&status=operating",
    "a list": "segment=separator",
}
CASES = [(name, language) for name in QUERIES for language in LANGUAGES]
CITED = re.compile(r"\[(\d+)\]")
RAW = re.compile(r"[a-z]+_[a-z_]+|True|False|\.0\b")


@cache
def written(case: str, language: Language) -> bytes:
    view = parse_query(f"{QUERIES[case]}&lang={language}", home()).view
    if case == "a list":
        return site_file(view, home(), "xlsx", link=LINK)
    options = PaperOptions(link=LINK)
    return all_exporters()["xlsx"].write(compose(view, home()), home(), options)


@cache
def opened(case: str, language: Language) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(case, language)))


def twins(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book if sheet.title.startswith(TWIN_PREFIX)]


def read(book: Workbook) -> list[Worksheet]:
    """Return the sheets for people, without the first one."""
    return [sheet for sheet in book.worksheets[1:] if not sheet.title.startswith(TWIN_PREFIX)]


def heads(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[1]]


def printed(sheet: Worksheet) -> int:
    """Return how many columns go on paper."""
    if not sheet.print_area:
        return sheet.max_column
    _, _, last, _ = openpyxl.utils.range_boundaries(sheet.print_area.partition("!")[2])
    return int(last)


@pytest.mark.parametrize(("case", "language"), CASES)
def test_sheets_for_people_come_first_and_raw_data_last(case, language):
    book = opened(case, language)
    kinds = [sheet.title.startswith(TWIN_PREFIX) for sheet in book]
    assert kinds == sorted(kinds)
    assert book.sheetnames[0] == say("sheet.about", language)
    assert read(book)[-1].title == say("sheet.sources", language)
    assert {sheet.sheet_state for sheet in book} == {"visible"}


@pytest.mark.parametrize(("case", "language"), CASES)
def test_headings_are_words_of_the_language(case, language):
    book = opened(case, language)
    names = {name for sheet in twins(book) for name in heads(sheet) if "_" in name}
    for sheet in read(book):
        said = heads(sheet)
        assert len(set(said)) == len(said), sheet.title
        assert not names & set(said), sheet.title
        for head in said:
            assert not RAW.search(head), head
            assert bool(re.search(r"[\u4e00-\u9fff]", head)) == (language == "zh"), head


@pytest.mark.parametrize(("case", "language"), CASES)
def test_cells_for_people_hold_words_and_rounded_numbers(case, language):
    for sheet in read(opened(case, language)):
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.coordinate
                if not isinstance(cell.value, (int, float)):
                    assert cell.value not in ("True", "False", "nan", "None", "")
                    continue
                written_as = cell.number_format.removesuffix("_)")
                assert written_as in ("0", "0%") or written_as.startswith("#,##0")
                decimals = 2 if "%" in written_as else len(written_as.partition(".")[2])
                assert cell.value == round(cell.value, decimals), cell.coordinate


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_of_numbers_holds_nothing_else(language):
    sheet = opened("the ranking", language)[say("sheet.ranking", language)]
    columns = {str(column[0].value): column[1:] for column in sheet.columns}
    for name in ("rank", "score", "score_known", "weight", "normalised", "added"):
        cells = columns[say(f"column.{name}", language)]
        assert {cell.data_type for cell in cells} == {"n"}
    weak = columns[say("column.weak", language)]
    assert {cell.value for cell in weak} == {
        say("column.yes", language),
        say("column.no", language),
    }
    assert columns[say("column.score_known", language)][0].number_format == "0%_)"


@pytest.mark.parametrize(("case", "language"), CASES)
def test_every_source_is_in_the_sheet_of_sources_under_its_number(case, language):
    book = opened(case, language)
    listed = book[say("sheet.sources", language)]
    ids = [row[0] for row in book["data_sources"].values][1:]
    assert [row[0] for row in listed.iter_rows(min_row=2, values_only=True)] == [
        *range(1, 1 + len(ids))
    ]
    for row, name in zip(listed.iter_rows(min_row=2), ids, strict=True):
        source = home().sources[name]
        _, title, publisher, date, grade, address = row
        assert (title.value, publisher.value) == (source.title.say(language), source.publisher)
        assert (date.value or "") == (source.date or "")
        assert (grade.value, address.value) == (
            say(f"grade.{source.grade}", language),
            source.address,
        )
        assert (address.hyperlink is not None) == source.has_page
        if source.has_page:
            assert leads_to(address) == unquote(source.address)
    found = 0
    for sheet in (one for one in read(book) if one.title != listed.title):
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row):
            if cell.hyperlink is None:
                continue
            number = int(CITED.match(str(cell.value))[1])
            source = home().sources[ids[number - 1]]
            assert cell.value == f"[{number}] {source.title.say(language)}"
            if source.has_page:
                assert leads_to(cell) == unquote(source.address)
            else:
                assert cell.hyperlink.location == f"'{listed.title}'!A{number + 1}"
            found += 1
    assert found > 5


def leads_to(cell) -> str:
    """Return the address of a link; what stands behind a hash is kept apart."""
    link = cell.hyperlink
    return unquote(f"{link.target}#{link.location}" if link.location else link.target)


@pytest.mark.parametrize(("case", "language"), CASES)
def test_rows_cite_the_sources_that_their_raw_data_name(case, language):
    book = opened(case, language)
    ids = [row[0] for row in book["data_sources"].values][1:]
    named = {
        say(f"sheet.{twin.title.removeprefix(TWIN_PREFIX)}", language): twin for twin in twins(book)
    }
    for sheet in read(book):
        said, raw = heads(sheet), heads(named[sheet.title])
        if "sources" not in raw:
            continue
        on_paper, wanted = said.index(say("column.sources", language)), raw.index("sources")
        assert on_paper == printed(sheet) - 1
        pairs = zip(sheet.values, named[sheet.title].values, strict=True)
        for shown, data in list(pairs)[1:]:
            numbers = [int(one) for one in CITED.findall(shown[on_paper] or "")]
            assert {ids[one - 1] for one in numbers} == set((data[wanted] or "").split(";")) - {""}
            links = [
                one for one in shown[on_paper + 1 :] if isinstance(one, str) and one[:1] == "["
            ]
            assert [int(CITED.match(one)[1]) for one in links] == numbers


@pytest.mark.parametrize(("case", "language"), CASES)
def test_raw_data_are_what_the_tables_hold(case, language):
    book = opened(case, language)
    view = parse_query(f"{QUERIES[case]}&lang={language}", home()).view
    if case == "a list":
        ids = [row[0] for row in book["data_sites"].values][1:]
        tables = {"sites": site_rows(home().sites.loc[ids], home())}
    else:
        made = view_tables(compose(view, home()), home())
        tables = {**made.spatial, **made.plain}
        assert [sheet.title for sheet in twins(book)] == [f"{TWIN_PREFIX}{name}" for name in tables]
    for name, table in tables.items():
        wanted = pd.DataFrame(table).drop(columns="geometry", errors="ignore")
        found, *rows = book[f"{TWIN_PREFIX}{name}"].values
        assert list(found or ()) == [str(column) for column in wanted.columns]
        for row, values in zip(rows, wanted.to_numpy(dtype=object), strict=True):
            for cell, value in zip(row, values, strict=True):
                if value is None or value is pd.NA or value != value or value == "":
                    assert cell in (None, "")
                elif isinstance(value, float):
                    assert math.isclose(cell, value, rel_tol=1e-12, abs_tol=1e-12)
                else:
                    assert cell == value


@pytest.mark.parametrize(("case", "language"), CASES)
def test_sheets_are_filtered_frozen_and_ready_for_paper(case, language):
    book = opened(case, language)
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # One page wide is what is meant where nothing is said.
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert {"&P", "&N"} <= set(re.findall(r"&[PN]", footer_of(sheet)))
    for sheet in [*read(book), *twins(book)]:
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.freeze_panes == ("A2" if sheet in twins(book) else "B2")
        if sheet.max_row > 1:
            last = openpyxl.utils.get_column_letter(sheet.max_column)
            assert sheet.auto_filter.ref == f"A1:{last}{sheet.max_row}"
        letters = [openpyxl.utils.get_column_letter(one + 1) for one in range(printed(sheet))]
        wide = sum(sheet.column_dimensions[one].width for one in letters)
        portrait = sum(FRONT_WIDTHS)
        # Programs write widths a little larger than they were set.
        if not portrait < wide < portrait + len(letters):
            is_wide = sheet.page_setup.orientation == "landscape"
            assert is_wide == (wide > portrait), sheet.title


def footer_of(sheet: Worksheet) -> str:
    footer = sheet.oddFooter
    return " ".join(str(part.text) for part in (footer.left, footer.center, footer.right))


@pytest.mark.parametrize(("case", "language"), CASES)
def test_the_front_says_what_is_asked_leads_back_and_to_every_sheet(case, language):
    book = opened(case, language)
    front = book.worksheets[0]
    view = parse_query(f"{QUERIES[case]}&lang={language}", home()).view
    cells = {cell.value: cell for row in front.iter_rows() for cell in row}
    assert describe_selection(view.selection, home(), language) in cells
    back = cells[say("front.open_link", language)]
    assert leads_to(back) == LINK
    made = cells[say("front.made", language)]
    date = book.properties.created.date()
    assert front.cell(made.row, 2).value == day(date, language)
    links = {cell.value: cell.hyperlink.location for cell in cells.values() if cell.hyperlink}
    for sheet in book.worksheets[1:]:
        assert links[sheet.title] == f"'{sheet.title}'!A1"
        said = front.cell(cells[sheet.title].row, 3).value
        assert said == sheet.max_row - 1 or (said == 0 and sheet.max_row == 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_workbooks_are_read_again(language):
    for case in ("a city", "a list"):
        file = UploadedFile.read(written(case, language), "view.xlsx")
        assert file.table.layer == "data_sites"
        reading = file.sites(file.as_guessed(home(), "wgs84"), home())
        count = opened(case, language)["data_sites"].max_row - 1
        assert (len(reading.good), len(reading.rejected)) == (count, 0)
        assert not reading.faults


def test_the_same_is_written_twice():
    view = parse_query(f"{QUERIES['a list']}&lang=en", home()).view
    assert site_file(view, home(), "xlsx", link=LINK) == written("a list", "en")


def test_what_is_no_page_stays_text():
    view = parse_query(f"{QUERIES['a list']}&lang=en", home()).view
    content = site_file(view, home(), "xlsx", link="javascript:window.a=1")
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["About"] for cell in row]
    (found,) = [cell for cell in cells if cell.value == "javascript:window.a=1"]
    assert found.hyperlink is None
