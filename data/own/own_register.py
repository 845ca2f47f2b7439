"""Make a register of what a person uploads: the file's own columns, its points in WGS-84.

A file within the bounds of an upload was read row by row already; a larger CSV or GeoParquet
is read in columns, by a process of its own as well, and only rows that raise a doubt are looked
at one by one. Rows without a usable place are kept aside with the file's own cells, and a
report says why.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from data.datum import to_wgs84
from data.loader import Province
from data.reading_progress import Progress, silent
from data.register.build import RESERVED, SortedPoints, numbers_of, sorted_points
from data.register.categories import categories_of
from data.register.county_index import Codes, adcodes_of, area_names, code_type, county_codes
from data.register.grid import MAX_LATITUDE, Floats
from data.register.store import DERIVED, Register
from data.uploads.formats.crs_text import degrees_of
from data.uploads.formats.large import MOST_ASIDE
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Note, RefusedError
from data.uploads.row_faults import RowFault
from data.uploads.sandbox.ahead import ReadingAhead
from data.uploads.sandbox.large_table import LargeTable
from data.uploads.sites.area_names import AreaNames
from data.uploads.sites.column_notes import column_notes
from data.uploads.sites.mapping import PLACE_FIELDS, Mapping
from data.uploads.sites.naming import named_areas
from data.uploads.sites.placing import Places, names_another, place_rows
from data.uploads.uploaded_file import Interpretation, UploadedFile, is_coded

PRECISION = "precision"
"""The column that tells rows whose area is named from rows with a point."""

_MOST_NAMES = 20_000


@dataclass(frozen=True, eq=False)
class RegisterReading:
    """A register of the good rows; ``rejected`` are the others, as the file has them.

    ``notes`` is what was found of its columns of places.
    """

    register: Register
    rejected: pd.DataFrame
    faults: tuple[RowFault, ...] = ()
    notes: tuple[Note, ...] = ()


def read_register(
    file: UploadedFile,
    said: Interpretation,
    province: Province,
    *,
    places: Places | None = None,
    ahead: ReadingAhead | None = None,
    progress: Progress = silent,
) -> RegisterReading:
    """Return the register of a file of any size; errors as ``register_of_large``.

    ``places`` is where the rows of ``file.table`` are, where that is known already; ``ahead`` and
    ``progress`` are for a large file.
    """
    if file.large:
        return register_of_large(file, said, province, ahead=ahead, progress=progress)
    return register_of_places(file.table, places or file.places(said, province), province)


def register_of_places(table: RawTable, places: Places, province: Province) -> RegisterReading:
    """Return the register of the rows of ``table`` whose place, or at least area, is known."""
    good = places.table["city_adcode"].notna().to_numpy()
    frame, placed = table.frame.loc[good], places.table.loc[good]
    arrow = pa.table({str(name): _typed(frame[name]) for name in frame.columns})
    arrow = _with_precision(arrow, placed["precision"].to_numpy(dtype=object))
    points = _sorted(arrow, *_positions(placed), table.driver)
    register = points.register(_codes_of(placed, province), province.counties)
    return RegisterReading(register, table.frame.loc[~good], places.faults, places.notes)


def register_of_large(
    file: UploadedFile,
    said: Interpretation,
    province: Province,
    *,
    ahead: ReadingAhead | None = None,
    progress: Progress = silent,
) -> RegisterReading:
    """Return the register of a large CSV or GeoParquet, of which ``file`` holds the head.

    ``ahead`` is what ``file.read_ahead`` began. Raises ``RefusedError`` for a file that cannot be
    read on, where nothing tells a place, a CRS lacks, or no row is usable.
    """
    mapping, counties = said.mapping, province.counties
    large = file.columns(mapping, ahead, progress)
    crs = file.table.crs or said.crs
    longitude, latitude = to_wgs84(*_given(large, mapping, crs), said.datum)
    with ThreadPoolExecutor(1) as beside:
        # Both leave Python for most of their time. It is for nothing where a row raises a doubt.
        later = beside.submit(_sorted_soon, large.table, longitude, latitude, file.name)
        codes = county_codes(
            longitude,
            latitude,
            counties,
            lambda done: progress("place", done),
            metric_crs=province.settings.metric_crs,
        )
    has_geometry = large.geometry is not None
    notes = column_notes(file.table.frame, mapping, said.datum, has_geometry=has_geometry)
    doubtful = np.flatnonzero(_doubtful(large, mapping, codes, province))
    progress("check", 0.0)
    if not len(doubtful) and (points := later.result()) is not None:
        progress("sort", 1.0)
        rejected, faults = _aside(large, (), np.ones(len(codes), dtype=np.bool_))
        return RegisterReading(points.register(codes, counties), rejected, faults, notes)
    places = _looked_at(large, doubtful, replace(said, crs=crs), province)
    placed = places.table
    longitude[doubtful], latitude[doubtful] = _positions(placed)
    codes = codes.astype(code_type(area_names(counties).size))
    codes[doubtful] = _codes_of(placed, province)
    precision = np.full(len(codes), "site", dtype=object)
    precision[doubtful] = placed["precision"].to_numpy(dtype=object)
    good = pd.notna(precision)
    rejected, faults = _aside(large, places.faults, good)
    if not good.any():
        raise RefusedError("nothing_placed")
    table = large.table if good.all() else large.table.filter(pa.array(good))
    table = _with_precision(table, precision[good])
    progress("sort", 0.0)
    points = _sorted(table, longitude[good], latitude[good], file.name)
    progress("sort", 1.0)
    notes = tuple(dict.fromkeys((*notes, *places.notes)))
    return RegisterReading(points.register(codes[good], counties), rejected, faults, notes)


def _typed(values: pd.Series) -> pa.Array:
    """Return a column as a large file would have it: numbers where all its texts are amounts."""
    texts = pa.array(values.tolist())
    if not pa.types.is_string(texts.type) or is_coded(values):
        return texts
    for kind in (pa.int64(), pa.float64()):
        try:
            return texts.cast(kind)
        except pa.ArrowInvalid:
            continue
    return texts


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
    county, city = adcodes_of(codes, province.counties)
    named, unclear = _named(large.table, mapping, province)
    doubtful = np.isnan(county) | unclear | names_another(named, county, city)
    return np.asarray(doubtful, dtype=np.bool_)


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
    said: Interpretation,
    province: Province,
) -> Places:
    """Return the places of some rows, looked at one by one."""
    mapping = said.mapping
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
    return place_rows(
        RawTable(frame, "", geometry=geometry), mapping, province, said.datum, said.crs
    )


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


def _positions(placed: pd.DataFrame) -> tuple[Floats, Floats]:
    return placed["longitude"].to_numpy(np.float64), placed["latitude"].to_numpy(np.float64)


def _codes_of(placed: pd.DataFrame, province: Province) -> Codes:
    """Return the code of each row's county, or of its city where no county is known."""
    areas = area_names(province.counties)
    codes = np.full(len(placed), areas.outside, dtype=code_type(areas.size))
    counties, cities = placed["county_adcode"], placed["city_adcode"]
    known = counties.notna().to_numpy()
    codes[known] = province.counties.index.get_indexer(counties[known].astype("int64"))
    alone = ~known & cities.notna().to_numpy()
    places = pd.Index(areas.city_adcodes).get_indexer(cities[alone].astype("int64"))
    codes[alone] = np.where(places < 0, areas.outside, areas.outside + 1 + places)
    return codes


