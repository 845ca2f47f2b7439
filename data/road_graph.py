"""Hold, write and read a graph of roads, from which ways by road can be measured."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.errors import Fault


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Junctions and the roads between them, each once and open both ways.

    ``places`` holds longitude and latitude in decimal degrees (EPSG:4326), one row for each
    junction; ``start`` and ``end`` are rows of it; ``km`` is the length of the road itself.
    """

    places: np.ndarray
    start: np.ndarray
    end: np.ndarray
    km: np.ndarray


def empty_graph() -> RoadGraph:
    """Return a graph without any road."""
    rows = np.zeros(0, dtype=np.int32)
    return RoadGraph(np.zeros((0, 2)), rows, rows, np.zeros(0))


def write_graph(graph: RoadGraph, path: Path) -> None:
    """Write ``graph`` as NPZ: ``lon_lat`` in thousandths of a degree, ``ends``, ``metres``."""
    np.savez_compressed(
        path,
        lon_lat=np.rint(graph.places * 1000).astype(np.int32),
        ends=np.column_stack([graph.start, graph.end]).astype(np.int32),
        metres=np.rint(graph.km * 1000).astype(np.int32),
    )


def read_graph(path: Path) -> tuple[RoadGraph, list[Fault]]:
    """Read what ``write_graph`` wrote; where there are faults, the graph is empty."""
    try:
        with np.load(path) as held:
            places, ends, metres = (held[name] for name in ("lon_lat", "ends", "metres"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        return empty_graph(), [Fault(path.name, "", "", f"not readable as NPZ: {error}")]
    problem = _problem(places, ends, metres)
    if problem is not None:
        return empty_graph(), [Fault(path.name, *problem)]
    return RoadGraph(places / 1000, ends[:, 0], ends[:, 1], metres / 1000), []


def _problem(
    places: np.ndarray, ends: np.ndarray, metres: np.ndarray
) -> tuple[str, str, str] | None:
    """Return the record, the field and what is wrong of the first fault; ``None`` without one."""
    for name, array, shape in (("lon_lat", places, 2), ("ends", ends, 2), ("metres", metres, None)):
        expected = (len(array), shape) if shape else (len(array),)
        if array.shape != expected or array.dtype != np.int32:
            return (
                "",
                name,
                f"expected int32 of shape {expected}, found {array.dtype} {array.shape}",
            )
    if len(ends) != len(metres):
        return "", "metres", f"has {len(metres)} rows, but ends has {len(ends)}"
    beyond = np.flatnonzero(((ends < 0) | (ends >= len(places))).any(axis=1))
    if beyond.size:
        return f"row {beyond[0]}", "ends", f"no junction {ends[beyond[0]].tolist()}"
    short = np.flatnonzero(metres < 0)
    if short.size:
        return f"row {short[0]}", "metres", "is less than 0"
    return None
