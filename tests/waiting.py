"""Wait for what happens outside a page: in a file, a process, a thread, a loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

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


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` in a thread of its own: a browser of other tests may hold this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
