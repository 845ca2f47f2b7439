"""The loader accepts what is committed and names every fault of what is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.errors import DataError, UnknownChoiceError
from data.loader import load_folder, load_province
from tests.places import PLACES


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_unbroken_copy_loads(province_copy):
    assert len(load_folder(province_copy).cities) == 13


def test_unknown_province_lists_the_known():
    with pytest.raises(UnknownChoiceError, match=r"`province`: unknown value 'atlantis'; choose"):
        load_province("atlantis")


def test_all_faults_of_all_files_come_at_once(province_copy):
    rewrite(province_copy / "plan.toml", "\nopen_list = true", '\nopen_list = "perhaps"')
    rewrite(
        province_copy / "cities.geojson", f'"name_en":"{PLACES.parts_pilot.en}"', '"name_en":""'
    )
    rewrite(province_copy / "province.toml", "EPSG:4549", "EPSG:4326")
    (province_copy / "neighbours.geojson").unlink()
    with pytest.raises(DataError) as caught:
        load_folder(province_copy)
    told = {(fault.file, fault.record, fault.field) for fault in caught.value.faults}
    assert ("plan.toml", "roles[0] (assembly)", "open_list") in told
    assert ("cities.geojson", "feature 2 (adcode 320200)", "name_en") in told
    assert ("province.toml", "", "metric_crs") in told
    assert ("neighbours.geojson", "", "") in told
    assert "neighbours.geojson: the file is missing" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("cities = [320600,", "cities = [320699,", "no city with adcode 320699"),
        ('sectors = ["hydrogen"]', 'sectors = ["helium"]', "no sector 'helium'"),
        ('id = "anode"', 'id = "cathode"', "stands in segments 2 times"),
        ('"aheve-2019"]', '"nobody-2019"]', "no source 'nobody-2019'"),
        ("schema = 1", "schema = 2", "Input should be 1"),
        ("interim = true", "interrim = true", "Extra inputs are not permitted"),
        ("schema = 1", "schema = = 1", "not readable as TOML in UTF-8"),
    ],
)
def test_plan_faults(province_copy, old, new, problem):
    rewrite(province_copy / "plan.toml", old, new)
    with pytest.raises(DataError) as caught:
        load_folder(province_copy)
    assert problem in str(caught.value)


def feature(adcode: int, geometry: object) -> dict[str, object]:
    properties = {
        "adcode": adcode,
        "name_zh": "某市",
        "name_en": "Some",
        "label_lon": 120.0,
        "label_lat": 33.0,
    }
    return {"type": "Feature", "properties": properties, "geometry": geometry}


SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
BOW_TIE = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]


@pytest.mark.parametrize(
    ("geometry", "problem"),
    [
        (None, "not readable as GeoJSON geometry"),
        ({"type": "Point", "coordinates": [1, 2]}, "is a Point; expected a Polygon"),
        ({"type": "Polygon", "coordinates": BOW_TIE}, "is not valid: Self-intersection"),
        ({"type": "Polygon", "coordinates": []}, "empty; expected a polygon"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [500, 0], [500, 1], [0, 0]]]},
            "outside longitude -180..180",
        ),
    ],
)
def test_geometry_faults(province_copy, geometry, problem):
    path = province_copy / "cities.geojson"
    collection = {"type": "FeatureCollection", "features": [feature(320100, geometry)]}
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_folder(province_copy)
    assert problem in str(caught.value)


def test_doubled_adcode(province_copy):
    path = province_copy / "cities.geojson"
    square = {"type": "Polygon", "coordinates": SQUARE}
    features = [feature(320100, square), feature(320100, square)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(DataError, match="adcode: stands in the file twice"):
        load_folder(province_copy)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "not readable as JSON"),
        ("[]", "expected a GeoJSON FeatureCollection"),
        ('{"type":"FeatureCollection","features":[]}', "the file has no features"),
        ("[" * 200_000, "not readable as JSON"),
    ],
)
def test_unreadable_collections(province_copy, content, problem):
    (province_copy / "counties.geojson").write_text(content)
    with pytest.raises(DataError, match=problem):
        load_folder(province_copy)


def test_county_of_no_city(province_copy):
    rewrite(province_copy / "counties.geojson", '"city_adcode":320100', '"city_adcode":329900')
    with pytest.raises(DataError, match="adcode 320102, city_adcode: no city with adcode 329900"):
        load_folder(province_copy)
