"""Draw the cities' land, and tell those that the plan names from those that it does not."""

from __future__ import annotations

from clusters.plan import cities_with_role
from layers.specification.map_spec import LegendEntry, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import LAND, LAND_OUTSIDE_SELECTION, LAND_WITHOUT_ROLE


def _draw(scene: Scene) -> Drawn:
    plan = scene.province.plan
    named = scene.selected.index.isin(
        list(cities_with_role(plan, (role.id for role in plan.roles)))
    )
    label = scene.say("legend.no_role")
    classes = (
        (scene.say("legend.with_role"), LAND, named & scene.selected),
        (label, LAND_WITHOUT_ROLE, ~named & scene.selected),
        (scene.say("legend.outside"), LAND_OUTSIDE_SELECTION, ~scene.selected),
    )
    return Drawn(
        classes=tuple(
            SymbolClass(title, symbol, tuple(int(adcode) for adcode in mask.index[mask]))
            for title, symbol, mask in classes
            if mask.any()
        ),
        legend=tuple(
            LegendEntry(title, symbol)
            for title, symbol, mask in classes
            if symbol is not LAND and mask.any() and scene.view.theme is None
        ),
        sources=(scene.province.settings.boundary_source,),
    )


LAYER = CatalogueLayer(
    id="land",
    title="layer.land",
    order=10,
    geometry="cities",
    draw=_draw,
    legend_group="legend.roles",
    legend_rank=1,
    interactive=True,
    decorative=True,
)
