"""Read own sites from a file for the command line, and tell whether and why not they fit."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from data.errors import AtlasError
from data.loader import Province
from data.own.own_source import own_sites, with_own_sites
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import Note, RefusedError
from data.uploads.row_faults import RowFault
from data.uploads.sites.reading import Reading
from data.uploads.uploaded_file import Interpretation, UploadedFile
from layers.command.reading_arguments import HowRead
from layers.command.upload_answer import answer_of, refusal_answer

_SHOWN = 20


class UploadError(AtlasError):
    """An upload with rows that would be rejected; the message lists the first faults."""

    def __init__(self, file: UploadedFile, reading: Reading) -> None:
        faults = [one for one in reading.faults if not one.warning]
        lines = [f"  {fault_line(one)}" for one in faults[:_SHOWN]]
        if len(faults) > _SHOWN:
            lines.append(f"  and {len(faults) - _SHOWN} more")
        rows = f"{len(reading.rejected)} of {len(reading.rejected) + len(reading.good)} rows"
        told = told_lines((*file.table.notes, *reading.notes), reading.left_out, ())
        lines += [f"  {line}" for line in told]
        super().__init__("\n".join([f"{file.name}: {rows} would be rejected", *lines]))


def fault_line(one: RowFault) -> str:
    """Return what is wrong in a row, and what was expected, in one line."""
    place = f"row {one.row}, {one.column or '-'}"
    return f"{place}: found {one.value!r}; expected {one.expected('en')}"


def check_upload(path: Path, province: Province, how: HowRead) -> str:
    """Return what would be read of the file at ``path``, one line a thing.

    A datum is needed for a file with coordinates. Raises ``RefusedError`` for a file that is
    not read at all, ``UploadError`` for one with rows that would be rejected.
    """
    file, said, reading = _whole(path, province, how)
    lines = [f"{file.name}: accepted ({len(reading.good)} rows, {_about(file.table)})"]
    lines += [f"  {field}: {column}" for field, column in said.mapping.pairs]
    told = told_lines((*file.table.notes, *reading.notes), reading.left_out, reading.warnings)
    return "\n".join([*lines, *(f"  {line}" for line in told)])


def told_lines(
    notes: Iterable[Note], left_out: Sequence[RowFault], warnings: Sequence[RowFault]
) -> list[str]:
    """Return what a person should know of a file that is read, one line a thing."""
    lines = [f"note: {one.say('en')}" for one in notes]
    lines += [f"left out: {fault_line(one)}" for one in left_out[:_SHOWN]]
    if len(left_out) > _SHOWN:
        lines.append(f"and {len(left_out) - _SHOWN} more rows left out")
    lines += [f"warning: {fault_line(one)}" for one in warnings[:_SHOWN]]
    if len(warnings) > _SHOWN:
        lines.append(f"and {len(warnings) - _SHOWN} more warnings")
    return lines


def check_answer(path: Path, province: Province, how: HowRead) -> tuple[dict[str, Any], bool]:
    """Return what would be read of the file at ``path``, for programs, and whether all of it is.

    A file that is refused has an answer too.
    """
    try:
        file, said, reading = _read(path, province, how)
    except RefusedError as error:
        return refusal_answer(path.name, error), False
    return answer_of(file, said, reading), reading.rejected.empty


def add_file(
    province: Province,
    path: Path,
    how: HowRead,
    *,
    sector: str | None = None,
    kind: str | None = None,
) -> Province:
    """Return ``province`` with the sites of the file at ``path``, dated today.

    ``sector`` and ``kind`` are for rows without their own. What a person should know of
    the file goes to standard error. Errors as ``check_upload``, and
    ``DataError`` for rows without a sector.
    """
    given = {"sector": sector, "kind": kind}
    defaults = {name: value for name, value in given.items() if value is not None}
    file, _, reading = _whole(path, province, how, defaults)
    lines = told_lines((*file.table.notes, *reading.notes), reading.left_out, reading.warnings)
    sys.stderr.write("".join(f"{file.name}: {line}\n" for line in lines))
    return with_own_sites(province, [own_sites(reading, file.name, dt.date.today())])


_Read = tuple[UploadedFile, Interpretation, Reading]


def _whole(
    path: Path, province: Province, how: HowRead, defaults: dict[str, str] | None = None
) -> _Read:
    """Read the file at ``path`` as sites; raise ``UploadError`` where a row is rejected."""
    file, said, reading = _read(path, province, how, defaults)
    if len(reading.rejected):
        raise UploadError(file, reading)
    return file, said, reading


def _read(
    path: Path, province: Province, how: HowRead, defaults: dict[str, str] | None = None
) -> _Read:
    file = how.open(path)
    said = how.interpret(file, province)
    return file, said, file.sites(said, province, defaults)


def _about(table: RawTable) -> str:
    parts = (table.driver, table.encoding, table.crs and table.crs[:60])
    return ", ".join(part for part in parts if part)
