"""Let only so many readings run at once, and hold each by reins: to stop it, or to hurry it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from data.errors import AtlasError
from data.uploads.limits import RefusedError

# One for all: whoever waits for a turn hears of reins that are pulled too. It may be taken again
# by the thread that has it: Python may drop what stops a reading at any moment.
_changed = threading.Condition(threading.RLock())


class StoppedError(AtlasError):
    """A reading that ended because nobody wants it any more."""

    def __init__(self) -> None:
        super().__init__("The reading was stopped")


class Reins:
    """What holds a reading from another thread.

    One that is ``urgent`` is waited for by a person; its turn comes before those of others.
    """

    def __init__(self, *, urgent: bool = True) -> None:
        self.urgent = urgent
        self.stopped = False
        self._end: Callable[[], None] | None = None

    def hurry(self) -> None:
        """Say that a person waits now."""
        with _changed:
            self.urgent = True
            _changed.notify_all()

    def stop(self) -> None:
        """End the reading, also where it still waits for its turn."""
        with _changed:
            self.stopped = True
            if self._end is not None:
                self._end()
            _changed.notify_all()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While inside, ``stop`` calls ``end``. Raises ``StoppedError`` at the end if it was."""
        with _changed:
            self._end = end
            if self.stopped:
                end()
        try:
            yield
        finally:
            with _changed:
                self._end = None
        if self.stopped:
            raise StoppedError


class Turns:
    """So many readings at once; others wait, the urgent ones before, else in order."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[Reins] = []

    @contextmanager
    def turn(self, seconds: float, reins: Reins) -> Iterator[None]:
        """Have a turn while inside.

        Raises ``RefusedError`` if none came within ``seconds``, ``StoppedError`` when stopped.
        """
        self._take(seconds, reins)
        try:
            yield
        finally:
            with _changed:
                self._free += 1
                _changed.notify_all()

    def _take(self, seconds: float, reins: Reins) -> None:
        with _changed:
            self._waiting.append(reins)
            try:
                _changed.wait_for(lambda: reins.stopped or self._is_next(reins), seconds)
                if reins.stopped:
                    raise StoppedError
                if not self._is_next(reins):
                    raise RefusedError("too_busy", limit=f"{seconds:g}")
                self._free -= 1
            finally:
                self._waiting.remove(reins)
                _changed.notify_all()

    def _is_next(self, reins: Reins) -> bool:
        first = min(self._waiting, key=lambda one: not one.urgent)
        return self._free > 0 and first is reins
