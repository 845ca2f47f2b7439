"""A large file is read in columns, and says of each row what the reading of a small one says."""

from __future__ import annotations

import io
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import data.own.own_register
import data.uploads.uploaded_file
from data.datum import from_wgs84
from data.own.own_register import RegisterReading, register_of_large, register_of_places
from data.reading_progress import silent
from data.uploads.formats.asked import ColumnsAsked
from data.uploads.formats.delimited import read_delimited
from data.uploads.formats.large import read_large, write_columns
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import LARGE, Limits, RefusedError
from data.uploads.row_faults import fault_table
from data.uploads.sandbox.large_table import LargeTable, read_columns
from data.uploads.sandbox.safely import read_head_safely
from data.uploads.sites.mapping import Mapping, guess_mapping
from data.uploads.sites.placing import place_rows
from data.uploads.uploaded_file import Interpretation, UploadedFile, is_large
from tests.places import PLACES

pytestmark = pytest.mark.usefixtures("forked_readers")


def large_csv(rows: int, encoding: str = "utf-8") -> tuple[bytes, np.ndarray]:
    chance = np.random.default_rng(7)
    places = np.column_stack([chance.uniform(119.4, 120, rows), chance.uniform(32.1, 33, rows)])
    lon, lat = from_wgs84(places[:, 0], places[:, 1], "gcj02")
    frame = pd.DataFrame(
        {
            "编号": [f"0{row:06d}" for row in range(rows)],
            "门类": chance.choice(["甲", "乙"], rows),
            "经度": lon.round(7),
            "纬度": lat.round(7),
        }
    )
    return frame.to_csv(index=False).encode(encoding), places


def large_file(
    content: bytes, name: str = "big.csv", table: RawTable | None = None, encoding=None
) -> UploadedFile:
    """A file that is read in columns, however few its rows; its head is ``table``."""
    head = table or read_head_safely(content, name)
    guessed = guess_mapping(head.frame.columns, head.frame)
    return UploadedFile(name, content, head, guessed, large=True, encoding=encoding)


def large_reading(
    content: bytes, province, datum="wgs84", encoding=None, **more
) -> RegisterReading:
    file = large_file(content, encoding=encoding)
    return register_of_large(file, Interpretation(file.guessed, datum), province, **more)


def test_bytes_that_are_not_of_the_encoding_that_a_person_names_are_told(province):
    content, _ = large_csv(60_000)
    at = content.rindex("甲".encode())
    wrong = content[:at] + b"\xff\xfe\xfd" + content[at + 3 :]
    with pytest.raises(RefusedError) as refused:
        large_reading(wrong, province, encoding="utf-8")
    assert refused.value.note.code == "broken_encoding"
    assert dict(refused.value.note.details) == {"encoding": "utf-8", "byte": str(at)}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_it_is_read_in_its_encoding_and_datum(province, encoding):
    content, places = large_csv(30_000, encoding)
    told = []
    reading = large_reading(
        content, province, "gcj02", progress=lambda stage, done: told.append((stage, done))
    )
    register = reading.register
    assert len(register) == 30_000
    assert not reading.faults
    assert {"read", "place", "check", "sort"} == {stage for stage, _ in told}
    assert all(0 <= done <= 1 for _, done in told)
    assert set(register.category("门类").labels) == {"甲", "乙"}
    records = register.records(np.arange(len(register))).to_pandas().sort_values("编号")
    assert records["编号"].iloc[0] == "0000000"
    np.testing.assert_allclose(records["longitude"], places[:, 0], atol=3e-7)
    np.testing.assert_allclose(records["latitude"], places[:, 1], atol=3e-7)


def test_rows_without_a_point_are_kept_aside_with_a_report(province):
    content, _ = large_csv(1000)
    content += "0999,甲,,32\n0998,乙,nowhere,32\n\n0997,甲,119.5,32.5,x\n0996,乙\n".encode()
    content += "0995,甲,2.35,48.86\n0994,乙,32.5,119.5\n".encode()
    reading = large_reading(content, province)
    assert len(reading.register) == 1000
    assert list(reading.rejected.index) == [1002, 1003, 1005, 1006, 1007, 1008]
    assert list(reading.rejected["编号"]) == ["0999", "0998", "0997", "0996", "0995", "0994"]
    # The surplus of a row stands in its last column: no cell is lost.
    assert reading.rejected.at[1005, "纬度"] == "32.5,x"
    table = fault_table(reading.faults, "en").set_index("row")
    assert list(table["column"]) == ["经度", "经度", "", "", *["经度, 纬度"] * 2]
    assert table.at[1003, "value"] == "nowhere"
    assert table.at[1005, "expected"] == "4 cells in a row; this one has 5"
    assert table.at[1006, "expected"] == "4 cells in a row; this one has 2"
    assert "seem to be swapped" in table.at[1008, "expected"]


