"""Move longitudes and latitudes between WGS-84 and the shifted datums of Chinese web maps.

GCJ-02 is the datum of published maps in China (Amap, Tencent); BD-09 is Baidu's, a second
shift on top of it. Neither is published by its maker; the formulas are those that became
known in 2010 and are described in Wikipedia, "Restrictions on geographic data in China"
(sections GCJ-02 and BD-09): a sum of sines in degrees from (105 E, 35 N), scaled to angles
on the Krasovsky 1940 ellipsoid. Only the way from WGS-84 has a formula; the way back is
found by iteration.

Both shifts end at a box around China. A point outside it is returned as it is; within about
a kilometre of the box's own edge (which lies outside China) the way back is not exact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import UnknownChoiceError

Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

Degrees = NDArray[np.float64]
ShiftedPoints = tuple[Degrees, Degrees]

CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""Where the shifts apply: west, south, east, north in decimal degrees, edges included."""

_KRASOVSKY_A_M = 6378245.0
_KRASOVSKY_E2 = 0.00669342162296594323
_ORIGIN = (105.0, 35.0)

_BAIDU_ANGLE = np.pi * 3000.0 / 180.0
_BAIDU_OFFSET_DEG = (0.0065, 0.006)

_ITERATIONS = 12
"""Each step divides the error by 100 or more: half of them reach the limit of a double."""


def to_wgs84(longitude: ArrayLike, latitude: ArrayLike, datum: Datum) -> ShiftedPoints:
    """Return (longitude, latitude) in WGS-84 of points given in ``datum``.

    Decimal degrees in and out, of one shape or broadcast to one. NaN stays NaN, a point
    outside ``CHINA_BOX`` stays where it is. Raises ``UnknownChoiceError`` for another datum.

    >>> lon, lat = to_wgs84([118.801870], [32.055060], "gcj02")
    >>> f"{lon[0]:.5f} {lat[0]:.5f}"
    '118.79669 32.05713'
    """
    return _where_in_china(_inverse(datum), longitude, latitude)


def from_wgs84(longitude: ArrayLike, latitude: ArrayLike, datum: Datum) -> ShiftedPoints:
    """Return (longitude, latitude) in ``datum`` of points given in WGS-84.

    Decimal degrees in and out, of one shape or broadcast to one. NaN stays NaN, a point
    outside ``CHINA_BOX`` stays where it is. Raises ``UnknownChoiceError`` for another datum.
    """
    return _where_in_china(_forward(datum), longitude, latitude)


_Shift = Callable[[Degrees, Degrees], ShiftedPoints]


def _forward(datum: str) -> _Shift:
    shifts: dict[str, _Shift] = {"wgs84": _same, "gcj02": _wgs84_to_gcj02, "bd09": _wgs84_to_bd09}
    if datum not in shifts:
        raise UnknownChoiceError("datum", datum, DATUMS)
    return shifts[datum]


def _inverse(datum: str) -> _Shift:
    shift = _forward(datum)
    return _same if shift is _same else lambda lon, lat: _solve(shift, lon, lat)


def _where_in_china(shift: _Shift, longitude: ArrayLike, latitude: ArrayLike) -> ShiftedPoints:
    lon, lat = np.broadcast_arrays(
        np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    )
    lon, lat = lon.copy(), lat.copy()
    west, south, east, north = CHINA_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    lon[inside], lat[inside] = shift(lon[inside], lat[inside])
    return lon, lat


def _same(lon: Degrees, lat: Degrees) -> ShiftedPoints:
    return lon, lat


def _solve(shift: _Shift, lon: Degrees, lat: Degrees) -> ShiftedPoints:
    """Find the points that ``shift`` moves to (lon, lat), by fixed-point iteration."""
    found_lon, found_lat = lon.copy(), lat.copy()
    for _ in range(_ITERATIONS):
        moved_lon, moved_lat = shift(found_lon, found_lat)
        found_lon, found_lat = found_lon + (lon - moved_lon), found_lat + (lat - moved_lat)
    return found_lon, found_lat


def _wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> ShiftedPoints:
    x, y = lon - _ORIGIN[0], lat - _ORIGIN[1]
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (ripple + _waves(y, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))) / 1.5
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (ripple + _waves(x, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))) / 1.5
    radians = np.radians(lat)
    flattened = 1.0 - _KRASOVSKY_E2 * np.sin(radians) ** 2
    meridian_m = _KRASOVSKY_A_M * (1.0 - _KRASOVSKY_E2) / flattened**1.5
    parallel_m = _KRASOVSKY_A_M / np.sqrt(flattened) * np.cos(radians)
    return lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)


def _waves(degrees: Degrees, waves: tuple[tuple[float, float], ...]) -> Degrees:
    """Sum sines: each wave is (amplitude, half its length in degrees)."""
    total = np.zeros_like(degrees)
    for amplitude, half_length in waves:
        total += amplitude * np.sin(degrees * np.pi / half_length)
    return total


def _wgs84_to_bd09(lon: Degrees, lat: Degrees) -> ShiftedPoints:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lon, lat))


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> ShiftedPoints:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_ANGLE)
    east, north = _BAIDU_OFFSET_DEG
    return radius * np.cos(angle) + east, radius * np.sin(angle) + north
