"""Draw lakes and wide rivers over what fills the cities: an administrative area is not land."""

from __future__ import annotations

from layers.catalogue._ground import drawn_ground
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import WATER


def _draw(scene: Scene) -> Drawn:
    return drawn_ground(scene, "water", WATER)


LAYER = CatalogueLayer(
    id="water",
    title="layer.water",
    order=38,
    geometry="water",
    draw=_draw,
    legend_group="legend.ground",
    switchable=True,
    decorative=True,
    deferred=True,
)
