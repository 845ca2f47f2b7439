"""Say whether a province's roads are known, and open the network of them when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.loader import Province

if TYPE_CHECKING:
    from clusters.distances.road_network import RoadNetwork

ROAD_LAYERS = ("towns", "roads", "water")
"""The layers of the ground that ways by road rest on: seats, the graph, and what parts banks."""


def has_roads(province: Province) -> bool:
    """Whether ways by road can be measured: the province has a graph of its roads."""
    return province.ground.has("road_graph")


def road_network(province: Province) -> RoadNetwork:
    """Return the network of a province's roads, always the same one.

    Raises ``DataError`` where its file cannot be read.
    """
    # SciPy is loaded where ways are measured, not where it is only asked whether there are roads.
    from clusters.distances.road_network import MOST_WATER_M, RoadNetwork
    from clusters.distances.wide_water import WideWater

    # It belongs to the ground, which a province with a session's own sites shares.
    kept, key = province.ground.kept, ("road_network", province.settings.metric_crs)
    if key not in kept:
        metric = province.settings.metric_crs
        water = WideWater(province.ground.water.geometry.to_crs(metric), MOST_WATER_M)
        kept[key] = RoadNetwork(province.ground.road_graph, metric, water)
    found: RoadNetwork = kept[key]
    return found
