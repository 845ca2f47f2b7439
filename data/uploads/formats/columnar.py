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
from pyproj import CRS

from data.uploads.formats.asked import ReadAs
from data.uploads.formats.archive import unpack_shapefile
from data.uploads.formats.arrow_values import python_values
from data.uploads.formats.cells import plain_cell, table_frame
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.drivers import SHAPEFILE_DRIVER
from data.uploads.formats.encoding import is_utf8
from data.uploads.formats.raw_table import RawTable, shaped_table
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


def read_shapefile(
    path: Path, folder: Path, limits: Limits, said: ReadAs | None = None
) -> RawTable:
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
    columns = [[plain_cell(value) for value in column.tolist()] for column in values]
    frame, cleaned = table_frame(meta["fields"].tolist(), columns, index, limits)
    if shapes is None:
        return RawTable(frame, SHAPEFILE_DRIVER, encoding, notes=(*notes, *cleaned))
    found = shapely.from_wkb(shapes, on_invalid="ignore")
    return shaped_table(frame, SHAPEFILE_DRIVER, encoding, found, crs, limits, (*notes, *cleaned))


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
