"""Draw rings of shares with matplotlib: what an area has of a layer, with its count."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Wedge

from layers.paper.fonts import paper_font
from layers.paper.symbols import POINTS_PER_PIXEL

_INSET_PX = 1.02
_SOLID_WIDTH_PX, _HOLLOW_WIDTH_PX = 4.98, 2.6
_STACK_PX = 3.0
_RIM_PX = 3.0


@dataclass(frozen=True)
class RingLook:
    """How a ring looks beside its shares.

    One that is ``hollow`` stands for what is known to its area only: it is thin, and lies on
    another where it stands for several. A ``rim`` is the colour of a line around it.
    """

    hollow: bool = False
    rim: str | None = None

    def lifts(self, count: int) -> bool:
        """Tell whether a ring of ``count`` lies on another."""
        return self.hollow and count > 1

    def lift_px(self, count: int) -> float:
        """Return how far the ring below reaches over its right and upper side, in pixels."""
        return _STACK_PX if self.lifts(count) else 0.0

    def size_px(self, count: int) -> float:
        """Return the diameter of a ring of ``count`` with its rim, in pixels."""
        return ring_size(count) + (2 * _RIM_PX if self.rim else 0.0)


def ring_size(count: int) -> float:
    """Return the diameter of a ring of shares, in pixels; its area grows with the count."""
    return min(46.0, 20.0 + 3.6 * math.sqrt(count))


_SOLID_LOOK = RingLook()


def draw_share_ring(
    axes: Axes,
    x: float,
    y: float,
    shares: dict[str, int],
    *,
    look: RingLook = _SOLID_LOOK,
    units_per_point: float,
    order: float,
) -> None:
    """Draw shares (colour to count) as a ring with their sum in it, centred at (x, y)."""
    count = sum(shares.values())
    pixel = POINTS_PER_PIXEL * units_per_point
    radius = ring_size(count) * pixel / 2
    _draw_below_ring(axes, (x, y), radius, count, look, pixel=pixel, order=order)
    start = 90.0
    for color, part in shares.items():
        turn = 360.0 * part / count
        axes.add_artist(
            Wedge(
                (x, y),
                radius - _INSET_PX * pixel,
                start - turn,
                start,
                width=(_HOLLOW_WIDTH_PX if look.hollow else _SOLID_WIDTH_PX) * pixel,
                facecolor=color,
                linewidth=0,
                zorder=order + 0.01,
            )
        )
        start -= turn
    axes.text(
        x,
        y,
        str(count),
        color="#20252D",
        fontproperties=paper_font(11 * POINTS_PER_PIXEL),
        ha="center",
        va="center_baseline",
        zorder=order + 0.02,
        clip_on=True,
    )


def _draw_below_ring(
    axes: Axes,
    middle: tuple[float, float],
    radius: float,
    count: int,
    look: RingLook,
    *,
    pixel: float,
    order: float,
) -> None:
    """Draw the ground of a ring, its rim, and the ring that one of several lies on."""
    x, y = middle
    if look.lifts(count):
        lift = _STACK_PX * pixel
        below = Circle(
            (x + lift, y + lift),
            radius - 0.6 * pixel,
            facecolor="#FFFFFF",
            edgecolor="#59606B",
            linewidth=1.2 * POINTS_PER_PIXEL,
            zorder=order - 0.01,
        )
        axes.add_artist(below)
    edge = _RIM_PX * pixel if look.rim else 0.0
    axes.add_artist(Circle(middle, radius + edge, facecolor="#FFFFFF", linewidth=0, zorder=order))
    if look.rim:
        axes.add_artist(
            Circle(
                middle,
                radius + edge - pixel,
                fill=False,
                edgecolor=look.rim,
                linewidth=2.0 * POINTS_PER_PIXEL,
                zorder=order,
            )
        )
