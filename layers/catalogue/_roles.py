"""Draw a role of the plan: the cities that hold it, with one symbol."""

from __future__ import annotations

import pandas as pd

from data.loader import Province
from layers.specification.map_spec import LegendEntry, MapSpec, Symbol
from layers.specification.scene import CatalogueLayer, Drawn, Scene


def role_layer(
    role_id: str, symbol: Symbol, order: int, over_theme: Symbol | None = None
) -> CatalogueLayer:
    """Return the overlay of the role ``role_id``; it is empty where a plan has no such role.

    ``over_theme`` is the symbol where a theme colours the cities, if it is another.
    """

    def title(scene: Scene) -> str:
        held = [role for role in scene.province.plan.roles if role.id == role_id]
        return scene.text(held[0].name) if held else role_id

    def draw(scene: Scene) -> Drawn:
        for role in scene.province.plan.roles:
            if role.id == role_id:
                label = scene.text(role.name)
                drawn = (scene.view.theme and over_theme) or symbol
                return Drawn(
                    classes=scene.classes(label, drawn, role.cities),
                    legend=(LegendEntry(label, drawn, _field_note(scene, role.sectors)),),
                    sources=role.sources,
                )
        return Drawn(classes=())

    def columns(spec: MapSpec, province: Province) -> pd.DataFrame:
        del spec
        held = province.plan.role(role_id).cities
        cities = province.cities.index
        return pd.DataFrame({f"role_{role_id}": cities.isin(held)}, index=cities)

    return CatalogueLayer(
        id=role_id,
        title=title,
        order=order,
        geometry="cities",
        draw=draw,
        legend_group="legend.roles",
        switchable=True,
        in_tooltip=True,
        columns=columns,
    )


def _field_note(scene: Scene, sector_ids: tuple[str, ...]) -> str:
    """Name the fields of a role that has several: the plan does not give them to cities."""
    if len(sector_ids) < 2:
        return ""
    names = [scene.text(scene.province.plan.sector(name).name) for name in sector_ids]
    return scene.say("legend.fields_not_by_city", fields=scene.say("list.separator").join(names))
