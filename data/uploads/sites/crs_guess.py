"""Tell which coordinate systems put points that state none into the province."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.crs import GEOGRAPHIC
from data.loader import Province
from data.register.county_index import adcodes_of, county_codes
from data.uploads.formats.crs_text import degrees_of, plain_crs
from data.uploads.limits import RefusedError

_MERCATOR = "EPSG:3857"
_FIRST_MERIDIAN, _MERIDIAN_STEP = 75, 3
_THREE_DEGREE_MERIDIANS, _SIX_DEGREE_ZONES, _THREE_DEGREE_ZONES = 4534, 4491, 4513
"""The first EPSG codes of CGCS2000 / Gauss-Krueger: CM 75E; zone 13; zone 25."""
_SIX_DEGREE, _THREE_DEGREE = range(13, 24), range(25, 46)
_ZONE = 1e6
_OLD_DATUMS = ("xian", "beijing")
_NORTHING = (4e5, 6.2e6)
_SAMPLE = 500
_ENOUGH, _AHEAD = 0.8, 0.2
_HALF_TURN = 180.0


@dataclass(frozen=True)
class CrsGuess:
    """Which systems come into question, and how many of the points each puts into the province.

    ``crs`` is the one that does so for nearly all, alone; ``None`` where there is none.
    """

    crs: str | None
    counts: tuple[tuple[str, int], ...]
    points: int

    @property
    def choices(self) -> str:
        """The systems, each with what speaks for it."""
        return ", ".join(f"{crs} ({count} of {self.points} points)" for crs, count in self.counts)


def old_datum(crs: str) -> str | None:
    """Return the name of a system of China's earlier datums; ``None`` for any other.

    How they differ from WGS-84 is not public: PROJ takes an average, or no change at all.
    """
    found = CRS.from_user_input(plain_crs(crs))
    datum = found.geodetic_crs.datum if found.geodetic_crs is not None else None
    name = f"{found.name} {datum.name if datum is not None else ''}".lower()
    return str(found.name) if any(word in name for word in _OLD_DATUMS) else None


def are_metres(points: NDArray[np.float64]) -> bool:
    """Tell whether most of (n, 2) numbers are too large for degrees."""
    known = points[np.isfinite(points).all(axis=1)]
    return bool(len(known)) and bool((np.abs(known).max(axis=1) > _HALF_TURN).mean() > _ENOUGH)


def east_first(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions in metres with the easting first: surveyors write X for the northing.

    A northing lies between the equator and 56 degrees; an easting is shorter, or has its zone in
    front.
    """
    middle = np.nanmedian(points, axis=0)
    low, high = _NORTHING
    north = (middle > low) & (middle < high)
    swapped = north[0] and (not north[1] or middle[0] > middle[1])
    return points[:, ::-1] if swapped else points


def guess_crs(points: NDArray[np.float64], province: Province) -> CrsGuess:
    """Return what (n, 2) positions, the easting first, can be in.

    Degrees are EPSG:4326: their datum is another question. Metres are CGCS2000 in the zone that
    they name, or else along each meridian near the province, or web Mercator.
    """
    known = points[np.isfinite(points).all(axis=1)][:_SAMPLE]
    if not len(known) or not are_metres(known):
        return CrsGuess(GEOGRAPHIC, ((GEOGRAPHIC, len(known)),), len(known))
    candidates = _candidates(float(np.median(known[:, 0])), province)
    counts = sorted(
        ((crs, _inside(known, crs, province)) for crs in candidates), key=lambda one: -one[1]
    )
    best = counts[0][1] / len(known)
    second = counts[1][1] / len(known) if len(counts) > 1 else 0.0
    alone = best >= _ENOUGH and best - second >= _AHEAD
    return CrsGuess(counts[0][0] if alone else None, tuple(counts), len(known))


def _candidates(easting: float, province: Province) -> list[str]:
    zone = int(easting // _ZONE)
    found = [_MERCATOR]
    if zone in _SIX_DEGREE:
        found.append(f"EPSG:{_SIX_DEGREE_ZONES + zone - _SIX_DEGREE.start}")
    if zone in _THREE_DEGREE:
        found.append(f"EPSG:{_THREE_DEGREE_ZONES + zone - _THREE_DEGREE.start}")
    if zone == 0:
        west, _, east, _ = province.counties.total_bounds
        found += [
            f"EPSG:{_THREE_DEGREE_MERIDIANS + step}"
            for step in range(21)
            if west - 3 <= _FIRST_MERIDIAN + _MERIDIAN_STEP * step <= east + 3
        ]
    return found


def _inside(points: NDArray[np.float64], crs: str, province: Province) -> int:
    try:
        longitude, latitude = degrees_of(points[:, 0], points[:, 1], crs)
    except (CRSError, RefusedError):
        return 0
    codes = county_codes(
        longitude, latitude, province.counties, metric_crs=province.settings.metric_crs
    )
    county, _ = adcodes_of(codes, province.counties)
    return int(np.isfinite(county).sum())
