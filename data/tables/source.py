"""Say what is wanted of a source of points, and what every source of points can do."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import AtlasError

FRAME_COLUMNS = ("longitude", "latitude", "value")
LONGITUDE, LATITUDE = "_longitude", "_latitude"
"""Columns of records that hold the point, whatever the source calls its own."""

_NUMBERS = pa.float64()

REQUIREMENTS = "requirements/scale.txt"

Part = Any
"""A piece of a source that can be sent to another process."""


class MissingPackageError(AtlasError):
    """A package that is not always installed is needed; says how to get it."""

    def __init__(self, purpose: str, package: str) -> None:
        super().__init__(f"{purpose} needs {package}: pip install -r {REQUIREMENTS}")


def optional_module(name: str, purpose: str) -> ModuleType:
    """Return a module that is not always installed, or raise ``MissingPackageError``."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingPackageError(purpose, error.name or name) from None


@dataclass(frozen=True)
class Wanted:
    """What is read of a source.

    ``value`` names a numeric column, or ``None``. ``where`` pairs columns with the values
    that rows must have, as text. ``bounds`` is west, south, east, north in decimal degrees,
    borders included. ``longitude`` and ``latitude`` name columns of files without geometry.
    """

    value: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    bounds: tuple[float, float, float, float] | None = None
    longitude: str = "longitude"
    latitude: str = "latitude"


class PointSource(Protocol):
    """A source of points that can be sent to another process.

    All methods raise ``DataError`` for what cannot be read, and name where.
    """

    def parts(self, wanted: Wanted, most: int) -> tuple[Part, ...]:
        """Check what is wanted, and cut the source into pieces: at least one, about ``most``."""

    def read(self, part: Part, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of a piece as ``FRAME_COLUMNS``, floats, in EPSG:4326.

        ``value`` is 0 where a row has none, or where none is wanted.
        """

    def records(self, part: Part, wanted: Wanted) -> Iterator[pa.Table]:
        """Yield the rows of a piece with all their columns, geometry aside.

        ``LONGITUDE`` and ``LATITUDE`` are float64 in EPSG:4326, decimal degrees.
        """


def column_names(wanted: Wanted, geometry: str | None = None) -> tuple[str, ...]:
    """Return the columns that ``read`` looks at; ``geometry`` is the one of places, if any is."""
    places = (wanted.longitude, wanted.latitude) if geometry is None else (geometry,)
    value = () if wanted.value is None else (wanted.value,)
    return tuple(dict.fromkeys((*places, *value, *(name for name, _ in wanted.where))))


def frame_of(table: pa.Table, wanted: Wanted) -> pd.DataFrame:
    """Return the rows that are wanted of a table with longitude and latitude columns.

    Raises ``pyarrow.ArrowInvalid`` for a value that is no number.
    """
    table = _chosen_rows(table, wanted)
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
    table = _chosen_rows(table, wanted)
    x, y = (table[name].cast(_NUMBERS) for name in (wanted.longitude, wanted.latitude))
    rest = table.drop_columns([wanted.longitude, wanted.latitude])
    return rest.append_column(LONGITUDE, x).append_column(LATITUDE, y)


def _chosen_rows(table: pa.Table, wanted: Wanted) -> pa.Table:
    for name, value in wanted.where:
        table = table.filter(pc.field(name).cast(pa.string()) == value)
    if wanted.bounds is None:
        return table
    west, south, east, north = wanted.bounds
    x, y = (pc.field(name).cast(_NUMBERS) for name in (wanted.longitude, wanted.latitude))
    return table.filter((x >= west) & (x <= east) & (y >= south) & (y <= north))
