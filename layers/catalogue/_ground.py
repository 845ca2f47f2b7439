"""Draw what lies under the map whatever it shows: each of these layers alike."""

from __future__ import annotations

import geopandas as gpd

from layers.specification.map_spec import LegendEntry, Symbol, SymbolClass
from layers.specification.scene import Drawn, Scene
from layers.specification.symbology import ground_label


def drawn_ground(table: gpd.GeoDataFrame, label: str, symbol: Symbol) -> Drawn:
    """Return all features of ``table``, by their ids, drawn with one symbol."""
    if table.empty:
        return Drawn(classes=())
    return Drawn(
        classes=(SymbolClass(label, symbol, tuple(table.index)),),
        legend=(LegendEntry(label, symbol),),
    )


def named_ground(scene: Scene, table: gpd.GeoDataFrame, label: str) -> Drawn:
    """Return the names of those features of ``table`` that have one in the scene's language."""
    named = table.index[table[scene.name_field].fillna("") != ""]
    if named.empty:
        return Drawn(classes=())
    return Drawn(classes=(SymbolClass(label, ground_label(scene.name_field), tuple(named)),))
