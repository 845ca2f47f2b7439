"""Say what is wanted of a source of points, and open the source that an address names.

An address is a CSV or Parquet file, a folder of Parquet files, or
``postgresql://HOST:PORT/DATABASE?table=SCHEMA.TABLE`` (see ``data.tables.postgis``).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pandas as pd

from data.errors import AtlasError, DataError, Fault

FRAME_COLUMNS = ("longitude", "latitude", "value")
REQUIREMENTS = "requirements-scale.txt"

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

    Both methods raise ``DataError`` for what cannot be read, and name where.
    """

    def parts(self, wanted: Wanted, most: int) -> tuple[Part, ...]:
        """Check what is wanted, and cut the source into pieces: at least one, about ``most``."""

    def read(self, part: Part, wanted: Wanted) -> Iterator[pd.DataFrame]:
        """Yield the points of a piece as ``FRAME_COLUMNS``, floats, in EPSG:4326.

        ``value`` is 0 where a row has none, or where none is wanted.
        """


def open_source(address: str) -> PointSource:
    """Return the source that an address names.

    Raises ``DataError`` for an address that names none, ``MissingPackageError`` for a
    database without the packages that it needs.
    """
    if address.startswith(("postgresql://", "postgres://")):
        from data.tables.postgis import open_postgis

        return open_postgis(address)
    path = Path(address)
    if path.is_dir() or path.suffix == ".parquet":
        from data.tables.parquet import ParquetSource

        return ParquetSource(path)
    if path.suffix == ".csv":
        from data.tables.csv import CsvSource

        return CsvSource(path)
    expected = "expected FILE.csv, FILE.parquet, a folder of Parquet files, or postgresql://"
    raise DataError([Fault(address, "", "", expected)])


def in_bounds(frame: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Return the rows within the bounds wanted."""
    if wanted.bounds is None:
        return frame
    west, south, east, north = wanted.bounds
    inside = frame["longitude"].between(west, east) & frame["latitude"].between(south, north)
    return frame[inside]
