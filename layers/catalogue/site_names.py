"""Write the names of the sites whose place is known, close up and where there is room."""

from __future__ import annotations

from clusters.selection import selected_sites
from data.evidence_rows import PLACED
from layers.specification.map_spec import SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import site_label

NAMES_FROM_ZOOM = 11.0


def _draw(scene: Scene) -> Drawn:
    sites = scene.province.sites
    if sites.empty or not scene.has_overlay("sites"):
        return Drawn(classes=())
    chosen = selected_sites(scene.view.selection, scene.province)
    placed = sites.index[chosen & sites["precision"].isin(PLACED)]
    if placed.empty:
        return Drawn(classes=())
    label = scene.say("layer.site_names")
    symbol = site_label(scene.name_field)
    return Drawn(classes=(SymbolClass(label, symbol, tuple(map(str, placed))),))


LAYER = CatalogueLayer(
    id="site-names",
    title="layer.site_names",
    order=84,
    geometry="sites",
    draw=_draw,
    min_zoom=NAMES_FROM_ZOOM,
    decorative=True,
)
