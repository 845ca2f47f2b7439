"""Read CSV and other delimited text, cell by cell."""

from __future__ import annotations

import csv
import io

from data.uploads.formats.cells import CellCount, sheet_frame
from data.uploads.formats.encoding import checked, decoded, detect_delimiter, detect_encoding
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Limits, RefusedError


def read_delimited(content: bytes, limits: Limits, said: str | None = None) -> RawTable:
    """Read delimited text; all columns are text, as written; ``said`` is the encoding if known."""
    encoding = checked(content, said) if said else detect_encoding(content)
    text = decoded(content, encoding)
    # It holds for the whole process: it is never lowered for others.
    csv.field_size_limit(max(csv.field_size_limit(), len(content) + 1))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise RefusedError("no_rows")
    delimiter = detect_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, count = [], CellCount(limits)
    for row in reader:
        rows.append(row)
        count.add(row, len(rows))
    sheet = sheet_frame(rows, limits, delimited=True)
    return RawTable(
        sheet.frame,
        "CSV",
        encoding,
        notes=sheet.notes,
        faults=sheet.faults,
        left_out=sheet.left_out,
    )
