"""Draw a map specification on paper: PNG, SVG or PDF with title, legend, scale and sources.

The map is drawn in the province's metric CRS, so that the scale bar is true.
"""

from __future__ import annotations

import datetime as dt
import io
import threading
from dataclasses import replace
from typing import Any, Literal

import geopandas as gpd
import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from PIL import Image
from shapely.geometry.base import BaseGeometry

from data.crs import GEOGRAPHIC
from data.loader import Province
from layers.paper.context import draw_graticule, draw_inset
from layers.paper.figure import bound_pdf, let_go
from layers.paper.frame import Frame, frame_of, on_paper, shape_of
from layers.paper.furniture import (
    POINTS_PER_MM,
    draw_footer,
    draw_legend,
    draw_north_arrow,
    draw_scale_bar,
    draw_title,
    legend_height_mm,
    millimetre_axes,
)
from layers.paper.point_symbols import draw_points
from layers.paper.ranking_page import ranking_pages
from layers.paper.register_picture import RESOLUTION_DPI, draw_register
from layers.paper.sheet import Box, PaperOptions, Sheet, sheet_of
from layers.paper.svg_halos import HALO_PREFIX, text_with_halo
from layers.paper.symbols import draw_line, draw_polygon, line_path, path_inside, polygon_path
from layers.points.point_layer import at_zoom
from layers.specification.derived import geometry_of
from layers.specification.map_spec import (
    Band,
    GeometryId,
    Glyph,
    Hatch,
    Label,
    Line,
    MapSpec,
    Marker,
    Pictogram,
    Stack,
    Symbol,
    fading_at,
    legend_at,
    used_geometries,
)
from layers.specification.symbology import INK, SEA
from layers.tables.analysis_tables import asks_ranking

ImageFormat = Literal["png", "svg", "pdf"]

_MOST_LAYOUTS = 3
_PNG_COMPRESSION = 3
_DEFAULT_OPTIONS = PaperOptions()

DRAWING = threading.Lock()
"""The drawing library shares fonts between threads: one map is drawn at a time."""

mpl.rcParams["pdf.fonttype"] = 42
mpl.rcParams["svg.hashsalt"] = "atlas"
mpl.rcParams["svg.fonttype"] = "none"
# A dollar in a name is a dollar, not the start of a formula.
mpl.rcParams["text.parse_math"] = False


def render_print_map(
    spec: MapSpec,
    province: Province,
    image_format: ImageFormat,
    options: PaperOptions = _DEFAULT_OPTIONS,
    *,
    date: dt.date | None = None,
) -> bytes:
    """Return the print map of ``spec`` as a file of ``image_format`` (PNG: 300 dpi).

    A PDF of a view that asks for the ranking has the ranking, taken apart, on the next pages.
    """
    metadata = {
        "png": {"Title": spec.title, "Software": None},
        "svg": {"Title": spec.title, "Date": None, "Creator": None},
        "pdf": {"Title": spec.title, "CreationDate": None, "Producer": None, "Creator": None},
    }[image_format]
    with DRAWING:
        day = date or dt.date.today()
        figure = draw_print_map(spec, province, options, date=day)
        if image_format == "pdf" and asks_ranking(spec):
            return bound_pdf([figure, *_ranking(spec, province, options, day)], spec.title)
        content = _saved(figure, image_format, metadata)
    return text_with_halo(content) if image_format == "svg" else content


def print_map_pixels(
    spec: MapSpec, province: Province, options: PaperOptions, *, date: dt.date
) -> Image.Image:
    """Return the print map as pixels (300 dpi), to make another picture of."""
    buffer = io.BytesIO()
    with DRAWING:
        figure = draw_print_map(spec, province, options, date=date)
        width, height = (int(inches * RESOLUTION_DPI) for inches in figure.get_size_inches())
        figure.savefig(buffer, format="rgba", dpi=RESOLUTION_DPI)
        let_go(figure)
    return Image.frombuffer("RGBA", (width, height), buffer.getvalue()).convert("RGB")


def _ranking(
    spec: MapSpec, province: Province, options: PaperOptions, date: dt.date
) -> tuple[Figure, ...]:
    # A table is wider than high, whatever the map is.
    sheet = sheet_of(options.size, "landscape", 1.0)
    return ranking_pages(on_paper(spec, province, options), province, sheet, date)


def _saved(figure: Figure, image_format: ImageFormat, metadata: dict[str, Any]) -> bytes:
    if image_format == "svg":
        _leave_halos_to_the_style_sheet(figure)
    buffer = io.BytesIO()
    extra: dict[str, Any] = {"dpi": RESOLUTION_DPI, "metadata": metadata}
    if image_format == "png":
        extra["pil_kwargs"] = {"compress_level": _PNG_COMPRESSION}
    figure.savefig(buffer, format=image_format, **extra)
    let_go(figure)
    return buffer.getvalue()


def _leave_halos_to_the_style_sheet(figure: Figure) -> None:
    for text in figure.findobj(Text):
        if (text.get_gid() or "").startswith(HALO_PREFIX):
            text.set_path_effects([])


def render_map_picture(
    spec: MapSpec, province: Province, width_mm: float, height_mm: float
) -> bytes:
    """Return the map alone, without what stands around it, as a PNG of 300 dpi."""
    with DRAWING:
        figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4))
        FigureCanvasAgg(figure)
        box = Box(0.0, 0.0, width_mm, height_mm)
        _draw_map(figure, (0.0, 0.0, 1.0, 1.0), box, spec, province, _DEFAULT_OPTIONS)
        return _saved(figure, "png", {"Software": None})


