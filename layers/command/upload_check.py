"""Tell whether an upload would be accepted, and why not."""

from __future__ import annotations

from pathlib import Path

from data.datum import DATUMS, Datum
from data.errors import AtlasError
from data.loader import Province
from data.uploads.formats.raw_table import RawTable
from data.uploads.limits import RefusedError
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.datum_evidence import datum_evidence
from data.uploads.sites.mapping import Mapping, guess_mapping
from data.uploads.sites.placing import place_rows
from data.uploads.sites.reading import Reading, make_reading

_SHOWN = 20


class UploadError(AtlasError):
    """An upload with rows that would be rejected; the message lists the first faults."""

    def __init__(self, file: str, reading: Reading) -> None:
        faults = [one for one in reading.faults if not one.warning]
        lines = [
            f"  row {one.row}, {one.column or '-'}: found {one.value!r}; "
            f"expected {one.expected('en')}"
            for one in faults[:_SHOWN]
        ]
        if len(faults) > _SHOWN:
            lines.append(f"  and {len(faults) - _SHOWN} more")
        rows = f"{len(reading.rejected)} of {len(reading.rejected) + len(reading.good)} rows"
        super().__init__("\n".join([f"{file}: {rows} would be rejected", *lines]))


def check_upload(path: Path, province: Province, datum: Datum | None) -> str:
    """Return what would be read of the file at ``path``, one line a thing.

    ``datum`` is needed for a file with coordinates. Raises ``RefusedError`` for a file that is
    not read at all, ``UploadError`` for one with rows that would be rejected.
    """
    table, mapping = open_upload(path, province, datum)
    reading = make_reading(table, mapping, province, datum or "wgs84")
    if len(reading.rejected):
        raise UploadError(path.name, reading)
    lines = [f"{path.name}: accepted ({len(reading.good)} rows, {_about(table)})"]
    lines += [f"  {field}: {column}" for field, column in mapping.pairs]
    lines += [f"  note: {one.say('en')}" for one in table.notes]
    lines += [
        f"  warning: row {one.row}: expected {one.expected('en')}"
        for one in reading.warnings[:_SHOWN]
    ]
    return "\n".join(lines)


def open_upload(path: Path, province: Province, datum: Datum | None) -> tuple[RawTable, Mapping]:
    """Read the file at ``path`` and guess its columns.

    Raises ``RefusedError`` for a file that is not read, or that needs a ``datum``.
    """
    table = read_safely(path, path.name)
    mapping = guess_mapping(table.frame.columns, table.frame)
    if datum is None and _has_coordinates(table, mapping):
        raise RefusedError("needs_datum", choices=_choices(table, mapping, province))
    return table, mapping


def _has_coordinates(table: RawTable, mapping: Mapping) -> bool:
    return table.geometry is not None or mapping.column("longitude") is not None


def _about(table: RawTable) -> str:
    parts = (table.driver, table.encoding, table.crs and table.crs[:60])
    return ", ".join(part for part in parts if part)


def _choices(table: RawTable, mapping: Mapping, province: Province) -> str:
    """Return the datums, with what the rows themselves say for each where they can tell."""
    places = place_rows(table, mapping, province, "wgs84")
    evidence = datum_evidence(places.given, places.named, province)
    if not evidence["named"].any():
        return ", ".join(DATUMS)
    return ", ".join(
        f"{datum} ({row['inside']:.0f} of {row['named']:.0f} points in the area that they name)"
        for datum, row in evidence.iterrows()
    )
