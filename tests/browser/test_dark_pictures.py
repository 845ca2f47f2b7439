"""The dark map looks as it did when somebody last looked at it, far, nearer and near.

``ATLAS_REDRAW=1`` draws the pictures anew; look at them before committing.
"""

from __future__ import annotations

import io
import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).parents[1] / "golden" / "dark"
VIEWS = {
    "province": "lang=en",
    "city": "lang=zh&center=31.6,119.9&zoom=8.5",
    "county": "lang=zh&center=31.4,120.5&zoom=10.5",
}
COARSE = (72, 64)
"""Letters and edges differ between machines: pictures are compared by their forms and tones."""
MEAN_DIFFERENCE = 1.5
"""Mean difference of a channel, of 255; the former tone of cities without a role gave 1.8."""
CHANGED = 0.04
"""Share of the coarse pixels that may differ by more than 24 of 255."""


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Return the mean difference of two pictures and the share that changed, seen from afar."""
    seen = [
        np.asarray(picture.resize(COARSE, Image.Resampling.BOX), dtype=int)
        for picture in (one, other)
    ]
    apart = np.abs(seen[0] - seen[1])
    return float(apart.mean()), float((apart.max(axis=2) > 24).mean())


def kept(name: str) -> Image.Image:
    return Image.open(FOLDER / f"{name}.webp").convert("RGB")


@pytest.mark.parametrize("name", VIEWS)
def test_the_dark_map_looks_the_same(atlas, name, tmp_path):
    atlas.page.emulate_media(color_scheme="dark")
    atlas.open_with_toolbar(VIEWS[name])
    atlas.map.locator("html[data-atlas-theme='dark']").wait_for()
    atlas.settle()
    shot = atlas.page.locator("iframe[src*='/atlas/frame/']").screenshot(animations="disabled")
    now = Image.open(io.BytesIO(shot)).convert("RGB")
    if os.environ.get("ATLAS_REDRAW"):
        FOLDER.mkdir(exist_ok=True)
        now.save(FOLDER / f"{name}.webp", quality=85, method=6)
    now.save(tmp_path / f"{name}.png")
    mean, changed = difference(now, kept(name))
    assert (mean < MEAN_DIFFERENCE, changed < CHANGED) == (True, True), f"see {tmp_path}"


def test_the_comparison_can_fail():
    for one, other in combinations(VIEWS, 2):
        mean, changed = difference(kept(one), kept(other))
        assert mean > MEAN_DIFFERENCE
        assert changed > CHANGED
