"""Read a large CSV or GeoParquet in columns, in the process that ``data.intake.worker`` is.

A large file is not looked at cell by cell: its columns keep their types, its text is cleaned of
what is not seen. Nothing here may run in the server's own process.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import shapely

from data.intake.cells import single_names
from data.intake.columnar import stated_crs
from data.intake.crs_text import plain_crs
from data.intake.delimited import detect_delimiter, detect_encoding
from data.intake.limits import UNSEEN_RE2, Limits, RefusedError

_EAST, _NORTH, _META = "__east__", "__north__", b"atlas"
_HEAD = 1 << 18
_BLOCK = 1 << 22


@dataclass(frozen=True)
class ColumnsAsked:
    """What is wanted of a large file.

    ``east`` and ``north`` name the columns of coordinates (of CSV; GeoParquet has its
    geometry); ``texts`` are columns that stay text although they look like numbers.
    ``encoding`` is what a person said, or ``None``.
    """

    east: str | None = None
    north: str | None = None
    texts: tuple[str, ...] = ()
    encoding: str | None = None


@dataclass(frozen=True, eq=False)
class Columns:
    """A file's own columns, and x and y of each row (n × 2) in ``crs`` (``None``: not stated)."""

    table: pa.Table
    given: npt.NDArray[np.float64]
    crs: str | None


def read_large(path: Path, asked: ColumnsAsked, limits: Limits) -> Columns:
    """Read a CSV or GeoParquet file; raise ``RefusedError`` past the limits or where it is broken.

    A column of coordinates that is not there is ``no_column``, with what there is.
    """
    if path.suffix in (".parquet", ".geoparquet"):
        columns = _read_parquet(path, limits)
    else:
        columns = _read_csv(path.read_bytes(), asked, limits)
    table = columns.table
    if table.num_rows > limits.rows:
        raise RefusedError("too_many_rows", found=table.num_rows, limit=limits.rows)
    if table.num_columns > limits.columns:
        raise RefusedError("too_many_columns", found=table.num_columns, limit=limits.columns)
    cells = table.num_rows * table.num_columns
    if cells > limits.cells:
        raise RefusedError("too_many_cells", found=cells, limit=limits.cells)
    return Columns(_clean(table, limits.cell_characters), columns.given, columns.crs)


def _read_csv(content: bytes, asked: ColumnsAsked, limits: Limits) -> Columns:
    encoding = asked.encoding or detect_encoding(content)
    head = content[:_HEAD].decode(encoding, errors="ignore").removeprefix("\ufeff")
    delimiter = detect_delimiter(head)
    names = _headings(head, delimiter)
    if len(names) > limits.columns:
        raise RefusedError("too_many_columns", found=len(names), limit=limits.columns)
    clean = single_names(names)[0]
    kept = [raw for raw, name in zip(names, clean, strict=True) if name in asked.texts]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(
                encoding="utf8" if encoding.startswith("utf-8") else encoding, block_size=_BLOCK
            ),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(kept, pa.string()), strings_can_be_null=True
            ),
        )
    except MemoryError:
        raise
    except (pa.ArrowException, UnicodeError) as error:
        if (row := _long_row(content)) is not None:
            raise RefusedError("long_row", row=row, limit=_BLOCK >> 20) from None
        problem = str(error).splitlines()[0][:200]
        raise RefusedError("broken_csv", encoding=encoding, problem=problem) from None
    if len(clean) == table.num_columns:
        table = table.rename_columns(clean)
    for wanted in (asked.east, asked.north):
        if wanted is None or wanted not in table.column_names:
            found = ", ".join(table.column_names)[:200]
            raise RefusedError("no_column", column=wanted or "-", found=found)
    given = np.column_stack([_degrees(table[name]) for name in (asked.east, asked.north)])
    return Columns(table, given, None)


