"""Say what a map shows, in terms that every renderer understands and none owns.

A ``MapSpec`` is composed from a view once; the screen, the print map and the files all
take it, so that they cannot disagree. Widths and sizes are in CSS pixels (1/96 inch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from clusters.selection import Selection
from data.model import SiteShape, Source
from data.text import Language

if TYPE_CHECKING:
    import pandas as pd

    from clusters.registers.register_filter import RegisterFilter
    from data.loader import Province
    from data.tables.point_tables import Points
    from layers.specification.point_style import PointStyle

GeometryId = Literal[
    "neighbours",
    "cities",
    "counties",
    "sites",
    "catchments",
    "road_catchments",
    "area_of_interest",
    "footprints",
    "hexagons",
    "water",
    "roads",
    "railways",
    "towns",
    "ports",
]
AreaId = Literal["cities", "counties"]
FeatureId = int | str
MarkerFill = Literal["solid", "open", "crossed"]
TextField = Literal["name_zh", "name_en"]


@dataclass(frozen=True)
class Area:
    """A polygon filled with ``fill`` (``None``: not filled) and outlined with ``stroke``."""

    fill: str | None
    fill_opacity: float = 1.0
    stroke: str | None = None
    stroke_width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Hatch:
    """A polygon filled with parallel lines at ``angle`` degrees, counter-clockwise from east."""

    color: str
    spacing: float
    width: float
    angle: float = 45.0
    opacity: float = 1.0


@dataclass(frozen=True)
class Band:
    """A ring along the inside of a polygon's border, with a ``rim`` wide of ``casing`` between."""

    color: str
    width: float
    casing: str
    rim: float
    opacity: float = 1.0


@dataclass(frozen=True)
class Line:
    """A line, such as a road; with a ``casing`` it has a rim of that colour, 1 wide."""

    color: str
    width: float
    casing: str | None = None
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Glyph:
    """A disc with a short text, standing above the label point of a polygon."""

    text: str
    color: str
    ink: str
    size: float
    opacity: float = 1.0


@dataclass(frozen=True)
class Label:
    """A name at the label point of a polygon, or beside the sign at a point.

    ``field`` is the column that holds it.
    """

    field: TextField
    color: str
    halo: str
    size: float
    bold: bool = False
    opacity: float = 1.0


@dataclass(frozen=True)
class Marker:
    """A small sign at a point. ``fill``: solid stands, open is to come, crossed is gone.

    ``icon`` names the drawing in it that a screen shows where the map is near enough.
    """

    shape: SiteShape
    color: str
    size: float
    fill: MarkerFill = "solid"
    opacity: float = 1.0
    icon: str | None = None


@dataclass(frozen=True)
class Pictogram:
    """The line drawing ``icon`` at a point, with a halo: what is no site of a sector."""

    icon: str
    color: str
    halo: str
    size: float
    opacity: float = 1.0


@dataclass(frozen=True)
class Stack:
    """A hollow ring with a count, at an area's label point: what is known to the area only.

    It stands in legends; on maps, shares of the classes colour it.
    """

    color: str
    opacity: float = 1.0


Symbol = Area | Hatch | Band | Line | Glyph | Label | Marker | Pictogram | Stack


@dataclass(frozen=True)
class SymbolClass:
    """Features that are drawn alike. ``features`` are ids of the geometry: adcodes, site ids."""

    label: str
    symbol: Symbol
    features: tuple[FeatureId, ...]


@dataclass(frozen=True)
class Grouping:
    """Below ``below_zoom``, draw one ring of shares for each area of ``by`` instead of points.

    A feature without a place of its own (no geometry) is never drawn as a point: from the nearest
    grouping on, hollow rings stand for such features at the label points of their areas.
    """

    by: AreaId
    below_zoom: float


LayerColumns: TypeAlias = "Callable[[MapSpec, Province], pd.DataFrame]"
"""What files say of a layer's features: columns by feature id, named once in a geometry."""


