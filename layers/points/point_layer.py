"""Show many points on a map: counts by area, and what tiles mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import geopandas as gpd
import pandas as pd
import shapely

from clusters.registers.register_counts import hexagon_ring
from clusters.registers.register_filter import choose, without_place
from data.crs import GEOGRAPHIC
from data.tables.point_tables import Points
from data.text import Language, number, say
from layers.points.point_classes import DensityLegend, legend_at, whole_zoom
from layers.specification.classification import natural_breaks
from layers.specification.map_spec import (
    Area,
    DrawnPoints,
    FeatureId,
    GeometryId,
    Hatch,
    LegendEntry,
    LegendGroup,
    MapLayer,
    MapSpec,
    Marker,
    SymbolClass,
)
from layers.specification.symbology import DENSITY_OPACITY, category_colors, class_fills

CountedBy = Literal["cities", "counties", "hexagons"]
_MOST_SHOWN = 12
_AREAS = ("neighbours", "cities", "counties")


@dataclass(frozen=True, eq=False)
class PointCounts:
    """Counts of points by adcode or hexagon."""

    points: Points
    by: CountedBy
    counts: pd.Series


def hexagon_table(counts: pd.Series) -> gpd.GeoDataFrame:
    """Return the hexagons of ``counts`` (indexed by H3 cell) as areas with names and labels."""
    names = [f"{int(cell):x}" for cell in counts.index]
    shapes = [shapely.Polygon(hexagon_ring(int(cell))) for cell in counts.index]
    table = gpd.GeoDataFrame({"id": names, "count": counts.to_numpy()}, geometry=shapes)
    middle = shapely.centroid(table.geometry.to_numpy())
    table = table.assign(
        name_zh=names,
        name_en=names,
        label_lon=shapely.get_x(middle),
        label_lat=shapely.get_y(middle),
    )
    return table.set_crs(GEOGRAPHIC).set_index("id", drop=False).rename_axis(None)


def with_counts(spec: MapSpec, counted: PointCounts) -> MapSpec:
    """Return ``spec`` with areas coloured by how many points they have.

    The layer lies below borders and names; its legend comes first, its source is named.
    """
    values = counted.counts[counted.counts > 0]
    if counted.by == "hexagons":
        values = values.set_axis([f"{int(cell):x}" for cell in values.index])
    breaks = natural_breaks([float(value) for value in values])
    fills = class_fills(len(breaks.upper))
    places = values.astype(float).map(breaks.class_of)
    classes, entries = [], []
    for place, (fill, low, high) in enumerate(zip(fills, breaks.lower, breaks.upper, strict=True)):
        ends = [number(low, spec.language), number(high, spec.language)]
        label = " – ".join(dict.fromkeys(ends))
        features: tuple[FeatureId, ...] = tuple(
            name if isinstance(name, str) else int(name) for name in places.index[places == place]
        )
        classes.append(SymbolClass(label, fill, features))
        entries.append(LegendEntry(label, fill))
    geometry: GeometryId = counted.by
    layer = MapLayer(
        id="own-points",
        title=say("own.points", spec.language),
        geometry=geometry,
        classes=tuple(classes),
        in_tooltip=counted.by != "hexagons",
        sources=(counted.points.source.id,),
        values=tuple(
            (name if isinstance(name, str) else int(name), number(value, spec.language))
            for name, value in values.items()
        ),
    )
    return replace(
        _marked(spec, counted.points, tuple(entries), f"own.by_{counted.by}"),
        layers=_inserted(spec.layers, layer),
    )


def with_points(spec: MapSpec, drawn: DrawnPoints, zoom: float) -> MapSpec:
    """Return ``spec`` with points of a register, and the legend that holds for them at ``zoom``."""
    register = drawn.points.register
    chosen = choose(register, drawn.wanted)
    return with_legend(spec, drawn, legend_at(register, chosen, whole_zoom(zoom), drawn.style))


def at_zoom(spec: MapSpec, zoom: float) -> MapSpec:
    """Return ``spec`` with the legend of its points, if it has any, for another zoom."""
    return spec if spec.points is None else with_points(spec, spec.points, zoom)


def with_legend(spec: MapSpec, drawn: DrawnPoints, density: DensityLegend | None) -> MapSpec:
    """Return ``spec`` with points of a register, and ``density`` or single points as legend.

    A legend that it had for points before goes.
    """
    others = tuple(group for group in spec.legend if not group.of_points)
    spec = replace(spec, points=drawn, legend=others)
    entries = _single_entries(drawn, spec) if density is None else _density_entries(density, spec)
    heading = "own.points" if density is None else "own.density"
    return _marked(spec, drawn.points, _with_unplaced(entries, drawn, spec), heading, True)


def _with_unplaced(
    entries: tuple[LegendEntry, ...], drawn: DrawnPoints, spec: MapSpec
) -> tuple[LegendEntry, ...]:
    """Say below the last entry how many rows are not drawn because only their area is known."""
    register = drawn.points.register
    if not entries or register.placed == len(register):
        return entries
    count = without_place(register, choose(register, drawn.wanted))
    if not count:
        return entries
    words = say("own.without_place", spec.language, count=number(count, spec.language))
    last = entries[-1]
    note = say("clause.separator", spec.language).join(one for one in (last.note, words) if one)
    return (*entries[:-1], replace(last, note=note))


def _density_entries(density: DensityLegend, spec: MapSpec) -> tuple[LegendEntry, ...]:
    entries = [
        LegendEntry(
            _at_least(density, place, spec.language),
            Area(fill=color, fill_opacity=DENSITY_OPACITY),
        )
        for place, color in enumerate(density.colors)
    ]
    cell = f"{density.cell_m:,.0f} m"
    note = say("own.cell", spec.language, cell=cell)
    return (*entries[:-1], *(replace(one, note=note) for one in entries[-1:]))


def _single_entries(drawn: DrawnPoints, spec: MapSpec) -> tuple[LegendEntry, ...]:
    color_by = drawn.style.color_by
    if color_by is None:
        point = _point(category_colors([""])[0])
        return (LegendEntry(say("own.point", spec.language), point),)
    labels = drawn.points.register.category(color_by).labels
    colors = category_colors(labels, drawn.style.value_colors)
    shown = [
        LegendEntry(_label(label, spec.language), _point(color))
        for label, color in zip(labels[:_MOST_SHOWN], colors, strict=False)
    ]
    if len(labels) > _MOST_SHOWN:
        more = say("own.more_values", spec.language, count=len(labels) - _MOST_SHOWN)
        shown[-1] = replace(shown[-1], note=more)
    return tuple(shown)


def _point(color: str) -> Marker:
    return Marker(shape="circle", color=color, size=9.0)


def _at_least(density: DensityLegend, place: int, language: Language) -> str:
    low = density.breaks[place]
    if place + 1 == len(density.breaks):
        return f"≥ {number(low, language)}"
    high = density.breaks[place + 1] - 1
    ends = dict.fromkeys([number(low, language), number(high, language)])
    return " – ".join(ends)


def _label(label: object, language: Language) -> str:
    return say("own.no_value", language) if label is None else str(label)


def _marked(
    spec: MapSpec,
    points: Points,
    entries: tuple[LegendEntry, ...],
    heading: str,
    of_points: bool = False,
) -> MapSpec:
    """Return ``spec`` with legend entries under the name of the points, and their source."""
    source, mark = points.source, points.mark(spec.language)
    title = say("label.value", spec.language, label=mark, value=say(heading, spec.language))
    sources = spec.sources if source in spec.sources else (*spec.sources, source)
    return replace(
        spec,
        legend=(LegendGroup(title, entries, of_points), *spec.legend) if entries else spec.legend,
        sources=sources,
    )


def _inserted(layers: tuple[MapLayer, ...], layer: MapLayer) -> tuple[MapLayer, ...]:
    """Put ``layer`` above the last layer that fills areas, below lines, signs and names."""
    place = max((at for at, one in enumerate(layers, 1) if _fills_areas(one)), default=0)
    return (*layers[:place], layer, *layers[place:])


def _fills_areas(layer: MapLayer) -> bool:
    return layer.geometry in _AREAS and any(
        isinstance(found.symbol, Hatch)
        or (isinstance(found.symbol, Area) and found.symbol.fill is not None)
        for found in layer.classes
    )
