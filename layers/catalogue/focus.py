"""Outline the city whose profile is open, while none of its counties is."""

from __future__ import annotations

from layers.specification.map_spec import SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import FOCUS_BORDER


def _draw(scene: Scene) -> Drawn:
    if scene.view.profile is None or scene.view.county is not None:
        return Drawn(classes=())
    label = scene.say("layer.focus")
    return Drawn(classes=(SymbolClass(label, FOCUS_BORDER, (scene.view.profile,)),))


LAYER = CatalogueLayer(
    id="focus",
    title="layer.focus",
    order=75,
    geometry="cities",
    draw=_draw,
    decorative=True,
)
