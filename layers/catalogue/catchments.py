"""Draw what lies within straight-line distances of the hubs."""

from __future__ import annotations

from layers.specification.derived import hub_catchments
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import catchment_line
from layers.words.plan_words import hub_name


def _draw(scene: Scene) -> Drawn:
    province = scene.province
    table = hub_catchments(province)
    if table.empty:
        return Drawn(classes=())
    classes = []
    legend = []
    for place, row in enumerate(table.itertuples()):
        label = scene.say("catchments.within", distance=f"{row.distance_km:g}")
        symbol = catchment_line(place)
        classes.append(SymbolClass(label, symbol, (row.id,)))
        legend.append(LegendEntry(label, symbol))
    note = scene.say("catchments.note")
    legend[-1] = LegendEntry(legend[-1].label, legend[-1].symbol, note)
    hub = province.plan.hub
    sources = dict.fromkeys([province.settings.boundary_source, *(hub.sources if hub else ())])
    return Drawn(tuple(classes), tuple(legend), tuple(sources))


def _title(scene: Scene) -> str:
    return scene.say("layer.catchments", hub=hub_name(scene.province, scene.language))


LAYER = CatalogueLayer(
    id="catchments",
    title=_title,
    order=72,
    geometry="catchments",
    draw=_draw,
    legend_group="legend.analysis",
    switchable=True,
    default=False,
)
