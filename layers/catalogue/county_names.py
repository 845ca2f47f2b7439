"""Write the counties' names from the zoom at which they have room."""

from __future__ import annotations

from layers.catalogue.counties import COUNTIES_FROM_ZOOM
from layers.specification.map_spec import SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import county_label


def _draw(scene: Scene) -> Drawn:
    if not scene.has_overlay("counties"):
        return Drawn(classes=())
    adcodes = tuple(int(adcode) for adcode in scene.province.counties.index)
    label = scene.say("layer.county_names")
    return Drawn(classes=(SymbolClass(label, county_label(scene.name_field), adcodes),))


LAYER = CatalogueLayer(
    id="county-names",
    title="layer.county_names",
    order=85,
    geometry="counties",
    draw=_draw,
    min_zoom=COUNTIES_FROM_ZOOM,
    decorative=True,
)
