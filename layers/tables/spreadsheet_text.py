"""Keep text cells from running as formulas when a spreadsheet opens them."""

from __future__ import annotations

import pandas as pd

from data.uploads import row_faults


def harmless(value: object) -> object:
    """Return ``value`` so that a spreadsheet takes it for text, not for a formula.

    Such text gets an apostrophe in front, which spreadsheets read as "this is text".
    Numbers stay as they are.
    """
    return row_faults.harmless(value) if isinstance(value, str) else value


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``table`` with every text cell and heading made harmless."""
    cells = table.map(harmless)
    return cells.rename(columns=lambda name: str(harmless(str(name))))


def csv_of(table: pd.DataFrame) -> bytes:
    """Return ``table`` as harmless CSV: UTF-8 with a byte order mark, so that Excel reads it."""
    text: str = harmless_table(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")
