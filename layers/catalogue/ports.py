"""Mark ports and airports."""

from __future__ import annotations

from layers.specification.ground_tables import ground_table
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import AIRPORT, PORT

_SIGNS = {"port": PORT, "airport": AIRPORT}


def _draw(scene: Scene) -> Drawn:
    kinds = ground_table(scene.province, "ports")["kind"]
    shown = {kind: kinds.index[kinds == kind] for kind in _SIGNS}
    words = {kind: scene.say(f"ground.{kind}") for kind in _SIGNS}
    return Drawn(
        classes=tuple(
            SymbolClass(words[kind], _SIGNS[kind], tuple(ids))
            for kind, ids in shown.items()
            if len(ids)
        ),
        legend=tuple(
            LegendEntry(words[kind], _SIGNS[kind]) for kind, ids in shown.items() if len(ids)
        ),
        sources=scene.province.ground.source_ids("ports", "airports"),
    )


LAYER = CatalogueLayer(
    id="ports",
    title="layer.ports",
    order=82,
    geometry="ports",
    draw=_draw,
    legend_group="legend.ground",
    switchable=True,
    default=False,
    min_zoom=8.0,
    decorative=True,
    deferred=True,
)
