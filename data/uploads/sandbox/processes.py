"""Start the process that reads one upload, hear what it tells, and end it with all it started.

Python starts anew for each upload, or the reader is forked (``forkserver_client``): ``walls`` knows
where which.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

import psutil

from data.uploads.limits import Limits, RefusedError

PYTHON = (sys.executable, "-E", "-s")
_ROOT = Path(__file__).parents[3]
_KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT")
_LONGEST_LINE = 64
_WATCHED_EVERY_S = 0.05
PATIENCE_S = 5.0
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_TOO_LONG = -signal.SIGXCPU if hasattr(signal, "SIGXCPU") else None


class Reader(Protocol):
    """A process that reads one upload."""

    def lines(self) -> Iterator[str]:
        """Return what it tells, until it has ended."""
        ...

    def memory_bytes(self) -> int:
        """Return the memory that it takes; 0 where the kernel bounds it."""
        ...

    def kill(self) -> None:
        """End it, from any thread."""
        ...

    def end_by_force(self) -> None:
        """End it, from any thread, where ``kill`` was of no use for a while."""
        ...

    def close(self) -> int | None:
        """End it if it still runs, and wait. Return its exit code, ``None`` if nobody knows it."""
        ...


class PlainReader:
    """A reader that Python is started for: on every system."""

    def __init__(self, folder: Path) -> None:
        self._killed: list[psutil.Process] = []
        self._process = start_python(
            "data.uploads.sandbox.worker",
            str(folder),
            # It ends when this closes, which it does with the server.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def lines(self) -> Iterator[str]:
        """Return what it tells, until it has ended."""
        assert self._process.stdout is not None  # noqa: S101  (it is a pipe)
        return lines_of(self._process.stdout)

    def memory_bytes(self) -> int:
        """Return the memory of the process and of all that it has started."""
        return sum(map(_memory_bytes, _family(self._process)))

    def kill(self) -> None:
        """End it, and all that it has started, from any thread."""
        if self._process.poll() is None:
            self._killed += kill_family(self._process)

    def end_by_force(self) -> None:
        """Do as ``kill``, which asks nobody."""
        self.kill()

    def close(self) -> int | None:
        """End it if it still runs, and wait for it and what it has started; return its exit code.

        In an environment of its own Python on Windows is started by a program that waits for it:
        both hold files until they have ended.
        """
        self.kill()
        code = self._process.wait()
        started = {one for one in self._killed if one.pid != self._process.pid}
        psutil.wait_procs(started, timeout=PATIENCE_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return code


class Watch:
    """While inside, a reader that takes too long or too much memory is ended.

    Raises ``RefusedError`` at the end, where it was; ``code`` is the exit code.
    """

    def __init__(self, reader: Reader, limits: Limits) -> None:
        self._reader, self._limits = reader, limits
        self._ended = threading.Event()
        self._refusal: RefusedError | None = None
        self._thread = threading.Thread(target=self._watch, name="atlas-reader-watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        code = self._reader.close()
        self._ended.set()
        self._thread.join()
        if error is None and code is not None and code == _TOO_LONG:
            self._refusal = self._too_slow()
        if error is None and self._refusal is not None:
            raise self._refusal

    def _watch(self) -> None:
        end = time.monotonic() + self._limits.seconds
        while not self._ended.wait(min(_WATCHED_EVERY_S, max(0.0, end - time.monotonic()))):
            if time.monotonic() >= end:
                self._refusal = self._too_slow()
            elif self._reader.memory_bytes() > (most := self._limits.memory_bytes):
                self._refusal = RefusedError("too_much_memory", limit=most >> 20)
            else:
                continue
            self._reader.kill()
            if not self._ended.wait(PATIENCE_S):
                self._reader.end_by_force()
            return

    def _too_slow(self) -> RefusedError:
        return RefusedError("too_slow", limit=f"{self._limits.seconds:g}")


def start_python(module: str, *arguments: str, **streams: Any) -> subprocess.Popen[Any]:
    """Start a module of ours in a session of its own, with ``environment``."""
    return subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
        [*PYTHON, "-m", module, *arguments],
        cwd=_ROOT,
        env=environment(),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **streams,
    )


def environment() -> dict[str, str]:
    """Return an environment without secrets, where libraries use one thread and no network.

    What differs from upload to upload stands in its request.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        # Arrow starts a thread of an allocator that is not used, else: forks need there be none.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "PROJ_NETWORK": "OFF",
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "CPL_CURL_ENABLE_VSIMEM": "NO",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "SHAPE_RESTORE_SHX": "NO",
    }


def lines_of(told: IO[str]) -> Iterator[str]:
    """Yield the lines of a process, the longer ones in parts, until it closes ``told``."""
    while line := told.readline(_LONGEST_LINE):
        yield line.strip()


def _family(process: subprocess.Popen[Any]) -> list[psutil.Process]:
    """Return all that ``process`` has started, and at last itself."""
    with suppress(psutil.Error):
        own = psutil.Process(process.pid)
        return [*own.children(recursive=True), own]
    return []


def kill_family(process: subprocess.Popen[Any]) -> list[psutil.Process]:
    """End ``process`` and all that it has started; return them."""
    found = _family(process)
    for one in found:
        with suppress(psutil.Error):
            one.send_signal(_KILL)
    return found


def _memory_bytes(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        found = process.memory_info()
        # Windows moves memory out of what is resident when it is short.
        return int(max(found.rss, getattr(found, "private", 0)))
    return 0
