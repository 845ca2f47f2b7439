"""Save a register as GeoParquet and open it again without reading what is not needed.

The file is ordinary GeoParquet (points in EPSG:4326, WKB) with the register's own columns
``_column``, ``_row`` and ``_county`` beside, its rows in Morton order. Opening reads only
these and the categories; all other columns stay in the file until rows are asked for.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from data.crs import GEOGRAPHIC
from data.errors import DataError, Fault
from data.in_place import put_in_place
from data.reading_progress import Progress, silent
from data.register.build import RESERVED, category_of
from data.register.county_index import CountyIndex, area_names, code_type
from data.register.grid import morton_keys
from data.register.store import DERIVED, FileAttributes, Register

ROWS_PER_GROUP = 2**16
_META = b"atlas_register"
_SCHEMA = 2
"""2: rows known only to their area have no place (1 gave them one inside it)."""
_OWN = RESERVED[1:]


def save_register(register: Register, path: Path, *, progress: Progress = silent) -> None:
    """Write ``register`` as GeoParquet, a group of rows after the other."""
    temporary = path.with_name(f"{path.name}.part")
    writer: pq.ParquetWriter | None = None
    try:
        for start in range(0, max(len(register), 1), ROWS_PER_GROUP):
            rows = np.arange(start, min(start + ROWS_PER_GROUP, len(register)))
            group = _group(register, rows)
            if writer is None:
                schema = group.schema.with_metadata(_metadata(register))
                writer = pq.ParquetWriter(temporary, schema, compression="zstd")
            writer.write_table(group.cast(writer.schema))
            progress("write", min(1.0, (start + len(rows)) / max(len(register), 1)))
        if writer is not None:
            writer.close()
        put_in_place(temporary, path)
    finally:
        if writer is not None:
            # After a fault: Windows removes no file that is open.
            with suppress(OSError):
                writer.close()
        temporary.unlink(missing_ok=True)


def _group(register: Register, rows: Any) -> pa.Table:
    group = register.records(rows).drop_columns(list(DERIVED))
    for name, category in register.categories.items():
        # A group without any value would have no type of its own.
        text = any(isinstance(label, str) for label in category.labels)
        kind = pa.string() if text else pa.int64()
        place = group.schema.get_field_index(name)
        group = group.set_column(place, name, group[name].cast(kind))
    group = group.append_column("_column", pa.array(register.column[rows]))
    group = group.append_column("_row", pa.array(register.row[rows]))
    group = group.append_column("_county", pa.array(register.county[rows].astype(np.uint16)))
    points = shapely.points(*register.positions(rows))
    points[rows >= register.placed] = None
    wkb = shapely.to_wkb(points, flavor="iso")
    return group.append_column("geometry", pa.array(wkb, pa.binary()))


def _metadata(register: Register) -> dict[bytes, bytes]:
    geometry: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    geometry["crs"] = CRS.from_user_input(GEOGRAPHIC).to_json_dict()
    if register.bounds is not None:
        geometry["bbox"] = register.bounds
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    own = {
        "schema": _SCHEMA,
        "categories": list(register.categories),
        "counties": register.areas.counties,
        "cities": register.areas.cities,
        "left_out": register.left_out,
    }
    return {b"geo": json.dumps(geo).encode(), _META: json.dumps(own).encode()}


def is_register_file(path: Path) -> bool:
    """Tell whether a Parquet file was written by ``save_register``."""
    try:
        return _META in (pq.read_schema(path).metadata or {})
    except (OSError, pa.ArrowException):
        return False


def open_register(path: Path, counties: gpd.GeoDataFrame) -> Register:
    """Open a register that ``save_register`` wrote; ``counties`` are those it was made with.

    Raises ``DataError`` for a file that is none, that is damaged, or that was made with
    other counties (build it again from its points, then).
    """
    try:
        schema = pq.read_schema(path)
        settings = json.loads(schema.metadata[_META])
        names: list[str] = settings["categories"]
        wanted = [*_OWN, *names]
        texts = [name for name in names if pa.types.is_string(schema.field(name).type)]
        table = pq.read_table(path, columns=wanted, read_dictionary=texts, memory_map=True)
        areas = CountyIndex(tuple(settings["counties"]), tuple(settings["cities"]))
        left_out = int(settings["left_out"])
        invented = settings["schema"] < _SCHEMA and _names_areas(path, schema)
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        problem = f"not readable as a saved register: {str(error).splitlines()[0]}"
        raise DataError([Fault(path.name, "", "", problem)]) from None
    if invented:
        problem = "gives places to rows known only to their area; make it again from its points"
        raise DataError([Fault(path.name, "", "precision", problem)])
    if areas != area_names(counties):
        problem = "made with other counties; make the register again from its points"
        raise DataError([Fault(path.name, "", "_county", problem)])
    places = [table[name].to_numpy() for name in _OWN]
    _check_order(path, places, areas)
    places[2] = places[2].astype(code_type(areas.size))
    categories = {name: category_of(table[name], None, path.name, name) for name in names}
    others = tuple(name for name in schema.names if name not in (*wanted, "geometry"))
    column, row, county = places
    attributes = FileAttributes(path, others)
    return Register(column, row, county, areas, categories, attributes, left_out)


def _names_areas(path: Path, schema: pa.Schema) -> bool:
    """Tell whether a file has rows that are known to their county or city only."""
    if "precision" not in schema.names:
        return False
    told = pq.read_table(path, columns=["precision"])["precision"].unique().to_pylist()
    return bool({"county", "city"} & {*told})


def _check_order(path: Path, places: list[Any], areas: CountyIndex) -> None:
    """Raise ``DataError`` unless rows are in Morton order and counties are known."""
    column, row, county = places
    keys = morton_keys(column, row)
    if len(keys) and not (keys[1:] >= keys[:-1]).all():
        raise DataError([Fault(path.name, "", "_column, _row", "rows are not in their order")])
    if len(county) and pc.max(pa.array(county)).as_py() >= areas.size:
        raise DataError([Fault(path.name, "", "_county", "a county code that is none")])
