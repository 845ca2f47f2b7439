"""Read a large CSV or GeoParquet in columns, with the number that a person counts for each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data.errors import DataError, Fault
from data.intake.delimited import detect_delimiter, detect_encoding
from data.intake.faults import RowFault, row_fault
from data.intake.limits import RefusedError
from data.intake.table import RawTable
from data.register.progress import CountedBytes, Progress, read_with_progress

MOST_ASIDE = 1_000_000
"""How many rows may be kept aside; a file with more was not meant like this."""

_HEAD_BYTES = 1 << 18
_LONGEST_NUMBER = 15


@dataclass(frozen=True, eq=False)
class LargeTable:
    """The rows of a large file.

    ``table`` holds its columns under the names of its sample, ``rows`` their numbers as in
    ``RawTable``; ``geometry`` has the shapes of GeoParquet, in the CRS of the sample.
    ``aside`` are rows that do not fit the columns, by number, and ``faults`` say so.
    """

    table: pa.Table
    rows: npt.NDArray[np.int64]
    geometry: gpd.GeoSeries | None = None
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: tuple[RowFault, ...] = ()


def read_large_csv(
    content: bytes,
    filename: str,
    sample: RawTable,
    *,
    encoding: str | None = None,
    progress: Progress,
) -> LargeTable:
    """Read delimited text whose head was read as ``sample``.

    ``encoding`` is detected where it is ``None``. Rows of another number of cells than the
    header are kept aside. Raises ``DataError`` for text that cannot be read on,
    ``RefusedError`` for an encoding that is not whole or too many rows aside.
    """
    progress("read", 0.0)
    layout = _Layout.of(content, sample, encoding or detect_encoding(content))
    broken: list[Any] = []
    try:
        table = layout.read(content, broken, progress, in_order=False)
        if broken:
            # Only a reading in order knows the numbers of the rows that it passes over.
            broken.clear()
            table = layout.read(content, broken, progress, in_order=True)
    except (pa.ArrowException, UnicodeError) as error:
        if len(broken) >= MOST_ASIDE:
            raise RefusedError("too_many_aside", limit=MOST_ASIDE) from None
        problem = f"not readable as CSV in {layout.encoding}: {str(error).splitlines()[0]}"
        raise DataError([Fault(filename, "", "", problem)]) from None
    numbers = np.array([one.number for one in broken], dtype=np.int64)
    first = layout.skipped + 1
    every = np.arange(first, first + len(table) + len(broken))
    aside, faults = layout.aside(broken)
    return LargeTable(table, np.setdiff1d(every, numbers), aside=aside, faults=faults)


@dataclass(frozen=True)
class _Layout:
    """How a text is cut into columns."""

    names: list[str]
    texts: tuple[str, ...]
    delimiter: str
    encoding: str
    skipped: int

    @classmethod
    def of(cls, content: bytes, sample: RawTable, encoding: str) -> _Layout:
        head = content[:_HEAD_BYTES].decode(encoding, errors="ignore").removeprefix("\ufeff")
        delimiter = detect_delimiter(head)
        found = [dict(one.details) for one in sample.notes if one.code == "header_row"]
        header = int(found[0]["row"]) if found else 1
        cells = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        raw = next(row for number, row in enumerate(cells, start=1) if number == header)
        columns = [str(name) for name in sample.frame.columns]
        if len(raw) != len(columns):
            # Columns without heading or value are none of the sample.
            columns = [" ".join(name.split()) or f"column {at}" for at, name in enumerate(raw, 1)]
        texts = tuple(name for name in sample.frame.columns if is_coded(sample.frame[name]))
        return cls(columns, texts, delimiter, encoding, header)

    def read(
        self, content: bytes, broken: list[Any], progress: Progress, *, in_order: bool
    ) -> pa.Table:
        plain = "utf8" if self.encoding.startswith("utf-8") else self.encoding
        read = pa_csv.ReadOptions(
            encoding=plain,
            block_size=2**22,
            column_names=self.names,
            skip_rows=self.skipped,
            use_threads=not in_order,
        )
        parse = pa_csv.ParseOptions(
            delimiter=self.delimiter,
            newlines_in_values=True,
            # Rows are counted as in the file, empty ones with them.
            ignore_empty_lines=False,
            invalid_row_handler=_keeper(broken),
        )
        convert = pa_csv.ConvertOptions(
            column_types=dict.fromkeys(self.texts, pa.string()), strings_can_be_null=True
        )
        return read_with_progress(
            CountedBytes(content),
            progress,
            lambda file: pa_csv.read_csv(
                file, read_options=read, parse_options=parse, convert_options=convert
            ),
        )

    def aside(self, broken: list[Any]) -> tuple[pd.DataFrame, tuple[RowFault, ...]]:
        """Return rows that do not fit, their surplus in the last column, and their faults."""
        rows, faults = [], []
        for one in broken:
            cells = next(csv.reader([one.text], delimiter=self.delimiter), [])
            width = len(self.names)
            rest = self.delimiter.join(cells[width - 1 :])
            rows.append([*cells[: width - 1], rest] if len(cells) > width else cells)
            faults.append(
                row_fault(one.number, "", one.text, "cells", expected=width, found=len(cells))
            )
        index = pd.Index([one.number for one in broken], name="row", dtype="int64")
        padded = [row + [None] * (len(self.names) - len(row)) for row in rows]
        return pd.DataFrame(padded, index=index, columns=self.names, dtype=object), tuple(faults)


def _keeper(broken: list[Any]) -> Callable[[Any], str]:
    def keep(row: Any) -> str:
        broken.append(row)
        return "skip" if len(broken) < MOST_ASIDE else "error"

    return keep


def is_coded(values: pd.Series) -> bool:
    """Whether numbers of a column are no amounts: they start with 0, or are too long."""
    texts = values.dropna().astype(str)
    coded = texts.str.fullmatch(r"0\d+") | (texts.str.len() > _LONGEST_NUMBER)
    return bool(coded.any())


def read_large_parquet(
    content: bytes, filename: str, sample: RawTable, *, progress: Progress
) -> LargeTable:
    """Read (Geo)Parquet whose first rows were read as ``sample``.

    Raises ``DataError`` for a file that cannot be read on.
    """
    progress("read", 0.0)
    try:
        if sample.geometry is None:
            table, geometry = pq.read_table(io.BytesIO(content)), None
        else:
            frame = gpd.read_parquet(io.BytesIO(content))
            geometry = frame.geometry.reset_index(drop=True)
            rest = pd.DataFrame(frame.drop(columns=frame.geometry.name))
            table = pa.Table.from_pandas(rest, preserve_index=False)
    except (ValueError, OSError, pa.ArrowException) as error:
        problem = f"not readable as GeoParquet: {str(error).splitlines()[0]}"
        raise DataError([Fault(filename, "", "", problem)]) from None
    progress("read", 1.0)
    table = table.replace_schema_metadata(None)
    columns = [str(name) for name in sample.frame.columns]
    if len(columns) == len(table.column_names):
        table = table.rename_columns(columns)
    return LargeTable(table, np.arange(1, len(table) + 1), geometry)
