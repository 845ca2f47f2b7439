"""Fork a reader for each upload from one process that has the libraries loaded, on Linux.

``python -m data.uploads.sandbox.forkserver`` is started once for a server; its standard input is
a socket, where it tells when the libraries are loaded.
Each message names the folder of an upload and brings another socket along: the reader tells its
stages there, and at last the exit code. Whoever closes their end of it wants the reader killed.
This process reads nothing of a stranger, and ends with the server, and all its readers with it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path

from data.uploads.sandbox.cage import end_with
from data.uploads.sandbox.folder import ENDED, LOADED, LONGEST_PATH
from data.uploads.sandbox.worker import main as read_upload

assert sys.platform != "win32"  # noqa: S101  (Linux alone forks readers)

# GDAL is not among them: which of its drivers are skipped is said for each upload, before it loads.
PRELOADED = (
    "data.uploads.formats.delimited",
    "data.uploads.formats.feature_collection",
    "data.uploads.formats.geopackage",
    "data.uploads.formats.kml",
    "data.uploads.formats.large",
    "data.uploads.formats.raw_table",
    "data.uploads.formats.workbook",
    "geopandas.io.arrow",
    "pyarrow.parquet",
)


class ForkServer:
    """The readers that run, by process id, each with the socket that it tells its stages to."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._running: dict[int, socket.socket] = {}
        self._woken, self._wakes = socket.socketpair()
        for one in (self._woken, self._wakes):
            one.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        # No epoll: the readers would share it.
        self._selector = selectors.PollSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def serve(self) -> None:
        """Fork, kill and reap until the server has gone."""
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            self._kill([pid for pid, one in self._running.items() if one in ready])
            if self._woken in ready:
                self._reap()
            if self._control in ready and not self._fork():
                self._end()
                return

    def _fork(self) -> bool:
        try:
            message, handles, _, _ = socket.recv_fds(self._control, LONGEST_PATH, 1)
        except ConnectionResetError:
            # The server has gone before it took what was told to it.
            return False
        if not message:
            return False
        connection, parent = socket.socket(fileno=handles[0]), os.getpid()
        try:
            pid = os.fork()
        except OSError:
            # Whoever asked sees a reader that has ended without a word; the others read on.
            connection.close()
            return True
        if pid == 0:
            self._become_reader(Path(os.fsdecode(message)), connection, parent)
        self._running[pid] = connection
        self._selector.register(connection, selectors.EVENT_READ)
        return True

    def _become_reader(self, folder: Path, connection: socket.socket, parent: int) -> None:
        code = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(connection.fileno(), 1)
            with Path(os.devnull).open("rb") as nothing:
                os.dup2(nothing.fileno(), 0)
            # Only what is ours: PROJ closes its database itself after a fork, by number.
            own = (self._control, self._woken, self._wakes, connection)
            for one in (*own, *self._running.values()):
                one.close()
            read_upload(folder, partial(end_with, parent))
            code = 0
        finally:
            os._exit(code)

    def _kill(self, pids: list[int]) -> None:
        for pid in pids:
            # They are not reaped yet, so that nobody else has these numbers.
            _kill_group(pid)
            with suppress(KeyError):
                self._selector.unregister(self._running[pid])

    def _end(self) -> None:
        self._kill(list(self._running))
        for pid in self._running:
            os.waitpid(pid, 0)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        for pid, code in _ended():
            connection = self._running.pop(pid)
            with suppress(KeyError):
                self._selector.unregister(connection)
            with connection, suppress(OSError):
                connection.send(f"{ENDED} {code}\n".encode(), socket.MSG_DONTWAIT)


def _ended() -> Iterator[tuple[int, int]]:
    """Reap children that have ended, and end what they have started: process id, exit code."""
    with suppress(ChildProcessError):
        while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            _kill_group(found.si_pid)
            pid, status = os.waitpid(found.si_pid, 0)
            yield pid, os.waitstatus_to_exitcode(status)


def _kill_group(pid: int) -> None:
    # The group is not there before the reader has made it.
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def preload() -> None:
    """Load what readers need, and keep it out of the search for garbage in each of them."""
    for name in PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()


def main() -> None:
    """Serve the process that has started this one."""
    preload()
    with socket.socket(fileno=os.dup(0)) as control:
        control.send(LOADED)
        ForkServer(control).serve()


if __name__ == "__main__":
    main()
