"""Put points of a register on a map as a person asks for them: which of them, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from clusters.registers.register_counts import count_by_area, count_by_hexagon
from clusters.registers.register_filter import Chosen, RegisterFilter, choose, filter_of
from clusters.selection import Selection
from data.errors import UnknownChoiceError
from data.loader import Province
from data.register.store import CategoryLabel, Register
from data.tables.point_tables import Points
from layers.points.point_layer import PointCounts, hexagon_table, with_counts, with_points
from layers.specification.map_spec import DrawnPoints, MapSpec
from layers.specification.plan_signs import sector_colors
from layers.specification.point_style import POINT_MODES, PointsMode, PointStyle


@dataclass(frozen=True)
class PointsAsked:
    """How points are to be shown.

    ``mode``: as density and single points, or counted. ``color_by`` is the category that
    colours single points; ``values`` and ``ranges`` are those of ``RegisterFilter``;
    ``resolution`` is that of H3, for hexagons.
    """

    mode: PointsMode = "tiles"
    color_by: str | None = None
    values: tuple[tuple[str, tuple[CategoryLabel, ...]], ...] = ()
    ranges: tuple[tuple[str, int, int], ...] = ()
    resolution: int = 6

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> PointsAsked:
        """Return what ``dataclasses.asdict`` made plain, read from JSON."""
        return cls(
            mode=found["mode"],
            color_by=found["color_by"],
            values=tuple((str(name), tuple(values)) for name, values in found["values"]),
            ranges=tuple((str(name), int(low), int(high)) for name, low, high in found["ranges"]),
            resolution=int(found["resolution"]),
        )


_Asked = TypeVar("_Asked", bound=PointsAsked)


def fitting(asked: _Asked, register: Register) -> _Asked:
    """Return ``asked`` without what the register does not have."""
    categories = register.categories
    return replace(
        asked,
        color_by=asked.color_by if asked.color_by in categories else None,
        values=tuple(
            (name, tuple(value for value in values if value in categories[name].labels))
            for name, values in asked.values
            if name in categories
        ),
        ranges=tuple(one for one in asked.ranges if one[0] in categories),
    )


def wanted_of(
    asked: PointsAsked, selection: Selection, province: Province, register: Register
) -> tuple[RegisterFilter, tuple[str, ...]]:
    """Return which points are wanted under a view's selection, and what they cannot be asked.

    The second are facets of the selection that the register has no category for.
    """
    base, lacking = filter_of(selection, province, register)
    wanted = replace(
        base, values=(*base.values, *asked.values), ranges=(*base.ranges, *asked.ranges)
    )
    return wanted, lacking


def counted_points(points: Points, asked: PointsAsked, chosen: Chosen) -> PointCounts:
    """Return the chosen points counted by what ``asked`` names, which must not be tiles."""
    if asked.mode == "tiles":
        raise UnknownChoiceError("mode", asked.mode, POINT_MODES[1:])
    if asked.mode == "hexagons":
        counts = count_by_hexagon(points.register, chosen, asked.resolution)
        return PointCounts(points, asked.mode, counts)
    by: Literal["city", "county"] = "city" if asked.mode == "cities" else "county"
    return PointCounts(points, asked.mode, count_by_area(points.register, chosen, by))


def with_asked(
    spec: MapSpec, province: Province, points: Points, asked: PointsAsked, *, zoom: float = 8
) -> tuple[MapSpec, Province]:
    """Return ``spec`` with points as they are asked for, and the province with what that adds.

    What the register does not have is not asked of it. The legend of density is that of
    ``zoom``; paper finds its own.
    """
    register = points.register
    asked = fitting(asked, register)
    wanted, _ = wanted_of(asked, spec.selection, province, register)
    if asked.mode == "tiles":
        style = PointStyle(color_by=asked.color_by, value_colors=sector_colors(province))
        drawn = DrawnPoints(points, wanted, style)
        return with_points(spec, drawn, zoom), province
    counted = counted_points(points, asked, choose(register, wanted))
    if counted.by == "hexagons":
        province = replace(province, hexagons=hexagon_table(counted.counts))
    return with_counts(spec, counted), province
