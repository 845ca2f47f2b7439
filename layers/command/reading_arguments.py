"""The arguments by which a command is told how a file of one's own is to be read."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from data.datum import DATUMS, Datum
from data.errors import AtlasError, UnknownChoiceError
from data.loader import Province
from data.uploads.formats.encoding import ENCODINGS
from data.uploads.sites.mapping import FIELDS

if TYPE_CHECKING:
    from data.uploads.uploaded_file import Interpretation, UploadedFile


class ColumnError(AtlasError):
    """A ``--column`` that is not written as it should be."""


@dataclass(frozen=True)
class HowRead:
    """What a person says of a file: all that the page asks, too; ``None`` where nothing is said.

    ``columns`` is field to heading; an empty heading leaves the field out.
    """

    datum: Datum | None = None
    crs: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    columns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> HowRead:
        """Return what the arguments say; raises ``AtlasError`` for a ``--column`` that is none."""
        return cls(
            arguments.datum,
            arguments.crs,
            arguments.encoding,
            arguments.sheet,
            _columns(arguments.column),
        )

    def open(self, path: Path, *, in_columns: bool = False) -> UploadedFile:
        """Read the file at ``path``; raises as ``UploadedFile.read``."""
        # What reads files is loaded where one is named.
        from data.uploads.uploaded_file import UploadedFile

        return UploadedFile.read(
            path, path.name, self.encoding, layer=self.sheet, in_columns=in_columns
        )

    def interpret(self, file: UploadedFile, province: Province) -> Interpretation:
        """Return the file as said, else as guessed; raises as ``UploadedFile.as_guessed``."""
        return file.as_guessed(province, self.datum, self.crs, self.columns)


def add_reading_arguments(command: argparse._ArgumentGroup | argparse.ArgumentParser) -> None:
    """Add the arguments of ``HowRead``."""
    command.add_argument("--datum", choices=DATUMS, help="of the coordinates in these files")
    command.add_argument("--crs", metavar="EPSG:CODE", help="of coordinates that do not state it")
    command.add_argument("--encoding", choices=ENCODINGS, help="of the text, else detected")
    command.add_argument("--sheet", metavar="NAME", help="the sheet or layer to be read")
    command.add_argument(
        "--column",
        metavar="FIELD=HEADING",
        action="append",
        default=[],
        help=f"which column holds a field, else guessed; the fields: {', '.join(FIELDS)}",
    )


def _columns(texts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, heading = text.partition("=")
        if not equals:
            raise ColumnError(f"`--column`: {text!r}; expected FIELD=HEADING")
        if name not in FIELDS:
            raise UnknownChoiceError("--column", name, FIELDS)
        found[name] = heading
    return found
