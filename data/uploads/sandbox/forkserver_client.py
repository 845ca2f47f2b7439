"""Have readers forked from a process that has the libraries loaded: ``forkserver``, on Linux."""

from __future__ import annotations

import atexit
import logging
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from data.uploads.sandbox.folder import ENDED
from data.uploads.sandbox.processes import (
    PATIENCE_S,
    Reader,
    kill_family,
    lines_of,
    start_python,
)

_log = logging.getLogger(__name__)
_LOADING_S = 30.0


class NotLoadedError(OSError):
    """The fork server did not come to load its libraries."""


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
        for line in lines_of(self._told):
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
            self._process = start_python(
                "data.uploads.sandbox.forkserver",
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )

    def _end(self, *, at_once: bool = False) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(0.0 if at_once else PATIENCE_S)
            except subprocess.TimeoutExpired:
                # It stands still; so may readers that it has just forked.
                kill_family(self._process)
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
