"""Hold what rows say of how exactly their place is known against how they were placed."""

from __future__ import annotations

import pandas as pd

from data.evidence_rows import PLACED
from data.text import say
from data.uploads.row_faults import RowFault, row_fault


def stated_precision(
    placed: pd.Series, stated: pd.Series, column: str
) -> tuple[pd.Series, list[RowFault]]:
    """Return the precision of each row, and a warning where it is not the one that is stated.

    ``placed`` is how a row was placed (``site`` for any point), ``stated`` what its cell of
    ``column`` says, both a ``Precision`` or empty. A point is as exact as is stated; what a
    place cannot bear out, such as a town without coordinates, is not taken over.
    """
    is_point = placed.isin(PLACED) & stated.isin(PLACED)
    precision = placed.where(~is_point, stated)
    differs = placed.notna() & stated.notna() & (precision != stated)
    faults = [
        row_fault(row, column, stated.at[row], "precision", True, now=_label(precision.at[row]))
        for row in stated.index[differs]
    ]
    return precision, faults


def _label(precision: str) -> str:
    return f"{say(f'placed.{precision}', 'zh')} ({say(f'placed.{precision}', 'en')})"
