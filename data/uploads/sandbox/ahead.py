"""Read all of a large file while a person is still saying what its columns are.

What is said meanwhile changes nothing of the reading. It goes on in a thread of its own, which
waits for the walled-off process that reads, and it ends when nobody holds it any more.
"""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import Future, wait
from functools import partial
from typing import Protocol

from data.reading_progress import Progress
from data.uploads.formats.asked import ColumnsAsked
from data.uploads.limits import LARGE, MEGABYTE, Limits, Note, RefusedError, note
from data.uploads.sandbox.large_table import LargeTable
from data.uploads.sandbox.safely import TellStage, read_columns_safely
from data.uploads.sandbox.turns import Reins

MOST_BYTES = 160 * MEGABYTE
"""A file with more is read when it is taken: what was read waits in memory until then."""

MOST_TOGETHER = 512 * MEGABYTE
"""How many bytes of files all sessions together may have read ahead."""

MOST_KEPT = 320 * MEGABYTE
"""Columns that need more memory are dropped, and read again when they are wanted."""

_TELL_EVERY_S = 0.1
_NO_TURN = "too_busy"


class _Reads(Protocol):
    def __call__(self, *, progress: TellStage, reins: Reins) -> LargeTable: ...


class _Begun:
    """A reading under way; its thread holds this, and nothing that would keep a session."""

    def __init__(self, *, urgent: bool) -> None:
        self.asked_for = urgent
        self.reins = Reins(urgent=urgent)
        self.found: Future[LargeTable | Note] = Future()
        self.done = 0.0

    def tell(self, stage: str) -> None:
        """Keep which part has been read, as the worker says it."""
        done = part_read(stage)
        if done is not None:
            self.done = done

    def run(self, read: _Reads) -> None:
        """Read; whoever asks for ``found`` gets what came of it: a table, or why there is none."""
        try:
            self.found.set_result(self._outcome(read))
        except BaseException as error:  # noqa: BLE001  (it is raised where it is asked for)
            self.found.set_exception(error)

    def _outcome(self, read: _Reads) -> LargeTable | Note:
        try:
            found = read(progress=self.tell, reins=self.reins)
        except RefusedError as refusal:
            # Its note alone: the error would keep what its frames hold.
            return refusal.note
        if found.table.nbytes > MOST_KEPT and not self.reins.urgent:
            return note(_NO_TURN)
        return found


class ReadingAhead:
    """All of a large file, read in the background from now on.

    It stops when ``stop`` is called, or when it is dropped: no process or folder is left.
    """

    def __init__(
        self, content: bytes, filename: str, asked: ColumnsAsked, limits: Limits = LARGE
    ) -> None:
        self._size = len(content)
        self._read = partial(read_columns_safely, content, filename, asked, limits)
        self._begun: _Begun | None = None
        self._begin(urgent=False)

    @property
    def held_bytes(self) -> int:
        """The size of the file that is read, or was: none when it is not held."""
        return 0 if self._begun is None else self._size

    def result(self, progress: Progress) -> LargeTable:
        """Return what has been read; ``progress`` is told ``read`` while the rest is.

        Raises as ``read_columns_safely``; after that the file is read anew, and also where
        nobody waited when the reading ahead got no turn.
        """
        begun = self._begun or self._begin(urgent=True)
        found = self._wait(begun, progress)
        if isinstance(found, Note) and found.code == _NO_TURN and not begun.asked_for:
            found = self._wait(self._begin(urgent=True), progress)
        if isinstance(found, Note):
            self._begun = None
            raise RefusedError.of(found)
        progress("read", 1.0)
        return found

    def stop(self) -> None:
        """End the reading and forget what was read."""
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.reins.stop()

    def _begin(self, *, urgent: bool) -> _Begun:
        begun = self._begun = _Begun(urgent=urgent)
        weakref.finalize(self, begun.reins.stop)
        thread = threading.Thread(
            target=begun.run, args=(self._read,), name="atlas-reading-ahead", daemon=True
        )
        thread.start()
        return begun

    def _wait(self, begun: _Begun, progress: Progress) -> LargeTable | Note:
        begun.reins.hurry()
        progress("read", begun.done)
        while wait([begun.found], _TELL_EVERY_S).not_done:
            progress("read", begun.done)
        if begun.found.exception() is not None:
            self._begun = None
        return begun.found.result()


_held: weakref.WeakSet[ReadingAhead] = weakref.WeakSet()
_holding = threading.Lock()


def read_ahead(content: bytes, filename: str, asked: ColumnsAsked) -> ReadingAhead | None:
    """Begin to read a large file, unless it, or all that are read so, would take much memory."""
    with _holding:
        together = len(content) + sum(one.held_bytes for one in list(_held))
        if len(content) > MOST_BYTES or together > MOST_TOGETHER:
            return None
        reading = ReadingAhead(content, filename, asked)
        _held.add(reading)
        return reading


def part_read(stage: str) -> float | None:
    """Return which part of a file has been read, where ``stage`` says so."""
    name, _, done = stage.partition(" ")
    return float(done) if name == "read" else None
