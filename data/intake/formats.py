"""Tell formats apart: by the name's extension, which the content must bear out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

from data.intake.columnar import SHAPEFILE_DRIVER, read_parquet, read_shapefile
from data.intake.delimited import read_delimited
from data.intake.geojson import read_geojson
from data.intake.geopackage import read_geopackage
from data.intake.kml import read_kml
from data.intake.limits import Limits, RefusedError
from data.intake.table import RawTable
from data.intake.workbook import read_workbook

_Reader = Callable[[Path, Path, Limits], RawTable]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BINARY = (
    *_ZIP,
    b"SQLite format 3\0",
    b"PAR1",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\x1f\x8b",
)


@dataclass(frozen=True)
class Format:
    """A format of uploads. Content starts with one of ``magic``; text with none that is binary.

    ``drivers`` are those of GDAL that the reader may use; all others are switched off.
    """

    extensions: tuple[str, ...]
    read: _Reader
    magic: tuple[bytes, ...] = ()
    first: bytes = b""
    drivers: tuple[str, ...] = ()


def _of_bytes(read: Callable[[bytes, Limits], RawTable]) -> _Reader:
    return lambda path, _, limits: read(path.read_bytes(), limits)


def _of_path(read: Callable[[Path, Limits], RawTable]) -> _Reader:
    return lambda path, _, limits: read(path, limits)


FORMATS: tuple[Format, ...] = (
    Format((".csv", ".tsv", ".txt"), _of_bytes(read_delimited)),
    Format((".xlsx",), _of_path(read_workbook), magic=_ZIP),
    Format((".geojson", ".json"), _of_bytes(read_geojson), first=b"{"),
    Format((".gpkg",), _of_path(read_geopackage), magic=(b"SQLite format 3\0",)),
    Format((".zip",), read_shapefile, magic=_ZIP, drivers=(SHAPEFILE_DRIVER,)),
    Format((".parquet", ".geoparquet"), _of_path(read_parquet), magic=(b"PAR1",)),
    Format((".kml",), _of_bytes(read_kml), first=b"<"),
)

EXTENSIONS: tuple[str, ...] = tuple(name for one in FORMATS for name in one.extensions)
"""The extensions that a file may have, with their dots, in small letters."""


def format_of(filename: str) -> Format:
    """Return the format by the extension of ``filename``; ``RefusedError`` for any other."""
    extension = PurePath(filename).suffix.lower()
    for one in FORMATS:
        if extension in one.extensions:
            return one
    raise RefusedError("extension", extension=extension or "-", choices=", ".join(EXTENSIONS))


def check_content(head: bytes, filename: str) -> None:
    """Check the first bytes of a file against its extension; ``RefusedError`` where they differ."""
    found = format_of(filename)
    extension = PurePath(filename).suffix.lower()
    if not head.strip():
        raise RefusedError("empty_file")
    if found.magic:
        fits = head.startswith(found.magic)
    else:
        text = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf")
        text = text.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
        fits = not head.startswith(_BINARY) and text.startswith(found.first)
    if not fits:
        raise RefusedError("wrong_content", extension=extension)
