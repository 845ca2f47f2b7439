"""Say how a file is to be read, and hold what was read of a large one in columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.uploads.limits import Note


@dataclass(frozen=True)
class ReadAs:
    """What a person said of how a file is to be read; ``None``: as its reader finds.

    ``layer`` is the sheet of a workbook, the layer of a GeoPackage or of an archive; ``encoding``
    that of the text of a format that leaves it open.
    """

    layer: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class ColumnsAsked:
    """How a large file is to be read, as its head has shown.

    ``names`` are the columns as the head has them (the file's own headings where there are
    none, or of another number); ``texts`` stay text although they look like numbers;
    ``header`` is the row of the headings, from 1. ``encoding`` is what a person said, or
    ``None``; ``shapes`` tells whether Parquet has a geometry.
    """

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    header: int = 1
    encoding: str | None = None
    shapes: bool = True


@dataclass(frozen=True, eq=False)
class Found:
    """What the worker has read: ``LargeTable``, with rows that do not fit as they stand.

    ``shapes`` are points on those of GeoParquet, as WKB; ``notes`` say what is wrong with them.
    """

    table: pa.Table
    rows: npt.NDArray[np.int64]
    shapes: pa.ChunkedArray | None = None
    delimiter: str = ","
    aside: tuple[tuple[int, str], ...] = ()
    notes: tuple[Note, ...] = ()
