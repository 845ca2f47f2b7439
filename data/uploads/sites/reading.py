"""Make sites of a file's rows; keep what was rejected, and say why."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from data.crs import GEOGRAPHIC
from data.datum import Datum
from data.evidence_rows import SiteRow
from data.loader import Province
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Note, RefusedError
from data.uploads.row_faults import RowFault, row_fault
from data.uploads.sites.attributes import read_attributes
from data.uploads.sites.capacity_doubts import capacity_doubts
from data.uploads.sites.column_notes import written_list_notes
from data.uploads.sites.mapping import Mapping
from data.uploads.sites.placing import place_rows
from data.uploads.sites.stated_precision import stated_precision
from data.uploads.sites.written_list import WRITTEN_LAYER, WRITTEN_SITES, is_written_view

_FIRST_PREFIX = "UP"
_ROWS_A_PREFIX = 100_000

SITE_COLUMNS: tuple[str, ...] = tuple(SiteRow.model_fields)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a file gives.

    ``good``: points in EPSG:4326 (none where only the area is known), indexed by id, with the
    columns of ``SiteRow`` (empty where not mapped), then ``value`` (a number) and ``row``;
    ``rejected``: the file's own rows that have a fault, indexed by ``row``, in the file's own
    columns. ``faults`` are all faults and warnings, by row; only faults reject. ``left_out``
    are rows that are no sites, such as totals; ``notes`` what concerns the file as a whole.
    """

    good: gpd.GeoDataFrame
    rejected: pd.DataFrame
    faults: tuple[RowFault, ...]
    left_out: tuple[RowFault, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def warnings(self) -> tuple[RowFault, ...]:
        """The warnings: their rows are among the good ones."""
        return tuple(one for one in self.faults if one.warning)


def make_reading(
    table: RawTable,
    mapping: Mapping,
    province: Province,
    datum: Datum,
    *,
    crs: str | None = None,
    defaults: Pairs[str, str] | None = None,
) -> Reading:
    """Read the rows of ``table`` as sites of ``province``.

    ``datum`` and ``crs`` as in ``place_rows``. ``defaults`` fills empty cells of columns of
    ``SiteRow`` that the file does not have (``{"sector": "battery"}``). A row without a status
    has ``unknown``; a name or a note in one language stands in both. Raises ``RefusedError``
    where the mapping lacks a name or a place.
    """
    if not mapping.has_name:
        raise RefusedError("needs_name")
    table = _sites_alone(table)
    places = place_rows(table, mapping, province, datum, crs)
    attributes, more = read_attributes(table.frame, mapping, province)
    doubts = capacity_doubts(table.frame, attributes, mapping, province)
    placed, other = stated_precision(
        places.table["precision"], attributes.pop("precision"), mapping.column("precision") or ""
    )
    faults = [*places.faults, *more, *_name_faults(attributes, mapping), *doubts, *other]
    bad = {one.row for one in faults if not one.warning}
    kept = ~table.frame.index.isin(list(bad))
    joined = pd.concat([attributes, places.table.assign(precision=placed)], axis=1).loc[kept]
    good = _sites(joined, province, defaults or {})
    faults = [one for one in faults if not (one.warning and one.row in bad)]
    rejected = table.frame.loc[~kept]
    notes = (*places.notes, *written_list_notes(table.frame, mapping))
    return Reading(good, rejected, tuple(sorted(faults)), table.left_out, notes)


def _sites_alone(table: RawTable) -> RawTable:
    """Leave out what stands beside the sites in a view that the atlas wrote: cities, counties."""
    frame = table.frame
    if WRITTEN_LAYER not in frame.columns:
        return table
    layers = frame[WRITTEN_LAYER]
    if not is_written_view(map(str, frame.columns), layers):
        return table
    others = layers.notna() & (layers != WRITTEN_SITES)
    left = [row_fault(row, WRITTEN_LAYER, layers.at[row], "layer") for row in frame.index[others]]
    return replace(
        table,
        frame=frame.loc[~others],
        geometry=None if table.geometry is None else table.geometry.loc[~others],
        faults=tuple(one for one in table.faults if one.row not in frame.index[others]),
        left_out=tuple(sorted((*table.left_out, *left))),
    )


def _name_faults(attributes: pd.DataFrame, mapping: Mapping) -> list[RowFault]:
    column = mapping.column("name_zh") or mapping.column("name_en") or ""
    missing = attributes["name_zh"].isna() & attributes["name_en"].isna()
    return [row_fault(row, column, "", "name") for row in attributes.index[missing]]


def _sites(joined: pd.DataFrame, province: Province, defaults: Pairs[str, str]) -> gpd.GeoDataFrame:
    sites = joined.reindex(columns=[*SITE_COLUMNS, "value"]).astype(object)
    for name in ("name", "note"):
        sites[f"{name}_zh"] = sites[f"{name}_zh"].fillna(sites[f"{name}_en"])
        sites[f"{name}_en"] = sites[f"{name}_en"].fillna(sites[f"{name}_zh"])
    for column, value in ({"status": "unknown"} | dict(defaults)).items():
        sites[column] = sites[column].fillna(value)
    for column in ("longitude", "latitude", "capacity", "year", "value"):
        sites[column] = sites[column].astype("float64")
    sites["city_adcode"] = sites["city_adcode"].astype("int64")
    sites["county_adcode"] = sites["county_adcode"].astype("float64")
    points = gpd.GeoSeries.from_xy(sites["longitude"], sites["latitude"], crs=GEOGRAPHIC)
    points = points.where(sites["longitude"].notna(), None)
    sites["row"] = joined.index
    sites["id"] = site_ids(joined.index, province)
    for column in [name for name in sites.columns if sites[name].dtype.kind == "O"]:
        cells = [None if cell != cell else cell for cell in sites[column]]
        sites[column] = pd.Series(cells, index=sites.index, dtype=object)
    table = gpd.GeoDataFrame(sites, geometry=points, crs=GEOGRAPHIC)
    return table.set_index("id", drop=False).rename_axis(None)


def site_ids(rows: pd.Index, province: Province) -> list[str]:
    """Return an id for each row: ``UP00002`` for row 2, so that it stays when others change.

    Letters that ids of the province begin with are passed over; every 100,000 rows take the
    next ones.
    """
    taken = {str(name)[:2] for name in province.sites.index}
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    every = [one + two for one in letters for two in letters]
    start = every.index(_FIRST_PREFIX)
    free = [prefix for prefix in every[start:] + every[:start] if prefix not in taken]
    return [f"{free[row // _ROWS_A_PREFIX]}{row % _ROWS_A_PREFIX:05d}" for row in map(int, rows)]
