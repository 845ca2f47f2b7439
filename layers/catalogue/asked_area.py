"""Draw the area that is asked about: a circle, a box, a polygon, along a line, or by road."""

from __future__ import annotations

from clusters.area_of_interest import area_km2
from clusters.distances.province_roads import ROAD_LAYERS
from layers.specification.derived import AREA_ID
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import AREA_OF_INTEREST
from layers.words.area_words import area_words


def _draw(scene: Scene) -> Drawn:
    area = scene.view.selection.area
    if area is None:
        return Drawn(classes=())
    words = area_words(area, scene.province, scene.language)
    size = scene.say("area.size", area=f"{area_km2(scene.province, area):,.0f}")
    note = scene.say("clause.separator").join([words, size])
    sources = scene.province.ground.source_ids(*ROAD_LAYERS) if area.form == "road" else ()
    return Drawn(
        classes=(SymbolClass(words, AREA_OF_INTEREST, (AREA_ID,)),),
        legend=(LegendEntry(scene.say("layer.area_of_interest"), AREA_OF_INTEREST, note),),
        sources=sources,
    )


LAYER = CatalogueLayer(
    id="area-of-interest",
    title="layer.area_of_interest",
    order=76,
    geometry="area_of_interest",
    draw=_draw,
    legend_group="legend.sites",
    legend_rank=-3,
)
