"""Hold what a file says before anything is made of it, and pass it between processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from data.uploads.formats.crs_text import plain_crs
from data.uploads.limits import Limits, Note, note
from data.uploads.row_faults import RowFault, row_fault

_Written = TypeVar("_Written")
_ROW = "__row__"
_SHAPE = "__shape__"
_META = b"atlas"
_REPLACED = "\ufffd"
_FARTHEST = 1e9
"""No coordinate of any system is larger, in degrees or in metres."""


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file's rows as they are.

    ``frame``: columns of text (``None`` where empty) or float64; its index ``row`` counts as
    the person does: rows of a sheet from 1, features from 1. ``geometry`` has the same index,
    in ``crs`` (the file's own; ``None`` where the file states none). ``driver`` is the format,
    ``encoding`` that of the text where the format leaves it open. ``notes`` is what was found
    missing or was cleaned; ``faults`` are those of single rows, ``left_out`` the rows that
    were taken for totals and are not in ``frame``. ``layers`` are the sheets or layers of the
    file, of which ``layer`` was read.
    """

    frame: pd.DataFrame
    driver: str
    encoding: str | None = None
    geometry: gpd.GeoSeries | None = None
    crs: str | None = None
    notes: tuple[Note, ...] = ()
    faults: tuple[RowFault, ...] = ()
    left_out: tuple[RowFault, ...] = ()
    layers: tuple[str, ...] = ()
    layer: str | None = None


def with_broken_marked(table: RawTable) -> RawTable:
    """Return ``table`` with a warning for each cell with a character that could not be read."""
    found = []
    for name in table.frame.columns:
        values = table.frame[name]
        if values.dtype.kind == "O":
            lost = values.str.contains(_REPLACED, regex=False, na=False)
            found += [
                row_fault(int(row), str(name), cell, "broken_character", True)
                for row, cell in values[lost].items()
            ]
    return replace(table, faults=(*table.faults, *found)) if found else table


def write_table(table: RawTable, path: Path) -> None:
    """Write ``table`` as an Arrow file, its geometry as WKB."""
    columns: dict[str, pa.Array] = {_ROW: pa.array(np.asarray(table.frame.index, dtype="int64"))}
    for position in range(len(table.frame.columns)):
        values = table.frame.iloc[:, position]
        kind = pa.float64() if values.dtype.kind == "f" else pa.string()
        columns[f"c{position}"] = pa.array(values.tolist(), type=kind)
    if table.geometry is not None:
        columns[_SHAPE] = pa.array(table.geometry.to_wkb().tolist(), type=pa.binary())
    meta = {
        "names": list(table.frame.columns),
        "driver": table.driver,
        "encoding": table.encoding,
        "crs": table.crs,
        "notes": [[one.code, one.details] for one in table.notes],
        "faults": [astuple(one) for one in table.faults],
        "left_out": [astuple(one) for one in table.left_out],
        "layers": table.layers,
        "layer": table.layer,
    }
    arrow = pa.table(columns).replace_schema_metadata({_META: json.dumps(meta).encode()})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, arrow.schema) as writer:
        writer.write_table(arrow)


def read_table(path: Path) -> RawTable:
    """Read what ``write_table`` wrote.

    Raises ``ValueError`` where it is not whole, ``RefusedError`` for a coordinate system that
    does not stand by itself.
    """
    with pa.OSFile(str(path), "rb") as source:
        arrow = pa.ipc.open_file(source).read_all()
    arrow.validate(full=True)
    meta = json.loads((arrow.schema.metadata or {})[_META])
    rows = pd.Index(arrow[_ROW].to_numpy(), name="row")
    frame = pd.DataFrame(index=rows)
    for position, name in enumerate(meta["names"]):
        column = arrow[f"c{position}"]
        kind = "float64" if pa.types.is_floating(column.type) else object
        frame[name] = pd.Series(column.to_pylist(), index=rows, dtype=kind)
    notes = tuple(
        Note(code, tuple((str(key), str(value)) for key, value in details))
        for code, details in meta["notes"]
    )
    crs = None if meta["crs"] is None else plain_crs(meta["crs"])
    geometry = None
    if _SHAPE in arrow.column_names:
        geometry = gpd.GeoSeries(points_of(arrow[_SHAPE].to_pylist()), index=rows, crs=crs)
    faults, left_out = (tuple(map(_fault, meta[key])) for key in ("faults", "left_out"))
    layer = None if meta["layer"] is None else str(meta["layer"])
    return RawTable(
        frame,
        meta["driver"],
        meta["encoding"],
        geometry,
        crs,
        notes,
        faults,
        left_out,
        tuple(map(str, meta["layers"])),
        layer,
    )


