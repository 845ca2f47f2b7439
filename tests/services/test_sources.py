"""Files, folders and databases give the same points, and say what is wrong with them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import CrsError, DataError
from data.register import register_file as file
from data.register.build import register_from_table
from data.register.register_file import save_register
from data.tables import csv_source
from data.tables.csv_source import CsvSource
from data.tables.opening import open_source
from data.tables.source import FRAME_COLUMNS, MissingPackageError, Wanted, optional_module
from tests.synthetic import COLUMNS, synthetic_table

WANTED = Wanted(value="staff", where=(("sector", "battery"),), bounds=(118.0, 32.0, 120.0, 34.0))


@pytest.fixture(scope="module")
def table(province) -> pa.Table:
    return synthetic_table(province, 3000)


@pytest.fixture(scope="module")
def expected(table) -> pd.DataFrame:
    frame = table.to_pandas()
    frame = frame[(frame.sector == "battery") & frame.longitude.between(118, 120)]
    return sorted_rows(frame[frame.latitude.between(32, 34)].rename(columns={"staff": "value"}))


def sorted_rows(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame[["longitude", "latitude", "value"]].astype(float)
    return rows.sort_values(["longitude", "latitude"], ignore_index=True)


def all_rows(address: str, wanted: Wanted = WANTED, most: int = 1) -> pd.DataFrame:
    source = open_source(address)
    frames = [one for part in source.parts(wanted, most) for one in source.read(part, wanted)]
    empty = pd.DataFrame(columns=list(FRAME_COLUMNS), dtype=float)
    return sorted_rows(pd.concat([empty, *frames]))


@pytest.mark.parametrize("most", [1, 5])
def test_every_file_gives_the_same_points(tmp_path, province, table, expected, most):
    frame = table.to_pandas()
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs="EPSG:4326"
    )
    bare = points.drop(columns=["longitude", "latitude"])
    pa_csv.write_csv(table, tmp_path / "points.csv")
    pq.write_table(table, tmp_path / "plain.parquet", row_group_size=700)
    bare.to_parquet(tmp_path / "wkb.parquet", row_group_size=700)
    bare.to_parquet(tmp_path / "box.parquet", row_group_size=700, write_covering_bbox=True)
    big_endian = [shapely.to_wkb(point, byte_order=0) for point in bare.geometry]
    wkb = pq.read_table(tmp_path / "wkb.parquet")
    place = wkb.schema.get_field_index("geometry")
    wkb = wkb.set_column(place, wkb.schema.field(place), pa.array(big_endian, pa.binary()))
    pq.write_table(wkb, tmp_path / "big.parquet")
    bare.to_parquet(tmp_path / "arrow.parquet", geometry_encoding="geoarrow")
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    bare.iloc[:1000].to_parquet(tmp_path / "folder" / "a.parquet")
    bare.iloc[1000:].to_parquet(tmp_path / "folder" / "deep" / "b.parquet", row_group_size=300)
    names = ("points.csv", "plain.parquet", "wkb.parquet", "arrow.parquet", "big.parquet")
    for name in (*names, "box.parquet", "folder"):
        found = all_rows(str(tmp_path / name), most=most)
        pd.testing.assert_frame_equal(found, expected)
    register = register_from_table(table, COLUMNS, province.counties)
    save_register(register, tmp_path / "register.parquet")
    # Positions of a register are rounded to its grid.
    found = all_rows(str(tmp_path / "register.parquet"), most=most)
    pd.testing.assert_frame_equal(found, expected, atol=1e-7, rtol=0)


def test_row_groups_far_away_are_not_read(tmp_path, province, monkeypatch):
    count = 40_000
    monkeypatch.setattr(file, "ROWS_PER_GROUP", 1000)
    register = register_from_table(synthetic_table(province, count), COLUMNS, province.counties)
    save_register(register, tmp_path / "register.parquet")
    frame = register.records(np.arange(count)).to_pandas()
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs="EPSG:4326"
    )
    points.to_parquet(tmp_path / "box.parquet", row_group_size=1000, write_covering_bbox=True)
    read: list[int] = []
    original = pq.ParquetFile.read_row_group

    def watched(self, group, **options):
        read.append(group)
        return original(self, group, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", watched)
    window = (118.5, 32.0, 118.6, 32.1)
    inside = frame.longitude.between(118.5, 118.6) & frame.latitude.between(32.0, 32.1)
    assert inside.sum() > 2
    for name in ("register.parquet", "box.parquet"):
        read.clear()
        assert len(all_rows(str(tmp_path / name), Wanted(bounds=window))) == inside.sum()
        assert 1 <= len(set(read)) <= 8


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.text(alphabet='ab",\n ', max_size=12), min_size=1, max_size=60),
    most=st.integers(1, 12),
)
def test_a_csv_is_never_cut_inside_a_cell(tmp_path_factory, cells, most):
    path = tmp_path_factory.mktemp("cut") / "points.csv"
    count = len(cells)
    quoted = pa.table(
        {"name": cells, "longitude": np.arange(count) / 1.0, "latitude": [1.0] * count}
    )
    pa_csv.write_csv(quoted, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_source, "_LEAST_BYTES", 1)
        patch.setattr(csv_source, "_SCAN_BYTES", 64)
        wanted = Wanted()
        source = CsvSource(path)
        parts = source.parts(wanted, most)
        assert [start for start, _ in parts[1:]] == [stop for _, stop in parts[:-1]]
        found = [one for part in parts for one in source.read(part, wanted)]
    assert pd.concat(found)["longitude"].tolist() == list(range(count))


@pytest.mark.parametrize(
    ("name", "text", "wanted", "message"),
    [
        ("a.txt", "", Wanted(), "expected FILE.csv, FILE.parquet, a folder of Parquet"),
        ("none.csv", None, Wanted(), "none.csv: cannot be read: No such file"),
        ("none.parquet", None, Wanted(), "none.parquet: not readable as Parquet"),
        ("a.csv", "lon,lat\n1,2\n", Wanted(), "longitude: no such column; there are lon, lat"),
        ("a.csv", "longitude,latitude\n1,2\n", Wanted(value="x"), "x: no such column"),
        ("a.csv", "longitude,latitude,x\n1,2,q\n", Wanted(value="x"), "invalid value 'q'"),
        ("a.parquet", "not parquet", Wanted(), "not readable as Parquet"),
    ],
)
def test_faults_name_the_file(tmp_path, name, text, wanted, message):
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        all_rows(str(path), wanted)
    assert message in str(caught.value)


def test_an_empty_folder(tmp_path):
    with pytest.raises(DataError, match="the folder has no Parquet files"):
        all_rows(str(tmp_path))


def test_another_crs_is_refused(tmp_path, province):
    path = tmp_path / "metric.parquet"
    province.sites.to_crs(province.settings.metric_crs).to_parquet(path)
    with pytest.raises(
        CrsError, match=r"metric.parquet.* must be in EPSG:4326, but is in EPSG:4549"
    ):
        all_rows(str(path), Wanted())


def test_a_file_without_rows(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("longitude,latitude\n", encoding="utf-8")
    source = CsvSource(path)
    frames = [one for part in source.parts(Wanted(), 4) for one in source.read(part, Wanted())]
    assert sum(map(len, frames)) == 0


def test_a_missing_package_says_what_to_install():
    with pytest.raises(
        MissingPackageError, match=r"needs not_there: pip install -r requirements/scale"
    ):
        optional_module("not_there", "this")
