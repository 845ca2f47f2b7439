"""Check values of Arrow's columns: a file may hold some that its own types cannot have.

Only the process that reads an upload does so.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.uploads.limits import RefusedError

_WIDE_BITS = 64


def python_values(column: pa.ChunkedArray, name: str) -> list[Any]:
    """Return the values of a column; raise ``RefusedError`` with the row of one that is none."""
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        row = next(row for row, one in enumerate(column, 1) if not _is_python(one))
        raise _bad_value(column, name, row) from None


def check_values(column: pa.ChunkedArray, name: str) -> None:
    """Raise ``RefusedError`` where a column holds text that is not UTF-8, or a time out of range.

    Rows count from 1. Times are known by the first and the last of them. Columns of lists or
    records are left to ``python_values``.
    """
    if pa.types.is_nested(column.type):
        return
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        raise _bad_value(column, name, _first_invalid(column)) from None
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if not pa.types.is_temporal(kind) or column.null_count == len(column):
        return
    numbers = column.cast(pa.int64() if kind.bit_width == _WIDE_BITS else pa.int32())
    ends = pc.min_max(numbers)
    for end in (ends["min"], ends["max"]):
        if not _is_python(pa.array([end.as_py()], numbers.type).cast(kind)[0]):
            raise _bad_value(column, name, pc.index(numbers, end).as_py() + 1)


def _is_python(value: pa.Scalar) -> bool:
    try:
        value.as_py()
    except (OverflowError, ValueError):
        return False
    return True


def _first_invalid(column: pa.ChunkedArray) -> int:
    """Return the row of the first invalid value, by halves."""
    start, count = 0, len(column)
    while count > 1:
        half = count // 2
        try:
            # A slice is checked where it lies, so that what is invalid elsewhere says nothing.
            column.slice(start, half).validate(full=True)
        except pa.ArrowInvalid:
            count = half
        else:
            start, count = start + half, count - half
    return start + 1


def _bad_value(column: pa.ChunkedArray, name: str, row: int) -> RefusedError:
    return RefusedError("bad_value", row=row, column=name[:60], kind=str(column.type)[:60])
