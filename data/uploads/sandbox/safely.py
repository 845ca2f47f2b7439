"""Read an upload in a process of its own, which may fail without hurting this one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path, PurePath
from typing import Any, TypeVar

import pyarrow as pa
import pyogrio
from shapely.errors import GEOSException

from data.text import catalogue
from data.uploads.formats.asked import ColumnsAsked, ReadAs
from data.uploads.formats.encoding import recoded
from data.uploads.formats.raw_table import RawTable, read_table
from data.uploads.formats.recognition import check_content, format_of
from data.uploads.limits import LARGE, Limits, Note, RefusedError
from data.uploads.sandbox.folder import COLUMNS, READ_AS, REFUSAL, REQUEST, TABLE
from data.uploads.sandbox.large_table import LargeTable, read_columns
from data.uploads.sandbox.processes import Watch
from data.uploads.sandbox.turns import Reins, Turns
from data.uploads.sandbox.walls import start
from data.work_folder import work_folder

TellStage = Callable[[str], None]
"""Takes the stage that was reached: ``starting``, ``reading``, ``writing``, ``done``."""

HEAD_BYTES = 1 << 20
"""How much of a large CSV is looked at before it is read in columns."""

_FEWEST_LINES = 2
_STAGE = re.compile(r"reading|writing|read [01]\.\d\d")
_Result = TypeVar("_Result", RawTable, LargeTable)
_PARQUET = (".parquet", ".geoparquet")
MOST_AT_ONCE = max(2, min(4, os.cpu_count() or 1))
"""How many workers read at the same time; more uploads wait for a place."""

_turns = Turns(MOST_AT_ONCE)
# A large file takes minutes: it waits for another large one, nobody else for it.
_large_turns = Turns(1)


def read_safely(
    source: Path | bytes,
    filename: str,
    limits: Limits | None = None,
    progress: TellStage | None = None,
    said: ReadAs | None = None,
) -> RawTable:
    """Read a file of a stranger; ``filename`` is the name it came with, only its end is used.

    ``said`` is what a person said of its sheet and encoding.

    Raises ``RefusedError``, which says why in either language: the extension or the content
    is none of those known, the file is broken or hostile, or costs more than ``limits``.
    """
    bounds = limits or Limits()
    tell = progress or _silent
    format_of(filename)
    content = source if isinstance(source, bytes) else bytes_of(source, bounds)
    more = {READ_AS: asdict(said or ReadAs())}
    table = _apart(content, filename, bounds, tell, read_table, more)
    tell("done")
    return table


def read_head_safely(
    content: bytes,
    filename: str,
    encoding: str | None = None,
    progress: TellStage | None = None,
) -> RawTable:
    """Read the first rows of a large CSV or GeoParquet, as ``read_safely`` does a small one.

    ``encoding`` is what a person said that a CSV is in.
    """
    if filename.lower().endswith(_PARQUET):
        bounds = Limits(file_bytes=LARGE.file_bytes, head_only=True)
        return read_safely(content, filename, bounds, progress)
    head = content[:HEAD_BYTES]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[: len(head) // 2 * 2]
    else:
        whole = head[: head.rfind(b"\n") + 1]
        if whole.count(b"\n") < _FEWEST_LINES:
            row, limit = whole.count(b"\n") + 1, HEAD_BYTES >> 20
            raise RefusedError("long_row", row=row, limit=limit)
        head = whole
    if encoding is not None:
        head = recoded(head, encoding)
    return read_safely(head, filename, progress=progress)


def read_columns_safely(
    content: bytes,
    filename: str,
    asked: ColumnsAsked,
    limits: Limits = LARGE,
    progress: TellStage | None = None,
    reins: Reins | None = None,
) -> LargeTable:
    """Read a large CSV or GeoParquet of a stranger in columns; raises as ``read_safely``.

    ``progress`` is told ``read 0.25`` too: which part of the file has been read. ``StoppedError``
    is raised where ``reins`` are pulled meanwhile.
    """
    more = {COLUMNS: asdict(asked)}
    return _apart(content, filename, limits, progress or _silent, read_columns, more, reins)


def _apart(
    content: bytes,
    filename: str,
    bounds: Limits,
    tell: TellStage,
    result: Callable[[Path], _Result],
    more: dict[str, Any],
    reins: Reins | None = None,
) -> _Result:
    """Return what ``result`` reads of what the reader wrote."""
    _check_size(len(content), bounds)
    check_content(content[:4096], filename)
    reins = reins or Reins()
    turns = _large_turns if COLUMNS in more else _turns
    try:
        with work_folder("intake") as folder:
            tell("starting")
            with turns.turn(bounds.seconds, reins):
                # Only now: whoever waits takes no room on the disk.
                upload = f"upload{PurePath(filename).suffix.lower()}"
                (folder / upload).write_bytes(content)
                own = _environment(folder, format_of(filename).drivers)
                request = {"upload": upload, "limits": asdict(bounds), "environment": own, **more}
                (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
                _run(folder, bounds, tell, reins)
            return _result(folder, bounds, result)
    except OSError as error:
        raise RefusedError("no_room", problem=error.strerror or "") from None


def bytes_of(path: Path, limits: Limits) -> bytes:
    """Return a file's content; raise ``RefusedError`` where it is more than may be."""
    with path.open("rb") as handle:
        # A device has no end, and no size.
        content = handle.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        _check_size(max(len(content), path.stat().st_size), limits)
    return content


def _check_size(found: int, limits: Limits) -> None:
    if found > limits.file_bytes:
        raise RefusedError("too_large", found=found >> 20, limit=limits.file_bytes >> 20)


def _silent(stage: str) -> None:
    del stage


def _run(folder: Path, limits: Limits, tell: TellStage, reins: Reins) -> None:
    reader = start(folder)
    with Watch(reader, limits), reins.ending(reader.kill):
        for line in reader.lines():
            if _STAGE.fullmatch(line):
                tell(line)


def _environment(folder: Path, drivers: tuple[str, ...]) -> dict[str, str]:
    """Return what is an upload's own of the environment, where GDAL knows ``drivers`` only."""
    skipped = ",".join(name for name in _gdal_drivers() if name not in drivers)
    return {"HOME": str(folder), "TMPDIR": str(folder), "GDAL_SKIP": skipped, "OGR_SKIP": skipped}


@cache
def _gdal_drivers() -> tuple[str, ...]:
    return tuple(pyogrio.list_drivers())


def _result(folder: Path, limits: Limits, read: Callable[[Path], _Result]) -> _Result:
    try:
        if (folder / REFUSAL).exists():
            raise _refusal(folder / REFUSAL)
        return read(folder / TABLE)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException, GEOSException):
        # It ended without a word: GDAL or a library beneath it was out of memory, or fell.
        raise RefusedError("worker_fell", limit=limits.memory_bytes >> 20) from None


def _refusal(path: Path) -> RefusedError:
    content = json.loads(path.read_text(encoding="utf-8"))
    if f"intake.{content['code']}" not in catalogue("en"):
        return RefusedError("worker_fell", limit=0)
    reason = Note(content["code"], tuple(content["details"].items()))
    return RefusedError.of(reason)
