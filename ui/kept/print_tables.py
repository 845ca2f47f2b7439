"""Serve the tables that a session shows as HTML, for a browser that prints them.

What Streamlit shows is a canvas, of which paper gets what happens to be in sight or nothing.
Each table is written out only when somebody prints, so that pages carry an address alone.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import pandas as pd
from starlette.responses import HTMLResponse, Response

from data.text import Language, number, say
from ui.kept.session_shelf import session_shelf

MOST_ROWS = 2000
"""How many rows are printed: some forty sheets; the rest is counted."""
_MOST_DECIMALS = 4
_MARGIN = 5
_ON_ONE_LINE = 12
"""How many letters of a column are not broken into lines, as far as there is room."""


@dataclass(frozen=True, eq=False)
class PrintTable:
    """A table with headings in ``language``; ``formats`` writes numbers (printf) by heading."""

    table: pd.DataFrame
    language: Language
    formats: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """Return the table as HTML: every text escaped, and how many rows are left out."""
        rows = self.table.head(MOST_ROWS)
        columns = [
            [str(name), *(self._cell(str(name), one) for one in cells)]
            for name, cells in rows.items()
        ]
        numeric = [pd.api.types.is_numeric_dtype(cells) for _, cells in rows.items()]
        heads, *lines = zip(*columns, strict=True)
        head = _line(heads, numeric, "th")
        body = "".join(f"<tr>{_line(line, numeric, 'td')}</tr>" for line in lines)
        widths = "".join(f'<col style="width: {width}%">' for width in _widths(columns))
        table = f"<table><colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead>"
        return f"{table}<tbody>{body}</tbody></table>{self._note(len(self.table) - len(rows))}"

    def _note(self, left: int) -> str:
        count = number(left, self.language)
        words = say("table.left_out", self.language, count=count)
        return f"<p>{html.escape(words)}</p>" if left else ""

    def _cell(self, name: str, value: object) -> str:
        if pd.isna(value):
            return "–"
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return str(value)
        if name in self.formats:
            return self.formats[name] % value
        _, _, after = f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")
        return number(value, self.language, decimals=len(after))


def _line(texts: Sequence[str], numeric: Sequence[bool], tag: Literal["th", "td"]) -> str:
    kinds = (' class="atlas-number"' if one else "" for one in numeric)
    return "".join(
        f"<{tag}{kind}>{html.escape(text)}</{tag}>" for kind, text in zip(kinds, texts, strict=True)
    )


def _widths(columns: Sequence[Sequence[str]]) -> list[float]:
    """Share the width of the sheet (per cent) by the texts, long ones less than they ask for."""
    asked = []
    for column in columns:
        widths = sorted(_width(text) for text in column)
        long = (widths[int(0.9 * (len(widths) - 1))] + widths[-1]) / 2
        asked.append(_MARGIN + min(long, _ON_ONE_LINE) + max(long - _ON_ONE_LINE, 0) ** 0.6)
    return [round(100 * one / sum(asked), 1) for one in asked]


def _width(text: str) -> int:
    """Return the width of a text in letters; an East Asian character has that of two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def table_address(key: str, shown: PrintTable) -> str:
    """Return the address at which ``shown`` is written out, the same whenever ``key`` is shown."""
    return session_shelf().put(f"table-{key}.html", partial(_page, shown))


def _page(shown: PrintTable) -> Response:
    return HTMLResponse(shown.written())
