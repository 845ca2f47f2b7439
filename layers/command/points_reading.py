"""Read the points of a file for the command line."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from data.loader import Province
from data.own.own_counts import OwnPoints
from data.own.own_register import RegisterReading, read_register
from data.register.register_file import is_register_file, open_register
from data.uploads.limits import RefusedError
from layers.command.reading_arguments import HowRead
from layers.command.upload_check import fault_line, told_lines


def read_points(path: Path, province: Province, how: HowRead) -> OwnPoints:
    """Return the points of the file at ``path``, dated today.

    Rows without a usable place are left out, and a line on standard error says how many.
    Raises ``RefusedError`` for a file that is not read, or that needs a ``datum``.
    """
    today = dt.date.today()
    if path.suffix == ".parquet" and is_register_file(path):
        return OwnPoints(path.name, today, open_register(path, province.counties))
    file = how.open(path, in_columns=True)
    reading = read_register(file, how.interpret(file, province), province)
    if not len(reading.register):
        raise RefusedError("nothing_placed")
    warnings = [one for one in reading.faults if one.warning]
    notes = (*file.table.notes, *reading.notes)
    for line in told_lines(notes, file.table.left_out, warnings):
        sys.stderr.write(f"{file.name}: {line}\n")
    if len(reading.rejected):
        _tell(file.name, reading)
    return OwnPoints(file.name, today, reading.register)


def _tell(name: str, reading: RegisterReading) -> None:
    count, whole = len(reading.rejected), len(reading.rejected) + len(reading.register)
    words = f"{name}: {count} of {whole} rows have no usable place and are left out"
    first = next((one for one in reading.faults if not one.warning), None)
    if first is not None:
        words += f"; {fault_line(first)}"
    sys.stderr.write(f"{words}\n")
