"""Read GeoParquet and Parquet."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from data.uploads.formats.arrow_values import python_values
from data.uploads.formats.cells import plain_cell, table_frame
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.raw_table import RawTable, shaped_table
from data.uploads.limits import Limits, RefusedError

HEAD_ROWS = 2000
"""How many rows of a large file are looked at before it is read in columns."""


def read_parquet(path: Path, limits: Limits) -> RawTable:
    """Read a (Geo)Parquet file; the geometry is its primary column, in the CRS stated there.

    Where ``limits`` has ``head_only``, its first rows are read and the others are not.
    """
    try:
        file = pq.ParquetFile(path)
        place, about = primary_column(file)
        # Counted before any is read, those inside of others too.
        count, inner = file.metadata.num_rows, file.metadata.num_columns
        if inner > limits.columns * 2:
            raise RefusedError("too_many_columns", found=inner, limit=limits.columns)
        rows = min(count, HEAD_ROWS) if limits.head_only else count
        limits.check(rows=rows, columns=len(file.schema_arrow.names) - (place is not None))
        table = _head(file) if limits.head_only else file.read(use_threads=False)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError, RecursionError):
        raise RefusedError("broken_file", driver="Parquet") from None
    index = pd.RangeIndex(1, table.num_rows + 1, name="row")
    # By their places: two columns may have one name.
    own = [at for at in range(table.num_columns) if at != place]
    names = [table.column_names[at] for at in own]
    columns = [
        [plain_cell(value) for value in python_values(table.column(at), name)]
        for at, name in zip(own, names, strict=True)
    ]
    frame, notes = table_frame(names, columns, index, limits)
    if place is None:
        return RawTable(frame, "Parquet", "utf-8", notes=notes)
    shapes, crs = shapes_of(table.column(place), about), stated_crs(about)
    # Before anything takes it: a definition may name other files.
    text = None if crs is None else CRS.from_user_input(plain_crs(crs)).to_string()
    return shaped_table(frame, "Parquet", "utf-8", shapes, text, limits, notes)


def primary_column(file: pq.ParquetFile) -> tuple[int | None, dict[str, Any]]:
    """Return the place of the geometry, ``None`` without one, and what the file says of it.

    Raises ``RefusedError`` where two columns have its name, ``ValueError``, ``TypeError`` or
    ``AttributeError`` where what the file says is none of what GeoParquet says.
    """
    geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    primary = str(geo.get("primary_column", ""))
    about = dict(geo.get("columns", {}).get(primary, {}))
    places = [at for at, name in enumerate(file.schema_arrow.names) if name == primary]
    if len(places) > 1:
        raise RefusedError("broken_file", driver="Parquet")
    return (places[0] if places else None), about


def shapes_of(column: pa.ChunkedArray, about: dict[str, Any]) -> np.ndarray:
    """Return the shapes of a geometry column: WKB, or points in GeoArrow's own encoding.

    Raises ``RefusedError`` for any other.
    """
    encoding = about.get("encoding")
    if encoding not in ("WKB", "point"):
        found = str(encoding)[:40]
        raise RefusedError("parquet_encoding", encoding=found)
    try:
        if encoding == "point":
            return _native_points(column)
        return np.asarray(shapely.from_wkb(column.to_numpy()))
    except (pa.ArrowException, KeyError, shapely.errors.GEOSException, TypeError, ValueError):
        raise RefusedError("broken_file", driver="Parquet") from None


def _native_points(column: pa.ChunkedArray) -> np.ndarray:
    """Return points whose coordinates stand in a record of numbers or in a short list of them."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks)
    known = ~np.asarray(whole.is_null())
    points = np.full(len(whole), None, dtype=object)
    kept = whole.filter(pa.array(known))
    if pa.types.is_struct(kept.type):
        x, y = (kept.field(name).to_numpy(zero_copy_only=False) for name in ("x", "y"))
    else:
        values = kept.flatten().to_numpy(zero_copy_only=False)
        both = values.reshape(len(kept), -1)
        x, y = both[:, 0], both[:, 1]
    points[known] = shapely.points(x.astype(np.float64), y.astype(np.float64))
    return points


def _head(file: pq.ParquetFile) -> pa.Table:
    batches = file.iter_batches(HEAD_ROWS, use_threads=False)
    return pa.Table.from_batches(islice(batches, 1), schema=file.schema_arrow)


def stated_crs(about: dict[str, Any]) -> str | None:
    """Return the CRS: left out means longitude and latitude, ``null`` means unknown."""
    if "crs" not in about:
        return "OGC:CRS84"
    return None if about["crs"] is None else json.dumps(about["crs"])