def draw_print_map(
    spec: MapSpec,
    province: Province,
    options: PaperOptions = _DEFAULT_OPTIONS,
    *,
    date: dt.date,
) -> Figure:
    """Return the print map as a figure of the sheet's size."""
    spec, sheet = _laid_out(on_paper(spec, province, options), province, options)
    figure = Figure(figsize=(sheet.width_mm / 25.4, sheet.height_mm / 25.4), facecolor="white")
    FigureCanvasAgg(figure)
    draw_title(millimetre_axes(figure, sheet, sheet.title), spec)
    _draw_map(figure, sheet.map.fractions(sheet), sheet.map, spec, province, options)
    draw_legend(millimetre_axes(figure, sheet, sheet.legend), spec, beside=sheet.is_landscape)
    footer = millimetre_axes(figure, sheet, sheet.footer)
    draw_footer(footer, spec, province.settings.metric_crs, date, options.link)
    return figure


def _laid_out(spec: MapSpec, province: Province, options: PaperOptions) -> tuple[MapSpec, Sheet]:
    """Return the sheet with room for the legend, and ``spec`` with the legend for its scale.

    The classes of points belong to the scale, the scale to the room that the legend leaves.
    """
    sheet = sheet_of(options.size, options.orientation, shape_of(spec, province))
    for _ in range(_MOST_LAYOUTS):
        scaled = at_scale(spec, frame_of(spec, province, sheet.map).zoom)
        needed = min(legend_height_mm(scaled, sheet.legend.width), sheet.height_mm / 3)
        if needed <= sheet.legend_height_mm:
            return scaled, sheet
        sheet = replace(sheet, legend_height_mm=needed)
    return at_scale(spec, frame_of(spec, province, sheet.map).zoom), sheet


def at_scale(spec: MapSpec, zoom: float) -> MapSpec:
    """Return ``spec`` with the legend and the sources of what is drawn at a scale."""
    spec = at_zoom(spec, zoom)
    waiting = {name for one in spec.layers if zoom < one.min_zoom for name in one.sources}
    waiting -= {name for one in spec.layers if zoom >= one.min_zoom for name in one.sources}
    sources = tuple(one for one in spec.sources if one.id not in waiting)
    return replace(spec, legend=legend_at(spec, zoom), sources=sources)


def _draw_map(
    figure: Figure,
    place: tuple[float, float, float, float],
    box: Box,
    spec: MapSpec,
    province: Province,
    options: PaperOptions,
) -> None:
    """Draw the map into ``place`` (fractions of the figure), which is ``box`` on the sheet."""
    frame = frame_of(spec, province, box)
    axes = figure.add_axes(place, facecolor=SEA)
    west, south, east, north = frame.box.bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(INK)
        spine.set_linewidth(0.8)
        spine.set_zorder(200)
    units_per_point = frame.width_m / (box.width * POINTS_PER_MM)
    tables = _tables(spec, province, frame)
    _draw_polygons(axes, spec, tables, units_per_point, frame)
    if options.graticule:
        draw_graticule(axes, frame, province.settings.metric_crs)
    draw_register(axes, spec, frame, province.settings.metric_crs, units_per_point)
    draw_points(axes, spec, tables, units_per_point, frame)
    if options.inset:
        draw_inset(figure, place, box, frame, province)
    draw_scale_bar(axes, spec.language, frame, units_per_point)
    draw_north_arrow(axes, spec.language, frame, province.settings.metric_crs, units_per_point)


def _tables(spec: MapSpec, province: Province, frame: Frame) -> dict[GeometryId, gpd.GeoDataFrame]:
    """Return the tables that the layers need, in the metric CRS, cut to what the frame meets."""
    return {name: _projected(spec, province, name, frame) for name in sorted(used_geometries(spec))}


def _projected(
    spec: MapSpec, province: Province, name: GeometryId, frame: Frame
) -> gpd.GeoDataFrame:
    table = geometry_of(spec, province, name)
    metric = table.to_crs(province.settings.metric_crs)
    labels = metric.geometry
    if "label_lon" in table:
        labels = gpd.GeoSeries.from_xy(
            table["label_lon"], table["label_lat"], index=table.index, crs=GEOGRAPHIC
        ).to_crs(province.settings.metric_crs)
    metric["label_x"], metric["label_y"] = labels.x, labels.y
    # Sites stay whole: a ring counts all sites of its area, in the frame or not.
    return metric if name == "sites" else metric[metric.intersects(frame.box)]


def _draw_polygons(
    axes: Axes,
    spec: MapSpec,
    tables: dict[GeometryId, gpd.GeoDataFrame],
    units_per_point: float,
    frame: Frame,
) -> None:
    for order, layer in enumerate(spec.layers):
        if frame.zoom < layer.min_zoom:
            continue
        table = tables[layer.geometry]
        kept = fading_at(frame.zoom) if layer.fades else 1.0
        for found in layer.classes:
            if isinstance(found.symbol, (Label, Glyph, Marker, Pictogram, Stack)):
                continue
            symbol = replace(found.symbol, opacity=kept * found.symbol.opacity)
            for adcode in found.features:
                if adcode not in table.index:
                    continue
                shape = table.geometry.at[adcode]
                if isinstance(symbol, Line):
                    draw_line(axes, line_path(shape), symbol, order=order + 1)
                    continue
                draw_polygon(
                    axes,
                    polygon_path(shape),
                    symbol,
                    units_per_point=units_per_point,
                    order=order + 1,
                    inside=_clip(shape, symbol, frame),
                )


def _clip(shape: BaseGeometry, symbol: Symbol, frame: Frame) -> Path | None:
    return path_inside(shape, frame.box) if isinstance(symbol, (Hatch, Band)) else None
