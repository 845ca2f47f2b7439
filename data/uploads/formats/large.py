"""Read a large CSV or GeoParquet in columns, in the process that reads an upload.

A large file is not looked at cell by cell: its columns keep their types, its text is cleaned of
what is not seen, and each row has the number that a person counts for it. Nothing here may run
in the server's own process: that has ``data.uploads.sandbox.large_table``.

The process is waited for, so this loads little: what only Parquet needs stands in a module of
its own, and so does what makes tables of pandas.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data.reading_progress import CountedBytes, Progress, read_with_progress
from data.uploads.formats.arrow_values import python_values
from data.uploads.formats.asked import ColumnsAsked, Found
from data.uploads.formats.encoding import checked, detect_delimiter, detect_encoding
from data.uploads.formats.headings import single_names
from data.uploads.limits import UNSEEN_RE2, Limits, RefusedError, may_be_unseen

MOST_ASIDE = 1_000_000
"""How many rows may be kept aside; a file with more was not meant like this."""

ROW, SHAPE, META = "__row__", "__shape__", b"atlas"
ASIDE = ".aside"
_HEAD = 1 << 18
_BLOCK = 1 << 22


_Reader = Callable[[Path, ColumnsAsked, Limits, Progress], Found]


def column_reader(suffix: str) -> _Reader:
    """Load and return what reads a file whose name ends like this."""
    if suffix not in (".parquet", ".geoparquet"):
        return _read_csv
    from data.uploads.formats.large_parquet import read_parquet

    return read_parquet


def read_large(path: Path, asked: ColumnsAsked, limits: Limits, progress: Progress) -> Found:
    """Read a CSV or GeoParquet file; raise ``RefusedError`` past the limits or where it is broken.

    Rows of another number of cells than the headings are kept aside.
    """
    read = column_reader(path.suffix)
    progress("read", 0.0)
    found = read(path, asked, limits, progress)
    progress("read", 1.0)
    table = found.table
    limits.check(rows=table.num_rows, columns=table.num_columns)
    return replace(found, table=_clean(table, limits.cell_characters))


@dataclass(frozen=True)
class _Layout:
    """How a text is cut into columns."""

    names: list[str]
    texts: tuple[str, ...]
    delimiter: str
    encoding: str
    skipped: int

    @classmethod
    def of(cls, content: bytes, asked: ColumnsAsked, limits: Limits) -> _Layout:
        encoding = asked.encoding or detect_encoding(content)
        if asked.encoding == "utf-8":
            # Other encodings are read anew, which tells; of this one a column would be lost.
            checked(content, encoding)
        head = content[:_HEAD].decode(encoding, errors="ignore").removeprefix("\ufeff")
        delimiter = detect_delimiter(head)
        raw = _headings(head, delimiter, asked.header)
        limits.check(columns=len(raw))
        # Columns without heading or value are none of the head's.
        fits = len(raw) == len(asked.names) or not asked.header
        names = list(asked.names) if fits else single_names(raw)[0]
        return cls(names, asked.texts, delimiter, encoding, asked.header)

    def read(
        self, content: bytes, broken: list[Any], progress: Progress, *, in_order: bool
    ) -> pa.Table:
        read = pa_csv.ReadOptions(
            encoding="utf8" if self.encoding.startswith("utf-8") else self.encoding,
            block_size=_BLOCK,
            column_names=self.names,
            skip_rows=self.skipped,
            use_threads=not in_order,
        )
        parse = pa_csv.ParseOptions(
            delimiter=self.delimiter,
            # Only a quoted value can hold one; without, blocks are cut without a look inside.
            newlines_in_values=b'"' in content,
            # Rows are counted as in the file, empty ones with them.
            ignore_empty_lines=False,
            invalid_row_handler=_keeper(broken),
        )
        convert = pa_csv.ConvertOptions(
            column_types={name: pa.string() for name in self.texts if name in self.names},
            strings_can_be_null=True,
        )
        return read_with_progress(
            CountedBytes(content),
            progress,
            lambda file: pa_csv.read_csv(
                file, read_options=read, parse_options=parse, convert_options=convert
            ),
        )


def _read_csv(path: Path, asked: ColumnsAsked, limits: Limits, progress: Progress) -> Found:
    content = path.read_bytes()
    layout = _Layout.of(content, asked, limits)
    broken: list[Any] = []
    try:
        table = layout.read(content, broken, progress, in_order=False)
        if broken:
            # Only a reading in order knows the numbers of the rows that it passes over.
            broken.clear()
            table = layout.read(content, broken, progress, in_order=True)
    except MemoryError:
        raise
    except (pa.ArrowException, UnicodeError) as error:
        if len(broken) >= MOST_ASIDE:
            raise RefusedError("too_many_aside", limit=MOST_ASIDE) from None
        if (row := _long_row(content)) is not None:
            raise RefusedError("long_row", row=row, limit=_BLOCK >> 20) from None
        problem = str(error).splitlines()[0][:200]
        raise RefusedError("broken_csv", encoding=layout.encoding, problem=problem) from None
    numbers = np.array([one.number for one in broken], dtype=np.int64)
    first = layout.skipped + 1
    every = np.arange(first, first + len(table) + len(broken))
    rows = np.delete(every, numbers - first)
    aside = tuple((int(one.number), str(one.text)[: limits.cell_characters]) for one in broken)
    return Found(table, rows, None, layout.delimiter, aside)


def _keeper(broken: list[Any]) -> Callable[[Any], str]:
    def keep(row: Any) -> str:
        broken.append(row)
        return "skip" if len(broken) < MOST_ASIDE else "error"

    return keep


def _long_row(content: bytes) -> int | None:
    """Return the number of the first line that is longer than a block, counted from 1."""
    start, row = 0, 1
    while (end := content.find(b"\n", start)) >= 0:
        if end - start > _BLOCK:
            return row
        start, row = end + 1, row + 1
    return row if len(content) - start > _BLOCK else None


def _headings(head: str, delimiter: str, header: int) -> list[str]:
    # It holds for the whole process, which is the worker's own.
    csv.field_size_limit(max(csv.field_size_limit(), len(head) + 1))
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    return next((row for number, row in enumerate(rows, start=1) if number == header), [])


def _clean(table: pa.Table, longest: int) -> pa.Table:
    """Return ``table`` with columns of numbers, truth, time and clean, bounded text only.

    Raises ``RefusedError`` where there is no such column.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_nested(column.type):
            values = python_values(column, name)
            texts = [None if one is None else str(one) for one in values]
            column = pa.chunked_array([pa.array(texts, pa.string())])
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if pa.types.is_decimal(column.type):
            column = column.cast(pa.string())
        if _is_text(column.type):
            column = _clean_text(column.cast(pa.string()), longest)
        elif not _is_plain(column.type):
            continue
        columns[name] = column
    if not columns:
        raise RefusedError("no_rows")
    return pa.table(columns)


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    )


