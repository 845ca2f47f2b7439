"""Draw the golden print map as colour-blind readers and grey printers see it, for the docs.

python -m tests.golden.blindness
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.unit.test_palettes import simulated

GOLDEN = Path(__file__).parent / "province-zh.png"
TARGET = Path(__file__).parents[2] / "docs" / "pictures" / "colour-blindness.webp"
KINDS = ("protanomaly", "deuteranomaly", "tritanomaly", "grey")
MAP = (90, 130, 860, 960)
"""The map's own part of the golden picture: left, top, right, bottom in pixels."""

WIDTH = 400


def main() -> None:
    """Write the picture: four maps in a row, in the order of ``KINDS``."""
    cut = Image.open(GOLDEN).convert("RGB").crop(MAP)
    height = round(WIDTH * cut.height / cut.width)
    seen = np.asarray(cut.resize((WIDTH, height)), dtype=np.float64) / 255
    flat = seen.reshape(-1, 3)
    sheet = Image.new("RGB", (WIDTH * len(KINDS), height))
    for place, kind in enumerate(KINDS):
        pixels = (simulated(flat, kind).reshape(seen.shape) * 255).round().astype(np.uint8)
        sheet.paste(Image.fromarray(pixels), (WIDTH * place, 0))
    sheet.save(TARGET, quality=88, method=6)


if __name__ == "__main__":
    main()
