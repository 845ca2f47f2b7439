"""Draw a map specification on paper: PNG, SVG or PDF with title, legend, scale and sources.

The map is drawn in the province's metric CRS, so that the scale bar is true.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import matplotlib as mpl
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from pyproj import CRS, Transformer

from data.crs import GEOGRAPHIC
from data.loader import Province
from data.text import say
from layers.fonts import paper_font
from layers.paper import A4_LANDSCAPE, Box, Sheet
from layers.paper_symbols import draw_glyph, draw_label, draw_polygon, draw_swatch, polygon_path
from layers.spec import GeometryId, Glyph, Label, MapSpec
from layers.symbology import INK, MUTED_INK, SEA

ImageFormat = Literal["png", "svg", "pdf"]

RESOLUTION_DPI = 300
SCREEN_WIDTH_PX = 1100
"""Width of the window that a view's zoom level is taken to fill with the print map's frame."""

_EARTH_CIRCUMFERENCE_M = 2 * math.pi * 6378137.0
_TILE_PX = 256
_POINTS_PER_MM = 72 / 25.4
_EXTENT_MARGIN = 0.03
_GLYPH_RISE_PX = 22.0

mpl.rcParams["pdf.fonttype"] = 42
mpl.rcParams["svg.hashsalt"] = "atlas"


@dataclass(frozen=True)
class Frame:
    """What the map frame shows: centre and size in metres of the metric CRS."""

    x: float
    y: float
    width_m: float
    height_m: float
    zoom: float

    @property
    def box(self) -> shapely.Polygon:
        """The frame as a polygon in the metric CRS."""
        half_x, half_y = self.width_m / 2, self.height_m / 2
        return shapely.box(self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)


def render_print_map(
    spec: MapSpec, province: Province, image_format: ImageFormat, *, date: dt.date | None = None
) -> bytes:
    """Return the print map of ``spec`` as a file of ``image_format`` (PNG: 300 dpi)."""
    figure = draw_print_map(spec, province, date=date or dt.date.today())
    buffer = io.BytesIO()
    metadata = {
        "png": {"Title": spec.title, "Software": None},
        "svg": {"Title": spec.title, "Date": None, "Creator": None},
        "pdf": {"Title": spec.title, "CreationDate": None, "Producer": None, "Creator": None},
    }[image_format]
    figure.savefig(buffer, format=image_format, dpi=RESOLUTION_DPI, metadata=metadata)
    figure.clear()
    return buffer.getvalue()


def draw_print_map(
    spec: MapSpec, province: Province, *, date: dt.date, sheet: Sheet = A4_LANDSCAPE
) -> Figure:
    """Return the print map as a figure of the sheet's size."""
    figure = Figure(figsize=(sheet.width_mm / 25.4, sheet.height_mm / 25.4), facecolor="white")
    FigureCanvasAgg(figure)
    frame = frame_of(spec, province, sheet.map)
    _draw_title(_millimetre_axes(figure, sheet, sheet.title), spec)
    _draw_map(figure, sheet, spec, province, frame)
    _draw_legend(_millimetre_axes(figure, sheet, sheet.legend), spec)
    _draw_footer(_millimetre_axes(figure, sheet, sheet.footer), spec, province, date)
    return figure


def frame_of(spec: MapSpec, province: Province, box: Box) -> Frame:
    """Return what of the earth the map frame shows: the view's place, or all its bounds."""
    to_metric = Transformer.from_crs(GEOGRAPHIC, province.settings.metric_crs, always_xy=True)
    ratio = box.height / box.width
    extent = spec.extent
    if extent.center is not None and extent.zoom is not None:
        latitude, longitude = extent.center
        x, y = to_metric.transform(longitude, latitude)
        width = SCREEN_WIDTH_PX * metres_per_pixel(extent.zoom, latitude)
        return Frame(x, y, width, width * ratio, extent.zoom)
    west, south, east, north = to_metric.transform_bounds(*extent.bounds)
    grown = 1 + 2 * _EXTENT_MARGIN
    width = max(east - west, (north - south) / ratio) * grown
    middle_latitude = (extent.bounds[1] + extent.bounds[3]) / 2
    zoom = math.log2(metres_per_pixel(0, middle_latitude) * SCREEN_WIDTH_PX / width)
    return Frame((west + east) / 2, (south + north) / 2, width, width * ratio, zoom)


