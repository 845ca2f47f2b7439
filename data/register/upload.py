"""Make a register of what a person uploads: the file's own columns, its points in WGS-84.

A file within the bounds of an upload was read row by row already; a larger CSV or GeoParquet
is read in columns, by a process of its own as well. Rows without a usable point are kept aside
with the file's own cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow as pa

from data.crs import GEOGRAPHIC, transformer
from data.datum import Datum, to_wgs84
from data.intake.faults import RowFault
from data.intake.large import Columns, ColumnsAsked
from data.intake.mapping import Mapping
from data.intake.placing import Places
from data.intake.safely import read_columns_safely
from data.intake.table import RawTable
from data.loader import Province
from data.register.build import (
    RESERVED,
    Progress,
    RegisterColumns,
    register_from_table,
    silent,
)
from data.register.categories import categories_of
from data.register.grid import MAX_LATITUDE, Floats
from data.register.store import Register

_EAST, _NORTH = "_longitude", "_latitude"
_LONGEST_NUMBER = 15


@dataclass(frozen=True, eq=False)
class RegisterReading:
    """A register of the good rows; ``rejected`` are the others, as the file has them."""

    register: Register
    rejected: pd.DataFrame
    faults: tuple[RowFault, ...] = ()


def is_large(filename: str, size: int) -> bool:
    """Tell whether a file is read in columns from the start: CSV or GeoParquet above 8 MB."""
    return size > 8 << 20 and PurePath(filename).suffix.lower() in (
        ".csv",
        ".txt",
        ".tsv",
        ".parquet",
        ".geoparquet",
    )


def register_of_places(table: RawTable, places: Places, province: Province) -> RegisterReading:
    """Return the register of the rows of ``table`` that ``places`` has placed."""
    good = places.table["longitude"].notna().to_numpy()
    frame = table.frame.loc[good]
    arrow = pa.table({str(name): pa.array(frame[name].tolist()) for name in frame.columns})
    placed = places.table.loc[good]
    register = _register(
        arrow,
        placed["longitude"].to_numpy(np.float64),
        placed["latitude"].to_numpy(np.float64),
        province,
        table.driver,
        silent,
    )
    return RegisterReading(register, table.frame.loc[~good], places.faults)


def register_of_large(
    content: bytes,
    filename: str,
    sample: RawTable,
    mapping: Mapping,
    province: Province,
    datum: Datum,
    *,
    encoding: str | None = None,
    progress: Progress = silent,
) -> RegisterReading:
    """Return the register of a large CSV or GeoParquet; ``sample`` is the reading of its head.

    Raises ``RefusedError`` for a file that cannot be read on, or lacks coordinates.
    """
    progress("read", 0.0)
    asked = ColumnsAsked(
        mapping.column("longitude"),
        mapping.column("latitude"),
        tuple(str(name) for name in sample.frame.columns if _is_text(sample.frame[name])),
        encoding,
    )
    columns = read_columns_safely(content, filename, asked)
    progress("read", 1.0)
    x, y = _geographic(columns, columns.crs or sample.crs)
    longitude, latitude = to_wgs84(x, y, datum)
    good = (np.abs(longitude) <= 180) & (np.abs(latitude) <= MAX_LATITUDE)
    table = columns.table
    rejected = table.filter(pa.array(~good)).to_pandas()
    rejected.index = pd.Index(np.flatnonzero(~good) + 2, name="row")
    if not good.all():
        table = table.filter(pa.array(good))
    register = _register(table, longitude[good], latitude[good], province, filename, progress)
    return RegisterReading(register, rejected)


def _is_text(values: pd.Series) -> bool:
    """Whether numbers of a column are no amounts: they start with 0, or are too long."""
    texts = values.dropna().astype(str)
    coded = texts.str.fullmatch(r"0\d+") | (texts.str.len() > _LONGEST_NUMBER)
    return bool(coded.any())


def _geographic(columns: Columns, crs: str | None) -> tuple[Floats, Floats]:
    """Return longitude and latitude; ``crs`` was found to stand by itself when it was read."""
    x, y = columns.given[:, 0], columns.given[:, 1]
    return (x, y) if crs is None else transformer(crs, GEOGRAPHIC).transform(x, y)


def _register(
    table: pa.Table,
    longitude: Floats,
    latitude: Floats,
    province: Province,
    source: str,
    progress: Progress,
) -> Register:
    names = [
        f"{name}_" if name in (*RESERVED, _EAST, _NORTH) else name for name in table.column_names
    ]
    table = _plain_text(table.rename_columns(names))
    categories = categories_of(table)
    table = table.append_column(_EAST, pa.array(longitude))
    table = table.append_column(_NORTH, pa.array(latitude))
    columns = RegisterColumns(_EAST, _NORTH, categories)
    return register_from_table(table, columns, province.counties, source=source, progress=progress)


def _plain_text(table: pa.Table) -> pa.Table:
    """Return ``table`` with one kind of text, however the file has it."""
    for place, name in enumerate(table.column_names):
        kind = table.schema.field(name).type
        inner = kind.value_type if pa.types.is_dictionary(kind) else kind
        if kind != pa.string() and (pa.types.is_large_string(inner) or pa.types.is_string(inner)):
            table = table.set_column(place, name, table[name].cast(inner).cast(pa.string()))
    return table
