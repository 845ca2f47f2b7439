"""Draw the sites of the chain: shape and colour by sector, fill by status."""

from __future__ import annotations

from dataclasses import replace

from clusters.selection import selected_sites
from layers.scene import CatalogueLayer, Drawn, Scene
from layers.spec import Grouping, LegendEntry, MarkerFill, SymbolClass
from layers.symbology import site_marker

FILL_BY_STATUS: dict[str, MarkerFill] = {
    "operating": "solid",
    "unknown": "solid",
    "building": "open",
    "announced": "open",
    "suspended": "crossed",
    "closed": "crossed",
    "insolvent": "crossed",
}
GROUP_BY_CITY_BELOW_ZOOM = 8.5
GROUP_BY_COUNTY_BELOW_ZOOM = 10.5


def _draw(scene: Scene) -> Drawn:
    sites = scene.province.sites
    if sites.empty:
        return Drawn(classes=())
    shown = sites[selected_sites(scene.view.selection, scene.province)]
    classes: list[SymbolClass] = []
    legend: list[LegendEntry] = []
    for sector in scene.province.plan.sectors:
        of_sector = shown[shown["sector"] == sector.id]
        label = scene.text(sector.name)
        for fill in ("solid", "open", "crossed"):
            ids = tuple(of_sector.index[of_sector["status"].map(FILL_BY_STATUS) == fill])
            if ids:
                classes.append(SymbolClass(label, site_marker(sector.id, fill), ids))
        if len(of_sector):
            words = scene.say("legend.with_count", label=label, count=len(of_sector))
            toggle = f"sector.{sector.id}"
            legend.append(LegendEntry(words, site_marker(sector.id, "solid"), toggle=toggle))
    if legend:
        last = legend[-1]
        note = scene.say("legend.site_fills")
        legend[-1] = replace(last, note=note)
    # The list of sites stands for its sources, which are too many for a map's margin.
    named = scene.province.settings.site_source
    return Drawn(tuple(classes), tuple(legend), (named,) if named else ())


LAYER = CatalogueLayer(
    id="sites",
    title="layer.sites",
    order=95,
    geometry="sites",
    draw=_draw,
    legend_group="legend.sites",
    switchable=True,
    interactive=True,
    groupings=(
        Grouping("cities", GROUP_BY_CITY_BELOW_ZOOM),
        Grouping("counties", GROUP_BY_COUNTY_BELOW_ZOOM),
    ),
)
