"""Tell how far the reading of a large file is, in the thread of whoever waits for it."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeAlias

import pyarrow as pa

Progress: TypeAlias = Callable[[str, float], None]
"""Told the stage (``read``, ``place``, ``check``, ``sort``, ``write``) and the part done (0 to 1).

It is called in the thread of whoever builds the register.
"""

_TELL_EVERY_S = 0.05


def silent(stage: str, done: float) -> None:
    """Tell nobody."""


class CountedBytes(io.BytesIO):
    """Bytes in memory that know which part of them has been read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._size = max(len(content), 1)

    @property
    def done(self) -> float:
        """The part that has been read, 0 to 1."""
        return 1.0 if self.closed else self.tell() / self._size


def read_with_progress(
    file: CountedBytes,
    progress: Progress,
    read: Callable[[pa.PythonFile], pa.Table],
) -> pa.Table:
    """Read a file in a thread; ``progress`` is told in the caller's own, as pages need it."""
    with file, ThreadPoolExecutor(1) as beside:
        later = beside.submit(read, pa.PythonFile(file, mode="r"))
        while wait([later], _TELL_EVERY_S).not_done:
            progress("read", file.done)
        table = later.result()
    progress("read", 1.0)
    return table
