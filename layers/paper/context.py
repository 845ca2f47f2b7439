"""Draw what helps to find one's way: a graticule, and an inset of the surroundings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from data.crs import GEOGRAPHIC, transformer
from data.loader import Province
from layers.paper.fonts import paper_font
from layers.paper.frame import Frame
from layers.paper.sheet import Box
from layers.paper.symbols import polygon_path
from layers.specification.symbology import INK, MUTED_INK, NEIGHBOUR, SEA

_INSET_MM = 34.0
_INSET_MARGIN_DEG = 1.2
_LINES_ABOUT = 5


def draw_graticule(axes: Axes, frame: Frame, metric_crs: str) -> None:
    """Draw meridians and parallels at round degrees, named at the lower and the left edge."""
    back, there = transformer(metric_crs, GEOGRAPHIC), transformer(GEOGRAPHIC, metric_crs)
    west, south, east, north = back.transform_bounds(*frame.box.bounds)
    step = _round_step((east - west) / _LINES_ABOUT)
    left, bottom, right, top = frame.box.bounds
    words: dict[str, Any] = {"fontproperties": paper_font(6.5), "va": "bottom", "zorder": 46}
    for longitude in _multiples(west, east, step):
        x, y = there.transform(np.full(40, longitude), np.linspace(south, north, 40))
        axes.plot(x, y, color=MUTED_INK, linewidth=0.35, alpha=0.6, zorder=45)
        place = float(np.interp(bottom, y, x))
        if left < place < right:
            axes.text(place, bottom, f" {longitude:g}°E", **words)
    for latitude in _multiples(south, north, step):
        x, y = there.transform(np.linspace(west, east, 40), np.full(40, latitude))
        axes.plot(x, y, color=MUTED_INK, linewidth=0.35, alpha=0.6, zorder=45)
        place = float(np.interp(left, x, y))
        if bottom < place < top:
            axes.text(left, place, f" {latitude:g}°N", **words)


def _round_step(degrees: float) -> float:
    steps = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
    return min(steps, key=lambda step: abs(math.log(step / degrees)))


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(number * step, 6) for number in range(first, last + 1)]


def draw_inset(
    figure: Figure,
    place: tuple[float, float, float, float],
    box: Box,
    frame: Frame,
    province: Province,
) -> None:
    """Draw the province among its neighbours in the frame's lower left corner.

    ``place`` is the map frame in fractions of the figure, ``box`` the same in millimetres.
    A rectangle marks what the map shows where that is less than the province.
    """
    crs = province.settings.metric_crs
    west, south, east, north = province.cities.total_bounds
    margin = _INSET_MARGIN_DEG
    window = (west - margin * 2, south - margin * 2, east + margin, north + margin)
    bounds = transformer(GEOGRAPHIC, crs).transform_bounds(*window)
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    inset_width = _INSET_MM * min(1.0, width / height)
    inset_height = inset_width * height / width
    axes = figure.add_axes(
        (
            place[0],
            place[1],
            place[2] * inset_width / box.width,
            place[3] * inset_height / box.height,
        ),
        facecolor=SEA,
        zorder=5,
    )
    axes.set_xlim(bounds[0], bounds[2])
    axes.set_ylim(bounds[1], bounds[3])
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_linewidth(0.8)
        spine.set_color(INK)
    around = province.neighbours.cx[window[0] : window[2], window[1] : window[3]].to_crs(crs)
    own = shapely.union_all(province.cities.to_crs(crs).geometry.to_numpy())
    for shape in around.geometry:
        axes.add_artist(
            PathPatch(
                polygon_path(shape),
                facecolor=NEIGHBOUR.fill or "none",
                edgecolor=NEIGHBOUR.stroke or "none",
                linewidth=0.3,
            )
        )
    axes.add_artist(PathPatch(polygon_path(own), facecolor="#B9C6D2", edgecolor=INK, linewidth=0.5))
    if not frame.box.contains(own):
        axes.add_artist(
            Rectangle(
                (frame.x - frame.width_m / 2, frame.y - frame.height_m / 2),
                frame.width_m,
                frame.height_m,
                fill=False,
                edgecolor="#B3400E",
                linewidth=1.1,
            )
        )
