"""Say what is wrong in a row of an upload: where, what stands there, what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from data.text import Language, say
from data.uploads.limits import visible

GEOMETRY = "geometry"
"""What stands for the column in faults of a file's own geometry."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_WHITE = ("\t", "\r", "\n")


@dataclass(frozen=True, order=True, slots=True)
class RowFault:
    """One thing in one cell: a fault rejects its row, a warning (``warning``) does not.

    ``row`` counts as the person does; ``column`` is the file's own heading; ``code`` names the
    phrase ``intake_row.<code>``.
    """

    row: int
    column: str
    value: str
    code: str
    details: tuple[tuple[str, str], ...] = ()
    warning: bool = False

    def expected(self, language: Language) -> str:
        """Return what was expected, as a sentence."""
        return say(f"intake_row.{self.code}", language, **dict(self.details))


def row_fault(
    row: int, column: str, value: object, code: str, /, warning: bool = False, **details: object
) -> RowFault:
    """Return a fault; its value and details are cut and cleaned for display."""
    text = "" if value is None or value != value else str(value)
    pairs = tuple((key, visible(str(found))) for key, found in details.items())
    return RowFault(int(row), column, visible(text)[:100], code, pairs, warning)


def fault_table(faults: Iterable[RowFault], language: Language) -> pd.DataFrame:
    """Return faults as a table: row, column, value, kind (fault or warning), expected."""
    kinds = {
        warning: say("intake_row.warning" if warning else "intake_row.fault", language)
        for warning in (True, False)
    }
    # Many rows have the same fault: its sentence is made once.
    said: dict[object, str] = {}
    rows = []
    for one in faults:
        key = (one.code, one.details)
        if key not in said:
            said[key] = one.expected(language)
        rows.append((one.row, one.column, one.value, kinds[one.warning], said[key]))
    return pd.DataFrame(rows, columns=["row", "column", "value", "kind", "expected"])


def harmless(text: str) -> str:
    """Return ``text`` so that a spreadsheet that opens the file does not take it for a formula.

    What starts with ``= + - @``, in narrow or full width, be it behind white space or
    characters that are not seen, gets an apostrophe in front, as does leading white space that
    some programs take off.
    """
    return f"'{text}" if _may_run(text) else text


def unmarked(text: str) -> str:
    """Return ``text`` without the apostrophe that ``harmless`` put in front.

    >>> unmarked("'-5"), unmarked("'s")
    ('-5', "'s")
    """
    return text[1:] if text.startswith("'") and _may_run(text[1:]) else text


def _may_run(text: str) -> bool:
    bare = visible(text).lstrip()
    return bare.startswith(_FORMULA_STARTS) or text.startswith(_WHITE)
