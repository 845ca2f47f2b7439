"""Start the process that reads one upload, hear what it tells, and end it with all it started.

It is forked from a process that has the libraries loaded (``forkserver`` beside this module), or
Python starts anew for each upload: ``walls`` knows where which.
"""

from __future__ import annotations

import atexit
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

import psutil

from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox.folder import ENDED

_log = logging.getLogger(__name__)
PYTHON = (sys.executable, "-E", "-s")
_ROOT = Path(__file__).parents[3]
_KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT")
_LONGEST_LINE = 64
_WATCHED_EVERY_S = 0.05
_PATIENCE_S, _LOADING_S = 5.0, 30.0
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


class NotLoadedError(OSError):
    """The fork server did not come to load its libraries."""


class PlainReader:
    """A reader that Python is started for: on every system."""

    def __init__(self, folder: Path) -> None:
        self._killed: list[psutil.Process] = []
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
            [*PYTHON, "-m", "data.uploads.sandbox.worker", str(folder)],
            cwd=_ROOT,
            env=environment(),
            # It ends when this closes, which it does with the server.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def lines(self) -> Iterator[str]:
        """Return what it tells, until it has ended."""
        assert self._process.stdout is not None  # noqa: S101  (it is a pipe)
        return _lines(self._process.stdout)

    def memory_bytes(self) -> int:
        """Return the memory of the process and of all that it has started."""
        return sum(map(_memory_bytes, _family(self._process)))

    def kill(self) -> None:
        """End it, and all that it has started, from any thread."""
        if self._process.poll() is None:
            self._killed += _kill_family(self._process)

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
        psutil.wait_procs(started, timeout=_PATIENCE_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return code


class ForkedReader:
    """A reader that the fork server has forked, which alone knows its number.

    ``kill_server`` ends a fork server that stands still.
    """

    def __init__(self, connection: socket.socket, kill_server: Callable[[], None]) -> None:
        self._connection, self._kill_server = connection, kill_server
        self._told = connection.makefile("r", encoding="utf-8", errors="replace")
        self._code: int | None = None

    def lines(self) -> Iterator[str]:
        """Return what it tells, until it has ended."""
        for line in _lines(self._told):
            name, _, code = line.partition(" ")
            # What is told last is told by the fork server.
            if name == ENDED:
                with suppress(ValueError):
                    self._code = int(code)
            else:
                yield line

    def memory_bytes(self) -> int:
        """Return 0: only where the kernel bounds its memory is a reader forked."""
        return 0

    def kill(self) -> None:
        """Ask the fork server to end it, and all that it has started."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)

    def end_by_force(self) -> None:
        """End the fork server with all its readers, unless this one has ended as it was asked."""
        if not _is_hung_up(self._connection):
            self._kill_server()

    def close(self) -> int | None:
        """End it if it still runs, and wait; return its exit code."""
        self.kill()
        for _ in self.lines():
            pass
        self._told.close()
        self._connection.close()
        return self._code


class _ForkServer:
    """The process that forks readers; it is started anew when it is not there any more.

    One that does not come to load its libraries is not tried again.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._loaded: socket.socket | None = None
        self._is_of_no_use = False

    def prepare(self, failed: socket.socket | None = None) -> socket.socket:
        """Return where it takes messages, now that it runs; ``failed`` took one no longer.

        Raises ``NotLoadedError`` if it never loaded.
        """
        with self._changing:
            if self._is_of_no_use:
                raise NotLoadedError
            if self._control is failed or self._process is None or self._process.poll() is not None:
                self._end()
                self._begin()
            assert self._control is not None  # noqa: S101  (it was begun)
            return self._control

    def start(self, folder: Path) -> ForkedReader:
        """Fork a reader. Raises ``OSError`` where that cannot be, ``NotLoadedError`` for one."""
        if sys.platform == "win32":
            raise OSError("no process is forked on Windows")
        control = self._when_loaded(self.prepare())
        ours, theirs = socket.socketpair()
        message, handles = [os.fsencode(folder)], [theirs.fileno()]
        with theirs:
            try:
                socket.send_fds(control, message, handles)
            except OSError:
                # It was killed a moment ago.
                control = self._when_loaded(self.prepare(failed=control))
                socket.send_fds(control, message, handles)
        return ForkedReader(ours, partial(self.kill, control))

    def kill(self, control: socket.socket) -> None:
        """Kill the one that takes messages from ``control``, and its readers with it."""
        with self._changing:
            if self._control is control:
                self._end(at_once=True)

    def close(self) -> None:
        """End it, and its readers with it."""
        with self._changing:
            self._end()

    def _when_loaded(self, control: socket.socket) -> socket.socket:
        """Return ``control`` once its libraries are loaded, which it tells by a message."""
        if self._loaded is control:
            return control
        with suppress(OSError):
            # It stays there for others who wait for it.
            if control.recv(1, socket.MSG_PEEK):
                self._loaded = control
                return control
        with self._changing:
            if self._control is control:
                self._is_of_no_use = True
                self._end(at_once=True)
                _log.error("Python starts anew for each upload: its libraries were not preloaded")
        raise NotLoadedError

    def _begin(self) -> None:
        # Messages are told apart, and an end that is closed is heard of.
        self._control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self._control.settimeout(_LOADING_S)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
                [*PYTHON, "-m", "data.uploads.sandbox.forkserver"],
                cwd=_ROOT,
                env=environment(),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _end(self, *, at_once: bool = False) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(0.0 if at_once else _PATIENCE_S)
            except subprocess.TimeoutExpired:
                # It stands still; so may readers that it has just forked.
                _kill_family(self._process)
                self._process.wait()
        self._control = self._process = None


_fork_server = _ForkServer()
atexit.register(_fork_server.close)


def can_fork() -> bool:
    """Tell whether readers may be forked: elsewhere than on Linux, libraries do not bear it."""
    return sys.platform == "linux" and hasattr(os, "fork")


def start_forked(folder: Path) -> Reader:
    """Fork a reader of the upload in ``folder``.

    Raises ``OSError`` where that cannot be, ``NotLoadedError`` where it never will.
    """
    return _fork_server.start(folder)


def begin_fork_server() -> None:
    """Start the process that forks readers, if it is not there: it loads the libraries now."""
    with suppress(NotLoadedError):
        _fork_server.prepare()


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
            if not self._ended.wait(_PATIENCE_S):
                self._reader.end_by_force()
            return

    def _too_slow(self) -> RefusedError:
        return RefusedError("too_slow", limit=f"{self._limits.seconds:g}")


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


def _lines(told: IO[str]) -> Iterator[str]:
    while line := told.readline(_LONGEST_LINE):
        yield line.strip()


def _is_hung_up(connection: socket.socket) -> bool:
    """Tell whether nobody holds the other end any more, or this one is closed."""
    if sys.platform == "win32":
        raise OSError("Windows tells it in another way")
    ends = select.poll()
    try:
        ends.register(connection, 0)
    except ValueError:
        return True
    return bool(ends.poll(0))


def _family(process: subprocess.Popen[Any]) -> list[psutil.Process]:
    """Return all that ``process`` has started, and at last itself."""
    with suppress(psutil.Error):
        own = psutil.Process(process.pid)
        return [*own.children(recursive=True), own]
    return []


def _kill_family(process: subprocess.Popen[Any]) -> list[psutil.Process]:
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
