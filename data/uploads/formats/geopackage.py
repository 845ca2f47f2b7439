"""Read a table of a GeoPackage with SQLite alone: no views, no triggers, no functions of GDAL."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from data.uploads.formats.cells import plain_cell, table_frame
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.raw_table import RawTable, parsed_shapes, shaped_table
from data.uploads.limits import Limits, Note, RefusedError, note

# GDAL's name for the system of a layer that was saved without one.
_UNDEFINED = 'LOCAL_CS["Undefined SRS"'
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_MAX_CELL_BYTES = 64 << 20


def read_geopackage(path: Path, limits: Limits, wanted: str | None = None) -> RawTable:
    """Read the first table of features that ``gpkg_contents`` names; others are noted.

    The file is opened read-only and as one that nobody changes. Raises ``RefusedError`` for a
    layer that is a view or a virtual table.
    """
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL_BYTES)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        return _read(connection, limits, wanted)
    except (sqlite3.Error, ValueError, TypeError, OverflowError):
        raise RefusedError("broken_file", driver="GPKG") from None
    finally:
        connection.close()


def _read(connection: sqlite3.Connection, limits: Limits, wanted: str | None) -> RawTable:
    layers = [
        str(name)
        for (name,) in connection.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') "
            "ORDER BY data_type DESC, rowid LIMIT 100"
        )
    ]
    if not layers:
        raise RefusedError("no_rows")
    if wanted is not None and wanted not in layers:
        raise RefusedError("no_sheet", sheet=wanted[:60], choices=", ".join(layers)[:300])
    layer = wanted or layers[0]
    _require_table(connection, layer)
    shape = connection.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
    ).fetchone()
    # Identifiers cannot be bound; quotes inside are doubled, as SQL wants.
    query = 'SELECT * FROM "{}" LIMIT ?'.format(layer.replace('"', '""'))  # noqa: S608
    cursor = connection.execute(query, (limits.rows + 1,))
    names = [column[0] for column in cursor.description]
    plain = [at for at, name in enumerate(names) if shape is None or name != shape[0]]
    records = _records(cursor, len(plain), limits)
    rows = pd.RangeIndex(1, len(records) + 1, name="row")
    columns = [[plain_cell(record[at]) for record in records] for at in plain]
    frame, notes = table_frame([names[at] for at in plain], columns, rows, limits)
    others: tuple[Note, ...] = ()
    if len(layers) > 1 and wanted is None:
        found = ", ".join(layers[1:])[:200]
        others = (note("other_sheets", sheet=layer[:60], others=found),)
    if shape is None or shape[0] not in names:
        table = RawTable(frame, "GPKG", "utf-8", notes=(*notes, *others))
        return replace(table, layers=tuple(layers), layer=layer)
    blobs = [record[names.index(shape[0])] for record in records]
    shapes, broken = parsed_shapes(blobs, _shape)
    crs = _crs(connection, int(shape[1]))
    notes = (*notes, *others, *broken)
    table = shaped_table(frame, "GPKG", "utf-8", shapes, crs, limits, notes)
    return replace(table, layers=tuple(layers), layer=layer)


def _records(cursor: sqlite3.Cursor, columns: int, limits: Limits) -> list[Any]:
    """Return the rows; they are counted while they are read."""
    limits.check(columns=columns)
    most = min(limits.rows, limits.cells // max(columns, 1))
    records = cursor.fetchmany(most + 1)
    if len(records) > limits.rows:
        raise RefusedError("too_many_rows", found=f"{limits.rows}+", limit=limits.rows)
    if len(records) > most:
        raise RefusedError("too_many_cells", found=f"{limits.cells}+", limit=limits.cells)
    return records


def _require_table(connection: sqlite3.Connection, layer: str) -> None:
    found = connection.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ? AND type IN ('table', 'view')", (layer,)
    ).fetchone()
    is_table = found is not None and found[0] == "table"
    if not is_table or not str(found[1]).upper().lstrip().startswith("CREATE TABLE"):
        raise RefusedError("not_a_table", layer=layer[:60])


def _shape(blob: Any) -> shapely.Geometry | None:
    """Read the standard's binary: magic, version, flags, srs id, envelope, WKB."""
    if blob is None:
        return None
    if blob[:2] != b"GP":
        raise ValueError("no GeoPackage geometry")
    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :])


def _crs(connection: sqlite3.Connection, srs_id: int) -> str | None:
    """Return the CRS by its authority's code, or else its definition; -1 and 0 are undefined.

    Raises ``RefusedError`` for a definition that does not stand by itself.
    """
    found = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ?",
        (srs_id,),
    ).fetchone()
    if srs_id in (-1, 0) or found is None or str(found[2]).startswith(_UNDEFINED):
        return None
    if str(found[0]).upper() == "EPSG":
        return plain_crs(f"EPSG:{int(found[1])}")
    return plain_crs(str(found[2]))
