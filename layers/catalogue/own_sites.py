"""Ring the sites that come from a person's own files, so that nobody takes them for others.

Those without a place of their own give the ring of their area a rim (``layers.catalogue.sites``).
"""

from __future__ import annotations

from clusters.selection import selected_sites
from data.own.own_grade import own_site_ids, own_sources
from layers.catalogue.sites import GROUP_BY_COUNTY_BELOW_ZOOM
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import OWN_RING

FEW = 60
"""So many rings are told apart from afar; more are drawn where single sites are."""


def _draw(scene: Scene) -> Drawn:
    own = own_site_ids(scene.province)
    if not own or not scene.has_overlay("sites"):
        return Drawn(classes=())
    chosen = selected_sites(scene.view.selection, scene.province)
    shown = tuple(name for name in own if chosen.at[name])
    if not shown:
        return Drawn(classes=())
    label = scene.say("own.marker")
    words = scene.say("legend.with_count", label=label, count=len(shown))
    sources = own_sources(scene.province)
    few = len(shown) <= FEW
    files = scene.say("list.separator").join(f"{one.publisher} ({one.date})" for one in sources)
    note = files if few else scene.say("own.near", files=files)
    return Drawn(
        (SymbolClass(label, OWN_RING, shown),),
        (LegendEntry(words, OWN_RING, note),),
        tuple(one.id for one in sources),
        min_zoom=0.0 if few else GROUP_BY_COUNTY_BELOW_ZOOM,
    )


LAYER = CatalogueLayer(
    id="own-sites",
    title="own.marker",
    order=94,
    geometry="sites",
    draw=_draw,
    legend_group="legend.sites",
    legend_rank=90,
)
