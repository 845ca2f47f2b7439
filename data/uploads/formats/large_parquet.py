"""Read a large GeoParquet in columns, in the process that ``data.uploads.sandbox.worker`` is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from data.reading_progress import Progress
from data.uploads.formats.arrow_values import check_values
from data.uploads.formats.asked import ColumnsAsked, Found
from data.uploads.formats.columnar import primary_column, shapes_of, stated_crs
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.headings import single_names
from data.uploads.formats.raw_table import broken_notes, points_on
from data.uploads.limits import Limits, Note, RefusedError

_ROWS_AT_ONCE = 1 << 17


def read_parquet(path: Path, asked: ColumnsAsked, limits: Limits, progress: Progress) -> Found:
    """Read a GeoParquet file as ``read_large`` does; how far it is, it does not say."""
    del progress
    try:
        file = pq.ParquetFile(path)
        limits.check(rows=file.metadata.num_rows)
        place, about = primary_column(file)
        table = file.read()
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError):
        raise RefusedError("broken_file", driver="Parquet") from None
    wkb: pa.ChunkedArray | None = None
    notes: tuple[Note, ...] = ()
    if asked.shapes:
        if place is None:
            raise RefusedError("broken_file", driver="Parquet")
        if (crs := stated_crs(about)) is not None:
            # That of the head is used, which is this one; it may name no other file anyway.
            plain_crs(crs)
        wkb, notes = _points(table.column(place), about, limits)
        table = table.remove_column(place)
    table = table.replace_schema_metadata(None)
    fits = len(asked.names) == len(table.column_names)
    names = asked.names if fits else single_names(table.column_names)[0]
    for name, column in zip(names, table.columns, strict=True):
        check_values(column, name)
    rows = np.arange(1, len(table) + 1)
    return Found(table.rename_columns(list(names)), rows, wkb, notes=notes)


def _points(
    column: pa.ChunkedArray, about: dict[str, object], limits: Limits
) -> tuple[pa.ChunkedArray, tuple[Note, ...]]:
    """Return points as WKB; some rows at a time, since shapes take much more memory."""
    count = 0
    points, broken = [], [np.zeros(0, dtype=np.bool_)]
    for start in range(0, len(column), _ROWS_AT_ONCE):
        shapes = shapes_of(column.slice(start, _ROWS_AT_ONCE), about)
        count += int(shapely.get_num_coordinates(shapes).sum())
        limits.check(vertices=count)
        found, wrong = points_on(shapes)
        points.append(pa.array(shapely.to_wkb(found), pa.binary()))
        broken.append(wrong)
    rows = pd.RangeIndex(1, len(column) + 1, name="row")
    return pa.chunked_array(points, pa.binary()), broken_notes(np.concatenate(broken), rows)
