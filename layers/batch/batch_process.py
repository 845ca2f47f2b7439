"""Print a whole atlas in a process of its own, so that nobody else waits for it.

A batch draws for a minute; in the server's own process it would slow every other session.
The process is of low priority, and one batch runs at a time; those behind it wait their turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import psutil

from data.errors import AtlasError
from data.loader import Province
from data.own.dataset_content import save_own
from data.own.datasets import DatasetError, DatasetStore
from data.own.own_counts import OwnPoints
from data.own.own_source import OwnSites
from data.register.register_file import save_register
from data.tables.point_tables import Points, TablePoints
from data.text import Language
from layers.points.points_asked import PointsAsked

MOST_WAITING = 8
"""How many batches may wait behind the one that runs."""

OWN = "own"
"""Where in the folder of a batch a person's own data is left."""

POINTS = "points.json"
"""What in the folder of a batch says which points are drawn, and how."""

TABLE = "points.parquet"
"""Where in the folder of a batch the points of a table of the province are left."""

_ROOT = Path(__file__).parents[2]
_LOOK_S = 0.3
_LONGEST_S = 900.0
_LOW = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 10
_turn = threading.Lock()
_waiting = threading.BoundedSemaphore(MOST_WAITING + 1)


class BatchError(AtlasError):
    """A batch that could not be printed; ``busy`` where too many wait already."""

    def __init__(self, problem: str, *, busy: bool = False) -> None:
        self.busy = busy
        super().__init__(f"the batch was not printed: {problem}")


def leave_own(
    folder: Path,
    province: Province,
    own: Iterable[OwnSites | OwnPoints],
    points: tuple[Points, PointsAsked] | None = None,
) -> None:
    """Leave a person's own data in ``folder`` for the process that prints into it.

    ``points`` (those of ``own``, or of a table of the province) are drawn on the maps as they
    are asked for. All goes with the folder. Raises ``BatchError`` where it cannot be written.
    """
    store = DatasetStore(folder / OWN)
    try:
        for place, one in enumerate(own):
            save_own(store, f"{place:06d}", province, one)
        if points is not None:
            _leave_points(folder, *points)
    except (DatasetError, OSError) as error:
        raise BatchError(str(error)) from None


def _leave_points(folder: Path, points: Points, asked: PointsAsked) -> None:
    table = points.table.id if isinstance(points, TablePoints) else None
    left = {"source": points.source.id, "table": table, "asked": asdict(asked)}
    (folder / POINTS).write_text(json.dumps(left), encoding="utf-8")
    if table is not None:
        # As it was read: the table may be a database that only the server can ask.
        save_register(points.register, folder / TABLE)


def write_batch_apart(
    province_id: str, language: Language, folder: Path, total: int
) -> Iterator[tuple[int, int]]:
    """Write the map series into ``folder``; yield (done, ``total``) as it grows.

    Own data that ``leave_own`` left there is part of the maps. ``total`` is how many files
    there will be. While others are being printed, (0, ``total``) is yielded.
    Leaving the iterator ends the process, and so does the end of this one. Raises
    ``BatchError`` where too many batches wait, where the process ends early (the disk is full,
    it was killed), or takes longer than 15 minutes.
    """
    if not _waiting.acquire(blocking=False):
        raise BatchError("too many batches wait", busy=True)
    try:
        while not _turn.acquire(timeout=_LOOK_S):
            yield 0, total
        try:
            yield from _run(province_id, language, folder, total)
        finally:
            _turn.release()
    finally:
        _waiting.release()


def _run(
    province_id: str, language: Language, folder: Path, total: int
) -> Iterator[tuple[int, int]]:
    arguments = [str(folder), province_id, language]
    process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
        [sys.executable, "-m", "layers.batch.batch_child", *arguments],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(psutil.Error):
        psutil.Process(process.pid).nice(_LOW)
    deadline = time.monotonic() + _LONGEST_S
    try:
        while process.poll() is None:
            if time.monotonic() > deadline:
                raise BatchError(f"it took longer than {_LONGEST_S:g} s")
            yield _written(folder, total), total
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
    if process.returncode != 0 or _written(folder, total) < total:
        raise BatchError(f"its process ended with {process.returncode}")
    yield total, total


def _written(folder: Path, total: int) -> int:
    return min(total, sum(1 for _ in folder.glob("*.pdf")))
