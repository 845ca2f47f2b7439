"""Draw what lies within straight-line distances of the assembly hubs."""

from __future__ import annotations

from clusters.reach import hub_cities
from layers.specification.derived import hub_catchments
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import catchment_line


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
    hubs = [role for role in province.plan.roles if role.cities == hub_cities(province)]
    sources = dict.fromkeys(
        [province.settings.boundary_source, *(name for role in hubs for name in role.sources)]
    )
    return Drawn(tuple(classes), tuple(legend), tuple(sources))


LAYER = CatalogueLayer(
    id="catchments",
    title="layer.catchments",
    order=72,
    geometry="catchments",
    draw=_draw,
    legend_group="legend.analysis",
    switchable=True,
    default=False,
)
