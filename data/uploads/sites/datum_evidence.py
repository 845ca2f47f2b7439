"""Show which datum puts the points of a file where its own rows say that they are."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from data.datum import DATUMS, Datum, to_wgs84
from data.loader import Province


@dataclass(frozen=True, eq=False)
class DatumEvidence:
    """What a file's own rows say of the datum of its coordinates.

    ``points`` and ``named`` are what ``datum_evidence`` has counted, ``counts`` what it returned.
    ``by_rows`` tells whether rows name areas; else each point is compared with the province.
    """

    points: NDArray[np.float64]
    named: NDArray[np.float64]
    counts: pd.DataFrame
    by_rows: bool

    @property
    def can_tell(self) -> bool:
        """Whether a row with a point names an area."""
        return self.by_rows and bool(self.counts["named"].any())

    def choices(self) -> list[str]:
        """Return the datums, each with what the rows say of it where they can tell."""
        if not self.can_tell:
            return list(DATUMS)
        return [
            f"{datum} ({row['inside']:.0f} of {row['named']:.0f} points in the area that they name)"
            for datum, row in self.counts.iterrows()
        ]


def evidence_of(given: ArrayLike, named: ArrayLike, province: Province) -> DatumEvidence:
    """Return what rows say of the datum; arguments as ``datum_evidence``.

    Where no row names an area, each is taken for one in the province: its border is all that
    is left to compare points with.
    """
    points = np.asarray(given, dtype=np.float64)
    adcodes = np.asarray(named, dtype=np.float64).ravel()
    by_rows = bool(np.isfinite(adcodes).any())
    if not by_rows:
        adcodes = np.full(len(adcodes), float(province.settings.adcode))
    return DatumEvidence(points, adcodes, datum_evidence(points, adcodes, province), by_rows)


def datum_evidence(points: ArrayLike, county_named: ArrayLike, province: Province) -> pd.DataFrame:
    """Count, for each datum, the points that fall into the area that their own row names.

    ``points`` is (n, 2): longitude, latitude in decimal degrees as the file has them;
    ``county_named`` the n adcodes of areas (county, city, the province) that the rows name, NaN
    where none.
    Return a table indexed by datum: ``named`` (rows that can tell: a point and an area),
    ``inside`` (of these, those whose point falls into it), ``share`` (NaN where ``named`` is
    0). Nothing is decided: where shares are close, the points cannot tell the datums apart.
    """
    given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    adcodes = np.asarray(county_named, dtype=np.float64).ravel()
    areas = _areas(province)
    known = np.isfinite(given).all(axis=1) & np.isin(adcodes, areas.index.to_numpy())
    polygons = areas.reindex(adcodes[known].astype(int)).to_numpy()
    shapely.prepare(polygons)
    rows = []
    for datum in DATUMS:
        lon, lat = to_wgs84(given[known, 0], given[known, 1], datum)
        inside = int(shapely.contains_xy(polygons, lon, lat).sum()) if known.any() else 0
        rows.append({"datum": datum, "named": int(known.sum()), "inside": inside})
    table = pd.DataFrame(rows).set_index("datum")
    table["share"] = table["inside"] / table["named"].where(table["named"] > 0)
    return table


def _areas(province: Province) -> gpd.GeoSeries:
    return pd.concat(
        [province.counties.geometry, province.cities.geometry, province_area(province)]
    )


def province_area(province: Province) -> gpd.GeoSeries:
    """Return the province's own area, under its adcode, in the CRS of its cities."""
    whole = province.cities.geometry.union_all()
    return gpd.GeoSeries([whole], index=[province.settings.adcode], crs=province.cities.crs)


TELLING_POINTS = 3
TELLING_SHARE = 0.02
"""How far the best datum must be ahead of the next, in points and in the share of points."""


def telling_datum(evidence: pd.DataFrame) -> Datum | None:
    """Return the datum that the points speak for, or ``None`` where they cannot tell.

    ``evidence`` is what ``datum_evidence`` returns. The best must be ahead of the second by
    ``TELLING_POINTS`` points and by ``TELLING_SHARE`` of all points that can tell.
    """
    ranked = evidence.sort_values("inside", ascending=False, kind="stable")
    named = int(ranked["named"].max())
    if named == 0:
        return None
    ahead = int(ranked["inside"].iloc[0] - ranked["inside"].iloc[1])
    if ahead < max(TELLING_POINTS, TELLING_SHARE * named):
        return None
    best = str(ranked.index[0])
    return next(datum for datum in DATUMS if datum == best)
