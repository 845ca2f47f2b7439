"""Own files on the page "Data", in a real browser on the real server."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from data.loader import Province
from data.own.datasets import FOLDER_VARIABLE
from tests.serving import RESULTS, free_port, started

from . import data_files
from .atlas_page import AtlasPage, choose_option
from .data_page import DataPage

GOOD_OF_LIST = 95
ROWS = 160_000


@pytest.fixture
def data(page: Page, server: str) -> DataPage:
    return DataPage(page, server, "zh")


@pytest.fixture
def english(page: Page, server: str) -> DataPage:
    return DataPage(page, server)


@pytest.fixture(scope="module")
def register_file(province: Province, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_files.write_register(province, tmp_path_factory.mktemp("register"), ROWS)


def table_of(content: bytes) -> pd.DataFrame:
    assert content.startswith(b"\xef\xbb\xbf")
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")


def use_list(data: DataPage, path: Path, datum: str) -> None:
    data.open().upload(path)
    expect(data.pictures()).to_have_count(3)
    data.choose_datum(datum)
    data.choose_kind("supplier")


def test_a_list_in_gb18030_and_gcj02_from_file_to_map(data, province, tmp_path):
    table = data_files.with_faults(data_files.synthetic_list(province, "gcj02"))
    data.open().upload(data_files.write_csv(table, tmp_path))
    page = data.page
    told = data.say("data.datum_told", datum=data.say("datum.gcj02"))
    expect(page.get_by_text(told)).to_be_visible()
    expect(data.pictures()).to_have_count(3)
    encoding = page.get_by_role("combobox", name=data.say("data.encoding"))
    expect(encoding).to_have_value(data.say("data.detected", encoding="GB18030"))
    # Told, but not chosen for the person.
    expect(page.get_by_text(data.say("data.datum_needed"))).to_be_visible()
    expect(data.accept_button).to_have_count(0)
    data.choose_datum("gcj02")
    expect(page.get_by_text(data.say("data.needs_kind"))).to_be_visible()
    expect(data.accept_button).to_be_disabled()
    data.choose_kind("supplier")
    expect(data.accept_button).to_be_enabled()
    data.picture("wizard", 3400)
    faults = table_of(data.download(data.say("data.fault_report")))
    assert list(faults["row"]) == [4, 6, 8]
    assert list(faults["column"]) == ["行业", "经度", "行业"]
    assert list(faults["value"]) == ["poetry", "east", "'=1+1"]
    rejected = table_of(data.download(data.say("data.rejected_file_button", count=2)))
    assert list(rejected["企业名称"]) == ["Synthetic 2", "Synthetic 6"]
    assert list(rejected["行业"])[1] == "'=1+1"
    data.accept()
    good = GOOD_OF_LIST - 2
    item = page.locator("[class*='st-key-own-own']")
    expect(item).to_contain_text(data.say("data.item_sites", count=good))
    expect(item).to_contain_text(data.say("own.marker"))
    expect(item).to_contain_text(data.say("data.aside", count=2))
    data.picture("in-use")
    data.to_map()
    legend = AtlasPage(page, data.server).map.locator(".atlas-legend")
    expect(legend).to_contain_text(data.say("own.marker"))
    expect(legend).to_contain_text(str(good))
    credit = AtlasPage(page, data.server).map.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("list.csv")
    data.picture("map")


@pytest.mark.parametrize(
    "write",
    [
        data_files.write_xlsx,
        data_files.write_shapefile,
        data_files.write_kml,
    ],
    ids=lambda write: write.__name__.removeprefix("write_"),
)
def test_a_table_a_folder_and_a_markup_are_read(english, province, tmp_path, write):
    """One of each kind: what reads them is held format by format without the page."""
    path = write(data_files.synthetic_list(province), tmp_path)
    use_list(english, path, "wgs84")
    english.accept()
    item = english.page.locator("[class*='st-key-own-own']")
    expect(item).to_contain_text(f"{GOOD_OF_LIST} sites")
    expect(item).to_contain_text(path.name)


def test_a_wrong_encoding_is_said_and_changed_back(english, province, tmp_path):
    path = data_files.write_csv(data_files.synthetic_list(province), tmp_path)
    english.open().upload(path)
    english.choose("data.encoding", "UTF-8")
    expect(english.page.get_by_text("not whole utf-8")).to_be_visible()
    english.choose("data.encoding", "GB18030")
    expect(english.pictures()).to_have_count(3)


def test_a_file_that_is_none_says_what_to_do(english, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    english.open().upload(path)
    expect(english.page.get_by_text(english.say("data.refused_hint"))).to_be_visible()


def test_points_without_names_of_areas_cannot_tell_their_datum(english, province, tmp_path):
    table = data_files.synthetic_list(province).drop(columns=["city", "county"])
    english.open().upload(data_files.write_csv(table, tmp_path))
    expect(english.page.get_by_text(english.say("data.datum_no_names"))).to_be_visible()


def test_own_data_leaves_with_the_snapshot_goes_and_comes_back(english, province, tmp_path):
    use_list(english, data_files.write_csv(data_files.synthetic_list(province), tmp_path), "wgs84")
    english.accept()
    english.to_map()
    page = english.page
    english.settle()
    page.get_by_role("button", name="Snapshot").click()
    page.get_by_text("CSV", exact=True).click()
    english.settle()
    content = english.download("Download")
    rows = table_of(content)
    own = rows[(rows["layer"] == "sites") & rows["own_data"].notna()]
    assert len(own) == GOOD_OF_LIST
    assert own["own_data"].str.startswith("Own data: list.csv").all()
    page.keyboard.press("Escape")
    AtlasPage(page, english.server).go_to("Data", "Own data")
    page.locator("[class*='st-key-data-remove'] button").click()
    expect(page.locator("[class*='st-key-own-own']")).to_have_count(0)
    page.locator(".st-key-data-put_back button").click()
    expect(page.locator("[class*='st-key-own-own']")).to_have_count(1)


def test_the_analyses_count_own_sites_and_say_so(data, province, tmp_path):
    use_list(data, data_files.write_csv(data_files.synthetic_list(province), tmp_path), "wgs84")
    data.accept()
    atlas, page = AtlasPage(data.page, data.server), data.page
    for name in ("ranking", "compare", "chain", "city", "companies", "measures"):
        atlas.go_to(data.say("pages.analysis"), data.say(f"page.{name}"))
        told = data.say("measures.sample_with_own", count=len(province.sites), own=GOOD_OF_LIST)
        expect(page.get_by_text(told).first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
    rows = table_of(data.download(data.say("measures.download")))
    assert rows[data.say("measures.basis")].sum() == len(province.sites) + GOOD_OF_LIST
    assert rows[data.say("measures.sources")].str.contains(data.say("own.marker")).all()


def test_no_other_session_sees_own_data_but_a_dataset_is_there(
    english, province, tmp_path, browser, server
):
    use_list(english, data_files.write_csv(data_files.synthetic_list(province), tmp_path), "wgs84")
    english.accept()
    page = english.page
    other_context = browser.new_context(locale="en-GB")
    other = DataPage(other_context.new_page(), server).open()
    expect(other.page.locator("[class*='st-key-own-own']")).to_have_count(0)
    expect(other.page.get_by_text(other.say("dataset.home", folder=""))).to_be_visible()
    page.get_by_role("button", name=english.say("dataset.save"), exact=True).click()
    page.get_by_role("textbox", name=english.say("dataset.name")).fill("Shared list")
    page.get_by_role("button", name=english.say("dataset.save_now")).click()
    expect(page.get_by_text(english.say("dataset.saved", name="Shared list"))).to_be_visible()
    page.keyboard.press("Escape")
    english.to_map()
    expect(page.locator(".st-key-own-unsaved")).to_have_count(0)
    other.open()
    other.page.get_by_role("button", name=other.say("dataset.load"), exact=True).click()
    expect(other.page.locator("[class*='st-key-own-own']")).to_contain_text(f"{GOOD_OF_LIST} sites")
    other.page.get_by_role("button", name=other.say("dataset.delete"), exact=True).click()
    other.page.get_by_role("button", name=other.say("dataset.delete_now")).click()
    expect(other.page.get_by_text(other.say("dataset.none"))).to_be_visible()
    other_context.close()


def test_a_page_with_own_data_that_is_saved_nowhere_asks_before_it_is_left(
    english, province, tmp_path
):
    use_list(english, data_files.write_csv(data_files.synthetic_list(province), tmp_path), "wgs84")
    english.accept()
    page = english.page
    english.to_map()
    AtlasPage(page, english.server).settle()
    expect(page.locator(".st-key-own-unsaved")).to_have_count(1)
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    AtlasPage(page, english.server).go_to("Data", "Own data")
    page.locator("[class*='st-key-data-remove'] button").click()
    expect(page.locator(".st-key-own-unsaved")).to_have_count(0)


def snapshot(english, image_format: str) -> str:
    english.settle()
    english.page.get_by_role("button", name="Snapshot").click()
    english.page.get_by_text(image_format, exact=True).click()
    content = english.download("Download").decode()
    english.page.keyboard.press("Escape")
    english.settle()
    return content


def test_a_large_register_is_tiles_filters_records_and_rows(english, register_file):
    english.open().upload(register_file)
    page = english.page
    expect(english.pictures()).to_have_count(3)
    english.choose_datum("wgs84")
    english.accept()
    expect(page.locator("[class*='st-key-own-own']")).to_contain_text("160,000 points")
    english.to_map()
    atlas = AtlasPage(page, english.server)
    tiles = atlas.map.locator(".leaflet-atlas-tiles-pane img")
    expect(tiles.first).to_be_visible()
    legend = atlas.map.locator(".atlas-legend")
    expect(legend).to_contain_text("density (points in a cell)")
    expect(page.get_by_text("160,000 of 160,000 points")).to_be_visible()
    english.picture("density")
    svg = snapshot(english, "SVG")
    assert svg.count("<image") == 1
    words = " ".join(re.sub(r"<[^>]*>", " ", svg).split())
    assert f"Own data: register.csv ({pd.Timestamp.today():%Y-%m-%d}): density" in words
    assert "A cell is about" in words
    page.get_by_text(english.say("points.filters")).click()
    choose_option(page, "branch", "motors")
    page.keyboard.press("Escape")
    chosen = page.get_by_text(" of 160,000 points")
    expect(chosen).not_to_contain_text("160,000 of")
    count = int(chosen.inner_text().split()[0].replace(",", ""))
    rows = gpd.read_parquet(io.BytesIO(english.download("GeoParquet")))
    assert len(rows) == count
    assert set(rows["branch"]) == {"motors"}
    assert rows["code"].str.startswith("0").all()
    assert set(rows["own_data"].astype(str)) == {
        f"Own data: register.csv ({pd.Timestamp.today():%Y-%m-%d})"
    }


def test_faults_of_a_large_register_are_reported(data, register_file, tmp_path):
    path = tmp_path / "faulty.csv"
    faulty = "A1,No place,cells,1999,,\nA2,Far away,cells,1999,2.35,48.86\nA3,Short\n"
    path.write_bytes(register_file.read_bytes() + faulty.encode())
    data.open().upload(path)
    expect(data.pictures()).to_have_count(3)
    data.choose_datum("wgs84")
    data.accept()
    item = data.page.locator("[class*='st-key-own-own']")
    expect(item).to_contain_text(f"{ROWS:,}")
    expect(item).to_contain_text(data.say("data.aside", count=3))
    faults = table_of(data.download(data.say("data.fault_report")))
    assert list(faults["row"]) == [ROWS + 2, ROWS + 3, ROWS + 4]
    assert list(faults["value"])[1:] == ["2.35, 48.86", "A3,Short"]
    assert faults["expected"].notna().all()
    rejected = table_of(data.download(data.say("data.rejected_file_button", count=3)))
    assert list(rejected["company"]) == ["No place", "Far away", "Short"]
    data.picture("large-faults")


def test_a_click_on_a_point_shows_its_record(english, register_file):
    english.open().upload(register_file)
    page = english.page
    expect(english.pictures()).to_have_count(3)
    english.choose_datum("wgs84")
    english.accept()
    english.to_map()
    english.choose("points.mode", english.say("points.mode_hexagons"))
    atlas = AtlasPage(page, english.server)
    legend = atlas.map.locator(".atlas-legend")
    expect(legend).to_contain_text("points by hexagon")
    expect(atlas.map.locator(".leaflet-atlas-own-points-pane path").first).to_be_attached()
    english.picture("hexagons")
    english.choose("points.mode", english.say("points.mode_tiles"))
    expect(legend).to_contain_text("density (points in a cell)")
    table = pd.read_csv(register_file, nrows=1)
    place = [float(table["latitude"][0]), float(table["longitude"][0])]
    frame = next(frame for frame in page.frames if "/atlas/frame/" in frame.url)
    frame.evaluate("place => clusterAtlas.current.map.setView(place, 14)", place)
    # Drawn as single points at this zoom, and the legend follows.
    expect(legend).to_contain_text("One point")
    at = frame.evaluate("place => clusterAtlas.current.map.latLngToContainerPoint(place)", place)
    box = page.locator("iframe[src*='/atlas/frame/']").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    record = page.locator(".st-key-points-here")
    expect(record).to_contain_text("Synthetic company 000000")
    expect(record).to_contain_text("Own data: register.csv")
    english.picture("record")


def test_a_server_that_others_reach_saves_nothing(page, tmp_path):
    """The real server on all addresses: the page says why, and so does the log of the start."""
    log, port = RESULTS / "open.log", free_port()
    log.unlink(missing_ok=True)
    environment = {**os.environ, FOLDER_VARIABLE: str(tmp_path)}
    everywhere = ("--server.address", "0.0.0.0")  # noqa: S104
    server = started(log, *everywhere, environment=environment, port=port)
    try:
        data = DataPage(page, f"http://127.0.0.1:{port}").open()
        expect(page.get_by_text(data.say("dataset.strangers"))).to_be_visible()
        assert "ATLAS_SAVE_WITHOUT_SIGN_IN=yes" in log.read_text(encoding="utf-8")
    finally:
        server.terminate()
        server.wait()
    assert list(tmp_path.iterdir()) == []