def metres_per_pixel(zoom: float, latitude: float) -> float:
    """Return the ground length of a web-map pixel, in metres, at a latitude in degrees."""
    circle = _EARTH_CIRCUMFERENCE_M * math.cos(math.radians(latitude))
    return float(circle / (_TILE_PX * 2**zoom))


def _millimetre_axes(figure: Figure, sheet: Sheet, box: Box) -> Axes:
    axes = figure.add_axes(box.fractions(sheet))
    axes.set_axis_off()
    axes.set_xlim(0, box.width)
    axes.set_ylim(0, box.height)
    return axes


def _draw_title(axes: Axes, spec: MapSpec) -> None:
    height = axes.get_ylim()[1]
    axes.text(0, height, spec.title, color=INK, fontproperties=paper_font(19), va="top")
    axes.text(
        0, 2.2, spec.subtitle, color=MUTED_INK, fontproperties=paper_font(10), va="bottom", wrap=True
    )


def _draw_map(
    figure: Figure, sheet: Sheet, spec: MapSpec, province: Province, frame: Frame
) -> None:
    axes = figure.add_axes(sheet.map.fractions(sheet), facecolor=SEA)
    west, south, east, north = frame.box.bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.8)
        spine.set_zorder(200)
    units_per_point = frame.width_m / (sheet.map.width * _POINTS_PER_MM)
    names = sorted({layer.geometry for layer in spec.layers})
    tables = {name: _projected(province, name, frame) for name in names}
    for order, layer in enumerate(spec.layers):
        if frame.zoom < layer.min_zoom:
            continue
        table = tables[layer.geometry]
        for found in layer.classes:
            if isinstance(found.symbol, (Label, Glyph)):
                continue
            for adcode in found.features:
                if adcode in table.index:
                    path = polygon_path(table.geometry.at[adcode])
                    draw_polygon(
                        axes, path, found.symbol, units_per_point=units_per_point, order=order + 1
                    )
    _draw_points(axes, spec, tables, units_per_point, frame)
    _draw_scale_bar(axes, spec, frame, units_per_point)
    _draw_north_arrow(axes, spec, province, frame, units_per_point)


def _projected(province: Province, name: GeometryId, frame: Frame) -> gpd.GeoDataFrame:
    """Return the areas that the frame meets, cut to a little more than it, in the metric CRS."""
    table: gpd.GeoDataFrame = getattr(province, name)
    metric = table.to_crs(province.settings.metric_crs)
    labels = gpd.GeoSeries.from_xy(
        table["label_lon"], table["label_lat"], index=table.index, crs=GEOGRAPHIC
    ).to_crs(province.settings.metric_crs)
    metric["label_x"], metric["label_y"] = labels.x, labels.y
    return metric[metric.intersects(frame.box)]


def _draw_points(
    axes: Axes,
    spec: MapSpec,
    tables: dict[GeometryId, gpd.GeoDataFrame],
    units_per_point: float,
    frame: Frame,
) -> None:
    """Draw glyphs and names, highest first; leave out a name that would lie on another."""
    taken: list[Bbox] = []
    rise = _GLYPH_RISE_PX * 0.75 * units_per_point
    for order, adcode, row, symbol in _points_from_above(spec, tables, frame):
        x, y = float(row["label_x"]), float(row["label_y"])
        if isinstance(symbol, Glyph):
            draw_glyph(axes, x, y + rise, symbol, units_per_point=units_per_point, order=order)
            radius = symbol.size * 0.75 / 2 * units_per_point
            corners = [(x - radius, y + rise - radius), (x + radius, y + rise + radius)]
            taken.append(Bbox(axes.transData.transform(corners)))
        else:
            text = draw_label(axes, x, y, str(row[symbol.field]), symbol, order=order)
            _keep_if_free(text, axes, taken)


