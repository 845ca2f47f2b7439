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
from layers.paper.pictograms import draw_pictogram
from layers.paper.share_rings import RingLook, draw_share_ring
from layers.paper.symbols import POINTS_PER_PIXEL, draw_glyph, draw_label, draw_marker
from layers.specification.map_spec import (
    AreaId,
    FeatureId,
    GeometryId,
    Glyph,
    Label,
    MapLayer,
    MapSpec,
    Marker,
    Pictogram,
    grouping_at,
)
from layers.specification.symbology import OWN_RING

_GLYPH_RISE_PX = 22.0
_RING_DROP_PX = 9.0
_ABOVE_POLYGONS = 50.0
_SIGNS: tuple[GeometryId, ...] = ("sites", "ports")
"""What stands on the map as single signs, with its name beside it."""
_NAME_SHIFTS = ((0.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.6, 0.0), (-0.6, 0.0))
"""Where a name may go, in its own widths and heights, to be off a sign."""

Tables = dict[GeometryId, gpd.GeoDataFrame]


@dataclass
class _Sheet:
    """The axes with what is already taken on them, in pixels of the display."""

    axes: Axes
    units_per_point: float
    taken: list[Bbox] = field(default_factory=list)
    signs: list[Bbox] = field(default_factory=list)

    @property
    def units_per_pixel(self) -> float:
        return self.units_per_point * POINTS_PER_PIXEL

    def take(self, x: float, y: float, size_px: float) -> None:
        half = size_px * self.units_per_pixel / 2
        corners = [(x - half, y - half), (x + half, y + half)]
        self.taken.append(Bbox(self.axes.transData.transform(corners)))

    def take_sign(self, x: float, y: float, size_px: float) -> None:
        """Take the place of a single sign: names move out of its way."""
        half = size_px * self.units_per_pixel / 2
        corners = [(x - half, y - half), (x + half, y + half)]
        self.signs.append(Bbox(self.axes.transData.transform(corners)))

    def keep_if_free(self, text: Text, *, beside_sign: bool = False) -> None:
        """Keep a name only where it lies on nothing else and is not cut by the frame.

        One that would lie on a sign moves a little; the name of a sign stands beside it.
        """
        frame = self.axes.get_window_extent()
        at = text.get_window_extent()
        way = self._beside(text, at) if beside_sign else self._near(at)
        self._move(text, way)
        box = at.translated(*way)
        cut = box.x0 < frame.x0 or box.x1 > frame.x1 or box.y0 < frame.y0 or box.y1 > frame.y1
        if cut or any(box.overlaps(other) for other in (*self.taken, *self.signs)):
            text.remove()
        else:
            self.taken.append(box)

    def _near(self, at: Bbox) -> tuple[float, float]:
        """Return the way of a name to a place near its own that is free of signs, if one is."""
        ways = [(right * at.width, up * at.height) for right, up in _NAME_SHIFTS]
        return next(
            (way for way in ways if not _overlaps(at.translated(*way), self.signs)), ways[0]
        )

    def _beside(self, text: Text, at: Bbox) -> tuple[float, float]:
        """Return the way of a name to the first free place right, left, above or below its sign."""
        x, y = self.axes.transData.transform(text.get_position())
        sign = next((box for box in self.signs if box.contains(x, y)), Bbox([[x, y], [x, y]]))
        gap = at.height / 4
        across, along = (sign.width + at.width) / 2 + gap, (sign.height + at.height) / 2 + gap
        ways = [(across, 0.0), (-across, 0.0), (0.0, along), (0.0, -along)]
        others = [*self.taken, *(box for box in self.signs if box is not sign)]
        return next((way for way in ways if not _overlaps(at.translated(*way), others)), ways[0])

    def _move(self, text: Text, way: tuple[float, float]) -> None:
        """Move a name by display units."""
        if way != (0.0, 0.0):
            x, y = self.axes.transData.transform(text.get_position())
            moved = (x + way[0], y + way[1])
            text.set_position(tuple(self.axes.transData.inverted().transform(moved)))


def _overlaps(box: Bbox, others: list[Bbox]) -> bool:
    return any(box.overlaps(other) for other in others)


def draw_points(
    axes: Axes, spec: MapSpec, tables: Tables, units_per_point: float, frame: Frame
) -> None:
    """Draw signs first, then glyphs and names from the highest layer down.

    What has no place of its own is in the ring of its area. A name that would lie on a glyph, a
    ring or another name is left out; one that would lie on a sign moves first, and the name of a
    site stands beside its sign.
    """
    sheet = _Sheet(axes, units_per_point)
    for place, layer in enumerate(spec.layers):
        if layer.geometry in _SIGNS and frame.zoom >= layer.min_zoom:
            _draw_signs(sheet, layer, tables, frame, place + _ABOVE_POLYGONS)
    for order, row, symbol, of_site in _from_above(spec, tables, frame):
        x, y = float(row["label_x"]), float(row["label_y"])
        if isinstance(symbol, Glyph):
            rise = _GLYPH_RISE_PX * sheet.units_per_pixel
            draw_glyph(axes, x, y + rise, symbol, units_per_point=units_per_point, order=order)
            sheet.take(x, y + rise, symbol.size)
        else:
            text = draw_label(axes, x, y, str(row[symbol.field]), symbol, order=order)
            sheet.keep_if_free(text, beside_sign=of_site)


