"""Read own sites from a file for the command line, and tell whether and why not they fit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from data.datum import Datum
from data.errors import AtlasError
from data.loader import Province
from data.own.own_source import own_sites, with_own_sites
from data.uploads.formats.raw_table import RawTable
from data.uploads.row_faults import RowFault
from data.uploads.sites.reading import Reading
from data.uploads.uploaded_file import UploadedFile

_SHOWN = 20


class UploadError(AtlasError):
    """An upload with rows that would be rejected; the message lists the first faults."""

    def __init__(self, file: str, reading: Reading) -> None:
        faults = [one for one in reading.faults if not one.warning]
        lines = [f"  {fault_line(one)}" for one in faults[:_SHOWN]]
        if len(faults) > _SHOWN:
            lines.append(f"  and {len(faults) - _SHOWN} more")
        rows = f"{len(reading.rejected)} of {len(reading.rejected) + len(reading.good)} rows"
        super().__init__("\n".join([f"{file}: {rows} would be rejected", *lines]))


def fault_line(one: RowFault) -> str:
    """Return what is wrong in a row, and what was expected, in one line."""
    place = f"row {one.row}, {one.column or '-'}"
    return f"{place}: found {one.value!r}; expected {one.expected('en')}"


def check_upload(path: Path, province: Province, datum: Datum | None) -> str:
    """Return what would be read of the file at ``path``, one line a thing.

    ``datum`` is needed for a file with coordinates. Raises ``RefusedError`` for a file that is
    not read at all, ``UploadError`` for one with rows that would be rejected.
    """
    file, reading = _read(path, province, datum)
    lines = [f"{file.name}: accepted ({len(reading.good)} rows, {_about(file.table)})"]
    lines += [f"  {field}: {column}" for field, column in file.guessed.pairs]
    lines += [f"  note: {one.say('en')}" for one in file.table.notes]
    lines += [f"  warning: {fault_line(one)}" for one in reading.warnings[:_SHOWN]]
    if len(reading.warnings) > _SHOWN:
        lines.append(f"  and {len(reading.warnings) - _SHOWN} more warnings")
    return "\n".join(lines)


def add_file(
    province: Province,
    path: Path,
    *,
    datum: Datum | None = None,
    sector: str | None = None,
    kind: str | None = None,
) -> Province:
    """Return ``province`` with the sites of the file at ``path``, dated today.

    ``sector`` and ``kind`` are for rows without their own. Errors as ``check_upload``, and
    ``DataError`` for rows without a sector.
    """
    given = {"sector": sector, "kind": kind}
    defaults = {name: value for name, value in given.items() if value is not None}
    file, reading = _read(path, province, datum, defaults)
    return with_own_sites(province, [own_sites(reading, file.name, dt.date.today())])


def _read(
    path: Path, province: Province, datum: Datum | None, defaults: dict[str, str] | None = None
) -> tuple[UploadedFile, Reading]:
    """Read the file at ``path`` as sites, its columns as they are guessed."""
    file = UploadedFile.read(path, path.name, in_columns=False)
    reading = file.sites(file.as_guessed(province, datum), province, defaults)
    if len(reading.rejected):
        raise UploadError(file.name, reading)
    return file, reading


def _about(table: RawTable) -> str:
    parts = (table.driver, table.encoding, table.crs and table.crs[:60])
    return ", ".join(part for part in parts if part)
