"""Draw symbols with matplotlib: on the print map, and as swatches in its legend."""

from __future__ import annotations

import math

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from data.model import SiteShape
from layers.paper.fonts import paper_font, printable
from layers.paper.pictograms import draw_pictogram
from layers.paper.svg_halos import HALO_PREFIX
from layers.specification.map_spec import (
    Area,
    Band,
    Glyph,
    Hatch,
    Label,
    Line,
    Marker,
    Pictogram,
    Stack,
    Symbol,
)
from layers.specification.symbology import LAND

POINTS_PER_PIXEL = 0.75
"""A CSS pixel is 1/96 inch, a point 1/72 inch."""

_LABEL_FADED_OPACITY = 0.45
_LABEL_SAMPLE = "Aa"
"""Stands for a name in the legend."""


def polygon_path(shape: BaseGeometry) -> Path:
    """Return the rings of a polygon as one path; holes are wound the other way."""
    return _path(shapely.get_rings(shapely.get_parts(shape)), closed=True)


def line_path(shape: BaseGeometry) -> Path:
    """Return lines, one or several, as one path."""
    return _path(shapely.get_parts(shape), closed=False)


def _path(parts: np.ndarray, *, closed: bool) -> Path:
    points, part = shapely.get_coordinates(parts, return_index=True)
    begins = np.diff(part, prepend=-1) != 0
    codes = np.where(begins, Path.MOVETO, Path.LINETO).astype(np.uint8)
    if closed:
        codes[np.diff(part, append=-1) != 0] = Path.CLOSEPOLY
    return Path(points, codes)


def draw_line(axes: Axes, path: Path, symbol: Line, *, order: float) -> None:
    """Draw ``path`` (in data units) as a line, on its casing where it has one."""
    strokes = [(symbol.color, symbol.width, symbol.dash)]
    if symbol.casing is not None:
        strokes.insert(0, (symbol.casing, symbol.width + 2.0, ()))
    for color, width, dash in strokes:
        gaps = tuple(part * POINTS_PER_PIXEL for part in dash)
        axes.add_artist(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=color,
                alpha=symbol.opacity,
                linewidth=width * POINTS_PER_PIXEL,
                linestyle=(0, gaps) if gaps else "solid",
                joinstyle="round",
                capstyle="butt" if gaps else "round",
                zorder=order,
            )
        )


def path_inside(shape: BaseGeometry, frame: Polygon) -> Path | None:
    """Return the part of a polygon in ``frame``; ``None`` where it is all of it, or none."""
    if shape.within(frame):
        return None
    parts = shape.intersection(frame)
    areas = [part for part in getattr(parts, "geoms", [parts]) if isinstance(part, Polygon)]
    return polygon_path(MultiPolygon(areas)) if areas and not parts.is_empty else None


def draw_polygon(
    axes: Axes,
    path: Path,
    symbol: Symbol,
    *,
    units_per_point: float,
    order: float,
    inside: Path | None = None,
) -> None:
    """Draw ``path`` (in data units) as an area, a hatch or a band.

    ``inside`` is the part of it in the frame, where it is not all of it: what is clipped by the
    polygon is not clipped by the frame in SVG.
    """
    if isinstance(symbol, Area):
        _draw_area(axes, path, symbol, order)
    elif isinstance(symbol, Hatch):
        drawn = _draw_hatch(axes, path, symbol, units_per_point, order)
        drawn.set_clip_path(path if inside is None else inside, axes.transData)
    elif isinstance(symbol, Band):
        for stroke in _draw_band(axes, path, symbol, order):
            stroke.set_clip_path(path if inside is None else inside, axes.transData)


