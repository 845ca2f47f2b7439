"""Make a register of what a person uploads: the file's own columns, its points in WGS-84.

A file within the bounds of an upload was read row by row already; a larger CSV or GeoParquet
is read in columns, by a process of its own as well, and only rows that raise a doubt are looked
at one by one. Rows without a usable place are kept aside with the file's own cells, and a
report says why.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from data.datum import Datum, to_wgs84
from data.loader import Province
from data.reading_progress import Progress, silent
from data.register.build import (
    RESERVED,
    SortedPoints,
    numbers_of,
    register_of_columns,
    sorted_points,
)
from data.register.categories import categories_of
from data.register.county_index import Codes, county_codes
from data.register.grid import MAX_LATITUDE, Floats
from data.register.store import Register
from data.uploads.formats.asked import ColumnsAsked
from data.uploads.formats.crs_text import degrees_of
from data.uploads.formats.large import MOST_ASIDE
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Limits, RefusedError
from data.uploads.row_faults import RowFault
from data.uploads.sandbox.ahead import ReadingAhead, part_read, read_ahead
from data.uploads.sandbox.large_table import LargeTable
from data.uploads.sandbox.safely import read_columns_safely
from data.uploads.sites.area_names import AreaNames
from data.uploads.sites.mapping import PLACE_FIELDS, Mapping
from data.uploads.sites.naming import named_areas
from data.uploads.sites.placing import Places, place_rows

_LARGE_BYTES = 8 << 20
_LONGEST_NUMBER = 15

PRECISION = "precision"
"""The column that tells rows placed by the name of their area from rows with a point."""

_MOST_NAMES = 20_000


@dataclass(frozen=True, eq=False)
class RegisterReading:
    """A register of the good rows; ``rejected`` are the others, as the file has them."""

    register: Register
    rejected: pd.DataFrame
    faults: tuple[RowFault, ...] = ()


def is_large(filename: str, content: bytes) -> bool:
    """Tell whether a file is read in columns: CSV or Parquet of many bytes or rows."""
    if _is_parquet(filename):
        return len(content) > _LARGE_BYTES
    if PurePath(filename).suffix.lower() not in (".csv", ".txt", ".tsv"):
        return False
    return len(content) > _LARGE_BYTES or content.count(b"\n") > Limits().rows


def _is_parquet(filename: str) -> bool:
    return PurePath(filename).suffix.lower() in (".parquet", ".geoparquet")


def begin_reading(
    content: bytes, filename: str, sample: RawTable, encoding: str | None
) -> ReadingAhead | None:
    """Begin to read all of a large file in the background; its head was read as ``sample``.

    ``None`` for a file that is so large that it is read only by ``register_of_large``.
    """
    return read_ahead(content, filename, _asked(sample, encoding))


def register_of_places(table: RawTable, places: Places, province: Province) -> RegisterReading:
    """Return the register of the rows of ``table`` that ``places`` has placed."""
    good = places.table["longitude"].notna().to_numpy()
    frame = table.frame.loc[good]
    arrow = pa.table({str(name): _typed(frame[name]) for name in frame.columns})
    placed = places.table.loc[good]
    longitude, latitude = (placed[name].to_numpy(np.float64) for name in ("longitude", "latitude"))
    codes = _codes_of(placed, province)
    arrow = _with_precision(arrow, placed["precision"].to_numpy(dtype=object))
    register = _register(arrow, longitude, latitude, codes, province, table.driver, silent)
    return RegisterReading(register, table.frame.loc[~good], places.faults)


def register_of_large(
    content: bytes,
    filename: str,
    sample: RawTable,
    mapping: Mapping,
    province: Province,
    datum: Datum,
    *,
    crs: str | None = None,
    encoding: str | None = None,
    ahead: ReadingAhead | None = None,
    progress: Progress = silent,
) -> RegisterReading:
    """Return the register of a large CSV or GeoParquet; ``sample`` is the reading of its head.

    ``datum`` and ``crs`` as in ``place_rows``; ``ahead`` is what ``begin_reading`` began. Raises
    ``RefusedError`` for a file that cannot be read on, where nothing tells a place, ``crs``
    lacks, or no row is usable.
    """
    if sample.geometry is None and not mapping.has_place:
        raise RefusedError("needs_place")
    if ahead is not None:
        large = ahead.result(progress)
    else:
        progress("read", 0.0)
        asked = _asked(sample, encoding)
        large = read_columns_safely(content, filename, asked, progress=partial(_tell, progress))
    _check_mapping(large, mapping)
    crs = sample.crs or crs
    longitude, latitude = to_wgs84(*_given(large, mapping, crs), datum)
    with ThreadPoolExecutor(1) as beside:
        # Both leave Python for most of their time. It is for nothing where a row raises a doubt.
        later = beside.submit(_sorted_soon, large.table, longitude, latitude, filename)
        codes = county_codes(
            longitude, latitude, province.counties, lambda done: progress("place", done)
        )
    doubtful = np.flatnonzero(_doubtful(large, mapping, codes, province))
    progress("check", 0.0)
    if not len(doubtful) and (points := later.result()) is not None:
        progress("sort", 1.0)
        rejected, faults = _aside(large, (), np.ones(len(codes), dtype=np.bool_))
        return RegisterReading(points.register(codes, province.counties), rejected, faults)
    places = _looked_at(large, doubtful, mapping, province, datum, crs)
    placed = places.table
    for values, name in ((longitude, "longitude"), (latitude, "latitude")):
        values[doubtful] = placed[name].to_numpy(np.float64)
    codes[doubtful] = _codes_of(placed, province)
    precision = np.full(len(codes), "site", dtype=object)
    precision[doubtful] = placed["precision"].to_numpy(dtype=object)
    good = np.isfinite(longitude)
    rejected, faults = _aside(large, places.faults, good)
    if not good.any():
        raise RefusedError("nothing_placed")
    table = large.table if good.all() else large.table.filter(pa.array(good))
    table = _with_precision(table, precision[good])
    register = _register(
        table, longitude[good], latitude[good], codes[good], province, filename, progress
    )
    return RegisterReading(register, rejected, faults)


def _typed(values: pd.Series) -> pa.Array:
    """Return a column as a large file would have it: numbers where all its texts are amounts."""
    texts = pa.array(values.tolist())
    if not pa.types.is_string(texts.type) or _is_coded(values):
        return texts
    for kind in (pa.int64(), pa.float64()):
        try:
            return texts.cast(kind)
        except pa.ArrowInvalid:
            continue
    return texts


def _asked(sample: RawTable, encoding: str | None) -> ColumnsAsked:
    """Return how a file is to be read whose head was read as ``sample``."""
    found = [dict(one.details) for one in sample.notes if one.code == "header_row"]
    frame = sample.frame
    return ColumnsAsked(
        names=tuple(str(name) for name in frame.columns),
        texts=tuple(str(name) for name in frame.columns if _is_coded(frame[name])),
        header=int(found[0]["row"]) if found else 1,
        encoding=encoding,
        shapes=sample.geometry is not None,
    )


def _tell(progress: Progress, stage: str) -> None:
    done = part_read(stage)
    if done is not None:
        progress("read", done)


def _is_coded(values: pd.Series) -> bool:
    """Whether numbers of a column are no amounts: they start with 0, or are too long."""
    texts = values.dropna().astype(str)
    coded = texts.str.fullmatch(r"0\d+") | (texts.str.len() > _LONGEST_NUMBER)
    return bool(coded.any())


def _check_mapping(large: LargeTable, mapping: Mapping) -> None:
    names = large.table.column_names
    for _, name in mapping.pairs:
        if name not in names:
            raise RefusedError("no_column", column=name, found=", ".join(names)[:200])


def _given(large: LargeTable, mapping: Mapping, crs: str | None) -> tuple[Floats, Floats]:
    """Return coordinates in degrees as the file has them, NaN where a row has no pair."""
    if large.geometry is not None:
        points = shapely.point_on_surface(large.geometry.to_numpy())
        return degrees_of(shapely.get_x(points), shapely.get_y(points), crs)
    names = mapping.column("longitude"), mapping.column("latitude")
    if names[0] is None or names[1] is None:
        nothing = np.full(len(large.table), np.nan)
        return nothing, nothing.copy()
    east, north = (numbers_of(large.table[name]).copy() for name in names)
    lost = ~((np.abs(east) <= 180) & (np.abs(north) <= MAX_LATITUDE))
    east[lost], north[lost] = np.nan, np.nan
    return east, north


def _doubtful(
    large: LargeTable, mapping: Mapping, codes: Codes, province: Province
) -> npt.NDArray[np.bool_]:
    """Tell which rows have no point in a county, or name another area than that of their point."""
    counties = province.counties
    outside = codes == len(counties)
    named, unclear = _named(large.table, mapping, province)
    adcodes = np.append(counties.index.to_numpy(np.float64), np.nan)[codes]
    cities = np.append(counties["city_adcode"].to_numpy(np.float64), np.nan)[codes]
    elsewhere = np.isfinite(named) & (named != adcodes) & (named != cities)
    return np.asarray(outside | unclear | elsewhere, dtype=np.bool_)


def _named(
    table: pa.Table, mapping: Mapping, province: Province
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the adcode that each row names (NaN where none), and whether its name is unclear.

    Each different answer is looked up once.
    """
    columns = [mapping.column(field) for field in ("adcode", "city", "county")]
    used = [name for name in columns if name is not None]
    if not used:
        return np.full(len(table), np.nan), np.zeros(len(table), dtype=np.bool_)
    keys = np.zeros(len(table), dtype=np.int64)
    for name in used:
        encoded = table[name].combine_chunks().dictionary_encode(null_encoding="encode")
        keys = keys * len(encoded.dictionary) + encoded.indices.to_numpy(zero_copy_only=False)
    distinct, first, place = np.unique(keys, return_index=True, return_inverse=True)
    if len(distinct) > _MOST_NAMES:
        raise RefusedError("too_many_names", columns=", ".join(used), found=len(distinct))
    frame = table.select(used).take(pa.array(first)).to_pandas()
    areas, faults = named_areas(frame, mapping, AreaNames(province))
    unclear = np.zeros(len(frame), dtype=np.bool_)
    unclear[[one.row for one in faults]] = True
    named = areas["county"].fillna(areas["city"]).to_numpy(np.float64)
    return named[place], unclear[place]


