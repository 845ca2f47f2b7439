"""A register holds the points that its source has, in the counties where they lie."""

from __future__ import annotations

import threading

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from data.errors import CrsError, DataError, UnknownChoiceError
from data.register.build import RegisterColumns, register_from_table
from data.register.county_index import BORDER_TOLERANCE_M, adcodes_of, county_codes
from data.register.grid import (
    MAX_LATITUDE,
    RESOLUTION_M,
    WORLD_M,
    morton_key,
    morton_keys,
    to_degrees,
    to_grid,
)
from data.register.register_file import (
    ROWS_PER_GROUP,
    is_register_file,
    open_register,
    save_register,
)
from data.tables.register_of_source import register_of_source
from tests.synthetic import COLUMNS, synthetic_table


@pytest.fixture(scope="module")
def table(province):
    return synthetic_table(province)


@pytest.fixture(scope="module")
def register(province, table):
    return register_from_table(table, COLUMNS, province.counties)


def by_id(found: pa.Table) -> dict[str, dict[str, object]]:
    return {record["id"]: record for record in found.to_pylist()}


@given(
    st.floats(-180, 180, exclude_max=True),
    st.floats(-MAX_LATITUDE, MAX_LATITUDE, exclude_min=True),
)
def test_positions_are_within_a_cell_of_web_mercator(longitude, latitude):
    column, row = to_grid(np.array([longitude]), np.array([latitude]))
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(longitude, latitude)
    assert abs((column[0] + 0.5) * RESOLUTION_M - WORLD_M / 2 - x) < RESOLUTION_M
    assert abs(WORLD_M / 2 - (row[0] + 0.5) * RESOLUTION_M - y) < RESOLUTION_M
    again = to_grid(*to_degrees(column, row))
    assert abs(int(again[0][0]) - int(column[0])) <= 1
    assert abs(int(again[1][0]) - int(row[0])) <= 1


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_both_morton_keys_interleave_bits(column, row):
    bits = sum((column >> n & 1) << 2 * n | (row >> n & 1) << 2 * n + 1 for n in range(32))
    assert morton_key(column, row) == bits
    keys = morton_keys(np.array([column], np.uint32), np.array([row], np.uint32))
    assert int(keys[0]) == bits


def test_nothing_is_lost_and_all_is_in_its_place(register, table):
    found = by_id(register.records(np.arange(len(register))))
    assert len(found) == table.num_rows
    for record in table.to_pylist():
        held = found[record["id"]]
        assert held["longitude"] == pytest.approx(record["longitude"], abs=1e-7)
        assert held["latitude"] == pytest.approx(record["latitude"], abs=1e-7)
        assert {name: held[name] for name in ("sector", "year", "staff")} == {
            name: record[name] for name in ("sector", "year", "staff")
        }


def test_counties_are_those_of_a_spatial_join(register, table, province):
    frame = table.to_pandas()
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs=4326
    )
    joined = gpd.sjoin(points, province.counties[["geometry"]], how="left").set_index("id")
    expected = joined["index_right"]
    found = by_id(register.records(np.arange(len(register))))
    assert expected.notna().sum() > 1000
    assert expected.isna().sum() > 1000
    for name, adcode in expected.items():
        assert found[name]["county_adcode"] == (None if np.isnan(adcode) else int(adcode))


def test_a_point_on_a_border_has_one_county(province):
    corner = province.counties.geometry.iloc[0].exterior.coords[0]
    both = pa.table({"longitude": [corner[0]], "latitude": [corner[1]]})
    register = register_from_table(both, RegisterColumns(), province.counties)
    assert register.county.tolist() == [0]


