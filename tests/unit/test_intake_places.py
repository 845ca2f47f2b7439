"""Rows are placed by coordinates in the datum that the caller says, or by what they name."""

from __future__ import annotations

import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.datum import DATUMS, from_wgs84
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import RefusedError
from data.uploads.sites.datum_evidence import datum_evidence
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.placing import place_rows
from tests.places import PLACES

DISTRICT = PLACES.capital_district.zh
NAMED = tomllib.loads((Path(__file__).parent / "named_places.toml").read_text(encoding="utf-8"))
BY_NAME = Mapping((("city", "city"), ("county", "county")))
BY_CODE = Mapping((("adcode", "code"),))
BY_POINT = Mapping((("longitude", "x"), ("latitude", "y"), ("county", "county")))


def told(table, *expected):
    """The rows of a table of ``named_places.toml``: city, county (each may be missing), outcome."""
    return [
        (row.get("city"), row.get("county"), *(row[name] for name in expected))
        for row in NAMED[table]
    ]


def raw(columns, geometry=None, crs=None):
    frame = pd.DataFrame(columns, dtype=object)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    shapes = None if geometry is None else gpd.GeoSeries(geometry, index=frame.index, crs=crs)
    return RawTable(frame, "CSV", geometry=shapes, crs=crs)


def named(city, county, province):
    table = raw({"city": [city], "county": [county]})
    return place_rows(table, BY_NAME, province, "wgs84")


@pytest.fixture(scope="module")
def county(province):
    """A county that is in the middle of the province, as a row of the table."""
    return province.counties[province.counties["name_zh"] == DISTRICT].iloc[0]


@pytest.mark.parametrize(("city", "text", "adcode"), told("placed", "adcode"))
def test_names_of_counties(province, city, text, adcode):
    places = named(city, text, province)
    assert places.faults == ()
    row = places.table.loc[2]
    assert row["county_adcode"] == adcode
    assert row["precision"] == "county"
    assert np.isnan(row["longitude"])
    assert np.isnan(row["latitude"])


@pytest.mark.parametrize("city", PLACES.capital.spellings)
def test_names_of_cities(province, city):
    row = named(city, None, province).table.loc[2]
    assert row["city_adcode"] == PLACES.capital.adcode
    assert np.isnan(row["county_adcode"])
    assert row["precision"] == "city"


def test_every_area_is_found_by_each_of_its_names(province):
    for adcode, row in province.counties.iterrows():
        city = province.cities.loc[row["city_adcode"]]
        for language in ("zh", "en"):
            for text in (row[f"name_{language}"], row[f"name_{language}"].upper() + " "):
                found = named(city[f"name_{language}"], text, province)
                assert found.table.loc[2, "county_adcode"] == adcode, text


@pytest.mark.parametrize(("city", "text", "code", "column"), told("not_placed", "code", "column"))
def test_names_that_do_not_tell(province, city, text, code, column):
    fault = named(city, text, province).faults[0]
    assert (fault.row, fault.code, fault.column) == (2, code, column)
    assert not fault.warning
    for language in ("zh", "en"):
        assert fault.expected(language)
    if code == "several":
        assert PLACES.capital.en in fault.expected("en")
        assert PLACES.other_without_role.en in fault.expected("en")


@pytest.mark.parametrize(
    ("code", "city", "found"),
    [
        ("320106", 320100, 320106),
        (320106.0, 320100, 320106),
        ("320106001000", 320100, 320106),
        ("320100", 320100, None),
        ("330106", None, None),
        ("32010", None, None),
        ("320000", None, None),
        ("abc", None, None),
    ],
)
def test_adcodes(province, code, city, found):
    places = place_rows(raw({"code": [code]}), BY_CODE, province, "wgs84")
    row = places.table.loc[2]
    if city is None:
        assert [one.code for one in places.faults] == ["adcode"]
        assert row.isna().all()
    else:
        assert row["city_adcode"] == city
        assert row["county_adcode"] == found or np.isnan(row["county_adcode"])


def test_no_place_is_made_up_for_rows_of_one_county(province):
    places = place_rows(raw({"code": ["320106"] * 300}), BY_CODE, province, "wgs84")
    assert places.faults == ()
    assert set(places.table["county_adcode"]) == {320106}
    assert places.table[["longitude", "latitude"]].isna().all(axis=None)


@pytest.mark.parametrize("datum", DATUMS)
def test_the_datum_puts_points_right(province, county, datum):
    inside = county.geometry.representative_point()
    x, y = from_wgs84(inside.x, inside.y, datum)
    table = raw({"x": [str(x)], "y": [f" {y} "], "county": [DISTRICT]})
    places = place_rows(table, BY_POINT, province, datum)
    row = places.table.loc[2]
    assert (row["longitude"], row["latitude"]) == pytest.approx((inside.x, inside.y), abs=1e-8)
    assert row["precision"] == "site"
    assert places.faults == ()
    assert places.given[0] == pytest.approx((float(x), float(y)))


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        ("116.39", "39.9", "outside"),
        ("0", "0", "outside"),
        ("32.05", "118.8", "swapped"),
        ("118.8", "", "pair"),
        ("", "32.05", "pair"),
        ("east", "32.05", "degrees"),
        ("inf", "32.05", "degrees"),
        ("1e308", "1e308", "degrees"),
        ("118°48′″", "32.05", "degrees"),
    ],
)
def test_points_that_are_faults(province, x, y, code):
    table = raw({"x": [x or None], "y": [y or None], "county": [None]})
    places = place_rows(table, BY_POINT, province, "wgs84")
    assert {one.code for one in places.faults if not one.warning} == {code}
    assert places.table.loc[2].isna().all()