def _looked_at(
    large: LargeTable,
    chosen: npt.NDArray[np.intp],
    mapping: Mapping,
    province: Province,
    datum: Datum,
    crs: str | None,
) -> Places:
    """Return the places of some rows, looked at one by one."""
    used = {mapping.column(field) for field in PLACE_FIELDS}
    table = large.table.select([name for name in large.table.column_names if name in used])
    index = pd.Index(large.rows[chosen], name="row")
    frame = pd.DataFrame(index=index)
    for name in table.column_names:
        frame[name] = table[name].take(pa.array(chosen)).to_pandas().to_numpy()
    geometry = large.geometry
    if geometry is not None:
        geometry = geometry.iloc[chosen].set_axis(index)
        # Were all of these broken, columns of coordinates would be taken for them alone.
        mapping = mapping.changed("longitude", None).changed("latitude", None)
    return place_rows(RawTable(frame, "", geometry=geometry), mapping, province, datum, crs)


def _aside(
    large: LargeTable, found: tuple[RowFault, ...], good: npt.NDArray[np.bool_]
) -> tuple[pd.DataFrame, tuple[RowFault, ...]]:
    """Return the rows that are not used, and all faults; rows without any cell are neither."""
    bad = np.flatnonzero(~good)
    if len(bad) + len(large.aside) > MOST_ASIDE:
        raise RefusedError("too_many_aside", limit=MOST_ASIDE)
    frame = large.table.take(pa.array(bad)).to_pandas()
    frame.index = pd.Index(large.rows[bad], name="row")
    if large.geometry is not None:
        frame["geometry"] = shapely.to_wkt(large.geometry.to_numpy()[bad])
    empty = set(frame.index[frame.isna().all(axis=1)])
    parts = [one for one in (frame[~frame.index.isin(list(empty))], large.aside) if len(one)]
    rejected = pd.concat(parts).sort_index() if parts else frame.iloc[:0]
    faults = [one for one in found if one.row not in empty]
    return rejected, tuple(sorted([*faults, *large.faults]))


