"""Wait for a condition outside a page: a file, a process, a thread."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0
"""A busy machine is slow; a condition that does not come true is told all the same."""


def until(
    holds: Callable[[], object], let: Callable[[], object] = lambda: time.sleep(0.02)
) -> None:
    """Wait until something holds, and ``let`` others go on meanwhile; fail when it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        let()
