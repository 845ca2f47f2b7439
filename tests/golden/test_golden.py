"""The print map looks as it did when somebody last looked at it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from .redraw import FOLDER, POINTS, QUERIES, asked_of, draw

MEAN_DIFFERENCE = 1.5
"""Mean difference of a channel, of 255: fonts are rastered a little differently elsewhere."""
CHANGED_PIXELS = 0.01
"""Share of pixels that may differ by more than 48 of 255."""


@pytest.mark.parametrize("name", [*QUERIES, *POINTS])
def test_print_map_looks_the_same(name, tmp_path):
    now = draw(*asked_of(name))
    now.save(tmp_path / f"{name}.png")
    golden = Image.open(FOLDER / f"{name}.png").convert("RGB")
    assert now.size == golden.size
    difference = np.abs(np.asarray(now, dtype=int) - np.asarray(golden, dtype=int))
    assert difference.mean() < MEAN_DIFFERENCE, f"see {tmp_path}"
    assert (difference.max(axis=2) > 48).mean() < CHANGED_PIXELS, f"see {tmp_path}"


def test_the_comparison_can_fail():
    one = np.asarray(Image.open(FOLDER / "province-zh.png").convert("RGB"), dtype=int)
    other = np.asarray(Image.open(FOLDER / "province-en-battery.png").convert("RGB"), dtype=int)
    difference = np.abs(one - other)
    assert difference.mean() > MEAN_DIFFERENCE
    assert (difference.max(axis=2) > 48).mean() > CHANGED_PIXELS
