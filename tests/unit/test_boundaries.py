"""The committed boundaries are what their source and the administrative list say."""

from __future__ import annotations

import json

import pytest
import shapely

from data.authoring.boundaries import derive_counties, dissolve_cities, read_names
from data.crs import area_km2
from data.errors import CrsError
from data.loader import PROVINCES_FOLDER, default_province_id

# Official areas in square kilometres. Coasts with tidal flats are left out: the two differ.
OFFICIAL_KM2 = {320100: 6587, 320200: 4627, 320400: 4372, 320500: 8657, 320800: 10030}
OFFICIAL_KM2 |= {321000: 6591, 321100: 3840, 321200: 5787, 321300: 8524}


def test_counts_follow_the_administrative_list(province):
    assert len(province.cities) == 13
    kinds = province.counties["kind"].value_counts().to_dict()
    assert kinds == {"district": 55, "city": 21, "county": 19}


def test_cities_are_exactly_their_counties(province):
    for adcode, city in province.cities.geometry.items():
        union = shapely.union_all(province.counties_of(adcode).geometry.to_numpy())
        assert city.symmetric_difference(union).area < 1e-12


@pytest.mark.parametrize("name", ["cities", "counties"])
def test_coverage_has_no_gap_and_no_overlap(province, name):
    assert shapely.coverage_is_valid(getattr(province, name).geometry.to_numpy())


def test_neighbours_do_not_overlap_the_province(province):
    own = shapely.union_all(province.cities.geometry.to_numpy())
    assert shapely.union_all(province.neighbours.geometry.to_numpy()).intersection(own).area < 1e-9


@pytest.mark.parametrize(("adcode", "official"), OFFICIAL_KM2.items())
def test_areas_are_near_the_official_ones(province, adcode, official):
    assert province.city_areas_km2.at[adcode] == pytest.approx(official, rel=0.01)


def test_area_needs_degrees(province):
    metric = province.cities.to_crs(province.settings.metric_crs)
    with pytest.raises(CrsError, match="`table` must be in EPSG:4326, but is in EPSG:4549"):
        area_km2(metric, province.settings.area_crs)


def test_labels_stand_inside(province):
    for name in ("cities", "counties"):
        table = getattr(province, name)
        points = shapely.points(table["label_lon"], table["label_lat"])
        assert shapely.contains(table.geometry.to_numpy(), points).all()


@pytest.mark.parametrize("name", ["cities", "counties", "neighbours"])
def test_files_follow_rfc_7946(name):
    path = PROVINCES_FOLDER / default_province_id() / f"{name}.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)


def test_derivation_gives_what_is_committed(province):
    folder = PROVINCES_FOLDER / default_province_id()
    counties = derive_counties(province.settings.adcode, read_names(folder))
    assert counties["adcode"].tolist() == province.counties.index.tolist()
    assert shapely.equals_exact(
        counties.geometry.to_numpy(), province.counties.geometry.to_numpy(), 1e-6, normalize=True
    ).all()
    source = province.cities.rename(
        columns={"name_zh": "city_name", "label_lon": "lon", "label_lat": "lat"}
    )
    cities = dissolve_cities(counties, source, read_names(folder))
    assert cities["name_en"].tolist() == province.cities["name_en"].tolist()
    same = [
        one.symmetric_difference(other).area < 1e-9
        for one, other in zip(cities.geometry, province.cities.geometry, strict=True)
    ]
    assert all(same)
