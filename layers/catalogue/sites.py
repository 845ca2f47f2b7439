"""Draw the sites of the chain: shape and colour by sector, fill by status.

A sign stands only where a site's place is known; what is known to a county or a city is that
area's, as one ring with its count.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd

from clusters.selection import selected_sites
from data.evidence_rows import PLACED, PRECISIONS
from data.own.own_grade import own_site_ids
from layers.specification.map_spec import Grouping, LegendEntry, MarkerFill, SymbolClass
from layers.specification.plan_signs import sector_markers
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import AREA_STACK, PLACED_SIGN

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
    shown = sites.loc[[name for found in classes for name in found.features]]
    if shown["precision"].isin(PLACED).any():
        legend[-1] = replace(legend[-1], note=scene.say("legend.site_fills"))
    legend += _by_precision(shown, scene)
    # The list of sites stands for its sources, which are too many for a map's margin.
    named = scene.province.settings.site_source
    return Drawn(
        tuple(classes),
        tuple(legend),
        (named,) if named else (),
        marked=own_site_ids(scene.province),
    )


def _by_precision(shown: gpd.GeoDataFrame, scene: Scene) -> list[LegendEntry]:
    """Say how exactly the places of the sites that are drawn are known."""
    counts = shown["precision"].value_counts()
    lines = []
    for precision in (name for name in PRECISIONS if name in counts.index):
        label = scene.say("legend.known_to", place=scene.say(f"placed.{precision}"))
        words = scene.say("legend.with_count", label=label, count=int(counts[precision]))
        lines.append(LegendEntry(words, PLACED_SIGN if precision in PLACED else AREA_STACK))
    if lines and lines[-1].symbol == AREA_STACK:
        lines[-1] = replace(lines[-1], note=scene.say("legend.area_stack"))
    return lines


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