def _points_from_above(
    spec: MapSpec, tables: dict[GeometryId, gpd.GeoDataFrame], frame: Frame
) -> Iterator[tuple[float, int, dict[str, object], Glyph | Label]]:
    layers = list(enumerate(spec.layers))
    for order, layer in reversed(layers):
        if frame.zoom < layer.min_zoom:
            continue
        table = tables[layer.geometry]
        for found in layer.classes:
            if isinstance(found.symbol, (Label, Glyph)):
                for adcode in found.features:
                    if adcode in table.index:
                        yield order + 50.0, adcode, table.loc[adcode].to_dict(), found.symbol


def _keep_if_free(text: Text, axes: Axes, taken: list[Bbox]) -> None:
    box = text.get_window_extent()
    inside = axes.get_window_extent()
    cut = box.x0 < inside.x0 or box.x1 > inside.x1 or box.y0 < inside.y0 or box.y1 > inside.y1
    if cut or any(box.overlaps(other) for other in taken):
        text.remove()
    else:
        taken.append(box)


def round_length_m(longest_m: float) -> float:
    """Return the longest length of 1, 2 or 5 times a power of ten that is at most ``longest_m``."""
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(step * power for step in (1, 2, 5) if step * power <= longest_m)


def _draw_scale_bar(axes: Axes, spec: MapSpec, frame: Frame, units_per_point: float) -> None:
    length = round_length_m(frame.width_m / 4)
    pad = 14 * units_per_point
    right, bottom = frame.x + frame.width_m / 2 - pad, frame.y - frame.height_m / 2 + pad
    left = right - length
    thick = 3 * units_per_point
    panel = shapely.box(
        left - pad * 0.7, bottom - pad * 0.5, right + pad * 0.7, bottom + thick + pad * 1.2
    )
    _panel(axes, panel)
    for part, color in ((0, INK), (1, "#FFFFFF")):
        start = left + part * length / 2
        axes.fill(
            [start, start + length / 2, start + length / 2, start],
            [bottom, bottom, bottom + thick, bottom + thick],
            facecolor=color,
            edgecolor=INK,
            linewidth=0.6,
            zorder=160,
        )
    words = say("print.kilometres", spec.language, value=f"{length / 1000:g}")
    font = paper_font(8)
    above = bottom + thick + 2.5 * units_per_point
    axes.text(left, above, "0", fontproperties=font, color=INK, zorder=160, ha="left")
    axes.text(right, above, words, fontproperties=font, color=INK, zorder=160, ha="right")


def _panel(axes: Axes, box: shapely.Polygon) -> None:
    x, y = box.exterior.xy
    axes.fill(x, y, facecolor="white", alpha=0.85, linewidth=0, zorder=150)