def _long_row(content: bytes) -> int | None:
    """Return the number of the first line that is longer than a block, counted from 1."""
    start, row = 0, 1
    while (end := content.find(b"\n", start)) >= 0:
        if end - start > _BLOCK:
            return row
        start, row = end + 1, row + 1
    return row if len(content) - start > _BLOCK else None


def _headings(head: str, delimiter: str) -> list[str]:
    # It holds for the whole process, which is the worker's own.
    csv.field_size_limit(max(csv.field_size_limit(), len(head) + 1))
    return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])


def _degrees(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        numbers: npt.NDArray[np.float64] = column.cast(pa.float64(), safe=False).to_numpy()
        return numbers
    texts = column.cast(pa.string()).to_pandas()
    parsed: npt.NDArray[np.float64] = pd.to_numeric(texts, errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    return parsed


def _read_parquet(path: Path, limits: Limits) -> Columns:
    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows > limits.rows:
            raise RefusedError("too_many_rows", found=file.metadata.num_rows, limit=limits.rows)
        geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        about = geo["columns"][geo["primary_column"]]
        for one in geo["columns"].values():
            # Before any reader sees it: a definition may name other files.
            if (crs := stated_crs(one)) is not None:
                plain_crs(crs)
        frame = gpd.read_parquet(path)
        points = shapely.point_on_surface(frame.geometry.to_numpy())
        rest = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        table = pa.Table.from_pandas(rest, preserve_index=False).replace_schema_metadata(None)
    except MemoryError:
        raise
    except (
        *(pa.ArrowException, shapely.errors.GEOSException, OSError),
        *(ValueError, KeyError, TypeError, AttributeError, RecursionError),
    ):
        raise RefusedError("broken_file", driver="Parquet") from None
    given = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    return Columns(table, given, stated_crs(about))


def _clean(table: pa.Table, longest: int) -> pa.Table:
    """Return ``table`` with columns of numbers, truth, time and clean, bounded text only."""
    columns: dict[str, pa.ChunkedArray] = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_nested(column.type):
            texts = [None if one is None else str(one) for one in column.to_pylist()]
            column = pa.chunked_array([pa.array(texts, pa.string())])
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if _is_text(column.type):
            column = _clean_text(column.cast(pa.string()), longest)
        elif not _is_plain(column.type):
            continue
        columns[name] = column
    return pa.table(columns)


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    )


def _is_plain(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_temporal)
    return any(is_kind(kind) for is_kind in kinds)


def _clean_text(column: pa.ChunkedArray, longest: int) -> pa.ChunkedArray:
    if pc.any(pc.match_substring_regex(column, UNSEEN_RE2)).as_py():
        column = pc.replace_substring_regex(column, UNSEEN_RE2, "")
    if (pc.max(pc.utf8_length(column)).as_py() or 0) > longest:
        column = pc.utf8_slice_codeunits(column, 0, longest)
    return column


def write_columns(columns: Columns, path: Path) -> None:
    """Write what was read as an Arrow file."""
    names = columns.table.column_names
    table = columns.table.rename_columns([f"c{place}" for place in range(len(names))])
    for place, name in enumerate((_EAST, _NORTH)):
        table = table.append_column(name, pa.array(columns.given[:, place]))
    meta: dict[str, Any] = {"names": names, "crs": columns.crs}
    table = table.replace_schema_metadata({_META: json.dumps(meta).encode()})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_columns(path: Path) -> Columns:
    """Read what ``write_columns`` wrote.

    Raises ``ValueError`` where it is not whole, ``RefusedError`` for a coordinate system that
    does not stand by itself.
    """
    with pa.OSFile(str(path), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    table.validate(full=True)
    meta = json.loads((table.schema.metadata or {})[_META])
    given = np.column_stack([table[name].to_numpy() for name in (_EAST, _NORTH)])
    crs = None if meta["crs"] is None else plain_crs(str(meta["crs"]))
    plain = table.drop_columns([_EAST, _NORTH]).replace_schema_metadata(None)
    return Columns(plain.rename_columns([str(name) for name in meta["names"]]), given, crs)
