"""Pack geometry for the wire: whole-number steps along lines that neighbours share.

A pack is plain JSON. ``arcs`` are lines on a grid of ``1 / scale`` degrees, each as
``[x, y, dx, dy, dx, dy, …]``: the first place, then the step to each next one. A ring names
its arcs one after another; ``~n`` stands for arc ``n`` run backwards. What two areas share
is one arc, so that they stay neighbours exactly, and it travels once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

WIRE_DECIMALS = 4
"""Decimals of a degree on the wire: about 10 m, a fifth of the boundaries' own precision."""

POINT_DECIMALS = 5

_Place = tuple[int, int]
_Line = tuple[_Place, ...]


def pack_areas(tables: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Pack tables of areas (EPSG:4326, with names and places of labels), sharing their arcs.

    Nothing is simplified beyond the grid: the boundaries have every vertex of their source, half
    of them more than 1.6 km apart, and ``coverage_simplify`` by 40 m was found to save 0.5 %.
    """
    scale = 10**WIRE_DECIMALS
    shapes = {name: _grid_rings(table, scale) for name, table in tables.items()}
    arcs = _Arcs([ring for areas in shapes.values() for ring in _all_rings(areas)])
    return {
        "scale": scale,
        "geometries": {
            name: {
                **_heads(table, scale),
                "shapes": [
                    [[arcs.refer(ring) for ring in polygon] for polygon in area]
                    for area in shapes[name]
                ],
            }
            for name, table in tables.items()
        },
        "arcs": [_steps(line) for line in arcs.lines],
    }


def pack_lines(name: str, table: gpd.GeoDataFrame) -> dict[str, Any]:
    """Pack lines (EPSG:4326, single or several a row, with names), each as steps of its own."""
    scale = 10**WIRE_DECIMALS
    parts = [
        [_on_grid(shapely.get_coordinates(line), scale) for line in shapely.get_parts(shape)]
        for shape in table.geometry
    ]
    return {
        "scale": scale,
        "geometries": {
            name: {
                "ids": _ids(table),
                "name_zh": table["name_zh"].tolist(),
                "name_en": table["name_en"].tolist(),
                "lines": [[_steps(line) for line in lines if len(line) > 1] for lines in parts],
            }
        },
        "arcs": [],
    }


def pack_points(name: str, table: gpd.GeoDataFrame, homes: Mapping[str, Any]) -> dict[str, Any]:
    """Pack points (EPSG:4326) with names; ``homes`` gives the areas that each lies in.

    ``points`` are those of the rows that have one, in their order; ``unplaced`` the numbers of
    the others.
    """
    scale = 10**POINT_DECIMALS
    points = np.round(shapely.get_coordinates(table.geometry.to_numpy()) * scale).astype(int)
    return {
        "scale": scale,
        "geometries": {
            name: {
                "ids": _ids(table),
                "name_zh": table["name_zh"].tolist(),
                "name_en": table["name_en"].tolist(),
                "homes": {key: [int(one) for one in column] for key, column in homes.items()},
                "points": _steps(tuple((int(x), int(y)) for x, y in points)),
                "unplaced": np.flatnonzero(table.geometry.isna()).tolist(),
            }
        },
        "arcs": [],
    }


class _Arcs:
    """The lines between junctions of a set of rings, each once."""

    def __init__(self, rings: list[_Line]) -> None:
        around: dict[_Place, set[_Place]] = {}
        for ring in rings:
            for one, other in pairwise(ring):
                around.setdefault(one, set()).add(other)
                around.setdefault(other, set()).add(one)
        self._junctions = {place for place, others in around.items() if len(others) != 2}
        self._numbers: dict[_Line, int] = {}
        self.lines: list[_Line] = []

    def refer(self, ring: _Line) -> list[int]:
        """Return the numbers of the arcs along a closed ring."""
        return [self._number(line) for line in self._split(ring)]

    def _split(self, ring: _Line) -> Iterator[_Line]:
        open_ring = ring[:-1]
        starts = [at for at, place in enumerate(open_ring) if place in self._junctions]
        # A ring without junctions starts at its least place, wherever it was cut.
        first = starts[0] if starts else open_ring.index(min(open_ring))
        turned = (*open_ring[first:], *open_ring[: first + 1])
        cuts = [*(at - first for at in starts or [first]), len(open_ring)]
        return (turned[start : end + 1] for start, end in pairwise(cuts))

    def _number(self, line: _Line) -> int:
        back = line[::-1]
        if line in self._numbers:
            return self._numbers[line]
        if back in self._numbers:
            return ~self._numbers[back]
        self._numbers[line] = len(self.lines)
        self.lines.append(line)
        return self._numbers[line]


def _grid_rings(table: gpd.GeoDataFrame, scale: int) -> list[list[list[_Line]]]:
    """Return the areas as polygons of closed rings on the grid; rings that vanish are left out."""
    return [
        [rings for polygon in shapely.get_parts(area) if (rings := _polygon(polygon, scale))]
        for area in table.geometry
    ]


def _polygon(polygon: shapely.Polygon, scale: int) -> list[_Line]:
    rings = [
        _on_grid(shapely.get_coordinates(ring), scale)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    # Three corners and the first again.
    outer, *holes = rings
    return [outer, *(hole for hole in holes if len(hole) > 3)] if len(outer) > 3 else []


def _on_grid(points: np.ndarray, scale: int) -> _Line:
    """Return places on the grid; where a ring or a line stands still, once."""
    rounded = np.round(points * scale).astype(int)
    moved = np.ones(len(rounded), dtype=bool)
    moved[1:] = (rounded[1:] != rounded[:-1]).any(axis=1)
    return tuple((int(x), int(y)) for x, y in rounded[moved])


def _steps(line: _Line) -> list[int]:
    places = np.array(line, dtype=int).reshape(-1, 2)
    steps: list[int] = np.diff(places, axis=0, prepend=[[0, 0]]).ravel().tolist()
    return steps


def _all_rings(areas: list[list[list[_Line]]]) -> Iterator[_Line]:
    return (ring for area in areas for polygon in area for ring in polygon)


def _heads(table: gpd.GeoDataFrame, scale: int) -> dict[str, Any]:
    labels = table[["label_lon", "label_lat"]].to_numpy(dtype=float)
    return {
        "ids": _ids(table),
        "name_zh": table["name_zh"].tolist(),
        "name_en": table["name_en"].tolist(),
        "labels": np.round(labels * scale).astype(int).ravel().tolist(),
    }


def _ids(table: gpd.GeoDataFrame) -> list[int | str]:
    return [one if isinstance(one, str) else int(one) for one in table.index]
