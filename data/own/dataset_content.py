"""Turn own data into the file of a dataset, and a dataset's source into own data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from data.crs import require_geographic
from data.errors import CrsError, DataError, Fault
from data.evidence_rows import PLACED, SiteRow
from data.loader import Province
from data.own.datasets import Dataset, DatasetError, DatasetStore, clean_name
from data.own.own_counts import OwnPoints
from data.own.own_source import OwnSites
from data.register.register_file import save_register
from data.tables.register_of_source import register_of_source, wanted_rows

SUFFIX = ".parquet"


def save_own(
    store: DatasetStore,
    name: str,
    province: Province,
    own: OwnSites | OwnPoints,
    *,
    owner: str = "",
    shared: bool = False,
) -> Dataset:
    """Save own data of a province as the dataset ``name``; raises ``DatasetError``.

    ``owner`` is what others are told of whoever saves it, should it be ``shared``.
    """
    dataset = Dataset(
        name=clean_name(name),
        kind="sites" if isinstance(own, OwnSites) else "points",
        province=province.id,
        file=own.file,
        date=own.date.isoformat(),
        saved=dt.datetime.now().isoformat(timespec="seconds"),
        source="-",
        owner=owner,
        shared=shared,
    )

    def write(path: Path) -> None:
        if isinstance(own, OwnSites):
            _plain(own.sites).to_parquet(path)
        else:
            save_register(own.register, path)

    return store.save(dataset, SUFFIX, write)


def _plain(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return ``sites`` with columns of one kind each, as a file needs them."""
    plain = sites.reset_index(drop=True)
    for column in plain.columns.drop("geometry"):
        if plain[column].dtype == object:
            numbers = column in ("longitude", "latitude", "capacity", "year", "county_adcode")
            plain[column] = plain[column].astype("float64" if numbers else "string")
    return plain


def load_own(store: DatasetStore, name: str, province: Province) -> OwnSites | OwnPoints:
    """Return the data of the dataset ``name``.

    Raises ``DatasetError`` where there is none, or where its data is cut, changed or cannot be
    read; ``DatabaseError`` and ``MissingPackageError`` for a database that does not answer, or
    without the packages that it needs.
    """
    dataset = store.find(name)
    if not store.is_whole(dataset):
        raise _unreadable(dataset, f"{dataset.source}: the content is not what was saved")
    try:
        return _content(store, dataset, province)
    except (DataError, CrsError) as error:
        raise _unreadable(dataset, str(error)) from None


def _unreadable(dataset: Dataset, problem: str) -> DatasetError:
    return DatasetError("unreadable", name=dataset.name, file=dataset.file, problem=problem)


def _content(store: DatasetStore, dataset: Dataset, province: Province) -> OwnSites | OwnPoints:
    date = dt.date.fromisoformat(dataset.date)
    location = store.location(dataset)
    if dataset.kind == "sites":
        return OwnSites(dataset.file, date, _sites(Path(location)))
    register = register_of_source(
        location,
        province.counties,
        wanted=wanted_rows(dataset.where, dataset.bounds),
        categories=dataset.categories,
        name=dataset.name,
    )
    return OwnPoints(dataset.file, date, register)


def _sites(path: Path) -> gpd.GeoDataFrame:
    try:
        table = gpd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        problem = f"not readable as GeoParquet: {str(error).splitlines()[0]}"
        raise DataError([Fault(path.name, "", "", problem)]) from None
    require_geographic(table, path.name)
    # An older file has one column of notes, which own sites leave empty, and no day of a check.
    for later in ("note_zh", "note_en", "checked"):
        if later not in table:
            table[later] = None
    lacking = [name for name in SiteRow.model_fields if name not in table]
    if lacking:
        raise DataError([Fault(path.name, "", name, "the column is missing") for name in lacking])
    table = table[[*SiteRow.model_fields, "geometry"]]
    # An older file has a place inside the area where only that is known.
    table["geometry"] = table.geometry.where(table["precision"].isin(PLACED), None)
    for column in table.columns.drop("geometry"):
        if table[column].dtype.kind not in "fi":
            cells = [None if pd.isna(cell) else cell for cell in table[column]]
            table[column] = pd.Series(cells, index=table.index, dtype=object)
    return table
