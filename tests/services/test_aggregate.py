"""Both engines and all sources count alike, also when a worker dies."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from clusters.registers.aggregate import aggregate_here, within
from clusters.registers.aggregate_dask import (
    SchedulerError,
    aggregate_with_dask,
    cluster,
    piece_totals,
)
from data.register.county_index import county_codes
from data.tables.opening import open_source
from data.tables.source import Wanted
from layers.command.cli import main
from tests.synthetic import SlowSource, synthetic_table

from .conftest import COUNT

WORKERS = 3


@pytest.fixture(scope="module")
def table(province) -> pa.Table:
    return synthetic_table(province, COUNT)


@pytest.fixture(scope="module")
def path(tmp_path_factory, table) -> str:
    path = tmp_path_factory.mktemp("aggregate") / "points.csv"
    pa_csv.write_csv(table, path)
    return str(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, table) -> str:
    frame = table.to_pandas()
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs="EPSG:4326"
    )
    folder = tmp_path_factory.mktemp("folder")
    for number in range(6):
        points.iloc[number::6].to_parquet(folder / f"{number}.parquet", row_group_size=1000)
    return str(folder)


@pytest.fixture(scope="module")
def client() -> Iterator[object]:
    with cluster(None, WORKERS) as client:
        yield client


@pytest.fixture(scope="module")
def expected(table, province) -> pd.DataFrame:
    """Counts and sums by geopandas' own join, county by county."""
    frame = table.to_pandas()
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs="EPSG:4326"
    )
    joined = gpd.sjoin(points, province.counties[["geometry"]])
    totals = joined.groupby("index_right")["staff"].agg(["count", "sum"]).astype(float)
    return totals.reindex(province.counties.index, fill_value=0.0)


def quiet(done: int, total: int) -> None:
    del done, total


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected, check_names=False)


def test_one_process_counts_what_a_join_counts(path, folder, province, expected):
    wanted = within(Wanted("staff"), province.counties)
    for address in (path, folder):
        same(aggregate_here(open_source(address), wanted, province.counties, quiet), expected)


def test_workers_count_the_same_with_progress(path, folder, province, expected, client):
    wanted = within(Wanted("staff"), province.counties)
    for address, pieces in ((path, None), (folder, 12)):
        told: list[tuple[int, int]] = []
        source = open_source(address)
        found = aggregate_with_dask(
            source, wanted, province.counties, lambda *step, told=told: told.append(step), client
        )
        same(found, expected)
        assert [done for done, _ in told] == list(range(1, told[0][1] + 1))
        if pieces is not None:
            assert len(told) >= pieces


def test_a_killed_worker_is_survived(folder, province, expected, client):
    wanted = within(Wanted("staff"), province.counties)
    source = SlowSource(open_source(folder), 0.3, 24)
    before = client.run(os.getpid)
    assert len(before) == WORKERS
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        assert total == 24
        if done == 3:
            killed.append(next(iter(before.values())))
            os.kill(killed[0], signal.SIGKILL)

    found = aggregate_with_dask(source, wanted, province.counties, kill_one, client)
    same(found, expected)
    assert killed
    assert killed[0] not in client.run(os.getpid).values()


@pytest.mark.usefixtures("reader")
def test_a_database_counts_the_same(database, province, expected, client):
    wanted = within(Wanted("staff"), province.counties)
    source = open_source(database.address())
    same(aggregate_here(source, wanted, province.counties, quiet), expected)
    # Workers took their environment when they were started.
    client.run(os.environ.update, {name: os.environ[name] for name in ("PGUSER", "PGPASSWORD")})
    same(aggregate_with_dask(source, wanted, province.counties, quiet, client), expected)