@dataclass(frozen=True)
class MapLayer:
    """One layer: its classes on one geometry, drawn from ``min_zoom`` on.

    The features of an ``interactive`` layer can be clicked; the classes of a layer with
    ``in_tooltip`` are named when the pointer rests on one of their features. ``groupings``
    are ordered from far to near; the first whose zoom the map is below is drawn. ``values``
    says in words what a feature's value is, for its tooltip. A screen waits for
    ``screen_from_zoom`` too; paper does not.

    Every data file says of each feature how the layer draws it (the class's label), its value,
    and ``columns``; a ``decorative`` layer, which states nothing by itself, is not in them.
    A ring that counts one of the ``marked`` features has a rim. A screen draws what is ``deferred``
    after the rest of a first view, once the map is near enough for it. What ``fades`` is drawn
    with the share ``fading_at`` of its opacity.
    """

    id: str
    title: str
    geometry: GeometryId
    classes: tuple[SymbolClass, ...]
    min_zoom: float = 0.0
    screen_from_zoom: float = 0.0
    interactive: bool = False
    in_tooltip: bool = False
    groupings: tuple[Grouping, ...] = ()
    sources: tuple[str, ...] = ()
    values: tuple[tuple[FeatureId, str], ...] = ()
    decorative: bool = False
    columns: LayerColumns | None = None
    marked: tuple[FeatureId, ...] = ()
    deferred: bool = False
    fades: bool = False


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a swatch, what it means, and a remark under it.

    ``toggle`` names what a click on the line switches (``overlay.<id>``, ``sector.<id>``);
    where it is empty, the line switches nothing.
    """

    label: str
    symbol: Symbol
    note: str = ""
    toggle: str = ""


@dataclass(frozen=True)
class LegendGroup:
    """Lines of the legend under one heading.

    ``of_points`` marks the group that says what ``MapSpec.points`` look like: it belongs to a
    zoom, and is made anew for paper.
    """

    title: str
    entries: tuple[LegendEntry, ...]
    of_points: bool = False


@dataclass(frozen=True)
class DrawnPoints:
    """Points of a register that are drawn one by one, or as density where they are many.

    They lie below the names and above everything else. ``wanted`` says which, ``style`` how.
    """

    points: Points
    wanted: RegisterFilter
    style: PointStyle


@dataclass(frozen=True)
class Extent:
    """Where to look: a box (west, south, east, north) in degrees, or a centre and a zoom.

    ``center`` is (latitude, longitude) in degrees; ``zoom`` is a web-map zoom level. Both
    are ``None`` when the box is to be fitted. On paper a ``scale`` (500,000 for 1 : 500,000) around
    the centre, or the middle of the box, goes before either.
    """

    bounds: tuple[float, float, float, float]
    center: tuple[float, float] | None = None
    zoom: float | None = None
    scale: int | None = None


@dataclass(frozen=True)
class MapSpec:
    """Everything that one map shows. ``dimmed`` cities are outside the ``selection``.

    ``theme`` is the id of what colours the cities, if anything does; ``weights`` are those of
    the ranking's criteria. ``points`` are drawn from their register, not from a layer.
    """

    province: str
    language: Language
    title: str
    subtitle: str
    layers: tuple[MapLayer, ...]
    legend: tuple[LegendGroup, ...]
    dimmed: tuple[int, ...]
    extent: Extent
    basemap: str
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    focus: FeatureId | None = None
    selection: Selection = field(default_factory=Selection)
    theme: str | None = None
    weights: tuple[tuple[str, int], ...] = ()
    points: DrawnPoints | None = None


def used_geometries(spec: MapSpec) -> frozenset[GeometryId]:
    """Return the ids of the geometries that the layers of ``spec`` are drawn on."""
    used: set[GeometryId] = {layer.geometry for layer in spec.layers}
    used |= {found.by for layer in spec.layers for found in layer.groupings}
    return frozenset(used)


def legend_at(spec: MapSpec, zoom: float) -> tuple[LegendGroup, ...]:
    """Return the legend of what is drawn at a zoom level, as pale as it is drawn there."""
    waiting = {f"overlay.{layer.id}" for layer in spec.layers if zoom < layer.min_zoom}
    fading = {f"overlay.{layer.id}" for layer in spec.layers if layer.fades}
    kept = fading_at(zoom)

    def shown(entry: LegendEntry) -> LegendEntry:
        if entry.toggle not in fading:
            return entry
        symbol = entry.symbol
        return replace(entry, symbol=replace(symbol, opacity=kept * symbol.opacity))

    groups = (
        replace(
            group, entries=tuple(shown(one) for one in group.entries if one.toggle not in waiting)
        )
        for group in spec.legend
    )
    return tuple(group for group in groups if group.entries)


FADES_ZOOM = (9.0, 11.0)
FADED_SHARE = 0.25


def fading_at(zoom: float) -> float:
    """Return which share of its opacity a fading layer keeps at a zoom level."""
    first, last = FADES_ZOOM
    gone = min(max((zoom - first) / (last - first), 0.0), 1.0)
    return 1.0 - gone * (1.0 - FADED_SHARE)


def grouping_at(layer: MapLayer, zoom: float) -> Grouping | None:
    """Return how a layer of points is grouped at a zoom level; ``None``: not at all."""
    return next((found for found in layer.groupings if zoom < found.below_zoom), None)
