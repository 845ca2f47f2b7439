"""Read a large GeoParquet in columns, in the process that ``data.intake.worker`` is."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from data.intake.columnar import stated_crs
from data.intake.crs_text import plain_crs
from data.intake.headings import single_names
from data.intake.large import ColumnsAsked, Found
from data.intake.limits import Limits, RefusedError
from data.intake.progress import Progress


def read_parquet(path: Path, asked: ColumnsAsked, limits: Limits, progress: Progress) -> Found:
    """Read a GeoParquet file as ``read_large`` does; how far it is, it does not say."""
    del progress
    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows > limits.rows:
            raise RefusedError("too_many_rows", found=file.metadata.num_rows, limit=limits.rows)
        if not asked.shapes:
            table, shapes = file.read(), None
        else:
            geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
            for one in geo["columns"].values():
                # Before any reader sees it: a definition may name other files.
                if (crs := stated_crs(one)) is not None:
                    plain_crs(crs)
            frame = gpd.read_parquet(path)
            shapes = frame.geometry.to_numpy()
            rest = pd.DataFrame(frame.drop(columns=frame.geometry.name))
            table = pa.Table.from_pandas(rest, preserve_index=False)
    except MemoryError:
        raise
    except (
        *(pa.ArrowException, shapely.errors.GEOSException, OSError),
        *(ValueError, KeyError, TypeError, AttributeError, RecursionError),
    ):
        raise RefusedError("broken_file", driver="Parquet") from None
    table = table.replace_schema_metadata(None)
    fits = len(asked.names) == len(table.column_names)
    names = asked.names if fits else single_names(table.column_names)[0]
    wkb = None
    if shapes is not None:
        wkb = pa.array(shapely.to_wkb(shapely.point_on_surface(shapes)), pa.binary())
    return Found(table.rename_columns(list(names)), np.arange(1, len(table) + 1), wkb)
