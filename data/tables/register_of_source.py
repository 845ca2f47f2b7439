"""Make a register of what a source holds: a file, a folder of GeoParquet, a PostGIS table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pyarrow as pa

from data.errors import DataError, Fault
from data.reading_progress import Progress, silent
from data.register.build import RegisterColumns, register_from_table
from data.register.categories import categories_of
from data.register.register_file import is_register_file, open_register
from data.register.store import Register
from data.tables.opening import open_source
from data.tables.source import LATITUDE, LONGITUDE, Wanted

_PIECES = 16


def register_of_source(
    address: str,
    counties: gpd.GeoDataFrame,
    *,
    wanted: Wanted | None = None,
    categories: tuple[str, ...] = (),
    name: str = "source",
    progress: Progress = silent,
) -> Register:
    """Return the register of the rows that are ``wanted`` of the source at ``address``.

    ``counties`` are polygons in EPSG:4326, indexed by adcode, with ``city_adcode``. Rows are
    chosen where they are: by the database's indexes, by what GeoParquet tells of its row
    groups. Without ``categories``, columns of few values are found. A file that
    ``save_register`` wrote is opened as it is. Rows without a usable position are left out
    and counted.

    Raises ``DataError`` for a source that cannot be read, ``CrsError`` for another CRS,
    ``DatabaseError`` for a database that does not answer, ``MissingPackageError`` without the
    packages that it needs.
    """
    path = Path(address)
    if wanted is None and "://" not in address and path.is_file() and is_register_file(path):
        return open_register(path, counties)
    source, wanted = open_source(address), wanted or Wanted()
    # A CSV file in one piece, or its columns could change their type between pieces.
    parts = source.parts(wanted, 1 if path.suffix == ".csv" else _PIECES)
    tables: list[pa.Table] = []
    for place, part in enumerate(parts):
        progress("read", place / len(parts))
        tables += source.records(part, wanted)
    progress("read", 1.0)
    table = _joined(tables, name)
    named = categories or categories_of(table.drop_columns([LONGITUDE, LATITUDE]))
    columns = RegisterColumns(LONGITUDE, LATITUDE, named)
    return register_from_table(table, columns, counties, source=name, progress=progress)


def wanted_rows(
    where: Mapping[str, str], bounds: tuple[float, float, float, float] | None
) -> Wanted | None:
    """Return what a TOML asks of a source; ``None`` where it asks for every row."""
    if not where and bounds is None:
        return None
    return Wanted(where=tuple(where.items()), bounds=bounds)


def _joined(tables: list[pa.Table], name: str) -> pa.Table:
    if not tables:
        nothing = pa.array([], pa.float64())
        return pa.table({LONGITUDE: nothing, LATITUDE: nothing})
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        problem = f"its files do not have the same columns: {str(error).splitlines()[0]}"
        raise DataError([Fault(name, "", "", problem)]) from None
