"""Write the rows of the view as CSV: UTF-8 with a byte order mark, so that Excel reads it."""

from __future__ import annotations

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.tables.spreadsheet_text import harmless_table
from layers.tables.view_tables import combined, view_tables


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    del options
    table = combined(view_tables(spec, province)).drop(columns="geometry")
    text: str = harmless_table(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


EXPORTER = Exporter("csv", "csv", "text/csv", "data", _write)