def _fault(parts: list[Any]) -> RowFault:
    row, column, value, code, details, warning = parts
    pairs = tuple((str(key), str(text)) for key, text in details)
    return RowFault(int(row), str(column), str(value), str(code), pairs, bool(warning))


def points_of(wkb: list[bytes | None] | np.ndarray) -> np.ndarray:
    """Return the points that a reader has written. Raises ``ValueError`` for any other shape."""
    shapes = shapely.from_wkb(wkb)
    kinds = shapely.get_type_id(shapes)
    if not np.isin(kinds, (shapely.GeometryType.MISSING, shapely.GeometryType.POINT)).all():
        raise ValueError("a reader writes points only")
    return np.asarray(shapes)


def shaped_table(
    frame: pd.DataFrame,
    driver: str,
    encoding: str | None,
    shapes: Sequence[shapely.Geometry | None] | np.ndarray,
    crs: str | None,
    limits: Limits,
    notes: Sequence[Note] = (),
) -> RawTable:
    """Return the rows of ``frame`` with a point on each of their ``shapes``, as ``points_on``.

    What is left out, and a ``crs`` that lacks, is noted. Raises ``RefusedError`` where there are
    more vertices than ``limits`` allows.
    """
    array = np.asarray(shapes, dtype=object)
    limits.check(vertices=int(shapely.get_num_coordinates(array).sum()))
    points, broken = points_on(array)
    missing = () if crs else (note("no_crs"),)
    every = (*notes, *broken_notes(broken, frame.index), *missing)
    return RawTable(
        frame, driver, encoding, gpd.GeoSeries(points, frame.index, crs=crs), crs, every
    )


def parsed_shapes(
    written: Sequence[_Written], parse: Callable[[_Written], shapely.Geometry | None]
) -> tuple[list[shapely.Geometry | None], tuple[Note, ...]]:
    """Return the shape of each row, and a note of those that ``parse`` fails on: they have none."""
    shapes: list[shapely.Geometry | None] = []
    broken = []
    for number, one in enumerate(written, 1):
        try:
            shapes.append(parse(one))
        except (ValueError, IndexError, TypeError, shapely.errors.GEOSException):
            shapes.append(None)
            broken.append(number)
    return shapes, (note("broken_geometry", count=len(broken), row=broken[0]),) if broken else ()


def points_on(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a point on each shape; those with coordinates that are no numbers are left out.

    The second array tells which those are. A row needs no more than its place, and no shape of
    a stranger leaves the reader. The point lies on the shape, whether that crosses itself or
    not, and costs little whatever the shape.
    """
    flat = shapely.force_2d(shapes)
    coordinates, shape = shapely.get_coordinates(flat, return_index=True)
    broken = (shapely.get_num_coordinates(flat) == 0) & ~shapely.is_missing(flat)
    # Each is looked at: the bounds of a shape pass over those that are no numbers.
    broken[shape[~(np.abs(coordinates) <= _FARTHEST).all(axis=1)]] = True
    flat[broken] = None
    return np.asarray(shapely.point_on_surface(flat)), np.asarray(broken)


def broken_notes(broken: np.ndarray, rows: pd.Index) -> tuple[Note, ...]:
    """Return a note of how many shapes are broken, and the row of the first one."""
    if not broken.any():
        return ()
    return (note("broken_geometry", count=int(broken.sum()), row=rows[broken][0]),)
