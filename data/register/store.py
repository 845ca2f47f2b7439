"""Keep a register in columns: where each point lies, what class it has, what else is known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import UnknownChoiceError
from data.register.county_index import Codes, CountyIndex
from data.register.grid import (
    LEVELS,
    Floats,
    Positions,
    change_depths,
    morton_key,
    morton_keys,
    to_degrees,
)

Rows: TypeAlias = npt.NDArray[np.integer]
CategoryLabel: TypeAlias = str | int | None

DERIVED = ("longitude", "latitude", "county_adcode")
"""Columns of records that come from where a row is, and not from its table."""

_SAMPLE = 64
"""Every so many points one key is kept, from which a search starts."""


@dataclass(frozen=True, eq=False)
class Category:
    """A column of few values: ``codes[row]`` is the place of the row's value in ``labels``.

    ``labels`` are in order; ``None``, where a row has no value, comes last.
    """

    codes: Codes
    labels: tuple[CategoryLabel, ...]

    def values(self, rows: Rows) -> list[CategoryLabel]:
        """Return the values of rows."""
        return [self.labels[code] for code in self.codes[rows]]


class Attributes(Protocol):
    """What else is known of each point; ``nbytes`` is what it holds in memory."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""

    def take(self, rows: Rows) -> pa.Table:
        """Return rows, in the order asked for."""


@dataclass(frozen=True, eq=False)
class TableAttributes:
    """Attributes in memory, in the order of their source; ``order`` leads from rows to it."""

    table: pa.Table
    order: npt.NDArray[np.uint32]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.table.column_names)

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""
        return int(self.table.nbytes + self.order.nbytes)

    def take(self, rows: Rows) -> pa.Table:
        """Return rows, in the order asked for."""
        return self.table.take(pa.array(self.order[rows]))


@dataclass(frozen=True, eq=False)
class FileAttributes:
    """Attributes that stay in a Parquet file, whose rows are the register's."""

    path: Path
    names: tuple[str, ...]
    nbytes: int = 0

    @cached_property
    def _metadata(self) -> pq.FileMetaData:
        return pq.read_metadata(self.path, memory_map=True)

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        sizes = [self._metadata.row_group(n).num_rows for n in range(self._metadata.num_row_groups)]
        return np.concatenate([[0], np.cumsum(sizes)])

    def take(self, rows: Rows) -> pa.Table:
        """Return rows, in the order asked for; reads the row groups that hold them."""
        groups = np.searchsorted(self._starts, rows, side="right") - 1
        needed = np.unique(groups)
        bases = np.zeros(len(self._starts), dtype=np.int64)
        sizes = np.diff(self._starts)[needed]
        bases[needed] = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(needed) else 0
        with pq.ParquetFile(self.path, metadata=self._metadata, memory_map=True) as file:
            found = file.read_row_groups(needed.tolist(), columns=list(self.names))
        return found.take(pa.array(bases[groups] + rows - self._starts[groups]))


