"""Open the source of points that an address names.

An address is a CSV or Parquet file, a folder of Parquet files, or
``postgresql://HOST:PORT/DATABASE?table=SCHEMA.TABLE`` (see ``data.tables.postgis_source``).
"""

from __future__ import annotations

from pathlib import Path

from data.errors import DataError, Fault
from data.tables.source import PointSource


def open_source(address: str) -> PointSource:
    """Return the source that an address names.

    Raises ``DataError`` for an address that names none, ``MissingPackageError`` for a
    database without the packages that it needs.
    """
    if address.startswith(("postgresql://", "postgres://")):
        from data.tables.postgis_source import open_postgis

        return open_postgis(address)
    path = Path(address)
    if path.is_dir() or path.suffix == ".parquet":
        from data.tables.parquet_source import ParquetSource

        return ParquetSource(path)
    if path.suffix == ".csv":
        from data.tables.csv_source import CsvSource

        return CsvSource(path)
    expected = "expected FILE.csv, FILE.parquet, a folder of Parquet files, or postgresql://"
    raise DataError([Fault(address, "", "", expected)])
