"""Tables on paper: every text escaped, numbers as the page writes them, the rest counted."""

from __future__ import annotations

import html5lib
import pandas as pd
import pytest

from data.text import say
from ui.kept.print_tables import MOST_ROWS, PrintTable

HOSTILE = "<img src=x onerror=alert(1)> & </table><script>x</script>"


def cells(shown: PrintTable) -> list[list[str]]:
    found = html5lib.parse(shown.written(), namespaceHTMLElements=False)
    assert not list(found.iter("script"))
    assert not list(found.iter("img"))
    return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


def test_every_text_is_escaped_also_in_headings():
    shown = PrintTable(pd.DataFrame({HOSTILE: [HOSTILE, "b"]}), "en")
    assert cells(shown) == [[HOSTILE], [HOSTILE], ["b"]]


@pytest.mark.parametrize(
    ("value", "format_", "written"),
    [
        (12.345, "%.1f %%", "12.3 %"),
        (1234567, None, "1,234,567"),
        (0.83, None, "0.83"),
        (4.0, None, "4"),
        (float("nan"), "%.1f", "–"),
        ("", None, ""),
    ],
)
def test_numbers_are_written_as_on_the_page(value, format_, written):
    formats = {"a": format_} if format_ else {}
    assert cells(PrintTable(pd.DataFrame({"a": [value]}), "en", formats)) == [["a"], [written]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rows_beyond_the_most_are_counted(language):
    table = pd.DataFrame({"row": range(MOST_ROWS + 1234)})
    shown = PrintTable(table, language)
    assert len(cells(shown)) == 1 + MOST_ROWS
    assert say("table.left_out", language, count="1,234") in shown.written()
    assert "<p>" not in PrintTable(table.head(MOST_ROWS), language).written()


def test_widths_share_the_sheet_and_short_columns_are_not_squeezed():
    table = pd.DataFrame({"日期": ["2026-11-25"] * 9, "内容": ["很长的内容" * 40] * 9})
    widths = [
        float(part.split("%")[0]) for part in PrintTable(table, "zh").written().split("width: ")[1:]
    ]
    assert sum(widths) == pytest.approx(100, abs=0.2)
    assert 15 < widths[0] < widths[1]