def _draw_area(axes: Axes, path: Path, symbol: Area, order: float) -> None:
    if symbol.fill is not None:
        opacity = symbol.fill_opacity * symbol.opacity
        axes.add_artist(
            PathPatch(path, facecolor=symbol.fill, alpha=opacity, linewidth=0, zorder=order)
        )
    if symbol.stroke is not None:
        width = symbol.stroke_width * POINTS_PER_PIXEL
        dash = tuple(part * POINTS_PER_PIXEL for part in symbol.dash)
        axes.add_artist(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=symbol.stroke,
                alpha=symbol.opacity,
                linewidth=width,
                linestyle=(0, dash) if dash else "solid",
                joinstyle="round",
                zorder=order,
            )
        )


def _draw_hatch(
    axes: Axes, path: Path, symbol: Hatch, units_per_point: float, order: float
) -> LineCollection:
    """Draw parallel lines, to be clipped by the polygon: true vectors with a stated spacing."""
    box = path.get_extents()
    center = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    reach = math.hypot(box.width, box.height) / 2
    spacing = symbol.spacing * POINTS_PER_PIXEL * units_per_point
    angle = math.radians(symbol.angle)
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-along[1], along[0]])
    # Lines are counted from the origin, so that the hatches of two neighbours meet.
    first = math.floor((float(center @ across) - reach) / spacing)
    last = math.ceil((float(center @ across) + reach) / spacing)
    middle = along * float(center @ along)
    lines = [
        (
            middle + across * spacing * place - along * reach,
            middle + across * spacing * place + along * reach,
        )
        for place in range(first, last + 1)
    ]
    drawn = LineCollection(
        lines,
        colors=symbol.color,
        linewidths=symbol.width * POINTS_PER_PIXEL,
        alpha=symbol.opacity,
        zorder=order,
    )
    axes.add_collection(drawn, autolim=False)
    return drawn


def _draw_band(axes: Axes, path: Path, symbol: Band, order: float) -> list[PathPatch]:
    """Stroke the border twice as wide, of which the half inside is to be kept; the rim on it."""
    widths = {symbol.color: symbol.rim + symbol.width, symbol.casing: symbol.rim}
    strokes = [
        PathPatch(
            path,
            facecolor="none",
            edgecolor=color,
            alpha=symbol.opacity,
            linewidth=width * 2 * POINTS_PER_PIXEL,
            joinstyle="miter",
            zorder=order,
        )
        for color, width in widths.items()
    ]
    for stroke in strokes:
        axes.add_artist(stroke)
    return strokes


def draw_glyph(
    axes: Axes, x: float, y: float, symbol: Glyph, *, units_per_point: float, order: float
) -> None:
    """Draw a disc with its text, centred at (x, y) in data units."""
    radius = symbol.size * POINTS_PER_PIXEL * units_per_point / 2
    rim = 2 * POINTS_PER_PIXEL * units_per_point
    for size, color in ((radius + rim, "#FFFFFF"), (radius, symbol.color)):
        axes.add_artist(
            Circle((x, y), size, facecolor=color, alpha=symbol.opacity, linewidth=0, zorder=order)
        )
    axes.text(
        x,
        y,
        symbol.text,
        color=symbol.ink,
        alpha=symbol.opacity,
        fontproperties=paper_font(symbol.size * 0.44 * POINTS_PER_PIXEL),
        ha="center",
        va="center_baseline",
        zorder=order + 0.1,
        clip_on=True,
    )


_SHAPES: dict[SiteShape, str] = {
    "square": "s",
    "circle": "o",
    "diamond": "D",
    "triangle": "^",
    "hexagon": "h",
}
_MARKER_SCALE = {"square": 0.78, "circle": 0.85, "diamond": 0.72, "triangle": 0.9, "hexagon": 0.95}


def draw_marker(axes: Axes, x: float, y: float, symbol: Marker, *, order: float) -> None:
    """Draw a site's sign, centred at (x, y) in data units."""
    size = symbol.size * POINTS_PER_PIXEL * _MARKER_SCALE[symbol.shape]
    solid = symbol.fill == "solid"
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker=_SHAPES[symbol.shape],
        markersize=size,
        markerfacecolor=symbol.color if solid else "#FFFFFF",
        markeredgecolor="#FFFFFF" if solid else symbol.color,
        markeredgewidth=0.6 if solid else 1.3,
        alpha=symbol.opacity,
        zorder=order,
    )
    if symbol.fill == "crossed":
        axes.plot(
            [x],
            [y],
            linestyle="none",
            marker="x",
            markersize=size * 0.5,
            markeredgecolor=symbol.color,
            markeredgewidth=1.1,
            zorder=order + 0.01,
        )


