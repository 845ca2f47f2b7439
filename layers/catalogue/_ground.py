"""Draw what lies under the map whatever it shows: each of these layers alike."""

from __future__ import annotations

from layers.specification.ground_tables import (
    GROUND_LINES,
    ground_table,
    line_ids,
)
from layers.specification.map_spec import GeometryId, Label, LegendEntry, Symbol, SymbolClass
from layers.specification.scene import Drawn, Scene


def drawn_ground(scene: Scene, name: GeometryId, symbol: Symbol) -> Drawn:
    """Return all features of a layer of the ground, drawn with one symbol."""
    label = scene.say(f"layer.{name}")
    if name in GROUND_LINES:
        ids = line_ids(scene.province, name)
    else:
        ids = tuple(ground_table(scene.province, name).index)
    if not ids:
        return Drawn(classes=())
    return Drawn(
        classes=(SymbolClass(label, symbol, ids),),
        legend=(LegendEntry(label, symbol, _note(scene, name)),),
        sources=scene.province.ground.source_ids(name),
    )


def _note(scene: Scene, name: GeometryId) -> str:
    """Say how far off lines may be: they are straight between the junctions of their source."""
    return scene.say("ground.lines_note") if name in GROUND_LINES[:1] else ""


def named_ground(
    scene: Scene, name: GeometryId, label: str, symbol: Label, *, entry: bool = False
) -> Drawn:
    """Return the names of those features of a layer that have one in the scene's language.

    With an ``entry`` the legend says what they are.
    """
    table = ground_table(scene.province, name)
    named = table.index[table[scene.name_field] != ""]
    if named.empty:
        return Drawn(classes=())
    return Drawn(
        classes=(SymbolClass(label, symbol, tuple(named)),),
        legend=(LegendEntry(label, symbol),) if entry else (),
        sources=scene.province.ground.source_ids(name),
    )