def test_a_row_in_doubt_changes_nothing_of_the_others(province):
    """Where none is, points are sorted while their counties are looked up."""
    content, _ = large_csv(1000)
    clean = large_reading(content, province, "gcj02")
    faulty = large_reading(content + "0999,甲,,32\n".encode(), province, "gcj02")
    assert len(faulty.rejected) == 1
    assert clean.rejected.empty
    one, other = clean.register, faulty.register
    every = np.arange(1000)
    assert one.records(every).equals(other.records(every))
    np.testing.assert_array_equal(one.county, other.county)
    assert one.category("门类").labels == other.category("门类").labels


AREAS = [
    "",
    PLACES.capital.zh,
    PLACES.border_city.short_zh,
    PLACES.capital.en,
    PLACES.capital_district.zh,
    str(PLACES.capital_district.adcode),
    "Atlantis",
    PLACES.namesake.zh,
]
COORDINATES = ["", "118.8", "east", "32.05", "-190", "2.35", "120.62", "31.3"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(AREAS),
        st.sampled_from(AREAS),
        st.sampled_from(COORDINATES),
        st.sampled_from(COORDINATES),
    ),
    min_size=1,
    max_size=25,
)


@pytest.fixture(scope="module")
def at_hand(tmp_path_factory) -> Iterator[None]:
    """Read in this process what else a process of its own reads: examples are many."""
    folder = tmp_path_factory.mktemp("large")

    def read(content: bytes, name: str, asked: ColumnsAsked, **_: object) -> LargeTable:
        path = folder / name
        path.write_bytes(content)
        write_columns(read_large(path, asked, LARGE, silent), folder / "table.arrow")
        return read_columns(folder / "table.arrow")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data.uploads.uploaded_file, "read_columns_safely", read)
        yield


@pytest.mark.usefixtures("at_hand")
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@given(rows=ROWS, use_points=st.booleans())
def test_large_and_small_say_the_same_of_each_row(province, rows, use_points):
    frame = pd.DataFrame(rows, columns=["city", "county", "x", "y"])
    frame.insert(0, "id", [f"row {place}" for place in range(len(frame))])
    content = frame.to_csv(index=False).encode()
    table = read_delimited(content, Limits())
    pairs = [("city", "city"), ("county", "county")]
    if use_points:
        pairs += [("longitude", "x"), ("latitude", "y")]
    mapping = Mapping(tuple(one for one in pairs if one[1] in table.frame.columns))
    if not mapping.has_place:
        return
    places = place_rows(table, mapping, province, "gcj02")
    wanted = (
        large_file(content, "big.csv", table),
        Interpretation(mapping, "gcj02"),
        province,
    )
    if places.table["city_adcode"].isna().all():
        with pytest.raises(RefusedError, match="No row can be placed"):
            register_of_large(*wanted)
        return
    small = register_of_places(table, places, province)
    large = register_of_large(*wanted)
    assert large.faults == small.faults
    assert list(large.rejected.index) == list(small.rejected.index)
    found, expected = (
        one.register.records(np.arange(len(one.register))).to_pandas().sort_values("id")
        for one in (large, small)
    )
    assert list(found["id"]) == list(expected["id"])
    for name in ("longitude", "latitude", "county_adcode"):
        np.testing.assert_array_equal(found[name], expected[name])
    assert ("precision" in found) == ("precision" in expected)
    if "precision" in found:
        assert list(found["precision"]) == list(expected["precision"])


def test_a_register_of_adcodes_alone_is_counted_in_its_counties(province):
    adcodes = np.repeat(province.counties.index.to_numpy(), 40)
    frame = pd.DataFrame({"adcode": adcodes, "staff": np.arange(len(adcodes))})
    reading = large_reading(frame.to_csv(index=False).encode(), province)
    records = reading.register.records(np.arange(len(reading.register))).to_pandas()
    assert set(records["precision"]) == {"county"}
    assert reading.register.placed == 0
    assert records[["longitude", "latitude"]].isna().all(axis=None)
    counted = records["county_adcode"].value_counts()
    assert counted.to_dict() == dict.fromkeys(province.counties.index, 40)
    assert list(records.sort_values("staff")["county_adcode"]) == list(adcodes)


def test_titles_above_the_header_and_headings_that_had_to_be_cleaned(province):
    text = "企业名录,,,\nid, 经度 ,纬度,纬度\n1,118.8,32.05,a\n2,x,32.05,b\n"
    text += "3,118.8,32.05,a\n" * 30
    reading = large_reading(text.encode(), province)
    assert len(reading.register) == 31
    assert set(reading.register.records(np.arange(31))["纬度 (2)"].to_pylist()) == {"a"}
    assert [one.row for one in reading.faults] == [4]
    assert list(reading.rejected.columns) == ["id", "经度", "纬度", "纬度 (2)"]


