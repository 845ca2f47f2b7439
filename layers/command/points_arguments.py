"""Take points from the command line: a file of one's own, or a table that the province names."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from clusters.own_province import with_own_data
from data.errors import AtlasError, UnknownChoiceError
from data.loader import Province
from data.own.own_counts import OwnPoints
from data.own.own_register import RegisterReading, read_register
from data.register.register_file import is_register_file, open_register
from data.tables.point_tables import Points, table_points
from data.uploads.limits import RefusedError
from layers.command.reading_arguments import HowRead, add_reading_arguments
from layers.command.upload_check import fault_line, told_lines
from layers.points.points_asked import MODES, PointsAsked


class PointsError(AtlasError):
    """Points that the command line cannot use as asked."""


class PointsArguments:
    """What a command was told of points; they are read once a province is known."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._source: str | None = arguments.points
        self._how = HowRead.of(arguments)
        self._asked = PointsAsked(mode=arguments.points_as, color_by=arguments.points_color)
        self._points: Points | None = None

    def join(self, province: Province) -> Province:
        """Read the points; return ``province`` with their counts where they are a file's.

        Raises ``RefusedError`` for a file that is not read, ``PointsError`` for a source that is
        neither a file nor a table, ``UnknownChoiceError`` for a column to colour by.
        """
        if self._source is None:
            return province
        tables = {table.id: table for table in province.settings.tables}
        path = Path(self._source)
        if self._source in tables:
            self._points = table_points(province, tables[self._source])
        elif path.is_file():
            own = read_points(path, province, self._how)
            self._points, province = own, with_own_data(province, [own])
        else:
            known = f" of {', '.join(tables)}" if tables else ""
            raise PointsError(f"`--points`: {self._source!r} is neither a file nor a table{known}")
        color_by, categories = self._asked.color_by, self._points.register.categories
        if color_by is not None and color_by not in categories:
            raise UnknownChoiceError("--points-color", color_by, sorted(categories))
        return province

    @property
    def drawn(self) -> tuple[Points, PointsAsked] | None:
        """The points that were read, and how they are to be shown."""
        return None if self._points is None else (self._points, self._asked)


def add_points_arguments(command: argparse.ArgumentParser, *, reading: bool) -> None:
    """Add the arguments of ``PointsArguments``; those of reading too, where nothing else does."""
    points = command.add_argument_group("points")
    points.add_argument(
        "--points",
        metavar="SOURCE",
        help="a file of points of yours, or the id of a table in the province's province.toml",
    )
    if reading:
        add_reading_arguments(points)
    points.add_argument(
        "--points-as", choices=MODES, default=MODES[0], help="tiles is density and single points"
    )
    points.add_argument("--points-color", metavar="COLUMN", help="that colours single points")


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
