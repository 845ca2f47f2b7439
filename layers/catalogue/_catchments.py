"""Draw what lies near the hubs, by whatever it is measured."""

from __future__ import annotations

import geopandas as gpd

from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import Drawn, Scene
from layers.specification.symbology import catchment_line


def drawn_catchments(
    scene: Scene, table: gpd.GeoDataFrame, *, within: str, note: str, sources: tuple[str, ...]
) -> Drawn:
    """Return the outlines of catchments (``distance_km``, nearest first), named by ``within``.

    ``within`` and ``note`` are keys of phrases; ``sources`` are ids, to which the hub's are added.
    """
    if table.empty:
        return Drawn(classes=())
    classes = []
    legend = []
    for place, row in enumerate(table.itertuples()):
        label = scene.say(within, distance=f"{row.distance_km:g}")
        symbol = catchment_line(place)
        classes.append(SymbolClass(label, symbol, (row.id,)))
        legend.append(LegendEntry(label, symbol))
    legend[-1] = LegendEntry(legend[-1].label, legend[-1].symbol, scene.say(note))
    hub = scene.province.plan.hub
    every = dict.fromkeys([*sources, *(hub.sources if hub else ())])
    return Drawn(tuple(classes), tuple(legend), tuple(every))