def test_both_ways_put_a_point_on_a_border_in_one_county(province):
    corners = [polygon.exterior.coords[0] for polygon in province.counties.geometry.explode()]
    longitude, latitude = pd.DataFrame(corners).to_numpy().T
    points = gpd.GeoDataFrame(
        {"value": 1.0}, index=range(len(corners)),
        geometry=gpd.points_from_xy(longitude, latitude), crs="EPSG:4326",
    )  # fmt: skip
    codes = pd.Series(county_codes(longitude, latitude, province.counties))
    counted = codes.value_counts()
    totals = piece_totals(points, province.counties)
    totals = totals[totals["count"] > 0]
    assert totals["count"].sum() == len(corners)
    places = [province.counties.index.get_loc(adcode) for adcode in totals.index]
    assert dict(zip(places, totals["count"], strict=True)) == counted.to_dict()


def test_the_command_line_writes_a_table(path, tmp_path, capsys, province, expected):
    assert main(["aggregate", path, "--by", "city", "--sum", "staff"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "adcode,name_zh,name_en,count,sum_staff"
    assert len(lines) == 14
    out = tmp_path / "counties.csv"
    assert main(["aggregate", path, "--sum", "staff", "-o", str(out)]) == 0
    written = pd.read_csv(out, encoding="utf-8-sig").set_index("adcode")
    assert written["count"].to_dict() == expected["count"].astype(int).to_dict()
    assert written["sum_staff"].to_dict() == expected["sum"].astype(int).to_dict()


def test_the_command_line_uses_a_scheduler(path, capsys, client):
    arguments = ["aggregate", path, "--by", "county", "--sum", "staff"]
    assert main(arguments) == 0
    local = capsys.readouterr().out
    address = client.scheduler.address
    assert main([*arguments, "--engine", "dask", "--scheduler", address]) == 0
    assert capsys.readouterr().out == local


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--where", "sector"], "`--where`: 'sector'; expected COLUMN=VALUE"),
        (["--bbox", "1,2,3"], "`--bbox`: '1,2,3'; expected W,S,E,N in degrees"),
        (["--bbox", "3,2,1,4"], "west below east"),
        (["--sum", "nothing"], "nothing: no such column"),
        (["--scheduler", "tcp://x:1"], "`--engine`: unknown value 'local'; choose from dask"),
        (["--province", "atlantis"], "unknown value 'atlantis'"),
    ],
)
def test_bad_arguments_are_status_1(path, capsys, more, message):
    assert main(["aggregate", path, *more]) == 1
    assert message in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer():
    with (
        pytest.raises(SchedulerError, match="no dask scheduler answers at nonsense://"),
        cluster("nonsense://127.0.0.1:1"),
    ):
        pass


def test_filters_reduce_the_counts(path, province, table):
    wanted = within(Wanted(where=(("sector", "battery"),)), province.counties)
    totals = aggregate_here(open_source(path), wanted, province.counties, quiet)
    frame = table.to_pandas()
    battery = frame[frame.sector == "battery"]
    codes = county_codes(
        battery.longitude.to_numpy(), battery.latitude.to_numpy(), province.counties
    )
    assert totals["count"].sum() == (codes < len(province.counties)).sum()
    assert totals["sum"].sum() == 0


@pytest.mark.parametrize(
    ("package", "arguments", "purpose"),
    [
        ("psycopg", ["postgresql://host/db?table=t"], "a postgresql:// source"),
        ("sqlalchemy", ["postgresql://host/db?table=t"], "a postgresql:// source"),
        ("dask_geopandas", ["--engine", "dask"], "--engine dask"),
        ("distributed", ["--engine", "dask"], "--engine dask"),
    ],
)
def test_a_missing_package_is_named(path, capsys, monkeypatch, package, arguments, purpose):
    monkeypatch.setitem(sys.modules, package, None)
    source = [] if arguments[0].startswith("postgresql") else [path]
    assert main(["aggregate", *source, *arguments]) == 1
    error = capsys.readouterr().err
    assert error == f"{purpose} needs {package}: pip install -r requirements/scale.txt\n"