@pytest.mark.parametrize(("x", "code"), [("", "pair"), ("east", "degrees"), ("#N/A", "pair")])
def test_a_cell_that_is_no_number_costs_no_row_that_names_its_county(province, x, code):
    table = raw({"x": [x or None], "y": ["32.05"], "county": [DISTRICT]})
    places = place_rows(table, BY_POINT, province, "wgs84")
    assert [(one.code, one.warning) for one in places.faults] == [(code, True)]
    assert places.table.loc[2, "precision"] == "county"


def test_a_point_elsewhere_is_a_warning_and_stays(province):
    point = province.counties.geometry.loc[320411].representative_point()
    table = raw({"x": [point.x], "y": [point.y], "county": [DISTRICT]})
    places = place_rows(table, BY_POINT, province, "wgs84")
    assert [(one.code, one.warning) for one in places.faults] == [("elsewhere", True)]
    assert DISTRICT in places.faults[0].expected("zh")
    assert places.table.loc[2, "county_adcode"] == 320411


@pytest.mark.parametrize(("text", "warnings"), [(PLACES.namesake.zh, []), ("无此区", ["county"])])
def test_a_point_decides_where_the_name_does_not(province, text, warnings):
    point = province.counties.geometry.loc[320302].representative_point()
    table = raw({"x": [point.x], "y": [point.y], "county": [text]})
    places = place_rows(table, BY_POINT, province, "wgs84")
    assert [one.code for one in places.faults if one.warning] == warnings
    assert len(places.faults) == len(warnings)
    assert places.table.loc[2, "county_adcode"] == 320302


def test_a_row_without_a_point_falls_back_on_its_names(province):
    table = raw({"x": ["118.8", None], "y": ["32.05", None], "county": [None, DISTRICT]})
    places = place_rows(table, BY_POINT, province, "wgs84")
    assert places.table["precision"].tolist() == ["site", "county"]


def test_geometry_in_metres_and_without_crs(province, county):
    inside = county.geometry.representative_point()
    moved = gpd.GeoSeries([inside], crs=4326).to_crs(province.settings.metric_crs)
    table = raw({"a": ["x"]}, moved.tolist(), province.settings.metric_crs)
    row = place_rows(table, Mapping(), province, "wgs84").table.loc[2]
    assert row["county_adcode"] == county["adcode"]
    bare = raw({"a": ["x"]}, [inside])
    guessed = place_rows(bare, Mapping(), province, "wgs84")
    assert [one.code for one in guessed.notes] == ["guessed_degrees"]
    assert guessed.table.loc[2, "county_adcode"] == county["adcode"]
    row = place_rows(bare, Mapping(), province, "wgs84", "EPSG:4326").table.loc[2]
    assert row["county_adcode"] == county["adcode"]
    with pytest.raises(RefusedError, match="Unknown coordinate system: EPSG:1"):
        place_rows(bare, Mapping(), province, "wgs84", "EPSG:1")


def test_a_mapping_without_a_place(province):
    with pytest.raises(RefusedError, match="No column tells where"):
        place_rows(raw({"a": ["x"]}), Mapping((("name_zh", "a"),)), province, "wgs84")


@given(
    x=st.floats(allow_nan=True) | st.floats(116, 122),
    y=st.floats(allow_nan=True) | st.floats(30, 36),
)
@settings(max_examples=60, deadline=None)
def test_any_number_is_placed_inside_or_a_fault(province, x, y):
    table = raw({"x": [x], "y": [y], "county": [None]})
    places = place_rows(table, BY_POINT, province, "gcj02")
    row = places.table.loc[2]
    if row.isna().all():
        assert any(not one.warning for one in places.faults)
    else:
        assert row["county_adcode"] in province.counties.index


@pytest.mark.parametrize("datum", DATUMS)
def test_evidence_favours_the_datum_that_points_are_in(province, datum):
    """Points 100 m inside the borders: each shift carries some of them out."""
    crs = province.settings.metric_crs
    rings = province.counties.to_crs(crs).geometry.buffer(-100).boundary
    points = rings.interpolate(0.3, normalized=True).to_crs("EPSG:4326")
    moved = np.column_stack(from_wgs84(points.x, points.y, datum))
    table = datum_evidence(moved, province.counties.index.to_numpy(dtype=float), province)
    assert table.index.tolist() == list(DATUMS)
    assert table["share"].idxmax() == datum
    assert table.loc[datum, "share"] == 1
    assert (table["named"] == len(points)).all()


def test_evidence_of_nothing(province):
    table = datum_evidence([[118.8, 32.0], [np.nan, 32]], [np.nan, 320102], province)
    assert (table["named"] == 0).all()
    assert table["share"].isna().all()
    city = datum_evidence([[118.8, 32.05]], [320100], province)
    assert city.loc["wgs84"].tolist() == [1, 1, 1.0]