def test_a_point_a_little_outside_belongs_to_the_nearest_county_where_that_is_asked(province):
    """The borders' own precision is a kilometre: the westernmost corner, moved west in metres."""
    crs = province.settings.metric_crs
    corners = province.counties.get_coordinates()
    west = corners.iloc[[int(corners["x"].argmin())]]
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(west["x"], west["y"])
    moved = np.array([0.5, 0.9, 1.1]) * BORDER_TOLERANCE_M
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    longitude, latitude = back.transform(x[0] - moved, np.repeat(y, 3))
    longitude, latitude = np.append(longitude, np.nan), np.append(latitude, np.nan)
    outside, home = len(province.counties), province.counties.index.get_loc(west.index[0])
    codes = county_codes(longitude, latitude, province.counties)
    assert codes.tolist() == [outside] * 4
    codes = county_codes(longitude, latitude, province.counties, metric_crs=crs)
    assert codes.tolist() == [home, home, outside, outside]
    county, city = adcodes_of(codes, province.counties)
    assert county[:2].tolist() == [west.index[0]] * 2
    assert city[:2].tolist() == [province.counties.at[west.index[0], "city_adcode"]] * 2
    assert np.isnan([*county[2:], *city[2:]]).all()


@pytest.mark.parametrize("level", [0, 5, 8, 11, 14, 20, 32])
def test_a_cell_is_one_run_of_rows(register, level):
    shift = np.uint32(32 - level) if level else np.uint32(31)
    picked = np.arange(0, len(register), 97)
    for place in picked:
        column, row = int(register.column[place]), int(register.row[place])
        cell = column >> (32 - level), row >> (32 - level)
        start, stop = register.cell_rows(level, *cell)
        inside = np.ones(len(register), dtype=bool)
        if level:
            inside = (register.column >> shift == cell[0]) & (register.row >> shift == cell[1])
        assert np.flatnonzero(inside).tolist() == list(range(start, stop))


@pytest.mark.parametrize("level", [0, 9, 15])
def test_cell_starts_cut_rows_into_cells(register, level):
    starts = register.cell_starts(level)
    cells = {
        (int(x) >> (32 - level), int(y) >> (32 - level))
        for x, y in zip(register.column, register.row, strict=True)
    }
    assert len(starts) == len(cells) + 1
    assert starts[-1] == len(register)
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        cell = int(register.column[start]) >> (32 - level), int(register.row[start]) >> (32 - level)
        assert register.cell_rows(level, *cell) == (start, stop)


def test_a_register_stays_within_its_memory(register):
    for level in range(6, 24):
        register.cell_starts(level)
    assert register.nbytes / len(register) < 250


def test_csv_is_read_with_progress(tmp_path, province, table, register):
    path = tmp_path / "points.csv"
    pa_csv.write_csv(table, path)
    told: list[tuple[str, float]] = []
    threads: set[int] = set()

    def tell(stage: str, done: float) -> None:
        told.append((stage, done))
        threads.add(threading.get_ident())

    opened = register_of_source(
        str(path), province.counties, categories=COLUMNS.categories, progress=tell
    )
    assert threads == {threading.get_ident()}
    assert opened.column.tolist() == register.column.tolist()
    assert opened.categories["year"].labels == register.categories["year"].labels
    assert ("read", 1.0) in told
    assert told[-1] == ("sort", 1.0)
    assert {stage for stage, _ in told} == {"read", "place", "sort"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "bad.csv: longitude: no such column; there are a, b"),
        ("longitude,latitude\n119,32\nabc,33\n", "invalid value 'abc'"),
        ("longitude,latitude,id\n1,2\n", "bad.csv: bytes 0 to 26: CSV parse error: Expected 3"),
        ("longitude,latitude,geometry\n1,2,3\n", "geometry: is the name of a column"),
        ("", "bad.csv: not readable as CSV"),
    ],
)
def test_faults_name_file_and_column(tmp_path, province, text, message):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        register_of_source(str(path), province.counties)
    assert message in str(caught.value)


def test_a_name_of_two_columns_is_a_fault(province):
    twice = pa.table([[119.0], [32.0], [1], [2]], names=["longitude", "latitude", "a", "a"])
    with pytest.raises(DataError, match="a: stands in the header 2 times"):
        register_from_table(twice, RegisterColumns(), province.counties)