def _draw_north_arrow(
    axes: Axes, spec: MapSpec, province: Province, frame: Frame, units_per_point: float
) -> None:
    """Draw the arrow to true north, turned by the meridian convergence at the frame's centre."""
    back = Transformer.from_crs(province.settings.metric_crs, GEOGRAPHIC, always_xy=True)
    there = Transformer.from_crs(GEOGRAPHIC, province.settings.metric_crs, always_xy=True)
    longitude, latitude = back.transform(frame.x, frame.y)
    x, y = there.transform(longitude, latitude + 0.1)
    turn = math.atan2(x - frame.x, y - frame.y)
    size = 24 * units_per_point
    center_x = frame.x + frame.width_m / 2 - size * 1.1
    center_y = frame.y + frame.height_m / 2 - size * 1.5

    def place(right: float, up: float) -> tuple[float, float]:
        return (
            center_x + size * (right * math.cos(turn) + up * math.sin(turn)),
            center_y + size * (up * math.cos(turn) - right * math.sin(turn)),
        )

    _panel(
        axes,
        shapely.box(
            center_x - size * 0.62, center_y - size * 0.78, center_x + size * 0.62, center_y + size * 1.1
        ),
    )
    for side, color in ((-1, INK), (1, "#FFFFFF")):
        points = [place(0, 0.6), place(side * 0.32, -0.6), place(0, -0.32)]
        axes.fill(*zip(*points, strict=True), facecolor=color, edgecolor=INK, linewidth=0.7, zorder=160)
    axes.text(
        *place(0, 0.8),
        say("print.north", spec.language),
        fontproperties=paper_font(9),
        color=INK,
        ha="center",
        va="center",
        zorder=160,
    )


def _draw_legend(axes: Axes, spec: MapSpec) -> None:
    units_per_point = 1 / _POINTS_PER_MM
    y = axes.get_ylim()[1] - 3.0
    axes.text(
        0, y, say("print.legend", spec.language), fontproperties=paper_font(12), color=INK, va="center"
    )
    y -= 8.5
    for group in spec.legend:
        axes.text(0, y, group.title, fontproperties=paper_font(8.5), color=MUTED_INK, va="center")
        y -= 6.5
        for entry in group.entries:
            draw_swatch(axes, 4.2, y, entry.symbol, units_per_point=units_per_point)
            axes.text(10.5, y, entry.label, fontproperties=paper_font(9.5), color=INK, va="center")
            y -= 4.6
            for line in _wrapped(axes, entry.note, 7.5):
                axes.text(10.5, y, line, fontproperties=paper_font(7.5), color=MUTED_INK, va="center")
                y -= 3.5
            y -= 2.0
        y -= 3.0


def _wrapped(axes: Axes, words: str, size_pt: float, width_mm: float = 51.0) -> list[str]:
    """Break ``words`` into lines that fit ``width_mm``: at spaces, or anywhere in Chinese."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(words):
        if line and _width_mm(axes, line + piece.rstrip(), size_pt) > width_mm:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


_CLOSING = "，。、；：）」”％,.;:)"


def _pieces(words: str) -> list[str]:
    """Split into pieces that stay together: words, or single Chinese characters."""
    pieces: list[str] = []
    for letter in words:
        joined = bool(pieces) and (
            letter in _CLOSING
            or letter == " "
            or (letter.isascii() and pieces[-1][-1].isascii() and not pieces[-1].endswith(" "))
        )
        if joined:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _width_mm(axes: Axes, words: str, size_pt: float) -> float:
    text = axes.text(0, 0, words, fontproperties=paper_font(size_pt))
    width_px = text.get_window_extent().width
    text.remove()
    return float(width_px / axes.get_figure().dpi * 25.4)  # type: ignore[union-attr]


def _draw_footer(axes: Axes, spec: MapSpec, province: Province, date: dt.date) -> None:
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    language = spec.language
    credits = say("print.sources", language) + "; ".join(
        say(
            "print.retrieved" if source.year else "print.retrieved_undated",
            language,
            title=source.title.say(language),
            publisher=source.publisher,
            year=source.year,
        )
        for source in spec.sources
    )
    projection = CRS.from_user_input(province.settings.metric_crs).name
    facts = [
        *spec.notes,
        say("print.projection", language, name=projection),
        say("print.made", language, date=date.isoformat()),
    ]
    lines = [
        *_wrapped(axes, credits, 7.0, width),
        *_wrapped(axes, say("clause.separator", language).join(facts), 7.0, width),
    ]
    for place, line in enumerate(lines):
        axes.text(
            0,
            height - 1.5 - place * 3.4,
            line,
            fontproperties=paper_font(7.0),
            color=MUTED_INK,
            va="center",
        )
