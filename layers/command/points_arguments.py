"""Take points from the command line: a file of one's own, or a table that the province names."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import AtlasError, UnknownChoiceError
from data.loader import Province
from layers.command.reading_arguments import HowRead, add_reading_arguments
from layers.specification.point_style import POINT_MODES

if TYPE_CHECKING:
    from data.tables.point_tables import Points
    from layers.points.points_asked import PointsAsked


class PointsError(AtlasError):
    """Points that the command line cannot use as asked."""


class PointsArguments:
    """What a command was told of points; they are read once a province is known."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._source: str | None = arguments.points
        self._how = HowRead.of(arguments)
        self._mode, self._color_by = arguments.points_as, arguments.points_color
        self._points: Points | None = None

    def join(self, province: Province) -> Province:
        """Read the points; return ``province`` with their counts where they are a file's.

        Raises ``RefusedError`` for a file that is not read, ``PointsError`` for a source that is
        neither a file nor a table, ``UnknownChoiceError`` for a column to colour by.
        """
        if self._source is None:
            return province
        # Most commands have no points to read.
        from clusters.own_province import with_own_data
        from data.tables.point_tables import table_points
        from layers.command.points_reading import read_points

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
        color_by, categories = self._color_by, self._points.register.categories
        if color_by is not None and color_by not in categories:
            raise UnknownChoiceError("--points-color", color_by, sorted(categories))
        return province

    @property
    def drawn(self) -> tuple[Points, PointsAsked] | None:
        """The points that were read, and how they are to be shown."""
        if self._points is None:
            return None
        from layers.points.points_asked import PointsAsked

        return self._points, PointsAsked(mode=self._mode, color_by=self._color_by)


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
        "--points-as",
        choices=POINT_MODES,
        default=POINT_MODES[0],
        help="tiles is density and single points",
    )
    points.add_argument("--points-color", metavar="COLUMN", help="that colours single points")
