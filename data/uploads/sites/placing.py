"""Place rows: by coordinates, or else in the area that an adcode or a name tells, as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.crs import GEOGRAPHIC, transformer
from data.datum import Datum, to_wgs84
from data.loader import Province
from data.register.county_index import BORDER_TOLERANCE_M, adcodes_of, county_codes
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Note, RefusedError, note
from data.uploads.row_faults import RowFault, row_fault
from data.uploads.sites.area_names import AreaNames
from data.uploads.sites.column_notes import column_notes, unread_places
from data.uploads.sites.given_places import given_places
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.naming import is_by_address, named_areas


@dataclass(frozen=True, eq=False)
class Places:
    """Where rows are.

    ``table``, indexed by row: ``longitude``, ``latitude`` (WGS-84; NaN where only the area is
    known), ``city_adcode``, ``county_adcode`` (NaN where not known), ``precision`` (``site``,
    ``county`` or ``city``); NaN throughout in rows that have a fault. ``given``: (n, 2)
    coordinates as the file has them, in degrees; ``named``: the adcode that each row names, NaN
    where none. Both are what ``datum_evidence`` takes.
    """

    table: pd.DataFrame
    faults: tuple[RowFault, ...]
    given: NDArray[np.float64]
    named: NDArray[np.float64]
    notes: tuple[Note, ...] = ()


def place_rows(
    table: RawTable,
    mapping: Mapping,
    province: Province,
    datum: Datum,
    crs: str | None = None,
) -> Places:
    """Place the rows of ``table``.

    ``datum`` is that of the coordinates: the caller says it, it is never guessed. ``crs`` is
    needed only for a file with geometry that states none. Geometry goes before columns of
    coordinates, these before adcode and names. A point that lies outside the province by more
    than the borders' own precision (1 km) is a fault. One in another county than its row
    names is a warning, as is a name that tells nothing beside a point. Raises
    ``RefusedError`` where nothing tells a place, or ``crs`` lacks.
    """
    require_place(table, mapping)
    found = given_places(table, mapping, province, crs)
    given, columns = found.degrees, found.columns
    areas, naming = named_areas(table.frame, mapping, AreaNames(province))
    longitude, latitude = to_wgs84(given[:, 0], given[:, 1], datum)
    metric_crs = province.settings.metric_crs
    codes = county_codes(longitude, latitude, province.counties, metric_crs=metric_crs)
    county, city = adcodes_of(codes, province.counties)
    has_point = np.isfinite(longitude) & np.isfinite(latitude)
    outside = has_point & np.isnan(county)
    rows = table.frame.index
    faults = [*table.faults, *_of_cells(found.faults, rows, areas)]
    faults += _outside_faults(rows[outside], given[outside], columns)
    faults += _with_points(naming, set(rows[np.isfinite(county)]))
    named = areas["county"].fillna(areas["city"]).to_numpy(dtype=np.float64)
    warnings = _elsewhere(rows, longitude, latitude, county, city, named, province, columns)
    placed = _table(rows, longitude, latitude, county, city, areas)
    bad = {one.row for one in faults if not one.warning}
    lost = ~has_point & areas["city"].isna().to_numpy()
    faults += [row_fault(row, "", "", "no_place") for row in rows[lost] if row not in bad]
    bad |= set(rows[lost])
    warnings = [one for one in warnings if one.row not in bad]
    has_geometry = table.geometry is not None
    by_address = (
        (note("placed_by_address", column=mapping.column("address")),)
        if is_by_address(mapping)
        else ()
    )
    notes = (
        *found.notes,
        *by_address,
        *column_notes(table.frame, mapping, datum, has_geometry=has_geometry),
    )
    placed.loc[placed.index.isin(list(bad)), :] = np.nan
    return Places(placed, tuple(sorted([*faults, *warnings])), given, named, notes)


def require_place(table: RawTable, mapping: Mapping) -> None:
    """Raise ``RefusedError`` where neither geometry nor a column tells where rows are."""
    if table.geometry is not None or mapping.has_place:
        return
    unread = unread_places(table.frame, mapping)
    if unread:
        raise RefusedError("unread_place", columns=unread)
    raise RefusedError("needs_place")


def _of_cells(faults: tuple[RowFault, ...], rows: pd.Index, areas: pd.DataFrame) -> list[RowFault]:
    """Return faults of coordinates; where the row names its area, that is left, and they warn."""
    named = set(rows[areas["city"].notna()])
    return [replace(one, warning=one.warning or one.row in named) for one in faults]


def _with_points(naming: list[RowFault], rows: set[int]) -> list[RowFault]:
    """Return faults of names; where the row has a point, that decides, and they only warn."""
    return [
        replace(one, warning=one.warning or one.row in rows)
        for one in naming
        if one.code != "several" or one.row not in rows
    ]


def _outside_faults(rows: pd.Index, given: NDArray[np.float64], columns: str) -> list[RowFault]:
    faults = []
    for row, (east, north) in zip(rows, given, strict=True):
        swapped = abs(north) > 90 and abs(east) <= 90
        code = "swapped" if swapped else "outside"
        faults.append(row_fault(row, columns, f"{east:g}, {north:g}", code))
    return faults


def names_another(
    named: NDArray[np.float64], county: NDArray[np.float64], city: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell which rows name an area (an adcode) that is neither ``county`` nor ``city``."""
    return np.asarray(np.isfinite(named) & (named != county) & (named != city), dtype=np.bool_)


def _elsewhere(
    rows: pd.Index,
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    county: NDArray[np.float64],
    city: NDArray[np.float64],
    named: NDArray[np.float64],
    province: Province,
    columns: str,
) -> list[RowFault]:
    """Warn of points more than the borders' precision outside the area that their row names."""
    doubtful = np.flatnonzero(np.isfinite(county) & names_another(named, county, city))
    if not len(doubtful):
        return []
    crs = province.settings.metric_crs
    areas = pd.concat([province.counties.geometry, province.cities.geometry]).to_crs(crs)
    x, y = transformer(GEOGRAPHIC, crs).transform(longitude[doubtful], latitude[doubtful])
    polygons = areas.reindex(named[doubtful].astype(int)).to_numpy()
    away_m = shapely.distance(polygons, shapely.points(x, y))
    names = AreaNames(province)
    return [
        row_fault(
            rows[at],
            columns,
            f"{longitude[at]:.5f}, {latitude[at]:.5f}",
            "elsewhere",
            warning=True,
            named=names.label(int(named[at])),
            found=names.label(int(county[at])),
            km=f"{distance / 1000:.1f}",
        )
        for at, distance in zip(doubtful, away_m, strict=True)
        if distance > BORDER_TOLERANCE_M
    ]


def _table(
    rows: pd.Index,
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    county: NDArray[np.float64],
    city: NDArray[np.float64],
    areas: pd.DataFrame,
) -> pd.DataFrame:
    has_point = np.isfinite(county)
    placed = pd.DataFrame(
        {
            "longitude": np.where(has_point, longitude, np.nan),
            "latitude": np.where(has_point, latitude, np.nan),
            "city_adcode": np.where(has_point, city, areas["city"]),
            "county_adcode": np.where(has_point, county, areas["county"]),
        },
        index=rows,
    )
    known = np.where(placed["county_adcode"].notna(), "county", "city")
    placed["precision"] = pd.Series(np.where(has_point, "site", known), index=rows, dtype=object)
    return placed
