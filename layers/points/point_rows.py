"""Write chosen rows of a register as a file, marked as a person's own data."""

from __future__ import annotations

import io

import geopandas as gpd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from clusters.registers.register_filter import Chosen
from data.crs import GEOGRAPHIC
from data.register.store import Register

MARK_COLUMN = "own_data"
_FORMULA = r"^[=+\-@\t\r]"


def own_rows(register: Register, chosen: Chosen, mark: str) -> pa.Table:
    """Return the chosen rows with all their columns (WGS-84) and ``mark`` in one more."""
    table = register.records(chosen.rows)
    return table.append_column(MARK_COLUMN, pa.array([mark] * len(table)).dictionary_encode())


def rows_csv(register: Register, chosen: Chosen, mark: str) -> bytes:
    """Return the chosen rows as CSV in UTF-8 with its mark; formulas are made text."""
    table = own_rows(register, chosen, mark)
    for place, name in enumerate(table.column_names):
        column = table[name]
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        if pa.types.is_string(column.type):
            column = pc.if_else(
                pc.fill_null(pc.match_substring_regex(column, _FORMULA), False),
                pc.binary_join_element_wise("'", column, ""),
                column,
            )
        table = table.set_column(place, name, column)
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(0, io.SEEK_END)
    pa_csv.write_csv(table, out)
    return out.getvalue()


def rows_geoparquet(register: Register, chosen: Chosen, mark: str) -> bytes:
    """Return the chosen rows as GeoParquet (points, EPSG:4326; null where no place is known)."""
    table = own_rows(register, chosen, mark)
    frame = table.to_pandas()
    points = gpd.GeoSeries.from_xy(frame["longitude"], frame["latitude"], crs=GEOGRAPHIC)
    points = points.where(frame["longitude"].notna(), None)
    out = io.BytesIO()
    gpd.GeoDataFrame(frame, geometry=points).to_parquet(out)
    return out.getvalue()
