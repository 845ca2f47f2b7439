"""A filter is answered by facts: counted again from the file, in every renderer and format."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import openpyxl
import pytest
from pptx import Presentation

from clusters.area_of_interest import site_positions
from clusters.facets import CAPACITY_DECIMALS, CapacityRange
from clusters.matching import matching
from clusters.selection import Selection, goes_by_plan, selected_cities
from data.loader import PROVINCES_FOLDER
from data.text import LANGUAGES, say
from layers.address.query import parse_query, write_query
from layers.address.view_changes import without_filter
from layers.atlas import Atlas
from layers.command.cli import main
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.site_files import site_file
from layers.paper.sheet import PaperOptions
from layers.tables.site_list import SITE_LIST_COLUMNS, site_list
from layers.web.folium_map import web_payload
from layers.web.offline_page import offline_page
from layers.web.wire_geometry import feature_ids, wire_geometry
from layers.words.matching_words import filter_chips, matching_sentence
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("home_at_hand")

Row = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """A query, and which rows of ``sites.csv`` it asks for."""

    query: str
    matches: Callable[[Row], bool]


def parts(row: Row) -> set[str]:
    return set(row["segments"].split(";"))


TWO = f"{PLACES.capital.slug},{PLACES.other_hub.slug}"
TWO_CODES = (PLACES.capital.adcode, PLACES.other_hub.adcode)
HUBS = {"320600", "320800", "320900", "321100"}
ASKED = (
    Asked("segment=separator,electrolyte", lambda r: bool(parts(r) & {"separator", "electrolyte"})),
    Asked("sector=battery", lambda r: r["sector"] == "battery"),
    Asked(
        "sector=battery&status=operating",
        lambda r: (r["sector"], r["status"]) == ("battery", "operating"),
    ),
    Asked(
        "status=closed&sector=assembly",
        lambda r: (r["sector"], r["status"]) == ("assembly", "closed"),
    ),
    Asked("kind=rd-centre", lambda r: r["kind"] == "rd-centre"),
    Asked("precision=city", lambda r: r["precision"] == "city"),
    Asked("years=2020-2022", lambda r: r["year"] != "" and 2020 <= int(r["year"]) <= 2022),
    Asked(
        "capacity=GWh-a-year:10-50",
        lambda r: r["capacity_unit"] == "GWh-a-year" and 10 <= float(r["capacity"] or -1) <= 50,
    ),
    Asked(
        f"city={TWO}&segment=separator",
        lambda r: int(r["city_adcode"]) in TWO_CODES and "separator" in parts(r),
    ),
    Asked(
        "role=assembly&kind=plant",
        lambda r: r["city_adcode"] in HUBS and r["kind"] == "plant",
    ),
)


@pytest.fixture(scope="module")
def rows(province) -> list[Row]:
    path = PROVINCES_FOLDER / province.id / "sites.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def view_of(query: str, province):
    parsed = parse_query(query, province)
    assert not parsed.ignored
    return parsed.view


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.query)
def test_what_matches_is_counted_from_the_file(province, rows, asked):
    view = view_of(asked.query, province)
    found = matching(province, view.selection)
    expected = [row for row in rows if asked.matches(row)]
    assert expected, "a query that finds nothing tells nothing"
    assert sorted(found.sites.index) == sorted(row["id"] for row in expected)
    by_city = Counter(int(row["city_adcode"]) for row in expected)
    assert {int(name): int(n) for name, n in found.by_city.items() if n} == by_city
    counties = Counter(int(row["county_adcode"]) for row in expected if row["county_adcode"])
    assert {int(name): int(n) for name, n in found.by_county.items()} == counties
    segments = Counter(name for row in expected for name in parts(row) if name)
    assert {str(name): int(n) for name, n in found.by_segment.items()} == segments
    selected = selected_cities(view.selection, province)
    assert set(selected.index[selected]) == set(by_city)
    assert {int(adcode) for adcode in selected.index[~selected]} == set(
        compose(view, province).dimmed
    )


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.query)
def test_capacities_are_never_mixed(province, rows, asked):
    found = matching(province, view_of(asked.query, province).selection)
    sums: Counter[tuple[str, str]] = Counter()
    for row in filter(asked.matches, rows):
        if row["capacity"]:
            meaning = row["capacity_meaning"] or "unclear"
            sums[row["capacity_unit"], meaning] += float(row["capacity"])
    told = {(row.unit, row.meaning): row.capacity for row in found.capacity.itertuples()}
    assert told == pytest.approx(sums)
    stated = sum(1 for row in filter(asked.matches, rows) if row["capacity"])
    assert int(found.capacity["sites"].sum()) == stated
    assert found.without_capacity == len(found.sites) - stated


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.query)
def test_an_address_is_written_as_it_was_read(province, asked, language):
    view = view_of(f"{asked.query}&lang={language}", province)
    assert view_of(write_query(view, province), province) == view


def test_the_sentence_is_that_of_the_facts(province):
    selection = view_of("segment=separator,electrolyte", province).selection
    found = matching(province, selection)
    said = matching_sentence(selection, province, "en")
    assert said == (
        f"{len(found.sites)} matching sites in {len(found.cities)} of 13 cities; "
        "the plan names 4 cities for Power battery"
    )
    chosen = view_of(f"segment=separator,electrolyte&city={TWO}", province).selection
    assert " of the 2 chosen cities" in matching_sentence(chosen, province, "en")
    one = view_of(
        f"segment=separator&city={PLACES.other_hub.slug}&status=building", province
    ).selection
    count = len(matching(province, one).sites)
    words = "1 matching site " if count == 1 else f"{count} matching sites "
    assert matching_sentence(one, province, "en").startswith(words)
    assert matching_sentence(Selection(), province, "en") == ""


def test_the_plan_decides_where_it_is_asked(province):
    by_sites = view_of("segment=separator,electrolyte", province).selection
    by_plan = view_of("segment=separator,electrolyte&by=plan", province).selection
    facts, plan = selected_cities(by_sites, province), selected_cities(by_plan, province)
    assert set(plan.index[plan]) == set(province.plan.role("parts").cities)
    assert set(facts.index[facts]) == set(matching(province, by_sites).cities)
    assert matching(province, by_plan).sites.index.equals(matching(province, by_sites).sites.index)
    said = matching_sentence(by_plan, province, "en")
    assert said.startswith("the plan names 4 of 13 cities for Power battery")
    ids = [
        layer.id
        for layer in compose(view_of("segment=separator&by=plan", province), province).layers
    ]
    assert "matching-cities" not in ids


@pytest.mark.parametrize("by", ["sites", "plan"])
def test_segments_of_other_sectors_are_said_to_be_so(province, by):
    selection = view_of(f"sector=hydrogen&segment=separator&by={by}", province).selection
    said = matching_sentence(selection, province, "en")
    assert "none of the segments asked for is of the sectors asked for" in said
    assert not selected_cities(selection, province).any()


def test_without_a_list_of_sites_the_plan_decides(province):
    bare = replace(province, sites=province.sites.iloc[:0])
    selection = Selection(sectors=frozenset({"battery"}))
    assert goes_by_plan(selection, bare)
    chosen = selected_cities(selection, bare)
    assert set(chosen.index[chosen]) == set(province.plan.role("parts").cities)
    assert "matching" not in matching_sentence(selection, bare, "en")


QUERY = "lang=en&segment=separator,electrolyte&overlay=parts,counties,sites"


def texts(name: str, content: bytes) -> str:
    """Return what a file says, as text."""
    if name == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "\n".join(
            str(cell) for sheet in book for row in sheet.values for cell in row if cell
        )
    if name == "pptx":
        slides = Presentation(io.BytesIO(content)).slides
        return "\n".join(
            shape.text_frame.text
            for slide in slides
            for shape in slide.shapes
            if shape.has_text_frame
        )
    return content.decode("utf-8")


@pytest.mark.parametrize("name", ["xlsx", "pptx", "svg", "geojson", "html"])
def test_every_format_says_the_sentence(province, name):
    view = view_of(QUERY, province)
    spec = compose(view, province)
    sentence = matching_sentence(view.selection, province, "en")
    if name == "html":
        content = offline_page(spec, province)
        said = content if isinstance(content, str) else content.decode()
    else:
        said = texts(name, all_exporters()[name].write(spec, province, PaperOptions()))
    if name == "svg":
        # A long line is broken on paper.
        said, sentence = "".join(said.split()), "".join(sentence.partition(";")[0].split())
    assert sentence in said


def test_tooltips_and_legend_tell_what_matches(province):
    spec = compose(view_of(QUERY, province), province)
    names = {layer.geometry for layer in spec.layers}
    payload = web_payload(
        spec,
        {name: wire_geometry(province, name).file_name for name in names},
        {name: feature_ids(province, name) for name in names},
    )
    cities = next(layer for layer in payload["layers"] if layer["id"] == "matching-cities")
    assert cities["in_tooltip"]
    assert cities["values"][PLACES.other_hub.adcode] == "4 matching sites"
    assert cities["values"][PLACES.capital.adcode] == "0 matching sites"
    counties = next(layer for layer in payload["layers"] if layer["id"] == "matching-counties")
    assert all("matching site" in words for words in counties["values"].values())
    notes = json.dumps(payload["legend"])
    assert matching_sentence(view_of(QUERY, province).selection, province, "en") in notes


def test_files_hold_the_counts(province):
    spec = compose(view_of(QUERY, province), province)
    content = all_exporters()["csv"].write(spec, province, PaperOptions())
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    counts = {row["id"]: row["matching_sites"] for row in table if row["layer"] == "cities"}
    assert float(counts[str(PLACES.other_hub.adcode)]) == 4
    assert float(counts[str(PLACES.capital.adcode)]) == 0


def test_a_list_of_sites_is_written_in_words(province):
    view = view_of("lang=en&sector=assembly&status=closed", province)
    found = matching(province, view.selection).sites
    table = site_list(found, province, "en")
    assert tuple(table.columns) == SITE_LIST_COLUMNS
    assert list(table.index) == list(found.index)
    assert set(table["status"]) == {"Closed"}
    book = openpyxl.load_workbook(io.BytesIO(site_file(view, province, "xlsx")))
    assert book.sheetnames == ["About", "Sites", "Sources", "data_sites", "data_sources"]
    heads = [cell.value for cell in book["Sites"][1]]
    assert heads[:3] == ["Name", "City", "County"]
    assert book["Sites"].max_row == 1 + len(found)
    told = "\n".join(str(row[1]) for row in book["About"].values)
    assert matching_sentence(view.selection, province, "en") in told
    listed = {name for joined in found["sources"] for name in joined.split(";")}
    assert book["Sources"].max_row == 1 + len(listed)
    few = site_file(view, province, "csv", only=[str(found.index[0])]).decode("utf-8-sig")
    assert len(few.splitlines()) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_sites_of_an_area_tells_which_are_surely_inside(province, language):
    view = view_of(f"lang={language}&area=circle:32,120,40", province)
    found = matching(province, view.selection).sites
    positions = site_positions(province, view.selection.area).loc[found.index]
    assert set(positions) == {"inside", "perhaps"}
    expected = [say(f"area.{one}", language) for one in positions]
    head = say("site_list.in_area", language)
    text = site_file(view, province, "csv").decode("utf-8-sig")
    assert [row[head] for row in csv.DictReader(io.StringIO(text))] == expected
    book = openpyxl.load_workbook(io.BytesIO(site_file(view, province, "xlsx")))
    heads, *rows = book[say("sheet.sites", language)].values
    place = heads.index(say("column.in_area", language))
    assert [row[place] for row in rows] == expected
    heads, *rows = book["data_sites"].values
    assert [row[heads.index("in_area")] for row in rows] == list(positions)
    everywhere = view_of(f"lang={language}&segment=separator", province)
    assert head not in site_file(everywhere, province, "csv").decode("utf-8-sig")


def test_the_command_line_lists_sites(province, tmp_path, capsys):
    path = tmp_path / "list.csv"
    assert main(["sites", "lang=en&segment=separator", "-o", str(path)]) == 0
    told = capsys.readouterr()
    count = len(matching(province, view_of("segment=separator", province).selection).sites)
    assert told.out.strip() == str(path)
    assert told.err.startswith(f"{count} matching sites")
    assert len(list(csv.reader(path.open(encoding="utf-8-sig")))) == 1 + count
    assert main(["sites", "segment=separator", "-o", str(tmp_path / "list.doc")]) == 1
    assert "FILE.csv" in capsys.readouterr().err
    assert main(["sites", "segment=nothing", "-o", str(path)]) == 1
    assert "choose from" in capsys.readouterr().err


def test_python_asks_the_same(province):
    atlas = Atlas(province, view_of("segment=separator", province))
    assert atlas.matching is matching(province, atlas.view.selection)


def test_chips_name_each_value_and_each_is_dropped_alone(province):
    facets = f"segment=separator,electrolyte&city={PLACES.capital.slug}&years=2015-2020"
    view = view_of(f"lang=en&{facets}&capacity=GWh-a-year:2.5-", province)
    chips = filter_chips(view.selection, province, "en")
    assert [(chip.facet, chip.words) for chip in chips] == [
        ("segment", "Separator"),
        ("segment", "Electrolyte"),
        ("city", PLACES.capital.en),
        ("years", "2015–2020"),
        ("capacity", "from 2.5 GWh a year"),
    ]
    for chip in chips:
        left = without_filter(view, chip.field, chip.value).selection
        words = [one.words for one in filter_chips(left, province, "en")]
        assert words == [one.words for one in chips if one is not chip]


@pytest.mark.parametrize(
    "value",
    ["GWh-a-year", "GWh-a-year:", "GWh-a-year:9-3", "stones:1-2", "GWh-a-year:-1-2", ":1-2"],
)
def test_a_range_of_capacity_that_is_none_is_told(province, value):
    parsed = parse_query({"capacity": [value]}, province)
    assert parsed.view.selection.capacity is None
    assert [one.key for one in parsed.ignored] == ["capacity"]
    assert "GWh-a-year:1-10" in parsed.ignored[0].choices


def test_an_open_range_of_capacity(province):
    assert parse_query("capacity=GWh-a-year:-5", province).view.selection.capacity == CapacityRange(
        "GWh-a-year", None, 5.0
    )


def test_a_segment_of_another_sector_leaves_the_sector_asked_for(province):
    """Two answers, one sentence: what is measured is of the sector, and the plan names nobody."""
    selection = view_of("sector=assembly&segment=separator", province).selection
    assert selection.effective_sectors(province) == {"assembly"}
    assert selection.planned_sectors(province) == frozenset()
    said = matching_sentence(selection, province, "en")
    assert said.endswith("; none of the segments asked for is of the sectors asked for")


@pytest.mark.parametrize("query", ["by=plan&status=insolvent", "by=plan&years=2015-2015"])
def test_the_plan_has_nothing_to_say_where_no_sector_is_asked_for(province, query):
    view = view_of(query, province)
    chosen = selected_cities(view.selection, province)
    held = set(matching(province, view.selection).cities)
    assert set(chosen.index[chosen]) == held
    assert len(held) < len(province.cities)
    assert f" in {len(held)} of 13 " in matching_sentence(view.selection, province, "en")


def test_without_a_list_of_sites_nothing_is_said_of_them(province):
    bare = replace(province, sites=province.sites.iloc[:0])
    selection = Selection(statuses=frozenset({"building"}))
    assert selected_cities(selection, bare).all()
    assert matching_sentence(selection, bare, "en") == "13 of 13 cities"


@pytest.mark.parametrize(
    "ends", [(0.00001, None), (0.1234567, None), (123456789012.5, 999999999999.0)]
)
def test_a_range_of_capacity_is_written_so_that_it_is_read(province, ends):
    least, most = (None if one is None else round(one, CAPACITY_DECIMALS) for one in ends)
    view = replace(
        view_of("", province),
        selection=Selection(capacity=CapacityRange("GWh-a-year", least, most)),
    )
    assert view_of(write_query(view, province), province) == view


def test_small_capacities_are_told_with_their_digits(province):
    chips = filter_chips(
        view_of("capacity=GWh-a-year:0.001-0.004", province).selection, province, "en"
    )
    assert chips[0].words == "0.001 to 0.004 GWh a year"


def test_only_what_matches_goes_into_a_file(province):
    view = view_of("lang=en&segment=separator", province)
    found = matching(province, view.selection).sites.index
    other = next(name for name in province.sites.index if name not in found)
    content = site_file(view, province, "xlsx", only=[str(found[0]), str(other)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [row[0] for row in book["data_sites"].values][1:] == [found[0]]
    assert book["Sites"].max_row == 2
    assert "1 ticked" in [row[1] for row in book["About"].values]


def test_more_values_than_are_read_are_told(province):
    values = ",".join(["battery", *(f"none-{place}" for place in range(300))])
    parsed = parse_query({"sector": [values]}, province)
    assert any(one.value.startswith("+101: ") for one in parsed.ignored)
