"""The shifts agree with independent implementations, and the way back leads back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.datum import CHINA_BOX, DATUMS, from_wgs84, to_wgs84
from data.errors import UnknownChoiceError
from tests.missing import package

MM_DEG = 1e-3 / 111_320
CHINA = (st.floats(73.4, 135.1), st.floats(3.4, 53.6))
SHIFTED = ("gcj02", "bd09")

# Computed with coord-convert 0.2.1: WGS-84, GCJ-02, BD-09.
KNOWN = [
    (
        (118.8, 32.05),
        (118.80517716491906, 32.04792177186948),
        (118.81159231317079, 32.054267271331916),
    ),
    (
        (116.391, 39.9075),
        (116.39724102232381, 39.90890113063956),
        (116.40361404060864, 39.915243769991704),
    ),
    ((87.6, 43.8), (87.60283897227161, 43.80121203029208), (87.60921015182171, 43.80747250765041)),
    (
        (109.5, 18.25),
        (109.50411844404833, 18.248331520999667),
        (109.51068025634335, 18.25401200619137),
    ),
    (
        (121.0, 31.3),
        (121.00438932128493, 31.298003505702624),
        (121.01093587026836, 31.30375057919618),
    ),
    (
        (104.99, 35.0),
        (104.99323689404257, 34.99906856599167),
        (104.99962246154303, 35.00535868543037),
    ),
]


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), KNOWN)
def test_known_points(wgs84, gcj02, bd09):
    assert from_wgs84(*wgs84, "gcj02") == pytest.approx(gcj02, abs=1e-10)
    assert from_wgs84(*wgs84, "bd09") == pytest.approx(bd09, abs=1e-10)
    assert to_wgs84(*gcj02, "gcj02") == pytest.approx(wgs84, abs=MM_DEG)
    assert to_wgs84(*bd09, "bd09") == pytest.approx(wgs84, abs=MM_DEG)


@given(*CHINA)
def test_agrees_with_eviltransform_to_centimetres(lon, lat):
    """It takes another Earth radius (6378137 m), which moves a point by 2 cm at most."""
    eviltransform = package("eviltransform")
    gcj_lat, gcj_lon = eviltransform.wgs2gcj(lat, lon)
    bd_lat, bd_lon = eviltransform.wgs2bd(lat, lon)
    assert from_wgs84(lon, lat, "gcj02") == pytest.approx((gcj_lon, gcj_lat), abs=3e-7)
    assert from_wgs84(lon, lat, "bd09") == pytest.approx((bd_lon, bd_lat), abs=3e-7)


@pytest.mark.parametrize("datum", DATUMS)
@given(lon=CHINA[0], lat=CHINA[1])
def test_round_trip_is_under_a_millimetre(datum, lon, lat):
    there_and_back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    back_and_there = from_wgs84(*to_wgs84(lon, lat, datum), datum)
    assert there_and_back == pytest.approx((lon, lat), abs=MM_DEG)
    assert back_and_there == pytest.approx((lon, lat), abs=MM_DEG)


@pytest.mark.parametrize("datum", SHIFTED)
@given(lon=CHINA[0], lat=CHINA[1])
def test_shift_is_under_two_and_a_half_kilometres(datum, lon, lat):
    moved_lon, moved_lat = from_wgs84(lon, lat, datum)
    metres = np.hypot((moved_lon - lon) * np.cos(np.radians(lat)), moved_lat - lat) * 111_320
    assert metres < 2500


@pytest.mark.parametrize("datum", SHIFTED)
@given(
    lon=st.floats(allow_nan=False) | st.floats(-180, 180),
    lat=st.floats(allow_nan=False) | st.floats(-90, 90),
)
def test_points_outside_china_stay(datum, lon, lat):
    west, south, east, north = CHINA_BOX
    if west <= lon <= east and south <= lat <= north:
        return
    for moved in (from_wgs84(lon, lat, datum), to_wgs84(lon, lat, datum)):
        assert tuple(map(float, moved)) == (lon, lat)


@pytest.mark.parametrize("datum", DATUMS)
def test_arrays_keep_their_shape_and_their_gaps(datum):
    lon = np.array([[118.8, np.nan], [2.35, 118.8]])
    lat = np.array([[32.05, 32.05], [48.85, np.nan]])
    before = lon.copy()
    moved_lon, moved_lat = to_wgs84(lon, lat, datum)
    assert moved_lon.shape == moved_lat.shape == (2, 2)
    assert np.isnan(moved_lon[0, 1])
    assert np.isnan(moved_lat[1, 1])
    assert (moved_lon[1, 0], moved_lat[1, 0]) == (2.35, 48.85)
    np.testing.assert_array_equal(lon, before)


def test_one_latitude_for_many_longitudes():
    lon, lat = from_wgs84([118.0, 119.0, 120.0], 32.0, "gcj02")
    assert lon.shape == lat.shape == (3,)


def test_an_unknown_datum_is_named_with_the_choices():
    with pytest.raises(UnknownChoiceError, match="wgs84, gcj02, bd09"):
        to_wgs84(118.8, 32.05, "nad27")
