"""Outline groups of sites that stand close together."""

from __future__ import annotations

from clusters.counts import counted_sources
from layers.specification.derived import ALL_SECTORS, group_footprints
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import GROUP_OUTLINE


def _draw(scene: Scene) -> Drawn:
    province = scene.province
    table = group_footprints(province)
    sectors = scene.view.selection.effective_sectors(province)
    wanted = next(iter(sectors)) if len(sectors) == 1 else ALL_SECTORS
    shown = table[table["sector"] == wanted]
    label = scene.say("footprints.label", count=len(shown))
    legend = LegendEntry(label, GROUP_OUTLINE, scene.say("footprints.note"))
    classes = (SymbolClass(label, GROUP_OUTLINE, tuple(shown.index)),) if len(shown) else ()
    return Drawn(classes, (legend,), counted_sources(province), keep_empty=True)


LAYER = CatalogueLayer(
    id="groups",
    title="layer.groups",
    order=74,
    geometry="footprints",
    draw=_draw,
    legend_group="legend.analysis",
    switchable=True,
    default=False,
)
