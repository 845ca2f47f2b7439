"""Sort values into classes for a choropleth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MOST_CLASSES = 5
QUOTIENT_BREAKS = (0.5, 0.8, 1.25, 2.0)
"""Breaks of a quotient whose middle is 1: each step is as far below 1 as above it."""


@dataclass(frozen=True)
class ClassBreaks:
    """Classes from low to high: class ``k`` holds ``lower[k] <= value <= upper[k]``.

    ``is_diverging`` says that the middle class is the middle of the scale.
    """

    lower: tuple[float, ...]
    upper: tuple[float, ...]
    is_diverging: bool = False

    def class_of(self, value: float) -> int:
        """Return the number of the class of a value, from 0."""
        return int(np.searchsorted(np.array(self.upper[:-1]), value, side="left"))


def natural_breaks(values: Sequence[float], count: int = MOST_CLASSES) -> ClassBreaks:
    """Return the classes with the least sum of squared deviations from the class means.

    Fisher, W. D. (1958), On grouping for maximum homogeneity; Jenks (1967), solved exactly
    by dynamic programming. There are no more classes than distinct values, and none for
    no values. ``values`` are finite.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    if not len(ordered):
        return ClassBreaks((), ())
    distinct, sizes = np.unique(ordered, return_counts=True)
    starts = _class_starts(distinct, sizes, min(count, len(distinct)))
    ends = [*(start - 1 for start in starts[1:]), len(distinct) - 1]
    return ClassBreaks(
        tuple(float(distinct[start]) for start in starts),
        tuple(float(distinct[end]) for end in ends),
    )


def _class_starts(distinct: np.ndarray, sizes: np.ndarray, count: int) -> list[int]:
    """Return the place of each class's first value."""
    number = len(distinct)
    weight = np.concatenate([[0], np.cumsum(sizes)])
    total = np.concatenate([[0], np.cumsum(sizes * distinct)])
    square = np.concatenate([[0], np.cumsum(sizes * distinct**2)])

    def deviation(first: np.ndarray, past: int) -> np.ndarray:
        mass, mean = weight[past] - weight[first], total[past] - total[first]
        return np.asarray(square[past] - square[first] - mean**2 / mass)

    cost = np.full((count + 1, number + 1), np.inf)
    cost[0, 0] = 0.0
    start_of = np.zeros((count + 1, number + 1), dtype=int)
    for classes in range(1, count + 1):
        for past in range(classes, number + 1):
            first = np.arange(classes - 1, past)
            whole = cost[classes - 1, first] + deviation(first, past)
            best = int(np.argmin(whole))
            cost[classes, past], start_of[classes, past] = whole[best], first[best]
    starts, past = [], number
    for classes in range(count, 0, -1):
        past = int(start_of[classes, past])
        starts.append(past)
    return starts[::-1]


def quotient_breaks(values: Sequence[float]) -> ClassBreaks:
    """Return fixed classes around 1 for quotients, so that maps of them can be compared."""
    low = min(0.0, *values) if len(values) else 0.0
    high = max(QUOTIENT_BREAKS[-1], *values) if len(values) else QUOTIENT_BREAKS[-1]
    return ClassBreaks((low, *QUOTIENT_BREAKS), (*QUOTIENT_BREAKS, high), is_diverging=True)