def draw_label(axes: Axes, x: float, y: float, words: str, symbol: Label, *, order: float) -> Text:
    """Write ``words`` with a halo, centred at (x, y) in data units."""
    opacity = 1.0 if symbol.opacity == 1.0 else max(symbol.opacity, _LABEL_FADED_OPACITY)
    text = axes.text(
        x,
        y,
        printable(words),
        color=symbol.color,
        alpha=opacity,
        fontproperties=paper_font(symbol.size * POINTS_PER_PIXEL),
        ha="center",
        va="center",
        zorder=order,
        clip_on=True,
    )
    stroke: list[AbstractPathEffect] = [withStroke(linewidth=2.4, foreground=symbol.halo)]
    if symbol.bold:
        # The one font that we ship has one weight: a thin stroke makes it bolder.
        stroke.append(withStroke(linewidth=0.35, foreground=symbol.color))
    text.set_path_effects(stroke)
    text.set_gid(f"{HALO_PREFIX}{len(axes.texts)}")
    return text


def _draw_stack_swatch(axes: Axes, x: float, y: float, symbol: Stack, *, pixel: float) -> None:
    for lift, color, width in ((1.6, "#59606B", 0.8), (-1.0, symbol.color, 1.8)):
        axes.add_artist(
            Circle(
                (x + lift * pixel, y + lift * pixel),
                6.0 * pixel,
                facecolor="#FFFFFF",
                edgecolor=color,
                linewidth=width * POINTS_PER_PIXEL,
                zorder=2 if lift > 0 else 2.1,
            )
        )


def draw_swatch(axes: Axes, x: float, y: float, symbol: Symbol, *, units_per_point: float) -> None:
    """Draw a legend swatch, 30 by 17 pixels, centred at (x, y) in data units."""
    pixel = POINTS_PER_PIXEL * units_per_point
    frame = Affine2D().scale(28 * pixel, 15 * pixel).translate(x - 14 * pixel, y - 7.5 * pixel)
    box = Path.unit_rectangle().transformed(frame)
    if isinstance(symbol, Glyph):
        small = Glyph(symbol.text, symbol.color, symbol.ink, min(symbol.size, 19.0))
        draw_glyph(axes, x, y, small, units_per_point=units_per_point, order=2)
    elif isinstance(symbol, Marker):
        draw_marker(axes, x, y, symbol, order=2)
    elif isinstance(symbol, Pictogram):
        draw_pictogram(axes, x, y, symbol, pixel=pixel, order=2)
    elif isinstance(symbol, Stack):
        _draw_stack_swatch(axes, x, y, symbol, pixel=pixel)
    elif isinstance(symbol, Line):
        draw_line(axes, Path([(x - 14 * pixel, y), (x + 14 * pixel, y)]), symbol, order=2)
    elif isinstance(symbol, Area) and symbol.fill is None:
        line = Path([(x - 14 * pixel, y), (x + 14 * pixel, y)])
        draw_polygon(axes, line, symbol, units_per_point=units_per_point, order=2)
    elif isinstance(symbol, Label):
        draw_label(axes, x, y, _LABEL_SAMPLE, symbol, order=2)
    else:
        # What is pale or leaves gaps is seen on the land.
        draw_polygon(axes, box, LAND, units_per_point=units_per_point, order=1.9)
        draw_polygon(axes, box, symbol, units_per_point=units_per_point, order=2)
        outline = Area(fill=None, stroke="#59606B", stroke_width=0.6)
        draw_polygon(axes, box, outline, units_per_point=units_per_point, order=2.1)
