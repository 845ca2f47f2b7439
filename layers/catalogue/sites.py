"""Draw the sites of the chain: shape and colour by sector, fill by status."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd

from clusters.selection import selected_sites
from layers.specification.map_spec import Grouping, LegendEntry, MarkerFill, SymbolClass
from layers.specification.plan_signs import sector_markers
from layers.specification.scene import CatalogueLayer, Drawn, Scene

FILL_BY_STATUS: dict[str, MarkerFill] = {
    "operating": "solid",
    "unknown": "solid",
    "building": "open",
    "announced": "open",
    "suspended": "crossed",
    "closed": "crossed",
    "insolvent": "crossed",
}
FILLS: tuple[MarkerFill, ...] = ("solid", "open", "crossed")
GROUP_BY_CITY_BELOW_ZOOM = 8.5
GROUP_BY_COUNTY_BELOW_ZOOM = 10.5


def _draw(scene: Scene) -> Drawn:
    sites = scene.province.sites
    if sites.empty:
        return Drawn(classes=())
    marked = _by_sign(sites[selected_sites(scene.view.selection, scene.province)])
    markers = sector_markers(scene.province)
    classes: list[SymbolClass] = []
    legend: list[LegendEntry] = []
    for sector in scene.province.plan.sectors:
        label, marker = scene.text(sector.name), markers[sector.id]
        of_sector = {fill: marked[sector.id, fill] for fill in FILLS if (sector.id, fill) in marked}
        for fill, ids in of_sector.items():
            classes.append(SymbolClass(label, replace(marker, fill=fill), tuple(ids)))
        if of_sector:
            count = sum(len(ids) for ids in of_sector.values())
            words = scene.say("legend.with_count", label=label, count=count)
            toggle = f"sector.{sector.id}"
            legend.append(LegendEntry(words, marker, toggle=toggle))
    if legend:
        last = legend[-1]
        note = scene.say("legend.site_fills")
        legend[-1] = replace(last, note=note)
    # The list of sites stands for its sources, which are too many for a map's margin.
    named = scene.province.settings.site_source
    return Drawn(tuple(classes), tuple(legend), (named,) if named else ())


def _by_sign(sites: gpd.GeoDataFrame) -> dict[tuple[str, MarkerFill], list[str]]:
    """Return the ids of the sites by their sector and fill."""
    found: dict[tuple[str, MarkerFill], list[str]] = {}
    for site, sector, status in zip(sites.index, sites["sector"], sites["status"], strict=True):
        found.setdefault((sector, FILL_BY_STATUS[status]), []).append(site)
    return found


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
