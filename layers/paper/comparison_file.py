"""Write a comparison of cities as a file to hand on: their map, measures, chain, sites, sources."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

from matplotlib.figure import Figure

from data.errors import AtlasError
from data.loader import Province
from data.text import join, say
from layers.compose import compose
from layers.paper.figure import bound_pdf
from layers.paper.print_map import DRAWING, draw_print_map
from layers.paper.sheet import PaperOptions, Sheet, sheet_of
from layers.paper.table_pages import PaperTable, table_pages
from layers.specification.map_spec import Extent, MapSpec
from layers.specification.view import View
from layers.tables.comparison_tables import (
    WordsTable,
    links_compared,
    measures_compared,
    sites_compared,
    sources_listed,
)

FEWEST_CITIES = 2
_NAME_MM = 72.0
_MOST_BESIDE = 7
_SITES_WISHED = (23.0, 52.0, 44.0, 38.0, 42.0, 24.0, 18.0, 18.0)
_SOURCES_WISHED = (90.0, 42.0, 18.0, 20.0, 84.0)


def comparison_pdf(
    view: View, province: Province, link: str | None = None, *, date: dt.date | None = None
) -> bytes:
    """Return the comparison of the cities of ``view.compare`` as a PDF: a map, then tables.

    ``link`` is the address of the page, printed as a QR code. Raises ``AtlasError`` for fewer
    than two cities.
    """
    with DRAWING:
        pages = comparison_pages(view, province, link, date or dt.date.today())
        return bound_pdf(pages, _title(view, province))


def comparison_pages(
    view: View, province: Province, link: str | None, date: dt.date
) -> list[Figure]:
    """Return the pages of ``comparison_pdf`` as figures; raises what it raises."""
    if len(view.compare) < FEWEST_CITIES:
        raise AtlasError(say("compare.too_few", view.language))
    spec = compared_map(view, province)
    sheet = sheet_of("a4", "landscape", 1.0)
    options = PaperOptions(orientation="landscape", link=link)
    first = draw_print_map(spec, province, options, date=date)
    return [first, *table_pages(spec, province, sheet, date, _tables(view, province, spec, sheet))]


def compared_map(view: View, province: Province) -> MapSpec:
    """Return the map of a comparison: what is asked for, around the cities that are compared."""
    wide = replace(view, center=None, zoom=None, profile=None, county=None, site=None)
    bounds = province.cities.loc[list(view.compare)].total_bounds
    west, south, east, north = (float(value) for value in bounds)
    return replace(
        compose(wide, province),
        title=_title(view, province),
        extent=Extent((west, south, east, north)),
    )


def _title(view: View, province: Province) -> str:
    names = province.cities.loc[list(view.compare), f"name_{view.language}"]
    return say("compare.paper_title", view.language, cities=join([*names], view.language))


def _tables(view: View, province: Province, spec: MapSpec, sheet: Sheet) -> list[PaperTable]:
    asked = (view.selection, province)
    tables: list[PaperTable] = []
    sources = [one.id for one in spec.sources]
    blocks = math.ceil(len(view.compare) / _MOST_BESIDE)
    columns = math.ceil(len(view.compare) / blocks)
    width = (sheet.title.width - _NAME_MM) / columns
    for made in (measures_compared, links_compared):
        for first in range(0, len(view.compare), columns):
            beside = view.compare[first : first + columns]
            words = made(*asked, beside, view.language)
            sources += words.sources
            tables.append(_on_paper(words, (_NAME_MM, *[width] * len(beside))))
    if view.selection.filters_sites:
        sites = sites_compared(*asked, view.compare, view.language)
        sources += sites.sources
        tables.append(_on_paper(sites, _shared(_SITES_WISHED, sheet)))
    listed = sources_listed(sources, province, view.language)
    tables.append(_on_paper(listed, _shared(_SOURCES_WISHED, sheet)))
    return [table for table in tables if table.rows]


def _on_paper(words: WordsTable, widths_mm: Sequence[float]) -> PaperTable:
    return PaperTable(words.title, words.lead, words.heads, words.rows, widths_mm)


def _shared(wished: Sequence[float], sheet: Sheet) -> tuple[float, ...]:
    """Share the width of a page as the columns wish it."""
    return tuple(sheet.title.width * wish / sum(wished) for wish in wished)
