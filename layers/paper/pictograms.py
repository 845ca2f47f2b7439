"""Draw line drawings on paper: what stands on the map by itself, such as the sign of a port."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from layers.specification.icons import BOLD_STROKE, GRID, HALO_STROKE, icon_paths
from layers.specification.map_spec import Pictogram

_STEP = re.compile(r"([MLHVCZ])([\d. ]*)")
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4}


@cache
def drawing_path(name: str) -> Path:
    """Return a drawing of straight lines and curves, x to the right and y up from its middle."""
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    for command, written in _STEP.findall(icon_paths()[name]):
        numbers = [float(one) for one in written.split()]
        if command in "HV":
            x, y = points[-1]
            numbers, command = ([numbers[0], y] if command == "H" else [x, numbers[0]]), "L"
        if command == "Z":
            points.append(points[-1])
            codes.append(int(Path.CLOSEPOLY))
            continue
        places = list(zip(numbers[::2], numbers[1::2], strict=True))
        points += places
        codes += [int(_CODES[command])] * len(places)
    middle = GRID / 2
    places_up = [(x - middle, middle - y) for x, y in points]
    return Path(np.array(places_up), np.array(codes, dtype=np.uint8))


def draw_pictogram(
    axes: Axes, x: float, y: float, symbol: Pictogram, *, pixel: float, order: float
) -> None:
    """Draw a line drawing on its halo, centred at (x, y); a CSS pixel is ``pixel`` data units."""
    unit = symbol.size / GRID
    placed = Affine2D().scale(unit * pixel).translate(x, y)
    path = drawing_path(symbol.icon).transformed(placed)
    for color, stroke in ((symbol.halo, HALO_STROKE), (symbol.color, BOLD_STROKE)):
        axes.add_artist(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=color,
                alpha=symbol.opacity,
                linewidth=stroke * unit * 72 / 96,
                joinstyle="round",
                capstyle="round",
                zorder=order,
            )
        )
