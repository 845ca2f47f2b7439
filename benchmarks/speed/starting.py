"""Time from the command to the first answer, in a prepared environment."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.speed.serving import served


def start_s(names: tuple[str, ...], rounds: int, log: Path) -> dict[str, float]:
    """Return the median time until each app answers, in seconds; the first round is left out."""
    took: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds + 1):
        for name in names:
            start = time.perf_counter()
            with served(name, log, poll_s=0.02):
                if turn:
                    took[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in took.items()}
