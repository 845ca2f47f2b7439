"""Draw the counties' borders, and their names where the map is near enough."""

from __future__ import annotations

from layers.scene import CatalogueLayer, Drawn, Scene
from layers.spec import LegendEntry, SymbolClass
from layers.symbology import COUNTY_BORDER


def _draw(scene: Scene) -> Drawn:
    adcodes = tuple(int(adcode) for adcode in scene.province.counties.index)
    label = scene.say("layer.counties")
    return Drawn(
        classes=(SymbolClass(label, COUNTY_BORDER, adcodes),),
        legend=(LegendEntry(label, COUNTY_BORDER),),
        sources=(scene.province.settings.boundary_source,),
    )


LAYER = CatalogueLayer(
    id="counties",
    title="layer.counties",
    order=40,
    geometry="counties",
    draw=_draw,
    switchable=True,
)
