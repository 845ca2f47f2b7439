"""Draw what stands at points of the print map: signs, rings of shares, glyphs and names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from layers.paper.frame import Frame
from layers.paper.symbols import (
    POINTS_PER_PIXEL,
    draw_glyph,
    draw_label,
    draw_marker,
    draw_share_ring,
    ring_size,
)
from layers.specification.map_spec import (
    GeometryId,
    Glyph,
    Grouping,
    Label,
    MapLayer,
    MapSpec,
    Marker,
    grouping_at,
)

_GLYPH_RISE_PX = 22.0
_RING_DROP_PX = 9.0
_ABOVE_POLYGONS = 50.0

Tables = dict[GeometryId, gpd.GeoDataFrame]


@dataclass
class _Sheet:
    """The axes with what is already taken on them, in pixels of the display."""

    axes: Axes
    units_per_point: float
    taken: list[Bbox] = field(default_factory=list)

    @property
    def units_per_pixel(self) -> float:
        return self.units_per_point * POINTS_PER_PIXEL

    def take(self, x: float, y: float, size_px: float) -> None:
        half = size_px * self.units_per_pixel / 2
        corners = [(x - half, y - half), (x + half, y + half)]
        self.taken.append(Bbox(self.axes.transData.transform(corners)))

    def keep_if_free(self, text: Text) -> None:
        """Keep a name only where it lies on nothing else and is not cut by the frame."""
        box = text.get_window_extent()
        frame = self.axes.get_window_extent()
        cut = box.x0 < frame.x0 or box.x1 > frame.x1 or box.y0 < frame.y0 or box.y1 > frame.y1
        if cut or any(box.overlaps(other) for other in self.taken):
            text.remove()
        else:
            self.taken.append(box)


def draw_points(
    axes: Axes, spec: MapSpec, tables: Tables, units_per_point: float, frame: Frame
) -> None:
    """Draw signs first, then glyphs and names from the highest layer down.

    A name that would lie on a glyph, a ring or another name is left out.
    """
    sheet = _Sheet(axes, units_per_point)
    for place, layer in enumerate(spec.layers):
        if layer.geometry == "sites" and frame.zoom >= layer.min_zoom:
            _draw_signs(sheet, layer, tables, frame, place + _ABOVE_POLYGONS)
    for order, row, symbol in _from_above(spec, tables, frame):
        x, y = float(row["label_x"]), float(row["label_y"])
        if isinstance(symbol, Glyph):
            rise = _GLYPH_RISE_PX * sheet.units_per_pixel
            draw_glyph(axes, x, y + rise, symbol, units_per_point=units_per_point, order=order)
            sheet.take(x, y + rise, symbol.size)
        else:
            text = draw_label(axes, x, y, str(row[symbol.field]), symbol, order=order)
            sheet.keep_if_free(text)


def _draw_signs(sheet: _Sheet, layer: MapLayer, tables: Tables, frame: Frame, order: float) -> None:
    grouping = grouping_at(layer, frame.zoom)
    if grouping is not None:
        _draw_rings(sheet, layer, tables, grouping, order)
        return
    table = tables[layer.geometry]
    for found in layer.classes:
        for name in found.features:
            if name in table.index and isinstance(found.symbol, Marker):
                x, y = float(table.at[name, "label_x"]), float(table.at[name, "label_y"])
                draw_marker(sheet.axes, x, y, found.symbol, order=order)


def _draw_rings(
    sheet: _Sheet, layer: MapLayer, tables: Tables, grouping: Grouping, order: float
) -> None:
    """Draw the shares of each area that the frame holds, as the browser does."""
    column = {"cities": "city_adcode", "counties": "county_adcode"}[grouping.by]
    sites = tables[layer.geometry]
    homes = sites[column].fillna(sites["city_adcode"])
    shares: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for found in layer.classes:
        for name in found.features:
            if name in homes.index and isinstance(found.symbol, Marker):
                shares[int(homes.at[name])][found.symbol.color] += 1
    for adcode, counts in shares.items():
        areas = tables[grouping.by] if adcode in tables[grouping.by].index else tables["cities"]
        if adcode not in areas.index:
            continue
        size = ring_size(counts.total())
        x = float(areas.at[adcode, "label_x"])
        y = float(areas.at[adcode, "label_y"])
        y -= (_RING_DROP_PX + size / 2) * sheet.units_per_pixel
        draw_share_ring(
            sheet.axes, x, y, dict(counts), units_per_point=sheet.units_per_point, order=order
        )
        sheet.take(x, y, size)


def _from_above(
    spec: MapSpec, tables: Tables, frame: Frame
) -> Iterator[tuple[float, dict[str, Any], Glyph | Label]]:
    for order, layer in reversed(list(enumerate(spec.layers))):
        if frame.zoom < layer.min_zoom:
            continue
        table = tables[layer.geometry]
        for found in layer.classes:
            if isinstance(found.symbol, (Label, Glyph)):
                for adcode in found.features:
                    if adcode in table.index:
                        row = table.loc[adcode].to_dict()
                        yield order + _ABOVE_POLYGONS, row, found.symbol
