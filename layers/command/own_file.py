"""Read own sites from a file for the command line, as the page does it step by step."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from data.datum import Datum
from data.loader import Province
from data.own.own_source import own_sites, with_own_sites
from data.uploads.sites.reading import make_reading
from layers.command.upload_check import UploadError, open_upload


def add_file(
    province: Province,
    path: Path,
    *,
    datum: Datum | None = None,
    sector: str | None = None,
    kind: str | None = None,
    date: dt.date | None = None,
) -> Province:
    """Return ``province`` with the sites of the file at ``path``.

    ``sector`` and ``kind`` are for rows without their own; ``date`` is today where missing.
    Raises ``RefusedError`` for a file that is not read (or coordinates without a ``datum``),
    ``UploadError`` for rows that would be rejected, ``DataError`` for rows without a sector.
    """
    table, mapping = open_upload(path, province, datum)
    given = {"sector": sector, "kind": kind}
    defaults = {name: value for name, value in given.items() if value is not None}
    reading = make_reading(table, mapping, province, datum or "wgs84", defaults=defaults)
    if len(reading.rejected):
        raise UploadError(path.name, reading)
    own = own_sites(reading, path.name, date or dt.date.today())
    return with_own_sites(province, [own])
