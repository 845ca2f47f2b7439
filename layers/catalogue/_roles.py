"""Draw the roles of a plan: the cities that hold each, with one symbol."""

from __future__ import annotations

import pandas as pd

from data.loader import Province
from data.model import Role
from layers.specification.map_spec import Area, Hatch, LegendEntry, MapSpec
from layers.specification.plan_signs import RoleSymbol, role_symbols
from layers.specification.scene import CatalogueLayer, Drawn, Scene


def role_layers(province: Province) -> tuple[CatalogueLayer, ...]:
    """Return an overlay for each role of the province's plan; its id is the role's."""
    symbols = role_symbols(province)
    return tuple(_role_layer(role, symbols[role.id]) for role in province.plan.roles)


def _role_layer(role: Role, signs: RoleSymbol) -> CatalogueLayer:
    def title(scene: Scene) -> str:
        return scene.text(role.name)

    def draw(scene: Scene) -> Drawn:
        label = scene.text(role.name)
        drawn = signs.over_theme if scene.view.theme else signs.symbol
        return Drawn(
            classes=scene.classes(label, drawn, role.cities),
            legend=(LegendEntry(label, drawn, _field_note(scene, role.sectors)),),
            sources=role.sources,
        )

    def columns(spec: MapSpec, province: Province) -> pd.DataFrame:
        del spec
        held = province.plan.role(role.id).cities
        cities = province.cities.index
        return pd.DataFrame({f"role_{role.id}": cities.isin(held)}, index=cities)

    return CatalogueLayer(
        id=role.id,
        title=title,
        order=signs.order,
        geometry="cities",
        draw=draw,
        legend_group="legend.roles",
        switchable=True,
        in_tooltip=True,
        columns=columns,
        fades=isinstance(signs.symbol, (Area, Hatch)),
    )


def _field_note(scene: Scene, sector_ids: tuple[str, ...]) -> str:
    """Name the fields of a role that has several: the plan does not give them to cities."""
    if len(sector_ids) < 2:
        return ""
    names = [scene.text(scene.province.plan.sector(name).name) for name in sector_ids]
    return scene.say("legend.fields_not_by_city", fields=scene.say("list.separator").join(names))
