"""Find the columns that points can be filtered by: text or whole numbers of few values."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

MOST_VALUES = 60
"""A column of at most so many different values can be filtered by."""

MOST_CATEGORIES = 16

_HEAD = 50_000


def categories_of(table: pa.Table) -> tuple[str, ...]:
    """Return the names of the columns of few values, at most ``MOST_CATEGORIES``."""
    found = []
    for name in table.column_names:
        column = table[name]
        head = column.slice(0, _HEAD)
        if not 2 <= len(head.unique()) <= MOST_VALUES:
            continue
        values = column.unique()
        if len(values) <= 4 * MOST_VALUES and (_is_text(column.type) or _is_whole(values)):
            found.append(name)
    return tuple(found[:MOST_CATEGORIES])


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _is_whole(values: pa.Array) -> bool:
    """Whether values are whole numbers; a table with gaps may have made them floats."""
    if pa.types.is_integer(values.type):
        return True
    if not pa.types.is_floating(values.type):
        return False
    known = values.filter(pc.is_finite(values))
    return bool(pc.all(pc.equal(known, pc.floor(known))).as_py())
