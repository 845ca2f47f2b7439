"""Answer in JSON what would be read of a file: for programs; ``data/schemas`` describes it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from data.uploads.limits import Note, RefusedError
from data.uploads.row_faults import RowFault
from data.uploads.sites.reading import Reading
from data.uploads.uploaded_file import Interpretation, UploadedFile

ANSWER_VERSION = 1
"""It is raised when a key changes its meaning or goes; keys may be added."""

_ROW_KEYS = (
    *("row", "name_zh", "name_en", "city_adcode", "county_adcode", "longitude", "latitude"),
    *("precision", "kind", "sector", "segments", "status", "status_date", "year", "year_meaning"),
    *("capacity", "capacity_unit", "capacity_meaning", "owner", "place", "note_zh", "note_en"),
    *("checked", "value"),
)
_WHOLE = ("row", "city_adcode", "county_adcode", "year")


def answer_of(file: UploadedFile, said: Interpretation, reading: Reading) -> dict[str, Any]:
    """Return what was understood of a file.

    ``rows`` are those that are taken over, in WGS-84 (decimal degrees); ``left_out`` those that
    are not, each with the reason; ``faults`` are all faults and warnings, by row.
    """
    return {
        "version": ANSWER_VERSION,
        "file": file.name,
        "driver": file.table.driver,
        "encoding": file.table.encoding,
        "crs": file.table.crs or said.crs,
        "datum": said.datum if file.has_coordinates(said.mapping) else None,
        "columns": dict(said.mapping.pairs),
        "rows": [_row(record) for record in reading.good.to_dict("records")],
        "left_out": _left_out(reading),
        "faults": [_fault(one) for one in reading.faults],
        "notes": [_note(one) for one in (*file.table.notes, *reading.notes)],
        "refused": None,
    }


def refusal_answer(name: str, error: RefusedError) -> dict[str, Any]:
    """Return the answer for a file that is not read at all."""
    return {
        "version": ANSWER_VERSION,
        "file": name,
        "driver": None,
        "encoding": None,
        "crs": None,
        "datum": None,
        "columns": {},
        "rows": [],
        "left_out": [],
        "faults": [],
        "notes": [],
        "refused": _note(error.note),
    }


def _row(record: dict[str, Any]) -> dict[str, Any]:
    row = {key: _plain(record.get(key), key in _WHOLE) for key in _ROW_KEYS}
    return {"row": row.pop("row"), "name": row["name_zh"] or row["name_en"], **row}


def _plain(value: Any, whole: bool) -> Any:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return int(value) if whole else value


def _left_out(reading: Reading) -> list[dict[str, Any]]:
    """Return the rows that are not taken over: totals, and those with a fault."""
    reasons: dict[int, str] = {}
    rejecting = (one for one in reading.faults if not one.warning)
    for one in _by_row((*reading.left_out, *rejecting)):
        reasons.setdefault(one.row, one.code)
    return [{"row": row, "reason": code} for row, code in sorted(reasons.items())]


def _by_row(faults: Iterable[RowFault]) -> list[RowFault]:
    return sorted(faults, key=lambda one: one.row)


def _fault(one: RowFault) -> dict[str, Any]:
    return {
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "code": one.code,
        "expected": one.expected("en"),
        "level": "warning" if one.warning else "fault",
    }


def _note(one: Note) -> dict[str, Any]:
    return {"code": one.code, "details": dict(one.details), "text": one.say("en")}
