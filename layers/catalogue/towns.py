"""Write the names of towns, close up."""

from __future__ import annotations

from layers.catalogue._ground import named_ground
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import town_label


def _draw(scene: Scene) -> Drawn:
    return named_ground(
        scene, "towns", scene.say("layer.towns"), town_label(scene.name_field), entry=True
    )


LAYER = CatalogueLayer(
    id="towns",
    title="layer.towns",
    order=81,
    geometry="towns",
    draw=_draw,
    legend_group="legend.ground",
    switchable=True,
    min_zoom=10.0,
    decorative=True,
    deferred=True,
)
