"""Read zipped shapefiles through GDAL's one driver for them; and tables that came zipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyogrio.raw
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError

from data.uploads.formats.archive_layers import unpack_layer
from data.uploads.formats.asked import ReadAs
from data.uploads.formats.cells import plain_cell, table_frame
from data.uploads.formats.crs_text import plain_crs
from data.uploads.formats.dbase import fits_text, mend_field_names, table_encoding
from data.uploads.formats.drivers import SHAPEFILE_DRIVER
from data.uploads.formats.encoding import is_utf8
from data.uploads.formats.raw_table import RawTable, shaped_table
from data.uploads.limits import Limits, Note, RefusedError, note

_CODE_PAGES = {"936": "gb18030", "65001": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}


ReadInner = Callable[[Path, Path, Limits, ReadAs], RawTable]
"""Reads a file that is no shapefile."""


def read_archive(
    path: Path, folder: Path, limits: Limits, said: ReadAs, read_inner: ReadInner
) -> RawTable:
    """Read a layer of a zip archive: of shapefiles, or of any other format by ``read_inner``.

    Which layer, and in which encoding, as ``said``.
    """
    found, layers, layer, notes = unpack_layer(path, folder, limits, said.layer)
    if found.suffix == ".shp":
        table = read_shapefile(found, limits, said.encoding)
        return replace(table, notes=(*table.notes, *notes), layers=layers, layer=layer)
    inner = read_inner(found, folder, limits, ReadAs(None, said.encoding))
    return replace(inner, notes=(*inner.notes, *notes), layers=layers, layer=layer)


def read_shapefile(shape_path: Path, limits: Limits, said: str | None = None) -> RawTable:
    """Read a shapefile; a missing ``.prj`` or ``.cpg`` is noted, never made up for.

    The encoding is that which is ``said``, else that of ``.cpg`` where the attribute table fits
    it, else that which fits the table's bytes.
    """
    table_path = shape_path.with_suffix(".dbf")
    encoding, notes = (said, ()) if said else _encoding(shape_path)
    cut = mend_field_names(table_path, encoding)
    stated = _stated_system(shape_path.with_suffix(".prj"))
    try:
        info = pyogrio.read_info(shape_path, encoding=encoding)
        limits.check(rows=int(info["features"]), columns=len(info["fields"]))
        meta, _, shapes, values = pyogrio.raw.read(
            shape_path, encoding=encoding, force_2d=True, datetime_as_string=True
        )
        crs = None if meta["crs"] is None else plain_crs(meta["crs"])
    except CRSError:
        raise RefusedError("unknown_crs", crs=stated[:80]) from None
    except (DataSourceError, DataLayerError, ValueError):
        raise RefusedError("broken_file", driver=SHAPEFILE_DRIVER) from None
    index = pd.RangeIndex(1, len(values[0]) + 1 if len(values) else 1, name="row")
    columns = [[plain_cell(value) for value in column.tolist()] for column in values]
    frame, cleaned = table_frame(meta["fields"].tolist(), columns, index, limits)
    shorter = (note("cut_headings", columns=", ".join(cut)),) if cut else ()
    every = (*notes, *shorter, *cleaned)
    if shapes is None:
        return RawTable(frame, SHAPEFILE_DRIVER, encoding, notes=every)
    found = shapely.from_wkb(shapes, on_invalid="ignore")
    return shaped_table(frame, SHAPEFILE_DRIVER, encoding, found, crs, limits, every)


def _stated_system(path: Path) -> str:
    """Return what ``.prj`` says, and leave it in UTF-8, the one encoding that its reader knows."""
    if not path.exists():
        return ""
    content = path.read_bytes()
    text = content.decode("utf-8" if is_utf8(content) else "gb18030", errors="replace")
    path.write_text(text, encoding="utf-8")
    return text


def _encoding(shape_path: Path) -> tuple[str, tuple[Note, ...]]:
    page_path, table_path = shape_path.with_suffix(".cpg"), shape_path.with_suffix(".dbf")
    if page_path.exists():
        stated = page_path.read_text(encoding="ascii", errors="ignore").strip().lower()[:40]
        name = _CODE_PAGES.get(stated, stated)
        try:
            "".encode(name)
        # The second where a name holds what none may, such as a byte of zero.
        except (LookupError, ValueError):
            return table_encoding(table_path), (note("unknown_cpg", found=stated),)
        if fits_text(table_path, name):
            return name, ()
        found = table_encoding(table_path)
        return found, (note("wrong_cpg", found=stated, encoding=found),)
    found = table_encoding(table_path)
    return found, (note("no_cpg", encoding=found),)
