"""Read points from a CSV file, block by block or in pieces of the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from data.errors import DataError, Fault
from data.tables.source import Wanted, column_names, frame_of, placed_records

Range = tuple[int, int]
"""First byte of a piece, and one past its last."""

_SCAN_BYTES = 2**22
_LEAST_BYTES = 2**20
_NUMBERS = pa.float64()
_CELLS = pa_csv.ParseOptions(newlines_in_values=True)


@dataclass(frozen=True)
class CsvSource:
    """A CSV file in UTF-8 with a header line."""

    path: Path

    def parts(self, wanted: Wanted, most: int) -> tuple[Range, ...]:
        """Check the columns, and cut the file between lines, never inside a quoted cell."""
        try:
            size = self.path.stat().st_size
            names = self._names()
        except OSError as error:
            raise self._fault("", f"cannot be read: {error.strerror}") from None
        for name in column_names(wanted):
            if name not in names:
                raise self._fault(name, f"no such column; there are {', '.join(names)}")
        cuts = [0, *self._cuts(max(_LEAST_BYTES, -(-size // most))), size]
        return tuple((start, stop) for start, stop in pairwise(cuts) if stop > start)

    def _names(self) -> list[str]:
        with self.path.open("rb") as file:
            header = file.readline()
        try:
            return list(pa_csv.read_csv(io.BytesIO(header)).column_names)
        except pa.ArrowException as error:
            raise self._fault("", f"not readable as CSV: {error}") from None

    def _cuts(self, step: int) -> Iterator[int]:
        """Yield places about ``step`` bytes apart where a row begins."""
        here, wished, quotes = 0, step, 0
        with self.path.open("rb") as file:
            while block := file.read(min(step, _SCAN_BYTES)):
                here += len(block)
                quotes += block.count(b'"')
                while here >= wished and (line := file.readline()):
                    here += len(line)
                    quotes += line.count(b'"')
                    # An odd number of quotes before a line's end: it lies inside a cell.
                    if quotes % 2 == 0:
                        yield here
                        wished = here + step

    def read(self, part: Range, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of a piece of the file."""
        types = dict.fromkeys((name for name, _ in wanted.where), pa.string())
        types |= _numbers(wanted) | ({} if wanted.value is None else {wanted.value: _NUMBERS})
        options = pa_csv.ConvertOptions(
            include_columns=list(column_names(wanted)), column_types=types
        )
        with self._piece(part) as (stream, names):
            first = pa_csv.ReadOptions(block_size=2**23, column_names=names)
            for batch in pa_csv.open_csv(stream, first, _CELLS, options):
                yield frame_of(pa.table(batch), wanted)

    def records(self, part: Range, wanted: Wanted) -> Iterator[pa.Table]:
        """Yield the rows of a piece of the file, all at once: so each column has one type."""
        options = pa_csv.ConvertOptions(column_types=_numbers(wanted), strings_can_be_null=True)
        with self._piece(part) as (stream, names):
            first = pa_csv.ReadOptions(column_names=names)
            yield placed_records(pa_csv.read_csv(stream, first, _CELLS, options), wanted)

    @contextmanager
    def _piece(self, part: Range) -> Iterator[tuple[Any, list[str] | None]]:
        """Yield some bytes of the file, and the names of columns where no header is among them."""
        start, stop = part
        with pa.OSFile(str(self.path)) as file:
            try:
                yield file.get_stream(start, stop - start), self._names() if start else None
            except pa.ArrowException as error:
                raise self._fault("", f"bytes {start} to {stop}: {error}") from None

    def _fault(self, column: str, problem: str) -> DataError:
        return DataError([Fault(self.path.name, "", column, problem)])


def _numbers(wanted: Wanted) -> dict[str, pa.DataType]:
    return dict.fromkeys((wanted.longitude, wanted.latitude), _NUMBERS)
