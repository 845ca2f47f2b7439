"""Give a folder to work that needs files for a while, and sweep those that killed servers left.

A folder goes with the work. A process that is killed leaves it, with what somebody has uploaded:
the next server sweeps it. A lock, which ends with its process, tells that a folder is in use.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

Purpose = Literal["intake", "print", "export"]

OLD_S = 3600.0
"""A folder is swept after so many seconds; no reading takes a tenth of it, its waiting included."""

_log = logging.getLogger(__name__)
_LOCK = ".in-use"
_NAME = re.compile(r"atlas-(intake|print|export)-\w+")


@contextmanager
def work_folder(purpose: Purpose) -> Iterator[Path]:
    """Make a folder in the system's temporary folder, and remove it in the end.

    What somebody still holds then, as a virus scanner does on Windows, is left to the sweep.
    Raises ``OSError`` where there is no room for it.
    """
    prefix = f"atlas-{purpose}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with FileLock(folder / _LOCK):
            yield folder


def sweep(now: dt.datetime | None = None) -> list[str]:
    """Remove folders of killed processes from the system's temporary folder; return their names.

    Only a folder that ``work_folder`` has named is removed, that belongs to this user, is no
    link, in which nothing was written for an hour before ``now``, and that no process works in:
    a clock that jumps ahead makes a folder old, not unused.
    """
    before = (now or dt.datetime.now()).timestamp() - OLD_S
    swept = []
    for path in Path(tempfile.gettempdir()).glob("atlas-*"):
        try:
            if _NAME.fullmatch(path.name) and _is_left(path, before):
                shutil.rmtree(path)
                swept.append(path.name)
        except OSError:
            # Another server sweeps it too, or somebody has taken the right to it away.
            continue
    return swept


def keep_swept() -> None:
    """Sweep now and every hour: what a server has left that was started anew is young at first.

    A sweep that fails is logged; the next one is tried all the same.
    """
    while True:
        try:
            sweep()
        except Exception:  # noqa: BLE001  (whatever it is, the thread that sweeps goes on)
            _log.exception("The temporary folder was not swept")
        time.sleep(OLD_S)


def _is_left(path: Path, before: float) -> bool:
    about = path.lstat()
    if not stat.S_ISDIR(about.st_mode) or (hasattr(os, "getuid") and about.st_uid != os.getuid()):
        return False
    times = [about.st_mtime, *(one.lstat().st_mtime for one in path.iterdir())]
    return max(times) < before and not _is_used(path / _LOCK)


def _is_used(lock: Path) -> bool:
    if lock.is_symlink() or not lock.is_file():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
