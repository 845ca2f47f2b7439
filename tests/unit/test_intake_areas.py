"""Areas are known by what they were called, by zones and addresses, and what differs is said."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.evidence_files import read_rows
from data.former_areas import FormerAreaRow, former_faults
from data.loader import load_folder
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import RefusedError
from data.uploads.sites.area_names import AreaNames
from data.uploads.sites.crs_guess import are_metres, east_first, guess_crs, old_datum
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.placing import place_rows
from tests.places import PLACES

NAMED = tomllib.loads((Path(__file__).parent / "named_places.toml").read_text(encoding="utf-8"))
BY_NAME = Mapping((("city", "city"), ("county", "county")))


@pytest.fixture(scope="module")
def names(province):
    return AreaNames(province)


def placed(province, mapping, **columns):
    frame = pd.DataFrame({name: [value] for name, value in columns.items()}, dtype=object)
    frame.index = pd.Index([2], name="row")
    return place_rows(RawTable(frame, "CSV"), mapping, province, "wgs84")


def test_every_area_of_other_years_is_found_by_its_name_and_code(province, names):
    assert province.former_areas
    for row in province.former_areas:
        is_city = row.codes[0] in province.cities.index
        city = row.codes[0] if is_city else int(province.counties.at[row.codes[0], "city_adcode"])
        (found,) = names.counties(row.name_zh, city)
        assert found.city == city
        assert found.county == (row.codes[0] if len(row.codes) == 1 and not is_city else None)
        # One name is in force again, for a larger area: only its code is of other years.
        if row.name_zh not in set(province.counties["name_zh"]):
            assert found.remark == ("former" if len(row.codes) == 1 else "former_split")
        if row.adcode is not None:
            assert names.by_adcode(str(row.adcode)) == found


def test_a_name_of_other_years_is_a_warning_and_stays(province):
    row = province.former_areas[0]
    city = province.cities.at[province.counties.at[row.codes[0], "city_adcode"], "name_zh"]
    places = placed(province, BY_NAME, city=city, county=row.name_zh)
    assert [(one.code, one.warning) for one in places.faults] == [("former", True)]
    assert str(row.since) in places.faults[0].expected("zh")
    assert places.table.loc[2, "county_adcode"] == row.codes[0]


def test_rows_that_name_no_county_are_faults(province_copy, province):
    path = province_copy / "former_areas.csv"
    path.write_text("name_zh,adcode,now,since,source\nx,1,1,2000,y\n", encoding="utf-8")
    rows, faults = read_rows(path, FormerAreaRow)
    assert rows == []
    assert {one.field for one in faults} == {"adcode", "now"}
    bad = FormerAreaRow(name_zh="x", adcode=320106, now="999999", since=2000, source="y")
    found = former_faults([bad], map(int, province.counties.index))
    assert [one.field for one in found] == ["now", "adcode"]
    city, county = int(province.cities.index[0]), int(province.counties.index[0])
    whole = FormerAreaRow(name_zh="x", now=f"{city}", since=2000, source="y")
    split = FormerAreaRow(name_zh="x", now=f"{city};{county}", since=2000, source="y")
    assert former_faults([whole], [county], [city]) == []
    assert [one.field for one in former_faults([split], [county], [city])] == ["now"]
    path.unlink()
    assert load_folder(province_copy).former_areas == ()


@pytest.mark.parametrize("zone", ["经济技术开发区", "高新区", "市辖区", "全市", "科学城", "某某园"])
def test_a_zone_is_counted_for_the_city_that_stands_beside_it(province, zone):
    places = placed(province, BY_NAME, city=PLACES.capital.zh, county=zone)
    assert [(one.code, one.warning) for one in places.faults] == [("zone_of_city", True)]
    assert places.table.loc[2, "city_adcode"] == PLACES.capital.adcode
    assert np.isnan(places.table.loc[2, "county_adcode"])


def test_an_address_tells_the_county_where_nothing_else_does(province):
    district = province.counties.loc[320106]
    text = f"{PLACES.province.zh}{PLACES.capital.zh}{district['name_zh']}某路1号"
    places = placed(province, Mapping((("address", "address"),)), address=text)
    assert places.faults == ()
    assert [one.code for one in places.notes] == ["placed_by_address"]
    assert places.table.loc[2, "county_adcode"] == 320106
    other = placed(province, Mapping((("address", "address"),)), address="某路1号")
    assert "no_place" in {one.code for one in other.faults}


@pytest.mark.parametrize("told", NAMED["addressed"], ids=lambda told: told["address"])
def test_an_address_that_begins_like_a_city_may_be_a_road(province, told):
    places = placed(province, Mapping((("address", "address"),)), address=told["address"])
    row = places.table.loc[2]
    found = row["county_adcode"] if row["county_adcode"] > 0 else row["city_adcode"]
    if "adcode" not in told:
        assert {one.code for one in places.faults} == {"no_area", "no_place"}
        return
    assert found == told["adcode"]
    assert [one.code for one in places.faults] == ([told["remark"]] if "remark" in told else [])


@pytest.mark.parametrize("told", NAMED["ranked"], ids=str)
def test_a_name_of_another_rank_is_said(province, told):
    places = placed(province, BY_NAME, city=told.get("city"), county=told.get("county"))
    row = places.table.loc[2]
    found = row["county_adcode"] if row["county_adcode"] > 0 else row["city_adcode"]
    assert found == told["adcode"]
    assert [one.code for one in places.faults] == ([told["remark"]] if "remark" in told else [])


@pytest.mark.parametrize(
    "code", ["３２０１０６", "320 106", "320106.0", "320106000000", "3.20106E+11"]
)
def test_codes_as_spreadsheets_write_them(names, code):
    assert names.by_adcode(code).county == 320106


def test_a_code_and_a_name_of_two_places_is_said(province):
    mapping = Mapping((("adcode", "code"), ("county", "county")))
    other = province.counties.loc[320102, "name_zh"]
    places = placed(province, mapping, code="320106", county=other)
    assert [(one.code, one.warning) for one in places.faults] == [("code_name", True)]
    assert places.table.loc[2, "county_adcode"] == 320106


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:4528", "EPSG:3857"])
def test_metres_are_taken_where_one_system_alone_fits(province, crs):
    local = province.counties.cx[119.5:121.0, :]
    points = local.geometry.representative_point().to_crs(crs)
    given = np.column_stack([points.x, points.y])
    assert are_metres(given)
    assert guess_crs(given, province).crs == crs
    assert guess_crs(east_first(given[:, ::-1]), province).crs == crs


def test_metres_that_fit_nowhere_are_asked_for(province):
    given = np.array([[52345.0, 38123.0], [52999.0, 38555.0]])
    assert guess_crs(given, province).crs is None
    mapping = Mapping((("longitude", "x"), ("latitude", "y")))
    with pytest.raises(RefusedError, match="Choose one"):
        placed(province, mapping, x=52345.0, y=38123.0)
    both = Mapping((("longitude", "x"), ("latitude", "y"), ("city", "city")))
    places = placed(province, both, x=52345.0, y=38123.0, city=PLACES.capital.zh)
    assert [one.code for one in places.notes] == ["unread_metres"]
    assert places.table.loc[2, "precision"] == "city"


def test_systems_of_the_earlier_datums_are_named():
    assert old_datum("EPSG:4610") == "Xian 1980"
    assert "Beijing" in old_datum("EPSG:2436")
    assert old_datum("EPSG:4490") is None