def test_a_column_that_names_no_areas_is_refused(province, monkeypatch):
    monkeypatch.setattr(data.own.own_register, "_MOST_NAMES", 50)
    frame = pd.DataFrame({"county": [f"street {row}" for row in range(60)]})
    with pytest.raises(RefusedError, match="county: 60 different values"):
        large_reading(frame.to_csv(index=False).encode(), province)


@pytest.mark.parametrize("row", ["x,x,x", "1,119.5,32.5,9"])
def test_more_rows_aside_than_can_be_meant_are_refused(province, monkeypatch, row):
    monkeypatch.setattr(data.own.own_register, "MOST_ASIDE", 5)
    text = "id,longitude,latitude\n" + "1,119.5,32.5\n" * 200 + f"{row}\n" * 9
    with pytest.raises(RefusedError, match="More than 5 rows"):
        large_reading(text.encode(), province)


def parquet_of(points: gpd.GeoDataFrame) -> bytes:
    buffer = io.BytesIO()
    points.to_parquet(buffer)
    return buffer.getvalue()


def test_geoparquet_in_metres_is_moved(province):
    points = gpd.GeoDataFrame(
        {"kind": ["a", "b"] * 500, "_row": range(1000)},
        geometry=gpd.points_from_xy([119.5] * 1000, [32.5] * 1000, crs="EPSG:4326"),
    ).to_crs(province.settings.metric_crs)
    content = parquet_of(points)
    file = large_file(content, "big.parquet")
    assert len(file.table.frame) == 1000
    register = register_of_large(file, file.as_guessed(province, "wgs84"), province).register
    assert set(register.categories) == {"kind"}
    longitude, latitude = register.positions(np.arange(3))
    np.testing.assert_allclose(longitude, 119.5, atol=1e-6)
    np.testing.assert_allclose(latitude, 32.5, atol=1e-6)
    with pytest.raises(RefusedError, match="Not readable as Parquet"):
        read_head_safely(b"PAR1broken", "big.parquet")


def test_geoparquet_that_states_no_crs_is_never_guessed(province):
    metric = province.settings.metric_crs
    points = gpd.GeoDataFrame(
        {"kind": ["a", "b", "c"]},
        geometry=gpd.points_from_xy([119.5, 119.6, 2.35], [32.5, 32.6, 48.9], crs="EPSG:4326"),
    ).to_crs(metric)
    content = parquet_of(points.set_crs(None, allow_override=True))
    file = large_file(content, "big.parquet")
    with pytest.raises(RefusedError):
        register_of_large(file, Interpretation(Mapping()), province)
    reading = register_of_large(file, Interpretation(Mapping(), crs=metric), province)
    assert len(reading.register) == 2
    # Features are counted from 1, as in the preview.
    assert [one.row for one in reading.faults] == list(reading.rejected.index) == [3]
    assert reading.rejected.at[3, "geometry"].startswith("POINT")


def test_plain_parquet_has_columns_of_coordinates(province):
    frame = pd.DataFrame({"longitude": [119.5, None], "latitude": [32.5, 32.5], "kind": ["a", "b"]})
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    content = buffer.getvalue()
    file = large_file(content, "big.parquet")
    reading = register_of_large(file, file.as_guessed(province, "wgs84"), province)
    assert len(reading.register) == 1
    assert [one.code for one in reading.faults] == ["pair"]


def test_columns_of_a_small_list_have_the_types_of_a_large_one(province):
    rows = [f"{row},0{row},{1990 + row % 30},{row / 4},n{row},119.5,32.5" for row in range(90)]
    text = "id,code,year,share,note,longitude,latitude\n" + "\n".join([*rows, "91,,,,,119.5,32.5"])
    table = read_delimited(text.encode(), Limits())
    mapping = guess_mapping(table.frame.columns, table.frame)
    places = place_rows(table, mapping, province, "wgs84")
    small = register_of_places(table, places, province).register
    file = large_file(text.encode(), "a.csv", table)
    large = register_of_large(file, Interpretation(mapping), province).register
    found, expected = (one.records(np.arange(91)).schema for one in (small, large))
    assert found.equals(expected)
    assert small.categories.keys() == large.categories.keys() == {"year"}
    assert small.category("year").labels == (*range(1990, 2020), None)


def test_what_is_large():
    big, small = bytes(9 << 20), bytes(7 << 20)
    assert is_large("a.CSV", big)
    assert not is_large("a.csv", small)
    # More rows than are looked at one by one.
    assert is_large("a.csv", b"1,2\n" * 100_001)
    assert is_large("a.parquet", big)
    assert not is_large("a.xlsx", big)
