"""Read the evidence of a province: sources, sites and figures, as analysts edit them.

The edited form is CSV (UTF-8): ``sources.csv``, ``sites.csv`` and ``figures.csv``. Each is
optional; a province without one has no evidence of that kind. Every fault of a file is
gathered, with its row as a spreadsheet counts it (the header is row 1).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from data.errors import Fault
from data.evidence_rows import EARLIER_NOTES, LATER_COLUMNS, NotedRow, SourceRow
from data.model import GRADES, Grade, Record, Source, Text

_Row = TypeVar("_Row", bound=Record)

MAX_ROWS = 100_000


def read_rows(path: Path, row: type[_Row]) -> tuple[list[_Row], list[Fault]]:
    """Read a CSV file whose columns are the fields of ``row``; a missing file has no rows."""
    if not path.exists():
        return [], []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Fault(path.name, "", "", f"not readable as UTF-8: {error}")]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    faults = _header_faults(path.name, reader.fieldnames or [], row)
    if faults:
        return [], faults
    rows: list[_Row] = []
    for number, cells in enumerate(_bounded(reader), start=2):
        found, row_faults = _parse(path.name, number, cells, row)
        faults += row_faults
        rows += found
    return rows, faults + _doubled_ids(path.name, rows)


def _bounded(reader: csv.DictReader[str]) -> Iterator[dict[str | Any, str | Any]]:
    for number, cells in enumerate(reader):
        if number >= MAX_ROWS:
            return
        yield cells


def _header_faults(file: str, header: Iterable[str], row: type[Record]) -> list[Fault]:
    found, wanted = list(header), list(row.model_fields)
    earlier = [EARLIER_NOTES] if issubclass(row, NotedRow) else []
    missing = [name for name in wanted if name not in {*found, *LATER_COLUMNS}]
    unknown = [name for name in found if name not in {*wanted, *earlier}]
    return [
        *(Fault(file, "row 1", name, "the column is missing") for name in missing),
        *(
            Fault(file, "row 1", name, f"unknown column; expected {', '.join(wanted)}")
            for name in unknown
        ),
    ]


def _parse(
    file: str, number: int, cells: dict[str | Any, str | Any], row: type[_Row]
) -> tuple[list[_Row], list[Fault]]:
    record = f"row {number}" + (f" ({cells['id']})" if cells.get("id") else "")
    if None in cells or None in cells.values():
        return [], [Fault(file, record, "", f"expected {len(set(cells) - {None})} cells")]
    filled = {name: value.strip() for name, value in cells.items() if value and value.strip()}
    try:
        return [row.model_validate(filled)], []
    except ValidationError as error:
        return [], [
            Fault(
                file,
                record,
                ".".join(str(part) for part in item["loc"]),
                f"{item['msg']}; found {str(item['input'])[:60]!r}"
                if item["type"] != "missing"
                else "the cell is empty",
            )
            for item in error.errors()
        ]


def _doubled_ids(file: str, rows: Iterable[Record]) -> list[Fault]:
    seen: set[object] = set()
    faults = []
    for row in rows:
        identity = getattr(row, "id", None)
        if identity is not None and identity in seen:
            faults.append(Fault(file, str(identity), "id", "stands in the file twice"))
        seen.add(identity)
    return faults


def _note(row: SourceRow) -> Text | None:
    """Return a source's note; one that stands in one language alone is said in both."""
    zh, en = row.note_zh or row.note_en, row.note_en or row.note_zh
    return Text(zh=zh, en=en) if zh and en else None


def sources_of(rows: Iterable[SourceRow]) -> tuple[Source, ...]:
    """Return rows of ``sources.csv`` as sources."""
    return tuple(
        Source(
            id=row.id,
            title=Text(zh=row.title_zh, en=row.title_en),
            publisher=row.publisher,
            address=row.address,
            date=row.date,
            grade=row.grade,
            note=_note(row),
        )
        for row in rows
    )


def best_grade(grades: Iterable[Grade]) -> Grade:
    """Return the most trusted of ``grades``: official, company, press, secondary."""
    return min(grades, key=GRADES.index)
