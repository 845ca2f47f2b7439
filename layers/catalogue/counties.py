"""Draw the counties' borders; on a screen from the zoom at which they tell more than they blur."""

from __future__ import annotations

from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import COUNTY_BORDER

COUNTIES_FROM_ZOOM = 9.0
"""Where counties become what is looked at: a screen draws their borders and names from here."""


def _draw(scene: Scene) -> Drawn:
    adcodes = tuple(int(adcode) for adcode in scene.province.counties.index)
    label = scene.say("layer.counties")
    return Drawn(
        classes=(SymbolClass(label, COUNTY_BORDER, adcodes),),
        legend=(LegendEntry(label, COUNTY_BORDER),),
        sources=(scene.province.settings.boundary_source,),
        # Hot spots are findings on counties: their borders are read at every scale.
        screen_from_zoom=0.0 if scene.has_overlay("hotspots") else COUNTIES_FROM_ZOOM,
    )


LAYER = CatalogueLayer(
    id="counties",
    title="layer.counties",
    order=40,
    geometry="counties",
    draw=_draw,
    switchable=True,
)