def _codes_of(placed: pd.DataFrame, province: Province) -> Codes:
    """Return the code of each placed row's county: that of its place where no county is known."""
    longitude, latitude = (placed[name].to_numpy(np.float64) for name in ("longitude", "latitude"))
    codes = county_codes(longitude, latitude, province.counties)
    adcodes = placed["county_adcode"]
    known = adcodes.notna().to_numpy()
    codes[known] = province.counties.index.get_indexer(adcodes[known].astype("int64"))
    return codes


def _with_precision(table: pa.Table, precision: npt.NDArray[np.object_]) -> pa.Table:
    """Return ``table`` with how exactly each row is placed, where not all have a point."""
    if (precision == "site").all():
        return table
    name = PRECISION
    while name in table.column_names:
        name += "_"
    return table.append_column(name, pa.array(precision.tolist(), pa.string()))


def _register(
    table: pa.Table,
    longitude: Floats,
    latitude: Floats,
    codes: Codes,
    province: Province,
    source: str,
    progress: Progress,
) -> Register:
    table = _own_columns(table)
    return register_of_columns(
        table,
        longitude,
        latitude,
        codes,
        province.counties,
        categories=categories_of(table),
        source=source,
        progress=progress,
    )


def _sorted_soon(
    table: pa.Table, longitude: Floats, latitude: Floats, source: str
) -> SortedPoints | None:
    """Sort the points of a table before their counties are known, where each row has a point."""
    if not len(table) or not np.isfinite(longitude + latitude).all():
        return None
    own = _own_columns(table)
    return sorted_points(own, categories_of(own), longitude, latitude, source)


def _own_columns(table: pa.Table) -> pa.Table:
    """Return ``table`` with names that leave the atlas its own, and with one kind of text."""
    names = [f"{name}_" if name in RESERVED else name for name in table.column_names]
    table = table.rename_columns(names)
    for place, name in enumerate(table.column_names):
        kind = table.schema.field(name).type
        inner = kind.value_type if pa.types.is_dictionary(kind) else kind
        if kind != pa.string() and (pa.types.is_large_string(inner) or pa.types.is_string(inner)):
            table = table.set_column(place, name, table[name].cast(inner).cast(pa.string()))
    return table
