"""Build a register from a table."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import DataError, Fault
from data.reading_progress import Progress, silent
from data.register.county_index import Codes, area_names, code_type, county_codes
from data.register.grid import MAX_LATITUDE, Floats, Positions, morton_keys, to_grid
from data.register.store import Category, CategoryLabel, Register, Rows, TableAttributes

RESERVED = ("geometry", "_column", "_row", "_county")
"""Columns that a saved register has of its own."""

MAX_LABELS = 2**16 - 1
"""How many different values a category may have."""


@dataclass(frozen=True)
class RegisterColumns:
    """Which columns of a source say what.

    ``longitude`` and ``latitude`` are in EPSG:4326, in decimal degrees. ``categories`` have few
    different values each, text or whole numbers.
    """

    longitude: str = "longitude"
    latitude: str = "latitude"
    categories: tuple[str, ...] = ()


def register_from_table(
    table: pa.Table,
    columns: RegisterColumns,
    counties: gpd.GeoDataFrame,
    *,
    source: str = "table",
    progress: Progress = silent,
) -> Register:
    """Return the register of the points in ``table``.

    ``counties`` are polygons in EPSG:4326, indexed by adcode, with ``city_adcode``. Faults
    are named with the file ``source``. Rows without a usable position are left out and counted.
    A column ``county_adcode`` of the table gives way to the county in which the point lies.

    Raises ``DataError`` for missing columns and categories that are none; ``CrsError`` when
    ``counties`` is in another CRS.
    """
    wanted = (columns.longitude, columns.latitude, *columns.categories)
    _check_columns(table, wanted, source)
    longitude, latitude = (numbers_of(table[name]) for name in wanted[:2])
    rest = table.drop_columns(list(wanted[:2]))
    bad = ~((np.abs(longitude) <= 180) & (np.abs(latitude) <= MAX_LATITUDE))
    left_out = int(bad.sum())
    if left_out:
        good = np.flatnonzero(~bad)
        longitude, latitude, rest = longitude[good], latitude[good], rest.take(pa.array(good))
    # Sorting stands beside the join in a thread: both leave Python for most of their time.
    with ThreadPoolExecutor(1) as beside:
        later = beside.submit(sorted_points, rest, columns.categories, longitude, latitude, source)
        county = county_codes(longitude, latitude, counties, lambda done: progress("place", done))
        progress("sort", 0.0)
        points = later.result()
    progress("sort", 1.0)
    return points.register(county, counties, left_out)


@dataclass(frozen=True, eq=False)
class SortedPoints:
    """Points in Morton order: all of a register but the counties that they lie in."""

    column: Positions
    row: Positions
    categories: dict[str, Category]
    attributes: TableAttributes

    def register(self, county: Codes, counties: gpd.GeoDataFrame, left_out: int = 0) -> Register:
        """Return the register; ``county`` holds codes of ``counties`` in the order of the table."""
        codes, areas = county[self.attributes.order], area_names(counties)
        points = self.column, self.row, codes, areas
        return Register(*points, self.categories, self.attributes, left_out)


def sorted_points(
    rest: pa.Table, names: tuple[str, ...], longitude: Floats, latitude: Floats, source: str
) -> SortedPoints:
    """Return points in Morton order, the columns ``names`` of ``rest`` as categories."""
    column, row = to_grid(longitude, latitude)
    order = np.argsort(morton_keys(column, row), kind="stable").astype(np.uint32)
    categories = {name: category_of(rest[name], order, source, name) for name in names}
    attributes = TableAttributes(rest.drop_columns(list(names)), order)
    return SortedPoints(column[order], row[order], categories, attributes)


def _check_columns(table: pa.Table, wanted: tuple[str, ...], source: str) -> None:
    names = table.column_names
    faults = [
        Fault(source, "", name, f"no such column; there are {', '.join(names)}")
        for name in wanted
        if name not in names
    ]
    faults += [
        Fault(source, "", name, f"stands in the header {count} times")
        for name, count in Counter(names).items()
        if count > 1
    ]
    faults += [
        Fault(source, "", name, "is the name of a column of the atlas's own; rename it")
        for name in RESERVED
        if name in names
    ]
    if faults:
        raise DataError(faults)


def numbers_of(column: pa.ChunkedArray) -> Floats:
    """Return a column as floats; what is no number becomes NaN."""
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        floats: Floats = column.cast(pa.float64(), safe=False).to_numpy()
        return floats
    texts = column.cast(pa.string()).to_pandas()
    parsed: Floats = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return parsed


def category_of(column: pa.ChunkedArray, order: Rows | None, source: str, name: str) -> Category:
    """Return a column as a category, its rows in ``order``.

    Raises ``DataError`` for a column with numbers that are not whole, or with more than
    ``MAX_LABELS`` different values.
    """
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.string())
    if pa.types.is_floating(column.type):
        column = _whole_numbers(column)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    encoded = column.unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], encoded.type)
    found = encoded.dictionary.to_pylist()
    if not all(isinstance(label, (str, int)) for label in found):
        problem = f"is of type {column.type.value_type}; a category is text or whole numbers"
        raise DataError([Fault(source, "", name, problem)])
    if len(found) > MAX_LABELS:
        problem = f"has {len(found)} different values; a category has at most {MAX_LABELS}"
        raise DataError([Fault(source, "", name, problem)])
    return _sorted_category(encoded, found, order)


def _whole_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return floats as whole numbers where all are (a table with gaps has made them floats)."""
    try:
        return pc.if_else(pc.is_nan(column), None, column).cast(pa.int64())
    except pa.ArrowInvalid:
        return column


def _sorted_category(encoded: Any, found: list[Any], order: Rows | None) -> Category:
    ranks = sorted(range(len(found)), key=lambda place: found[place])
    has_none = encoded.indices.null_count > 0
    kind = code_type(len(found) + 1)
    new_codes = np.empty(len(found) + 1, dtype=kind)
    new_codes[ranks] = np.arange(len(found), dtype=kind)
    new_codes[-1] = len(found)
    places = pc.fill_null(encoded.indices, len(found)).to_numpy(zero_copy_only=False)
    codes = new_codes[places]
    labels: tuple[CategoryLabel, ...] = tuple(found[place] for place in ranks)
    return Category(
        codes if order is None else codes[order], (*labels, None)[: len(labels) + has_none]
    )
