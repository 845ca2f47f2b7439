"""Read GeoParquet and Parquet, and shapefiles through GDAL's one driver for them."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from data.intake.archive import unpack_shapefile
from data.intake.cells import table_frame
from data.intake.crs_text import plain_crs
from data.intake.formats import SHAPEFILE_DRIVER
from data.intake.limits import Limits, Note, RefusedError, note
from data.intake.table import RawTable, bounded_points

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
        table = _head(file) if limits.head_only else file.read(use_threads=False)
        geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        primary = str(geo.get("primary_column", ""))
        about = dict(geo.get("columns", {}).get(primary, {}))
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError, RecursionError):
        raise RefusedError("broken_file", driver="Parquet") from None
    rows = pd.RangeIndex(1, table.num_rows + 1, name="row")
    names = [name for name in table.column_names if name != primary]
    columns = [[_value(value) for value in table[name].to_pylist()] for name in names]
    frame, notes = table_frame(names, columns, rows, limits)
    if primary not in table.column_names:
        return RawTable(frame, "Parquet", "utf-8", notes=notes)
    if about.get("encoding") != "WKB":
        raise RefusedError("broken_file", driver="Parquet")
    try:
        shapes = shapely.from_wkb(table[primary].to_pylist())
        crs = stated_crs(about)
        series, more = bounded_points(shapes, rows, limits)
        # Before anything takes it: a definition may name other files.
        series = series.set_crs(None if crs is None else plain_crs(crs))
    except (shapely.errors.GEOSException, TypeError, ValueError):
        raise RefusedError("broken_file", driver="Parquet") from None
    missing = () if crs else (note("no_crs"),)
    text = None if series.crs is None else series.crs.to_string()
    return RawTable(frame, "Parquet", "utf-8", series, text, (*notes, *more, *missing))


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
    try:
        info = pyogrio.read_info(shape_path, encoding=encoding)
        if info["features"] > limits.rows:
            raise RefusedError("too_many_rows", found=info["features"], limit=limits.rows)
        table = pyogrio.read_dataframe(
            shape_path, encoding=encoding, force_2d=True, on_invalid="ignore", use_arrow=False
        )
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError):
        raise RefusedError("broken_file", driver=SHAPEFILE_DRIVER) from None
    rows = pd.RangeIndex(1, len(table) + 1, name="row")
    names = [name for name in table.columns if name != "geometry"]
    columns = [[_value(value) for value in table[name].tolist()] for name in names]
    frame, cleaned = table_frame(names, columns, rows, limits)
    if not isinstance(table, gpd.GeoDataFrame):
        return RawTable(frame, SHAPEFILE_DRIVER, encoding, notes=(*notes, *cleaned))
    geometry, broken = bounded_points(np.asarray(table.geometry), rows, limits)
    crs = None if table.crs is None else table.crs.to_string()
    missing = () if crs else (note("no_crs"),)
    return RawTable(
        frame,
        SHAPEFILE_DRIVER,
        encoding,
        geometry.set_crs(crs),
        crs,
        (*notes, *cleaned, *broken, *missing),
    )


def _encoding(shape_path: Path) -> tuple[str, tuple[Note, ...]]:
    page_path, table_path = shape_path.with_suffix(".cpg"), shape_path.with_suffix(".dbf")
    if page_path.exists():
        stated = page_path.read_text(encoding="ascii", errors="ignore").strip().lower()[:40]
        name = _CODE_PAGES.get(stated, stated)
        try:
            "".encode(name)
            return name, ()
        except LookupError:
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
