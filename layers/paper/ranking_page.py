"""Draw the ranking as pages of a table: each city's score, taken apart by criterion."""

from __future__ import annotations

import datetime as dt

from matplotlib.figure import Figure

from data.loader import Province
from layers.paper.sheet import Sheet
from layers.paper.table_pages import PaperTable, table_pages
from layers.specification.map_spec import MapSpec
from layers.words.ranking_words import ranking_words

_FIRST_MM = (13.0, 27.0, 16.0, 26.0, 17.0)
_CRITERION_MM = 35.0


def ranking_pages(
    spec: MapSpec, province: Province, sheet: Sheet, date: dt.date
) -> tuple[Figure, ...]:
    """Return the ranking of ``spec`` as figures of the size of ``sheet``.

    As many criteria stand beside each other as fit; the others follow below, each block with
    the cities and their scores again.
    """
    words = ranking_words(spec, province)
    most = max(1, int((sheet.title.width - sum(_FIRST_MM)) // _CRITERION_MM))
    tables = []
    for first in range(0, len(words.criteria), most):
        heads, rows = words.part(first, most)
        widths = (*_FIRST_MM, *[_CRITERION_MM] * (len(heads) - len(_FIRST_MM)))
        tables.append(PaperTable("" if first else words.title, words.lead, heads, rows, widths))
    return table_pages(spec, province, sheet, date, tables)