def test_faulty_rows_are_left_out(province):
    mixed = pa.table({"longitude": [200.0, 119.0, None], "latitude": [32.0] * 3, "id": [1, 2, 3]})
    register = register_from_table(mixed, RegisterColumns(), province.counties)
    assert (len(register), register.left_out) == (1, 2)
    assert register.records(np.array([0])).to_pylist()[0]["id"] == 2


def test_categories_are_checked(province, table):
    floats = table.append_column("share", pa.array(np.linspace(0, 1, table.num_rows)))
    with pytest.raises(DataError, match="share: is of type double; a category is text or whole"):
        register_from_table(floats, RegisterColumns(categories=("share",)), province.counties)


def test_unknown_category(register):
    with pytest.raises(UnknownChoiceError, match="`category`: unknown value 'x'; choose from"):
        register.category("x")


def test_an_empty_register(province, tmp_path):
    empty = pa.table(
        {"longitude": pa.array([], pa.float64()), "latitude": pa.array([], pa.float64())}
    )
    register = register_from_table(empty, RegisterColumns(), province.counties)
    assert register.bounds is None
    assert register.cell_rows(3, 1, 1) == (0, 0)
    save_register(register, tmp_path / "empty.parquet")
    assert len(open_register(tmp_path / "empty.parquet", province.counties)) == 0


def test_saved_and_opened_again(tmp_path, province, register):
    path = tmp_path / "register.parquet"
    told: list[float] = []
    save_register(register, path, progress=lambda stage, done: told.append(done))
    assert told[-1] == 1.0
    assert is_register_file(path)
    opened = open_register(path, province.counties)
    assert opened.attributes.nbytes == 0
    assert opened.nbytes < register.nbytes
    rows = np.array([4999, 0, 17, 17])
    assert opened.records(rows).to_pylist() == register.records(rows).to_pylist()
    assert gpd.read_parquet(path).crs == province.counties.crs
    assert list(tmp_path.iterdir()) == [path]


def test_rows_are_found_across_groups(tmp_path, province):
    count = 2 * ROWS_PER_GROUP + 5
    many = synthetic_table(province, count)
    register = register_from_table(many, COLUMNS, province.counties)
    save_register(register, tmp_path / "many.parquet")
    opened = open_register(tmp_path / "many.parquet", province.counties)
    rows = np.array([count - 1, 3, ROWS_PER_GROUP, ROWS_PER_GROUP - 1, 2 * ROWS_PER_GROUP])
    assert opened.records(rows).to_pylist() == register.records(rows).to_pylist()


def test_a_register_of_other_counties_is_refused(tmp_path, province, register):
    save_register(register, tmp_path / "register.parquet")
    with pytest.raises(DataError, match="made with other counties"):
        open_register(tmp_path / "register.parquet", province.counties.iloc[1:])


def test_a_file_that_is_no_register_is_refused(tmp_path, province):
    path = tmp_path / "cities.parquet"
    province.cities.to_parquet(path)
    assert not is_register_file(path)
    with pytest.raises(DataError, match="not readable as a saved register"):
        open_register(path, province.counties)


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_geoparquet_of_others(tmp_path, province, table, register, encoding):
    frame = table.to_pandas()
    points = gpd.points_from_xy(frame.pop("longitude"), frame.pop("latitude"), crs="EPSG:4326")
    path = tmp_path / "points.parquet"
    gpd.GeoDataFrame(frame, geometry=points).to_parquet(path, geometry_encoding=encoding)
    opened = register_of_source(str(path), province.counties, categories=COLUMNS.categories)
    assert opened.column.tolist() == register.column.tolist()


def test_geoparquet_in_another_crs_is_refused(tmp_path, province):
    path = tmp_path / "metric.parquet"
    province.sites.to_crs(province.settings.metric_crs).to_parquet(path)
    with pytest.raises(CrsError, match="must be in EPSG:4326, but is in EPSG:4549"):
        register_of_source(str(path), province.counties)
