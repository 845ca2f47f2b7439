"""Read CSV and other delimited text, cell by cell."""

from __future__ import annotations

import csv
import io

from data.intake.cells import CellCount, sheet_frame
from data.intake.encoding import detect_delimiter, detect_encoding
from data.intake.limits import Limits, RefusedError
from data.intake.table import RawTable


def read_delimited(content: bytes, limits: Limits) -> RawTable:
    """Read delimited text; all columns are text, as written."""
    encoding = detect_encoding(content)
    text = content.decode(encoding)
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
    frame, notes = sheet_frame(rows, limits)
    return RawTable(frame, "CSV", encoding, notes=notes)
