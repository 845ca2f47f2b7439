"""Write the features of the view as GeoParquet, told apart by ``layer``."""

from __future__ import annotations

import io

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.tables.view_tables import combined, view_tables


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    del options
    buffer = io.BytesIO()
    combined(view_tables(spec, province)).to_parquet(buffer, index=False)
    return buffer.getvalue()


EXPORTER = Exporter("parquet", "parquet", "application/vnd.apache.parquet", "data", _write)
