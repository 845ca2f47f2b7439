"""Draw a map specification on paper: PNG, SVG or PDF with title, legend, scale and sources.

The map is drawn in the province's metric CRS, so that the scale bar is true.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any, Literal

import geopandas as gpd
import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from data.crs import GEOGRAPHIC
from data.loader import Province
from layers.paper import A4_LANDSCAPE, Box, Sheet
from layers.paper_frame import Frame, frame_of
from layers.paper_furniture import (
    POINTS_PER_MM,
    draw_footer,
    draw_legend,
    draw_north_arrow,
    draw_scale_bar,
    draw_title,
)
from layers.paper_symbols import (
    POINTS_PER_PIXEL,
    draw_glyph,
    draw_label,
    draw_polygon,
    polygon_path,
)
from layers.spec import GeometryId, Glyph, Label, MapSpec
from layers.symbology import INK, SEA

ImageFormat = Literal["png", "svg", "pdf"]

RESOLUTION_DPI = 300
_GLYPH_RISE_PX = 22.0

mpl.rcParams["pdf.fonttype"] = 42
mpl.rcParams["svg.hashsalt"] = "atlas"


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
    draw_title(_millimetre_axes(figure, sheet, sheet.title), spec)
    _draw_map(figure, sheet, spec, province, frame)
    draw_legend(_millimetre_axes(figure, sheet, sheet.legend), spec)
    draw_footer(
        _millimetre_axes(figure, sheet, sheet.footer), spec, province.settings.metric_crs, date
    )
    return figure


def _millimetre_axes(figure: Figure, sheet: Sheet, box: Box) -> Axes:
    axes = figure.add_axes(box.fractions(sheet))
    axes.set_axis_off()
    axes.set_xlim(0, box.width)
    axes.set_ylim(0, box.height)
    return axes


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
    units_per_point = frame.width_m / (sheet.map.width * POINTS_PER_MM)
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
    draw_scale_bar(axes, spec.language, frame, units_per_point)
    draw_north_arrow(axes, spec.language, frame, province.settings.metric_crs, units_per_point)


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
    rise = _GLYPH_RISE_PX * POINTS_PER_PIXEL * units_per_point
    for order, row, symbol in _points_from_above(spec, tables, frame):
        x, y = float(row["label_x"]), float(row["label_y"])
        if isinstance(symbol, Glyph):
            draw_glyph(axes, x, y + rise, symbol, units_per_point=units_per_point, order=order)
            radius = symbol.size * POINTS_PER_PIXEL / 2 * units_per_point
            corners = [(x - radius, y + rise - radius), (x + radius, y + rise + radius)]
            taken.append(Bbox(axes.transData.transform(corners)))
        else:
            text = draw_label(axes, x, y, str(row[symbol.field]), symbol, order=order)
            _keep_if_free(text, axes, taken)


def _points_from_above(
    spec: MapSpec, tables: dict[GeometryId, gpd.GeoDataFrame], frame: Frame
) -> Iterator[tuple[float, dict[str, Any], Glyph | Label]]:
    layers = list(enumerate(spec.layers))
    for order, layer in reversed(layers):
        if frame.zoom < layer.min_zoom:
            continue
        table = tables[layer.geometry]
        for found in layer.classes:
            if isinstance(found.symbol, (Label, Glyph)):
                for adcode in found.features:
                    if adcode in table.index:
                        yield order + 50.0, table.loc[adcode].to_dict(), found.symbol


def _keep_if_free(text: Text, axes: Axes, taken: list[Bbox]) -> None:
    box = text.get_window_extent()
    inside = axes.get_window_extent()
    cut = box.x0 < inside.x0 or box.x1 > inside.x1 or box.y0 < inside.y0 or box.y1 > inside.y1
    if cut or any(box.overlaps(other) for other in taken):
        text.remove()
    else:
        taken.append(box)
