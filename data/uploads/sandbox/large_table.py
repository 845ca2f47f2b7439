"""Take what ``data.uploads.formats.large`` has read in columns into the server's own process."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data.uploads.formats.large import ASIDE, META, ROW, SHAPE
from data.uploads.formats.raw_table import points_of
from data.uploads.row_faults import GEOMETRY, RowFault, row_fault


@dataclass(frozen=True, eq=False)
class LargeTable:
    """The rows of a large file.

    ``table`` holds its columns, ``rows`` their numbers as in ``RawTable``; ``geometry`` has
    points on the shapes of GeoParquet, in the CRS that its head states. ``aside`` are rows that
    do not fit the columns, by number, and ``faults`` say so, and which shapes are broken.
    """

    table: pa.Table
    rows: npt.NDArray[np.int64]
    geometry: gpd.GeoSeries | None = None
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: tuple[RowFault, ...] = ()


def _read(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    table.validate(full=True)
    return table


def read_columns(path: Path) -> LargeTable:
    """Read what ``write_columns`` wrote; raise ``ValueError`` where it is not whole."""
    table, beside = _read(path), _read(path.with_suffix(ASIDE))
    meta = json.loads((table.schema.metadata or {})[META])
    names = [str(name) for name in meta["names"]]
    rows = table[ROW].to_numpy()
    geometry = None
    if SHAPE in table.column_names:
        geometry = gpd.GeoSeries(points_of(table[SHAPE].to_numpy(zero_copy_only=False)))
    own = [name for name in table.column_names if name not in (ROW, SHAPE)]
    plain = table.select(own).replace_schema_metadata(None).rename_columns(names)
    aside, faults = _aside(beside, names, str(meta["delimiter"]))
    broken = [_broken(dict(details)) for _, details in meta["notes"]]
    return LargeTable(plain, rows, geometry, aside, (*faults, *broken))


def _broken(details: dict[str, str]) -> RowFault:
    """Return the warning of geometries that were left out, in the row of the first one."""
    row, count = int(details["row"]), int(details["count"])
    return row_fault(row, GEOMETRY, "", "broken_geometry", warning=True, count=count)


def _aside(
    beside: pa.Table, names: list[str], delimiter: str
) -> tuple[pd.DataFrame, tuple[RowFault, ...]]:
    """Return rows that do not fit, their surplus in the last column, and their faults."""
    rows, faults = [], []
    width = len(names)
    numbers = beside["row"].to_pylist()
    for number, text in zip(numbers, beside["text"].to_pylist(), strict=True):
        cells = next(csv.reader([text], delimiter=delimiter), [])
        rest = delimiter.join(cells[width - 1 :])
        kept = [*cells[: width - 1], rest] if len(cells) > width else cells
        rows.append(kept + [None] * (width - len(kept)))
        faults.append(row_fault(number, "", text, "cells", expected=width, found=len(cells)))
    index = pd.Index(numbers, name="row", dtype="int64")
    return pd.DataFrame(rows, index=index, columns=names, dtype=object), tuple(faults)
