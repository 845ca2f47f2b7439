"""Draw the borders of the open city's counties at every scale: they can be clicked."""

from __future__ import annotations

from layers.specification.map_spec import SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import COUNTY_BORDER


def _draw(scene: Scene) -> Drawn:
    if scene.view.profile is None or not scene.has_overlay("counties"):
        return Drawn(classes=())
    counties = scene.province.counties
    inside = counties.index[counties["city_adcode"] == scene.view.profile]
    adcodes = tuple(int(adcode) for adcode in inside)
    label = scene.say("layer.open_counties")
    return Drawn(classes=(SymbolClass(label, COUNTY_BORDER, adcodes),) if adcodes else ())


LAYER = CatalogueLayer(
    id="open-counties",
    title="layer.open_counties",
    order=41,
    geometry="counties",
    draw=_draw,
    decorative=True,
)