def _with_precision(table: pa.Table, precision: npt.NDArray[np.object_]) -> pa.Table:
    """Return ``table`` with how exactly each row's place is known, where not all have a point."""
    if (precision == "site").all():
        return table
    name = PRECISION
    while name in table.column_names:
        name += "_"
    return table.append_column(name, pa.array(precision.tolist(), pa.string()))


def _sorted_soon(
    table: pa.Table, longitude: Floats, latitude: Floats, source: str
) -> SortedPoints | None:
    """Sort the points of a table before their counties are known, where each row has a point."""
    if not len(table) or not np.isfinite(longitude + latitude).all():
        return None
    return _sorted(table, longitude, latitude, source)


def _sorted(table: pa.Table, longitude: Floats, latitude: Floats, source: str) -> SortedPoints:
    own = _own_columns(table)
    return sorted_points(own, categories_of(own), longitude, latitude, source)


def _own_columns(table: pa.Table) -> pa.Table:
    """Return ``table`` with names that leave the atlas its own, and with one kind of text.

    Columns that records have anyway, the places in WGS-84 and the counties, give way to these.
    """
    table = table.drop_columns([name for name in DERIVED if name in table.column_names])
    names = [f"{name}_" if name in RESERVED else name for name in table.column_names]
    table = table.rename_columns(names)
    for place, name in enumerate(table.column_names):
        kind = table.schema.field(name).type
        inner = kind.value_type if pa.types.is_dictionary(kind) else kind
        if kind != pa.string() and (pa.types.is_large_string(inner) or pa.types.is_string(inner)):
            table = table.set_column(place, name, table[name].cast(inner).cast(pa.string()))
    return table
