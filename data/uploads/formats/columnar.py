"""Read GeoParquet and Parquet, and shapefiles through GDAL's one driver for them."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError

from data.uploads.formats.archive import unpack_shapefile
from data.uploads.formats.arrow_values import python_values
from data.uploads.formats.cells import table_frame
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.drivers import SHAPEFILE_DRIVER
from data.uploads.formats.encoding import is_utf8
from data.uploads.formats.raw_table import RawTable, bounded_points
from data.uploads.limits import Limits, Note, RefusedError, note

HEAD_ROWS = 2000
"""How many rows of a large file are looked at before it is read in columns."""

_CODE_PAGES = {"936": "gb18030", "65001": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}


def read_parquet(path: Path, limits: Limits) -> RawTable:
    """Read a (Geo)Parquet file; the geometry is its primary column, in the CRS stated there.

    Where ``limits`` has ``head_only``, its first rows are read and the others are not.
    """
    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows > limits.rows and not limits.head_only:
            raise RefusedError("too_many_rows", found=file.metadata.num_rows, limit=limits.rows)
        if file.metadata.num_columns > limits.columns * 2:
            raise RefusedError(
                "too_many_columns", found=file.metadata.num_columns, limit=limits.columns
            )
        place, about = primary_column(file)
        _check_cells(file, place, limits)
        table = _head(file) if limits.head_only else file.read(use_threads=False)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError, RecursionError):
        raise RefusedError("broken_file", driver="Parquet") from None
    rows = pd.RangeIndex(1, table.num_rows + 1, name="row")
    # By their places: two columns may have one name.
    own = [at for at in range(table.num_columns) if at != place]
    names = [table.column_names[at] for at in own]
    columns = [
        [_value(value) for value in python_values(table.column(at), name)]
        for at, name in zip(own, names, strict=True)
    ]
    frame, notes = table_frame(names, columns, rows, limits)
    if place is None:
        return RawTable(frame, "Parquet", "utf-8", notes=notes)
    shapes, crs = shapes_of(table.column(place), about), stated_crs(about)
    series, more = bounded_points(shapes, rows, limits)
    # Before anything takes it: a definition may name other files.
    series = series.set_crs(None if crs is None else plain_crs(crs))
    missing = () if crs else (note("no_crs"),)
    text = None if series.crs is None else series.crs.to_string()
    return RawTable(frame, "Parquet", "utf-8", series, text, (*notes, *more, *missing))


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


def _check_cells(file: pq.ParquetFile, geometry: int | None, limits: Limits) -> None:
    """Count cells before any is read."""
    rows = min(file.metadata.num_rows, HEAD_ROWS) if limits.head_only else file.metadata.num_rows
    columns = len(file.schema_arrow.names) - (geometry is not None)
    limits.check(rows=rows, columns=columns)


def shapes_of(column: pa.ChunkedArray, about: dict[str, Any]) -> np.ndarray:
    """Return the shapes of a geometry column, which must be WKB; raises ``RefusedError``."""
    if about.get("encoding") != "WKB":
        raise RefusedError("broken_file", driver="Parquet")
    try:
        return np.asarray(shapely.from_wkb(column.to_numpy()))
    except (shapely.errors.GEOSException, TypeError, ValueError):
        raise RefusedError("broken_file", driver="Parquet") from None


def _head(file: pq.ParquetFile) -> pa.Table:
    batches = file.iter_batches(HEAD_ROWS, use_threads=False)
    return pa.Table.from_batches(islice(batches, 1), schema=file.schema_arrow)


def stated_crs(about: dict[str, Any]) -> str | None:
    """Return the CRS: left out means longitude and latitude, ``null`` means unknown."""
    if "crs" not in about:
        return "OGC:CRS84"
    return None if about["crs"] is None else json.dumps(about["crs"])


def read_shapefile(path: Path, folder: Path, limits: Limits) -> RawTable:
    """Read a zipped shapefile; a missing ``.prj`` or ``.cpg`` is noted, never made up for.

    Without ``.cpg`` the encoding is that which fits the attribute table's bytes.
    """
    shape_path = unpack_shapefile(path, folder, limits)
    encoding, notes = _encoding(shape_path)
    stated = _stated_system(shape_path.with_suffix(".prj"))
    try:
        info = pyogrio.read_info(shape_path, encoding=encoding)
        limits.check(rows=int(info["features"]), columns=len(info["fields"]))
        meta, _, shapes, values = pyogrio.raw.read(
            shape_path, encoding=encoding, force_2d=True, datetime_as_string=True
        )
        crs = None if meta["crs"] is None else plain_crs(meta["crs"])
    except CRSError:
        raise RefusedError("unknown_crs", crs=stated[:80]) from None
    except (DataSourceError, DataLayerError, ValueError):
        raise RefusedError("broken_file", driver=SHAPEFILE_DRIVER) from None
    index = pd.RangeIndex(1, len(values[0]) + 1 if len(values) else 1, name="row")
    columns = [[_value(value) for value in column.tolist()] for column in values]
    frame, cleaned = table_frame(meta["fields"].tolist(), columns, index, limits)
    if shapes is None:
        return RawTable(frame, SHAPEFILE_DRIVER, encoding, notes=(*notes, *cleaned))
    geometry, broken = bounded_points(shapely.from_wkb(shapes, on_invalid="ignore"), index, limits)
    missing = () if crs else (note("no_crs"),)
    return RawTable(
        frame,
        SHAPEFILE_DRIVER,
        encoding,
        geometry.set_crs(crs),
        crs,
        (*notes, *cleaned, *broken, *missing),
    )


def _stated_system(path: Path) -> str:
    """Return what ``.prj`` says, and leave it in UTF-8, the one encoding that its reader knows."""
    if not path.exists():
        return ""
    content = path.read_bytes()
    text = content.decode("utf-8" if is_utf8(content) else "gb18030", errors="replace")
    path.write_text(text, encoding="utf-8")
    return text


def _encoding(shape_path: Path) -> tuple[str, tuple[Note, ...]]:
    page_path, table_path = shape_path.with_suffix(".cpg"), shape_path.with_suffix(".dbf")
    if page_path.exists():
        stated = page_path.read_text(encoding="ascii", errors="ignore").strip().lower()[:40]
        name = _CODE_PAGES.get(stated, stated)
        try:
            "".encode(name)
            return name, ()
        # The second where a name holds what none may, such as a byte of zero.
        except (LookupError, ValueError):
            return _fitting_encoding(table_path), (note("unknown_cpg", found=stated),)
    found = _fitting_encoding(table_path)
    return found, (note("no_cpg", encoding=found),)


def _fitting_encoding(path: Path) -> str:
    """Return UTF-8 where all records fit it, else GB18030: fields may be cut in a character."""
    content = path.read_bytes()
    records = content[int.from_bytes(content[8:10], "little") :].replace(b"\0", b" ")
    try:
        records.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _value(value: Any) -> Any:
    if value is None or value is pd.NaT or isinstance(value, (bytes, bytearray)):
        return None
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= 1 << 53 else str(value)
    return str(value)
