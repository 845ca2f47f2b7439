"""Tell formats apart: by the name's extension, which the content must bear out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeAlias

from data.uploads.formats.drivers import SHAPEFILE_DRIVER
from data.uploads.limits import Limits, RefusedError

if TYPE_CHECKING:
    from data.uploads.formats.asked import ReadAs
    from data.uploads.formats.raw_table import RawTable

FileReader: TypeAlias = "Callable[[Path, Path, Limits, ReadAs], RawTable]"
"""Reads a file as a person said; it may use the folder that is given second."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD = (b"\xd0\xcf\x11\xe0", b"\x09\x08")
_PAGES = (b"<", b"\xef\xbb\xbf<", b"\r\n<", b"\n<")
"""A page of HTML under the ending of a workbook is refused in words of its own."""
_CHECKED_BYTES = 4096
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

    ``name`` is what people are told. ``drivers`` are those of GDAL that the reader may use; all
    others are switched off. ``load`` returns the reader: a process that reads one file loads no
    reader of another format.
    """

    name: str
    extensions: tuple[str, ...]
    load: Callable[[], FileReader]
    magic: tuple[bytes, ...] = ()
    first: bytes | tuple[bytes, ...] = b""
    drivers: tuple[str, ...] = ()


def _delimited() -> FileReader:
    from data.uploads.formats.delimited import read_delimited

    return lambda path, _, limits, said: read_delimited(path.read_bytes(), limits, said.encoding)


def _workbook() -> FileReader:
    from data.uploads.formats.workbook import read_workbook

    return lambda path, _, limits, said: read_workbook(path, limits, said.layer)


def _old_workbook() -> FileReader:
    from data.uploads.formats.old_workbook import read_old_workbook

    return lambda path, _, limits, said: read_old_workbook(path, limits, said.layer)


def _geojson() -> FileReader:
    from data.uploads.formats.feature_collection import read_geojson

    return lambda path, _, limits, __: read_geojson(path.read_bytes(), limits)


def _geopackage() -> FileReader:
    from data.uploads.formats.geopackage import read_geopackage

    return lambda path, _, limits, said: read_geopackage(path, limits, said.layer)


def _archive() -> FileReader:
    from data.uploads.formats.shapefile import read_archive

    return lambda path, folder, limits, said: read_archive(path, folder, limits, said, _read_inner)


def _read_inner(path: Path, folder: Path, limits: Limits, said: ReadAs) -> RawTable:
    """Read a file that came in an archive; raises ``RefusedError`` as for any file."""
    with path.open("rb") as handle:
        check_content(handle.read(_CHECKED_BYTES), path.name)
    return format_of(path.name).load()(path, folder, limits, said)


def _parquet() -> FileReader:
    from data.uploads.formats.columnar import read_parquet

    return lambda path, _, limits, __: read_parquet(path, limits)


def _kml() -> FileReader:
    from data.uploads.formats.kml import read_kml

    return lambda path, _, limits, __: read_kml(path.read_bytes(), limits)


def _kmz() -> FileReader:
    from data.uploads.formats.kml import read_kmz

    return lambda path, _, limits, __: read_kmz(path, limits)


FORMATS: tuple[Format, ...] = (
    Format("CSV", (".csv", ".tsv", ".txt"), _delimited),
    Format("XLSX", (".xlsx", ".xlsm"), _workbook, magic=_ZIP),
    Format("ODS", (".ods",), _old_workbook, magic=_ZIP),
    Format("XLS", (".xls", ".et"), _old_workbook, magic=(*_OLD, *_PAGES)),
    Format("GeoJSON", (".geojson", ".json", ".geojsonl", ".jsonl"), _geojson, first=(b"{", b"[")),
    Format("GPKG", (".gpkg",), _geopackage, magic=(b"SQLite format 3\0",)),
    Format(SHAPEFILE_DRIVER, (".zip",), _archive, magic=_ZIP, drivers=(SHAPEFILE_DRIVER,)),
    Format("Parquet", (".parquet", ".geoparquet"), _parquet, magic=(b"PAR1",)),
    Format("KML", (".kml", ".ovkml"), _kml, first=b"<"),
    Format("KMZ", (".kmz", ".ovkmz"), _kmz, magic=_ZIP),
)

_KNOWN_ENDINGS = {
    **dict.fromkeys((".shp", ".shx", ".dbf", ".prj", ".cpg"), "bare_shapefile"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "other_archive"),
    **dict.fromkeys((".doc", ".docx", ".wps", ".pdf", ".ppt", ".pptx", ".jpg", ".png"), "document"),
    **dict.fromkeys(
        (".dwg", ".dxf", ".mdb", ".gdb", ".mpk", ".lpk", ".mxd", ".qgz"), "gis_project"
    ),
}
"""Endings that people bring as well, with the phrase that says what to do."""

EXTENSIONS: tuple[str, ...] = tuple(name for one in FORMATS for name in one.extensions)
"""The extensions that a file may have, with their dots, in small letters."""


def format_of(filename: str) -> Format:
    """Return the format by the extension of ``filename``; ``RefusedError`` for any other."""
    extension = PurePath(filename).suffix.lower()
    for one in FORMATS:
        if extension in one.extensions:
            return one
    if extension in _KNOWN_ENDINGS:
        raise RefusedError(_KNOWN_ENDINGS[extension], extension=extension)
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
