"""Outline the county that is open."""

from __future__ import annotations

from layers.specification.map_spec import SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import FOCUS_BORDER


def _draw(scene: Scene) -> Drawn:
    if scene.view.county is None:
        return Drawn(classes=())
    label = scene.say("layer.focus_county")
    return Drawn(classes=(SymbolClass(label, FOCUS_BORDER, (scene.view.county,)),))


LAYER = CatalogueLayer(
    id="focus-county",
    title="layer.focus_county",
    order=76,
    geometry="counties",
    draw=_draw,
    decorative=True,
)
