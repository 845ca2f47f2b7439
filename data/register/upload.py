"""Make a register of what a person uploads: the file's own columns, its points in WGS-84.

A file within the bounds of an upload was read row by row already; a larger CSV or GeoParquet
is read in columns. Rows without a usable point are kept aside with the file's own cells.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import shapely
from pyproj.exceptions import CRSError

from data.crs import GEOGRAPHIC, transformer
from data.datum import Datum, to_wgs84
from data.errors import DataError, Fault
from data.intake.delimited import detect_delimiter, detect_encoding
from data.intake.faults import RowFault
from data.intake.mapping import Mapping
from data.intake.placing import Places
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

SAMPLE_BYTES = 1 << 20
SAMPLE_ROWS = 2000

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


def sample_of(content: bytes, filename: str) -> bytes:
    """Return the first rows of a large file as a small file of its own kind.

    Raises ``DataError`` for Parquet that cannot be read.
    """
    if not _is_parquet(filename):
        head = content[:SAMPLE_BYTES]
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return head[: len(head) // 2 * 2]
        return head[: head.rfind(b"\n") + 1] or head
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        rows = next(file.iter_batches(SAMPLE_ROWS))
        out = io.BytesIO()
        pq.write_table(pa.Table.from_batches([rows], schema=file.schema_arrow), out)
    except (pa.ArrowException, StopIteration, OSError) as error:
        problem = f"not readable as GeoParquet: {str(error).splitlines()[:1]}"
        raise DataError([Fault(filename, "", "", problem)]) from None
    return out.getvalue()


def _is_parquet(filename: str) -> bool:
    return PurePath(filename).suffix.lower() in (".parquet", ".geoparquet")


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

    Raises ``DataError`` for a file that cannot be read on, or lacks coordinates.
    """
    progress("read", 0.0)
    if _is_parquet(filename):
        table, given = _read_parquet(content, filename, sample.crs)
    else:
        table, given = _read_csv(content, filename, sample, mapping, encoding)
    progress("read", 1.0)
    longitude, latitude = to_wgs84(given[:, 0], given[:, 1], datum)
    good = (np.abs(longitude) <= 180) & (np.abs(latitude) <= MAX_LATITUDE)
    rejected = table.filter(pa.array(~good)).to_pandas()
    rejected.index = pd.Index(np.flatnonzero(~good) + 2, name="row")
    if not good.all():
        table = table.filter(pa.array(good))
    register = _register(table, longitude[good], latitude[good], province, filename, progress)
    return RegisterReading(register, rejected)


def _read_csv(
    content: bytes, filename: str, sample: RawTable, mapping: Mapping, encoding: str | None
) -> tuple[pa.Table, Floats]:
    east, north = mapping.column("longitude"), mapping.column("latitude")
    if east is None or north is None:
        raise DataError([Fault(filename, "", "", "expected columns of longitude and latitude")])
    encoding = encoding or detect_encoding(content)
    head = content[: SAMPLE_BYTES // 4].decode(encoding, errors="ignore")
    plain = "utf8" if encoding.startswith("utf-8") else encoding
    texts = {name: pa.string() for name in sample.frame.columns if _is_text(sample.frame[name])}
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(encoding=plain, block_size=2**22),
            parse_options=pa_csv.ParseOptions(
                delimiter=detect_delimiter(head), newlines_in_values=True
            ),
            convert_options=pa_csv.ConvertOptions(column_types=texts, strings_can_be_null=True),
        )
    except (pa.ArrowException, UnicodeError) as error:
        problem = f"not readable as CSV in {encoding}: {str(error).splitlines()[0]}"
        raise DataError([Fault(filename, "", "", problem)]) from None
    lacking = [name for name in (east, north) if name not in table.column_names]
    if lacking:
        problem = f"no such column in row 1; there are {', '.join(table.column_names)}"
        raise DataError([Fault(filename, "row 1", name, problem) for name in lacking])
    given = np.column_stack([_degrees(table[name]) for name in (east, north)])
    return table, given


def _is_text(values: pd.Series) -> bool:
    """Whether numbers of a column are no amounts: they start with 0, or are too long."""
    texts = values.dropna().astype(str)
    coded = texts.str.fullmatch(r"0\d+") | (texts.str.len() > _LONGEST_NUMBER)
    return bool(coded.any())


def _degrees(column: pa.ChunkedArray) -> Floats:
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        numbers: Floats = column.cast(pa.float64(), safe=False).to_numpy()
        return numbers
    texts = column.cast(pa.string()).to_pandas()
    parsed: Floats = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return parsed


def _read_parquet(content: bytes, filename: str, crs: str | None) -> tuple[pa.Table, Floats]:
    import geopandas as gpd

    try:
        frame = gpd.read_parquet(io.BytesIO(content))
    except (ValueError, OSError, pa.ArrowException) as error:
        problem = f"not readable as GeoParquet: {str(error).splitlines()[0]}"
        raise DataError([Fault(filename, "", "", problem)]) from None
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    x, y = shapely.get_x(points), shapely.get_y(points)
    found = frame.crs.to_wkt() if frame.crs is not None else crs
    try:
        change = transformer(found or GEOGRAPHIC, GEOGRAPHIC)
    except CRSError:
        raise DataError([Fault(filename, "", "", f"unknown CRS {str(found)[:80]}")]) from None
    table = pa.Table.from_pandas(
        pd.DataFrame(frame.drop(columns=frame.geometry.name)), preserve_index=False
    )
    return table.replace_schema_metadata(None), np.column_stack(change.transform(x, y))


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