@dataclass(frozen=True, eq=False)
class Register:
    """Many points, in the order of the Morton curve.

    ``column`` and ``row`` (uint32) are positions on the grid of ``data.register.grid``
    (web mercator, ``RESOLUTION_M`` metres), ``NOWHERE`` where only the area is known: such rows
    come last, are counted in their area, and lie in no cell. ``county`` holds codes of ``areas``;
    ``categories`` the columns of few values; ``attributes`` all others. ``left_out`` is how
    many rows of the source had no usable position.
    """

    column: Positions
    row: Positions
    county: Codes
    areas: CountyIndex
    categories: dict[str, Category]
    attributes: Attributes
    left_out: int = 0
    _starts: dict[int, npt.NDArray[np.uint32]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.column)

    @property
    def nbytes(self) -> int:
        """Bytes that the register holds in memory, with what it has remembered so far."""
        arrays: list[npt.NDArray[Any]] = [
            self.column,
            self.row,
            self.county,
            *self._starts.values(),
        ]
        arrays += [category.codes for category in self.categories.values()]
        arrays += [self._sample, self._depths]
        return sum(array.nbytes for array in arrays) + self.attributes.nbytes

    @cached_property
    def placed(self) -> int:
        """How many rows have a place; the others come after them."""
        return self._first(4**LEVELS - 1)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in decimal degrees; ``None`` where no row has a place."""
        if not self.placed:
            return None
        column, row = self.column[: self.placed], self.row[: self.placed]
        ends = [[column.min(), column.max()], [row.max(), row.min()]]
        (west, east), (south, north) = to_degrees(*np.array(ends, dtype=np.uint32))
        return float(west), float(south), float(east), float(north)

    @cached_property
    def _sample(self) -> npt.NDArray[np.uint64]:
        return morton_keys(self.column[::_SAMPLE], self.row[::_SAMPLE])

    @cached_property
    def _depths(self) -> npt.NDArray[np.uint8]:
        return change_depths(self.column, self.row)

    def category(self, name: str) -> Category:
        """Return a category; raises ``UnknownChoiceError`` for a name that is none."""
        if name not in self.categories:
            raise UnknownChoiceError("category", name, sorted(self.categories))
        return self.categories[name]

    def _key(self, place: int) -> int:
        return morton_key(int(self.column[place]), int(self.row[place]))

    def _first(self, key: int) -> int:
        """Return the first row whose key is not below ``key``."""
        if key >= 4**LEVELS:
            return len(self)
        block = int(np.searchsorted(self._sample, np.uint64(key)))
        low, high = max(block - 1, 0) * _SAMPLE, min(block * _SAMPLE, len(self))
        return bisect_left(range(len(self)), key, low, high, key=self._key)

    def cell_rows(self, level: int, column: int, row: int) -> tuple[int, int]:
        """Return the rows (first, and one past the last) in a cell of a level (0 to 32).

        Rows without a place are in none.
        """
        shift = 2 * (LEVELS - level)
        key = morton_key(column, row)
        first, past = self._first(key << shift), self._first((key + 1) << shift)
        return min(first, self.placed), min(past, self.placed)

    def cell_starts(self, level: int) -> npt.NDArray[np.uint32]:
        """Return the first row of each cell of ``level`` that has points, and ``placed``.

        Cells come in Morton order; cell ``n`` holds the rows from ``starts[n]`` up to, but
        not including, ``starts[n + 1]``. Levels are remembered.
        """
        if level not in self._starts:
            opens = np.flatnonzero(self._depths[: self.placed] > LEVELS - level)
            self._starts[level] = np.append(opens, self.placed).astype(np.uint32)
        return self._starts[level]

    def positions(self, rows: Rows) -> tuple[Floats, Floats]:
        """Return longitude and latitude of rows (EPSG:4326, decimal degrees), NaN without one."""
        longitude, latitude = to_degrees(self.column[rows], self.row[rows])
        lost = np.asarray(rows) >= self.placed
        longitude[lost], latitude[lost] = np.nan, np.nan
        return longitude, latitude

    def records(self, rows: Rows) -> pa.Table:
        """Return rows with ``longitude``, ``latitude``, ``county_adcode``, and every column.

        A row without a place has no longitude and latitude.
        """
        longitude, latitude = self.positions(rows)
        areas = self.areas
        adcodes: Sequence[int | None] = (*areas.counties, *[None] * (areas.size - areas.outside))
        columns = {
            "longitude": pa.array(longitude, from_pandas=True),
            "latitude": pa.array(latitude, from_pandas=True),
            "county_adcode": pa.array([adcodes[code] for code in self.county[rows]], pa.int32()),
        }
        columns |= {name: pa.array(one.values(rows)) for name, one in self.categories.items()}
        others = self.attributes.take(rows)
        columns |= {name: others[name] for name in others.column_names if name not in columns}
        return pa.table(columns)
