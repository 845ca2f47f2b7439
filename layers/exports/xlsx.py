"""Write the view as a workbook: a front, tables to read, the sources, raw data for programs."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data.loader import Province
from data.text import say
from layers.exports.exporter import Exporter
from layers.exports.workbook_file import TwinTable, WorkbookParts, workbook_of
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.tables.front_sheet import view_front
from layers.tables.read_view import ViewReading
from layers.tables.view_tables import ViewTables, view_tables


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    tables, date = view_tables(spec, province), dt.date.today()
    parts = WorkbookParts(
        language=spec.language,
        date=date,
        subject=spec.subtitle,
        front=view_front(spec, province, date, options.link),
        tables=ViewReading(tables).read(),
        twins=_twins(tables),
    )
    return workbook_of(parts)


def _twins(tables: ViewTables) -> tuple[TwinTable, ...]:
    """Return the tables of a view as they are, without geometry."""
    spatial = {name: one.drop(columns="geometry") for name, one in tables.spatial.items()}
    raw: dict[str, pd.DataFrame] = {**spatial, **tables.plain}
    language = tables.spec.language
    return tuple(
        TwinTable(name, say(f"sheet.{name}", language), table) for name, table in raw.items()
    )


EXPORTER = Exporter(
    "xlsx",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "data",
    _write,
)
