"""Read points from a CSV file, block by block or in pieces of the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data.errors import DataError, Fault
from data.tables.source import LATITUDE, LONGITUDE, Wanted, chosen_rows

Range = tuple[int, int]
"""First byte of a piece, and one past its last."""

_SCAN_BYTES = 2**22
_LEAST_BYTES = 2**20
_NUMBERS = pa.float64()


@dataclass(frozen=True)
class CsvSource:
    """A CSV file in UTF-8 with a header line."""

    path: Path

    def parts(self, wanted: Wanted, most: int) -> tuple[Range, ...]:
        """Check the columns, and cut the file between lines, never inside a quoted cell."""
        try:
            with self.path.open("rb") as file:
                header = file.readline()
        except OSError as error:
            raise self._fault("", f"cannot be read: {error.strerror}") from None
        names = self._names(header)
        for name in _columns(wanted):
            if name not in names:
                raise self._fault(name, f"no such column; there are {', '.join(names)}")
        size = self.path.stat().st_size
        step = max(_LEAST_BYTES, -(-(size - len(header)) // most))
        cuts = [len(header), *self._cuts(len(header), step), size]
        return tuple((start, stop) for start, stop in pairwise(cuts) if stop > start) or (
            (len(header), size),
        )

    def _names(self, header: bytes) -> list[str]:
        try:
            table = pa_csv.read_csv(io.BytesIO(header))
        except pa.ArrowException as error:
            raise self._fault("", f"not readable as CSV: {error}") from None
        return list(table.column_names)

    def _cuts(self, start: int, step: int) -> Iterator[int]:
        """Yield places about ``step`` bytes apart where a row begins."""
        wished = start + step
        quotes = 0
        with self.path.open("rb") as file:
            file.seek(start)
            here = start
            while block := file.read(_SCAN_BYTES):
                end = here + len(block)
                done = here
                while wished < end:
                    # An odd number of quotes before a line's end: it lies inside a cell.
                    quotes += block.count(b'"', done - here, max(wished, done) - here)
                    done = max(wished, done)
                    line_end = block.find(b"\n", done - here)
                    if line_end < 0:
                        wished = end
                        break
                    quotes += block.count(b'"', done - here, line_end)
                    done = here + line_end + 1
                    if quotes % 2:
                        wished = done
                    else:
                        yield done
                        wished = done + step
                quotes += block.count(b'"', done - here)
                here = end

    def read(self, part: Range, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of a piece of the file."""
        start, stop = part
        with self.path.open("rb") as file:
            header = file.readline()
            file.seek(start)
            body = _Slice(file, header, stop - start)
            try:
                yield from self._frames(body, wanted)
            except pa.ArrowException as error:
                raise self._fault("", f"bytes {start} to {stop}: {error}") from None

    def records(self, part: Range, wanted: Wanted) -> Iterator[pa.Table]:
        """Yield the rows of a piece of the file, all at once: so each column has one type."""
        start, stop = part
        types = dict.fromkeys((wanted.longitude, wanted.latitude), _NUMBERS)
        with self.path.open("rb") as file:
            header = file.readline()
            file.seek(start)
            try:
                table = pa_csv.read_csv(
                    pa.PythonFile(_Slice(file, header, stop - start), mode="r"),
                    parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                    convert_options=pa_csv.ConvertOptions(
                        column_types=types, strings_can_be_null=True
                    ),
                )
                yield placed_records(table, wanted)
            except pa.ArrowException as error:
                raise self._fault("", f"bytes {start} to {stop}: {error}") from None

    def _frames(self, body: _Slice, wanted: Wanted) -> Iterator[pd.DataFrame]:
        types = {wanted.longitude: _NUMBERS, wanted.latitude: _NUMBERS}
        types |= {name: pa.string() for name, _ in wanted.where}
        if wanted.value is not None:
            types[wanted.value] = _NUMBERS
        reader = pa_csv.open_csv(
            pa.PythonFile(body, mode="r"),
            read_options=pa_csv.ReadOptions(block_size=2**23),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(_columns(wanted)), column_types=types
            ),
        )
        for batch in reader:
            yield frame_of(pa.table(batch), wanted)

    def _fault(self, column: str, problem: str) -> DataError:
        return DataError([Fault(self.path.name, "", column, problem)])


class _Slice(io.RawIOBase):
    """The header of a file and some of its bytes, as a file."""

    def __init__(self, file: io.BufferedReader, header: bytes, length: int) -> None:
        super().__init__()
        self._file = file
        self._header = header
        self._left = length

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes, at most ``size``."""
        if self._header:
            header, self._header = self._header, b""
            return header
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        content = self._file.read(wanted)
        self._left -= len(content)
        return content


def _columns(wanted: Wanted) -> tuple[str, ...]:
    value = () if wanted.value is None else (wanted.value,)
    names = (wanted.longitude, wanted.latitude, *value, *(name for name, _ in wanted.where))
    return tuple(dict.fromkeys(names))


def frame_of(table: pa.Table, wanted: Wanted) -> pd.DataFrame:
    """Return the rows that are wanted of a table with longitude and latitude columns.

    Raises ``pyarrow.ArrowInvalid`` for a value that is no number.
    """
    table = chosen_rows(table, wanted, wanted.longitude, wanted.latitude)
    columns = {
        "longitude": table[wanted.longitude].cast(_NUMBERS).to_numpy(),
        "latitude": table[wanted.latitude].cast(_NUMBERS).to_numpy(),
        "value": 0.0,
    }
    if wanted.value is not None:
        columns["value"] = pc.fill_null(table[wanted.value].cast(_NUMBERS), 0.0).to_numpy()
    return pd.DataFrame(columns)


def placed_records(table: pa.Table, wanted: Wanted) -> pa.Table:
    """Return the rows that are wanted of a table with longitude and latitude columns.

    Raises ``pyarrow.ArrowInvalid`` for a position that is no number.
    """
    table = chosen_rows(table, wanted, wanted.longitude, wanted.latitude)
    x, y = (table[name].cast(_NUMBERS) for name in (wanted.longitude, wanted.latitude))
    rest = table.drop_columns([wanted.longitude, wanted.latitude])
    return rest.append_column(LONGITUDE, x).append_column(LATITUDE, y)
