"""Write the names of lakes and wide rivers, from the zoom at which they have room."""

from __future__ import annotations

from layers.catalogue._ground import named_ground
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import water_label


def _draw(scene: Scene) -> Drawn:
    if not scene.has_overlay("water"):
        return Drawn(classes=())
    return named_ground(
        scene, "water", scene.say("layer.water_names"), water_label(scene.name_field)
    )


LAYER = CatalogueLayer(
    id="water-names",
    title="layer.water_names",
    order=80,
    geometry="water",
    draw=_draw,
    legend_group="legend.ground",
    min_zoom=8.0,
    decorative=True,
    deferred=True,
)
