"""Keep the search for garbage short that Streamlit makes after every run.

It looks at every object that is not set apart (``gc.freeze``): with the libraries alone that
takes 200 ms, and with each open session some more. So what is still there after a long search
is set apart; now and then all of it is searched once more, for what sessions have left behind.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import time
from threading import Lock, Thread

LONG_S = 0.003
"""A search that takes longer sets apart what it has found to be in use."""

THAW_S = 120.0
"""After so long everything is searched again; what was left meanwhile waits until then."""

SWEPT_AFTER_S = 30.0
"""So long after a session has ended everything is searched for what it and others have left."""

_OLDEST = 2
_sweeps = Lock()


class _Keeper:
    """Hears of every search for garbage (``gc.callbacks``)."""

    def __init__(self) -> None:
        self.started = self.thawed = time.perf_counter()

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """Set apart what a long search has left, or bring everything back for the next one."""
        now = time.perf_counter()
        if info["generation"] != _OLDEST:
            return
        if phase == "start":
            self.started = now
        elif now - self.started > LONG_S:
            gc.freeze()
        elif now - self.thawed > THAW_S:
            self.thawed = now
            gc.unfreeze()


def keep_searches_short() -> None:
    """Search once, set apart all that is in use, and go on so; once for a server."""
    gc.collect()
    gc.freeze()
    if not any(isinstance(one, _Keeper) for one in gc.callbacks):
        gc.callbacks.append(_Keeper())


def sweep_later(loop: asyncio.AbstractEventLoop) -> None:
    """Have everything searched in a while, once for all who ask meanwhile."""
    if _sweeps.acquire(blocking=False):
        loop.call_later(SWEPT_AFTER_S, _begin_sweep)


def _begin_sweep() -> None:
    _sweeps.release()
    Thread(target=_sweep, name="sweep", daemon=True).start()


def _sweep() -> None:
    gc.unfreeze()
    gc.collect()
    give_back_freed()


def give_back_freed() -> None:
    """Return memory that nothing uses any more to the system, where the system takes it."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
