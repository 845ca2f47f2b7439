"""Draw main roads."""

from __future__ import annotations

from layers.catalogue._ground import drawn_ground
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import ROAD


def _draw(scene: Scene) -> Drawn:
    return drawn_ground(scene, "roads", ROAD)


LAYER = CatalogueLayer(
    id="roads",
    title="layer.roads",
    order=43,
    geometry="roads",
    draw=_draw,
    legend_group="legend.ground",
    switchable=True,
    min_zoom=9.5,
    decorative=True,
    deferred=True,
)
