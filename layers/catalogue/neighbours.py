"""Draw the provinces around, pale, so that the study area stands out."""

from __future__ import annotations

from layers.specification.map_spec import SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import NEIGHBOUR, neighbour_label


def _draw(scene: Scene) -> Drawn:
    adcodes = tuple(int(adcode) for adcode in scene.province.neighbours.index)
    title = scene.say("layer.neighbours")
    return Drawn(
        classes=(
            SymbolClass(title, NEIGHBOUR, adcodes),
            SymbolClass(title, neighbour_label(scene.name_field), adcodes),
        ),
        sources=(scene.province.settings.boundary_source,),
    )


LAYER = CatalogueLayer(
    id="neighbours",
    title="layer.neighbours",
    order=0,
    geometry="neighbours",
    draw=_draw,
    decorative=True,
)
