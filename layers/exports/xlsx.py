"""Write the view as a workbook: a sheet for each geometry, analysis, the sources, the view."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from clusters.measures import measures_of
from data.loader import Province
from data.text import say
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.tables.view_tables import view_tables
from layers.words.measure_words import sample_words

_WIDEST_COLUMN = 48
_NARROWEST_COLUMN = 8
_NUMBER_FORMATS = {
    "area_km2": "#,##0.0",
    "capacity": "#,##0.##",
    "longitude": "0.00000",
    "latitude": "0.00000",
}


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    del options
    tables = view_tables(spec, province)
    spatial = {name: table.drop(columns="geometry") for name, table in tables.spatial.items()}
    listed = {**spatial, **tables.plain, "about": _about(spec, province)}
    sheets = {say(f"sheet.{name}", spec.language): table for name, table in listed.items()}
    return workbook_of(sheets, title=spec.title, subject=spec.subtitle)


def workbook_of(sheets: Mapping[str, pd.DataFrame], *, title: str, subject: str) -> bytes:
    """Return a workbook with a sheet for each table, by its name, without their indexes."""
    buffer = io.BytesIO()
    # Text is never taken for a formula, an address or a number.
    settings = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(buffer, settings) as workbook:
        workbook.set_properties({"title": title, "subject": subject})
        for name, table in sheets.items():
            _sheet(workbook, name, table)
    return buffer.getvalue()


def _about(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Say what the view is, what the measures rest on, and how the ranking is made."""
    counted = next(one for one in measures_of(province) if one.counts_sites)
    sample = sample_words(province, counted, spec.language)
    method = say("ranking.normalisation_lead", spec.language)
    lines = [spec.title, spec.subtitle, *spec.notes, sample, method]
    return pd.DataFrame({say("sheet.about", spec.language): [line for line in lines if line]})


def _sheet(workbook: Workbook, name: str, table: pd.DataFrame) -> None:
    sheet = workbook.add_worksheet(name)
    head: Format = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#F4F2ED"})
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(table.columns):
        values = table[title].tolist()
        form = workbook.add_format({"num_format": _NUMBER_FORMATS.get(str(title), "General")})
        sheet.write_string(0, column, str(title), head)
        sheet.set_column(column, column, _width([str(title), *map(str, values)]))
        for row, value in enumerate(values, start=1):
            if value is None or (not isinstance(value, str) and pd.isna(value)):
                continue
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value, form)
            elif isinstance(value, (int, float)):
                sheet.write_number(row, column, value, form)
            else:
                sheet.write_string(row, column, str(value), form)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _width(texts: list[str]) -> float:
    """Return a column width for ``texts``; a Chinese character is as wide as two letters."""
    longest = max(sum(1 if letter.isascii() else 2 for letter in text) for text in texts)
    return float(min(max(longest + 2, _NARROWEST_COLUMN), _WIDEST_COLUMN))


EXPORTER = Exporter(
    "xlsx",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "data",
    _write,
)
