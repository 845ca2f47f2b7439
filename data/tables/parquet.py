"""Read points from a Parquet file or a folder of them, with or without geometry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from data.crs import GEOGRAPHIC
from data.errors import CrsError, DataError, Fault
from data.tables.csv import frame_of
from data.tables.source import Wanted

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
        for name in _columns(wanted, geometry):
            if name not in schema.names:
                found = ", ".join(schema.names)
                raise _fault(path, name, f"no such column; there are {found}")
        return int(metadata.num_row_groups)

    def read(self, part: Groups, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of some row groups, one group after the other."""
        name, first, last = part
        path = Path(name)
        with pq.ParquetFile(path, memory_map=True) as file:
            geometry = _geometry(path, file.schema_arrow)
            columns = list(_columns(wanted, geometry))
            for group in range(first, last):
                table = file.read_row_group(group, columns=columns)
                try:
                    yield _frame(table, wanted, geometry)
                except (pa.ArrowException, shapely.errors.GEOSException) as error:
                    raise _fault(path, "", f"row group {group + 1}: {error}") from None


def _columns(wanted: Wanted, geometry: str | None) -> tuple[str, ...]:
    places = (wanted.longitude, wanted.latitude) if geometry is None else (geometry,)
    value = () if wanted.value is None else (wanted.value,)
    return tuple(dict.fromkeys((*places, *value, *(name for name, _ in wanted.where))))


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


def _frame(table: pa.Table, wanted: Wanted, geometry: str | None) -> pd.DataFrame:
    if geometry is None:
        return frame_of(table, wanted)
    column = table[geometry]
    if pa.types.is_struct(column.type):
        x, y = (pa.compute.struct_field(column, axis) for axis in ("x", "y"))
    else:
        points = shapely.from_wkb(column.to_numpy())
        x, y = pa.array(shapely.get_x(points)), pa.array(shapely.get_y(points))
    placed = table.append_column("_longitude", x).append_column("_latitude", y)
    return frame_of(placed, replace(wanted, longitude="_longitude", latitude="_latitude"))


def _fault(path: Path, column: str, problem: str) -> DataError:
    return DataError([Fault(path.name, "", column, problem)])
