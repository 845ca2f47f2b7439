"""Outline groups of sites that stand close together."""

from __future__ import annotations

import geopandas as gpd

from clusters.counts import counted_sources
from clusters.distances.site_points import FEW_PLACES, enough_places, with_place
from layers.specification.derived import ALL_SECTORS, group_footprints
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import GROUP_OUTLINE


def _draw(scene: Scene) -> Drawn:
    province = scene.province
    sites = _sites(scene)
    if not enough_places(sites):
        return _off(scene, sites)
    table = group_footprints(province)
    wanted = _sector(scene) or ALL_SECTORS
    shown = table[table["sector"] == wanted]
    label = scene.say("footprints.label", count=len(shown))
    legend = LegendEntry(label, GROUP_OUTLINE, _counted("footprints.note", scene, sites))
    classes = (SymbolClass(label, GROUP_OUTLINE, tuple(shown.index)),) if len(shown) else ()
    return Drawn(classes, (legend,), counted_sources(province), keep_empty=True)


def _sector(scene: Scene) -> str | None:
    """Return the one sector whose groups are asked for; ``None``: those of all sites."""
    sectors = scene.view.selection.effective_sectors(scene.province)
    return next(iter(sectors)) if len(sectors) == 1 else None


def _sites(scene: Scene) -> gpd.GeoDataFrame:
    sites, sector = scene.province.sites, _sector(scene)
    return sites if sector is None else sites[sites["sector"] == sector]


def _counted(key: str, scene: Scene, sites: gpd.GeoDataFrame) -> str:
    counts = {"count": len(with_place(sites)), "total": len(sites), "least": FEW_PLACES}
    return scene.say(key, **counts)


def _off(scene: Scene, sites: gpd.GeoDataFrame) -> Drawn:
    """Draw nothing, and say why: too few sites have a place that groups could be made of."""
    note = _counted("footprints.off", scene, sites)
    legend = LegendEntry(scene.say("layer.groups"), GROUP_OUTLINE, note)
    return Drawn((), (legend,), counted_sources(scene.province), keep_empty=True)


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