def _is_plain(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_temporal)
    return any(is_kind(kind) for is_kind in kinds)


def _without_unseen(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # The pattern takes most of the time of a file, and is hardly ever found.
    if not any(may_be_unseen(_letters(chunk)) for chunk in column.chunks):
        return column
    if pc.any(pc.match_substring_regex(column, UNSEEN_RE2)).as_py():
        column = pc.replace_substring_regex(column, UNSEEN_RE2, "")
    return column


def _letters(texts: pa.StringArray) -> bytes | memoryview:
    """Return the UTF-8 of all texts of an array, as it lies in memory."""
    _, places, letters = texts.buffers()
    if places is None or letters is None or not len(texts):
        return b""
    ends = np.frombuffer(places, np.int32)[[texts.offset, texts.offset + len(texts)]]
    return memoryview(letters)[ends[0] : ends[1]]


def _clean_text(column: pa.ChunkedArray, longest: int) -> pa.ChunkedArray:
    column = _without_unseen(column)
    # No text has more characters than bytes, and those are known without looking at it.
    if (pc.max(pc.binary_length(column)).as_py() or 0) <= longest:
        return column
    if (pc.max(pc.utf8_length(column)).as_py() or 0) > longest:
        column = pc.utf8_slice_codeunits(column, 0, longest)
    return column


def write_columns(found: Found, path: Path) -> None:
    """Write what was read as Arrow files: the rows, and beside them those that do not fit."""
    names = found.table.column_names
    table = found.table.rename_columns([f"c{place}" for place in range(len(names))])
    table = table.append_column(ROW, pa.array(found.rows))
    if found.shapes is not None:
        table = table.append_column(SHAPE, found.shapes)
    notes = [[one.code, one.details] for one in found.notes]
    meta = {"names": names, "delimiter": found.delimiter, "notes": notes}
    _write(table.replace_schema_metadata({META: json.dumps(meta).encode()}), path)
    numbers, texts = zip(*found.aside, strict=True) if found.aside else ((), ())
    kept = pa.chunked_array([pa.array(texts, pa.string())])
    aside = {"row": pa.array(numbers, pa.int64()), "text": _without_unseen(kept)}
    _write(pa.table(aside), path.with_suffix(ASIDE))


def _write(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
