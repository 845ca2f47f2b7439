"""Tell which walls around the reading of uploads this system has, by trying them.

Time is always watched from outside, and memory where the kernel does not bound it; the reader's
own refusals hold everywhere.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from data.uploads.limits import MEGABYTE, Limits, RefusedError
from data.uploads.sandbox.folder import REQUEST, WALLS
from data.uploads.sandbox.forkserver_client import (
    NotLoadedError,
    begin_fork_server,
    can_fork,
    start_forked,
)
from data.uploads.sandbox.processes import PlainReader, Reader, Watch
from data.work_folder import work_folder

_TRIED = Limits(memory_bytes=512 * MEGABYTE)
_WATCHED = Limits(seconds=15.0)
_TRIED_AGAIN_S = 600.0


@dataclass(frozen=True)
class Walls:
    """What holds a reader back. Of the four only ``calls`` is Python's own, an audit hook.

    ``memory``: the kernel bounds it; else it is looked at twenty times a second. ``network``: it
    has none. ``files``: it sees its own folder and Python's libraries only. ``calls``: sockets
    and other processes are refused.
    """

    memory: bool = False
    network: bool = False
    files: bool = False
    calls: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of those that are not there."""
        return tuple(name for name, stands in asdict(self).items() if not stands)


_trying = threading.Lock()
_found: Walls | None = None
_tried_again_at = 0.0
_forked = False


def walls() -> Walls:
    """Return which walls stand on this system; they are tried once, in a process that has them.

    Raises ``OSError`` where no such process can be, or does not end; for ten minutes nothing else
    is tried then.
    """
    global _found, _tried_again_at
    with _trying:
        if _found is None:
            if time.monotonic() < _tried_again_at:
                raise OSError("The walls around readers could not be tried a while ago")
            # Kept only where this fails.
            _tried_again_at = time.monotonic() + _TRIED_AGAIN_S
            _found = _try()
        return _found


def prepare_readers() -> None:
    """Load the libraries of readers now, in the process that they are forked from afterwards.

    Where readers cannot be forked, or the kernel would not bound their memory, nothing is done.
    Raises ``OSError`` as ``walls``.
    """
    global _forked
    if can_fork() and walls().memory:
        begin_fork_server()
        _forked = True


def start(folder: Path) -> Reader:
    """Start reading the upload in ``folder``. Raises ``OSError`` where no process can be."""
    if _forked:
        with suppress(NotLoadedError):
            return start_forked(folder)
    return PlainReader(folder)


def _try() -> Walls:
    with work_folder("intake") as folder:
        request = {"limits": asdict(_TRIED), "environment": {}}
        (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
        reader = PlainReader(folder)
        try:
            with Watch(reader, _WATCHED):
                for _ in reader.lines():
                    pass
            return Walls(**json.loads((folder / WALLS).read_text(encoding="utf-8")))
        except (RefusedError, ValueError, TypeError) as error:
            raise OSError("The walls around readers could not be tried") from error
