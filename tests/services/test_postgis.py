"""A real PostGIS is asked with its own index, and never with a name or value as it came."""

from __future__ import annotations

import pytest

from data.errors import CrsError, DataError
from data.tables import postgis_source as postgis
from data.tables.postgis_source import DatabaseError, open_postgis
from data.tables.source import Wanted
from tests.synthetic import synthetic_table

from .conftest import COUNT, PASSWORD
from .test_sources import all_rows, sorted_rows

SMALL = (118.5, 32.0, 118.6, 32.1)

pytestmark = pytest.mark.usefixtures("reader")


@pytest.fixture(scope="module")
def frame(province):
    return synthetic_table(province, COUNT).to_pandas()


@pytest.mark.parametrize("most", [1, 7])
def test_points_are_those_of_the_table(database, frame, most):
    found = all_rows(database.address(), Wanted(value="staff"), most)
    assert sorted_rows(frame.rename(columns={"staff": "value"})).equals(found)
    assert len(open_postgis(database.address()).parts(Wanted(), most)) == most


def test_filters_and_bounds_are_answered_by_the_database(database, frame):
    wanted = Wanted("staff", (("sector", "battery"), ("year", "2001")), (118.0, 32.0, 120.0, 34.0))
    kept = frame[(frame.sector == "battery") & (frame.year == 2001)]
    kept = kept[kept.longitude.between(118, 120) & kept.latitude.between(32, 34)]
    assert 0 < len(kept) < 200
    expected = sorted_rows(kept.rename(columns={"staff": "value"}))
    assert expected.equals(all_rows(database.address(), wanted))


def test_the_spatial_index_is_used(database):
    source = open_postgis(database.address())
    plan = source.plan(Wanted(bounds=SMALL))
    assert "points_place" in plan
    assert "Index Scan" in plan
    assert "points_place" not in source.plan(Wanted())
    assert "Filter: (sector = 'battery'::text)" in source.plan(
        Wanted(where=(("sector", "battery"),), bounds=SMALL)
    )


@pytest.mark.parametrize(
    ("table", "more", "wanted", "message"),
    [
        ("synthetic.nothing", "", Wanted(), "synthetic.nothing: no such table"),
        ("synthetic.plain; DROP TABLE x", "", Wanted(), "no such table"),
        ("synthetic.hidden", "", Wanted(), "no such table, or it may not be read"),
        ("synthetic.plain", "", Wanted(), "expected one geometry column"),
        ("synthetic.two", "", Wanted(), "there is one, other"),
        ("synthetic.two", "&geometry=third", Wanted(), "third: no such column; there are one"),
        ("synthetic.areas", "", Wanted(), "place: holds POLYGON; expected POINT"),
        ("synthetic.two", "&geometry=one", Wanted(value="x"), "x: no such column"),
        ("synthetic.two", "&geometry=one", Wanted(where=(('a" = 1 --', "1"),)), "no such column"),
    ],
)
def test_names_are_looked_up_in_the_catalogue(database, table, more, wanted, message):
    with pytest.raises(DataError) as caught:
        all_rows(database.address(table, more), wanted)
    assert message in str(caught.value)


def test_values_are_only_values(database):
    wanted = Wanted(where=(("sector", "battery' OR 'a' = 'a"),))
    assert len(all_rows(database.address(), wanted)) == 0
    with pytest.raises(DatabaseError, match="invalid input syntax for type integer"):
        all_rows(database.address(), Wanted(where=(("year", "1 OR 1=1"),)))


def test_a_chosen_geometry_column(database):
    assert len(all_rows(database.address("synthetic.two", "&geometry=one"), Wanted())) == 0


def test_another_crs_is_refused(database):
    with pytest.raises(CrsError, match="must be in EPSG:4326, but is in EPSG:4549"):
        all_rows(database.address("synthetic.metric"), Wanted())


def test_a_column_that_is_no_number(database):
    with pytest.raises(DatabaseError, match="double precision"):
        all_rows(database.address(), Wanted(value="sector"))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql://me:secret@host/db?table=t", "has a password; put it into PGPASSWORD"),
        ("postgresql://host/db", "names no table: add"),
        ("postgresql://host/db?table=t&sslkey=x", "knows only"),
    ],
)
def test_addresses_are_checked_and_secrets_not_shown(address, message):
    with pytest.raises(DataError) as caught:
        open_postgis(address)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


def test_wrong_credentials_are_one_line(database, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(DatabaseError) as caught:
        all_rows(database.address())
    assert "password authentication failed" in str(caught.value)
    assert "wrong" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_server_there(monkeypatch):
    with pytest.raises(DatabaseError, match="postgresql://127"):
        all_rows("postgresql://127.0.0.1:1/atlas?table=t")


def test_a_database_that_falls_while_it_is_read_is_named_and_read_again(database, monkeypatch):
    monkeypatch.setattr(postgis, "_BATCH", 500)
    source = open_postgis(database.address())
    wanted = Wanted(value="staff")
    reading = source.read(None, wanted)
    first = len(next(reading))
    assert 0 < first < COUNT
    database.kill()
    try:
        with pytest.raises(DatabaseError) as caught:
            list(reading)
        with pytest.raises(DatabaseError):
            source.parts(wanted, 1)
    finally:
        database.start()
    assert "127.0.0.1" in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert len(all_rows(database.address(), wanted)) == COUNT
