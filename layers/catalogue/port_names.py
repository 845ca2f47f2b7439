"""Write the names of ports and airports beside their signs."""

from __future__ import annotations

from layers.catalogue._ground import named_ground
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import town_label


def _draw(scene: Scene) -> Drawn:
    if not scene.has_overlay("ports"):
        return Drawn(classes=())
    return named_ground(scene, "ports", scene.say("layer.port_names"), town_label(scene.name_field))


LAYER = CatalogueLayer(
    id="port-names",
    title="layer.port_names",
    order=83,
    geometry="ports",
    draw=_draw,
    legend_group="legend.ground",
    min_zoom=10.0,
    decorative=True,
    deferred=True,
)
