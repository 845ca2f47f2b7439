"""Draw the cities' borders over everything that fills them."""

from __future__ import annotations

from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import CITY_BORDER


def _draw(scene: Scene) -> Drawn:
    adcodes = tuple(int(adcode) for adcode in scene.province.cities.index)
    label = scene.say("layer.borders")
    return Drawn(
        classes=(SymbolClass(label, CITY_BORDER, adcodes),),
        legend=(LegendEntry(label, CITY_BORDER),),
        sources=(scene.province.settings.boundary_source,),
    )


LAYER = CatalogueLayer(
    id="borders",
    title="layer.borders",
    order=70,
    geometry="cities",
    draw=_draw,
    decorative=True,
)
