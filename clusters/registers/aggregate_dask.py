"""Count the points of a source with dask-geopandas, on many processes or machines.

The pieces of the source are a dask-geopandas table; each is counted by county where
it is read, and only totals travel. When a worker is lost, the scheduler has its pieces read
again by the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import geopandas as gpd
import pandas as pd

from clusters.registers.aggregate import CountProgress, Totals, county_totals
from data.errors import AtlasError
from data.tables.source import FRAME_COLUMNS, Part, PointSource, Wanted, optional_module

PIECES_A_WORKER = 4
MOST_LOCAL_WORKERS = 8

_PURPOSE = "--engine dask"
_EMPTY = pd.DataFrame({name: pd.Series(dtype="float64") for name in FRAME_COLUMNS})


class SchedulerError(AtlasError):
    """A dask scheduler that does not answer, or workers that fail again and again."""


@contextmanager
def cluster(scheduler: str | None, workers: int | None = None) -> Iterator[Any]:
    """Yield a client of the scheduler at an address, or of workers started on this machine.

    Workers elsewhere need the atlas and its packages, and must be able to read the source.
    Raises ``MissingPackageError`` without the packages, ``SchedulerError`` for a scheduler
    that does not answer.
    """
    for name in ("dask_geopandas", "distributed"):
        optional_module(name, _PURPOSE)
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            first = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SchedulerError(f"no dask scheduler answers at {scheduler}: {first}") from None
        with client:
            yield client
        return
    count = workers or min(os.cpu_count() or 1, MOST_LOCAL_WORKERS)
    with (
        LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
        Client(local, set_as_default=False) as client,
    ):
        yield client


def read_part(part: Part, source: PointSource, wanted: Wanted) -> pd.DataFrame:
    """Return all points of a piece of a source."""
    frames = list(source.read(part, wanted))
    return pd.concat([_EMPTY, *frames], ignore_index=True) if frames else _EMPTY


def piece_totals(points: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> Totals:
    """Return the totals of a piece of a table of points, in EPSG:4326."""
    places = (points.geometry.x.to_numpy(), points.geometry.y.to_numpy())
    return county_totals(*places, points["value"], counties)


def aggregate_with_dask(
    source: PointSource,
    wanted: Wanted,
    counties: gpd.GeoDataFrame,
    progress: CountProgress,
    client: Any,
) -> Totals:
    """Return the totals of each county, read and joined by the workers of ``client``."""
    import dask.dataframe as dd
    import dask_geopandas
    from distributed import KilledWorker, as_completed

    workers = max(1, len(client.scheduler_info()["workers"]))
    parts = source.parts(wanted, workers * PIECES_A_WORKER)
    frame = dd.from_map(read_part, list(parts), source=source, wanted=wanted, meta=_EMPTY)
    points = dask_geopandas.from_dask_dataframe(
        frame,
        geometry=dask_geopandas.points_from_xy(frame, "longitude", "latitude", crs=counties.crs),
    )
    meta = pd.DataFrame({"count": pd.Series(dtype="float64"), "sum": pd.Series(dtype="float64")})
    pieces = points.map_partitions(piece_totals, counties, meta=meta).to_delayed()
    sums = pd.DataFrame(0.0, index=pd.Index(counties.index, name="adcode"), columns=meta.columns)
    found = as_completed(client.compute(pieces), loop=client.loop, with_results=True)
    try:
        for done, (_, piece) in enumerate(found, start=1):
            sums = sums.add(piece, fill_value=0.0)
            progress(done, len(pieces))
    except KilledWorker as error:
        raise SchedulerError(f"workers ended again and again: {error}") from None
    return sums.reindex(counties.index).rename_axis("adcode")
