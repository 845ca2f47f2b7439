"""Draw railways."""

from __future__ import annotations

from layers.catalogue._ground import drawn_ground
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import RAILWAY


def _draw(scene: Scene) -> Drawn:
    return drawn_ground(scene, "railways", RAILWAY)


LAYER = CatalogueLayer(
    id="railways",
    title="layer.railways",
    order=44,
    geometry="railways",
    draw=_draw,
    legend_group="legend.ground",
    switchable=True,
    min_zoom=9.5,
    decorative=True,
    deferred=True,
)