def _draw_signs(sheet: _Sheet, layer: MapLayer, tables: Tables, frame: Frame, order: float) -> None:
    sites = tables[layer.geometry]
    placed = frozenset(sites.index[sites.geometry.notna()])
    grouping = grouping_at(layer, frame.zoom)
    if grouping is not None:
        _draw_rings(sheet, tables, _grouped(layer, sites, grouping.by), grouping.by, order)
        return
    for found in layer.classes:
        for name in found.features:
            if name in placed and isinstance(found.symbol, (Marker, Pictogram)):
                x, y = float(sites.at[name, "label_x"]), float(sites.at[name, "label_y"])
                _draw_sign(sheet, x, y, found.symbol, order)
    if layer.groupings:
        unplaced = _grouped(layer, sites, "counties", placed)
        _draw_rings(sheet, tables, unplaced, "counties", order)


def _draw_sign(sheet: _Sheet, x: float, y: float, symbol: Marker | Pictogram, order: float) -> None:
    if isinstance(symbol, Marker):
        draw_marker(sheet.axes, x, y, symbol, order=order)
    else:
        draw_pictogram(sheet.axes, x, y, symbol, pixel=sheet.units_per_pixel, order=order)
    sheet.take_sign(x, y, symbol.size)


@dataclass
class _Group:
    """What an area has of a layer: counts by colour, and whether any has a place of its own."""

    shares: Counter[str] = field(default_factory=Counter)
    placed: bool = False
    marked: bool = False


def _grouped(
    layer: MapLayer,
    sites: gpd.GeoDataFrame,
    by: AreaId,
    without: frozenset[FeatureId] = frozenset(),
) -> dict[int, _Group]:
    """Return the groups of the features of a layer, but for those ``without``, by adcode."""
    column = {"cities": "city_adcode", "counties": "county_adcode"}[by]
    homes = sites[column].fillna(sites["city_adcode"])
    has_place, marked = sites.geometry.notna(), frozenset(layer.marked)
    groups: defaultdict[int, _Group] = defaultdict(_Group)
    for found in layer.classes:
        for name in found.features:
            if name in homes.index and name not in without and isinstance(found.symbol, Marker):
                group = groups[int(homes.at[name])]
                group.shares[found.symbol.color] += 1
                group.placed = group.placed or bool(has_place.at[name])
                group.marked = group.marked or name in marked
    return groups


def _draw_rings(
    sheet: _Sheet,
    tables: Tables,
    groups: dict[int, _Group],
    by: AreaId,
    order: float,
) -> None:
    """Draw the shares of each area that the frame holds, as the browser does."""
    for adcode, group in groups.items():
        areas = tables[by] if adcode in tables[by].index else tables["cities"]
        if adcode not in areas.index:
            continue
        look = RingLook(
            hollow=by == "counties" and not group.placed,
            rim=OWN_RING.color if group.marked else None,
        )
        count = group.shares.total()
        size, lift = look.size_px(count), look.lift_px(count)
        x = float(areas.at[adcode, "label_x"])
        y = float(areas.at[adcode, "label_y"])
        y -= (_RING_DROP_PX + lift + size / 2) * sheet.units_per_pixel
        draw_share_ring(
            sheet.axes,
            x,
            y,
            dict(group.shares),
            look=look,
            units_per_point=sheet.units_per_point,
            order=order,
        )
        shift = lift / 2 * sheet.units_per_pixel
        sheet.take(x + shift, y + shift, size + lift)


def _from_above(
    spec: MapSpec, tables: Tables, frame: Frame
) -> Iterator[tuple[float, dict[str, Any], Glyph | Label, bool]]:
    """Yield order, row and symbol of each glyph and name, and whether it stands beside a sign."""
    west, south, east, north = frame.box.bounds
    for order, layer in reversed(list(enumerate(spec.layers))):
        if frame.zoom < layer.min_zoom:
            continue
        table, of_sites = tables[layer.geometry], layer.geometry in _SIGNS
        if of_sites:
            table = table[table["label_x"].between(west, east)]
            table = table[table["label_y"].between(south, north)]
        for found in layer.classes:
            if isinstance(found.symbol, (Label, Glyph)):
                for name in found.features:
                    if name in table.index:
                        row = table.loc[name].to_dict()
                        yield order + _ABOVE_POLYGONS, row, found.symbol, of_sites
