"""Read points from a Parquet file or a folder of them, with or without geometry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from data.crs import GEOGRAPHIC
from data.errors import CrsError, DataError, Fault
from data.register.build import RESERVED
from data.register.grid import to_degrees
from data.tables.source import (
    LATITUDE,
    LONGITUDE,
    Wanted,
    column_names,
    frame_of,
    placed_records,
)

_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""A point as little-endian WKB."""

Made = TypeVar("Made")

Groups = tuple[str, int, int]
"""A file of the folder, its first group of rows, and one past the last."""


@dataclass(frozen=True)
class ParquetSource:
    """A Parquet file, or a folder of them with the same columns.

    GeoParquet has its points in its geometry (WKB or point arrays, EPSG:4326 or OGC:CRS84);
    other files have columns of longitude and latitude.
    """

    path: Path

    def parts(self, wanted: Wanted, most: int) -> tuple[Groups, ...]:
        """Check the columns of every file, and cut the source into runs of row groups."""
        files = sorted(self.path.rglob("*.parquet")) if self.path.is_dir() else [self.path]
        if not files:
            raise _fault(self.path, "", "the folder has no Parquet files")
        sizes = [self._checked(path, wanted) for path in files]
        step = max(1, -(-sum(sizes) // most))
        return tuple(
            (str(path), first, min(first + step, size))
            for path, size in zip(files, sizes, strict=True)
            for first in range(0, size, step)
        ) or ((str(files[0]), 0, 0),)

    def _checked(self, path: Path, wanted: Wanted) -> int:
        """Return the number of row groups of a file whose columns are as wanted."""
        try:
            metadata = pq.read_metadata(path)
        except (OSError, pa.ArrowException) as error:
            raise _fault(path, "", f"not readable as Parquet: {error}") from None
        schema = metadata.schema.to_arrow_schema()
        geometry = _geometry(path, schema)
        for name in column_names(wanted, geometry):
            if name not in schema.names:
                found = ", ".join(schema.names)
                raise _fault(path, name, f"no such column; there are {found}")
        return int(metadata.num_row_groups)

    def read(self, part: Groups, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of some row groups, one group after the other."""
        return self._each(part, wanted, False, frame_of)

    def records(self, part: Groups, wanted: Wanted) -> Iterator[pa.Table]:
        """Yield the rows of some row groups, one group after the other."""
        return self._each(part, wanted, True, placed_records)

    def _each(
        self, part: Groups, wanted: Wanted, every: bool, make: Callable[[pa.Table, Wanted], Made]
    ) -> Iterator[Made]:
        """Yield what is made of each row group, with its own columns or all of them."""
        name, first, last = part
        path = Path(name)
        with pq.ParquetFile(path, memory_map=True) as file:
            geometry = _geometry(path, file.schema_arrow)
            columns = None if every else list(column_names(wanted, geometry))
            for group in range(first, last):
                if not _may_meet(file.metadata, group, geometry, wanted):
                    continue
                table = file.read_row_group(group, columns=columns)
                try:
                    yield make(*_placed(table, wanted, geometry))
                except (pa.ArrowException, shapely.errors.GEOSException) as error:
                    raise _fault(path, "", f"row group {group + 1}: {error}") from None


def _geometry(path: Path, schema: pa.Schema) -> str | None:
    """Return the name of the geometry column, or ``None``; refuse another CRS than 4326."""
    text = (schema.metadata or {}).get(b"geo")
    if text is None:
        return None
    try:
        geo: dict[str, Any] = json.loads(text)
        name = str(geo["primary_column"])
        crs = geo["columns"][name].get("crs", "OGC:CRS84")
    except (ValueError, KeyError, TypeError):
        raise _fault(path, "", "its geo metadata is not readable") from None
    found = None if crs is None else CRS.from_user_input(crs)
    if found is None or found.to_string() not in (GEOGRAPHIC, "OGC:CRS84"):
        raise CrsError(path.name, GEOGRAPHIC, None if found is None else found.to_string())
    return name


def _placed(table: pa.Table, wanted: Wanted, geometry: str | None) -> tuple[pa.Table, Wanted]:
    """Return ``table`` with positions as columns in place of its geometry."""
    if geometry is None:
        return table, wanted
    x, y = _coordinates(table[geometry])
    # What a register or a covering keeps for itself is no column of the person's.
    own = [
        field.name
        for field in table.schema
        if field.name in (geometry, *RESERVED)
        or (field.name == "bbox" and pa.types.is_struct(field.type))
    ]
    placed = table.replace_schema_metadata(None).drop_columns(own)
    placed = placed.append_column(LONGITUDE, x).append_column(LATITUDE, y)
    return placed, replace(wanted, longitude=LONGITUDE, latitude=LATITUDE)


def _coordinates(column: pa.ChunkedArray) -> tuple[Any, Any]:
    """Return x and y of points that are WKB or arrays of points."""
    if pa.types.is_struct(column.type):
        return pc.struct_field(column, "x"), pc.struct_field(column, "y")
    points = _plain_points(column.combine_chunks())
    if points is not None:
        return pa.array(points["x"]), pa.array(points["y"])
    shapes = shapely.from_wkb(column.to_numpy())
    return pa.array(shapely.get_x(shapes)), pa.array(shapely.get_y(shapes))


def _plain_points(column: Any) -> Any:
    """Return WKB as records where all are little-endian points, or ``None``.

    An object for each of millions of points would take ten times as long.
    """
    chunk = column.chunk(0) if isinstance(column, pa.ChunkedArray) and column.num_chunks else column
    if not pa.types.is_binary(chunk.type) or chunk.null_count or not len(chunk):
        return None
    if not pc.all(pc.equal(pc.binary_length(chunk), _POINT.itemsize)).as_py():
        return None
    start = np.frombuffer(chunk.buffers()[1], dtype=np.int32)[chunk.offset]
    points = np.frombuffer(chunk.buffers()[2], dtype=_POINT, count=len(chunk), offset=int(start))
    plain = (points["order"] == 1) & (points["kind"] == 1)
    return points if plain.all() else None


def _may_meet(metadata: Any, group: int, geometry: str | None, wanted: Wanted) -> bool:
    """Whether a row group can hold points within the bounds, by what the file tells of it.

    Registers tell it by their positions, other GeoParquet by the ``bbox`` column that its
    metadata may name (GeoParquet 1.1, covering).
    """
    if wanted.bounds is None or geometry is None:
        return True
    found = metadata.row_group(group)
    held = {found.column(n).path_in_schema: found.column(n) for n in range(found.num_columns)}
    ranges = {
        name: (column.statistics.min, column.statistics.max)
        for name, column in held.items()
        if column.is_stats_set and column.statistics.has_min_max
    }
    west, south, east, north = wanted.bounds
    if metadata.metadata and b"atlas_register" in metadata.metadata:
        if not {"_column", "_row"} <= set(ranges):
            return True
        columns, rows = (np.array(ranges[name], dtype=np.uint32) for name in ("_column", "_row"))
        (left, right), (top, bottom) = to_degrees(columns, rows)
        return bool(left <= east and right >= west and bottom <= north and top >= south)
    try:
        covering = json.loads(metadata.metadata[b"geo"])["columns"][geometry]["covering"]["bbox"]
        edge = {name: ranges[".".join(path)] for name, path in covering.items()}
    except KeyError:
        return True
    crosses = edge["xmin"][0] <= east and edge["xmax"][1] >= west
    return bool(crosses and edge["ymin"][0] <= north and edge["ymax"][1] >= south)


def _fault(path: Path, column: str, problem: str) -> DataError:
    return DataError([Fault(path.name, "", column, problem)])
