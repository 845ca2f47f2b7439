"""Draw the areas that hold a site that matches the filters, with the number that each holds."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from clusters.matching import matching
from clusters.selection import Selection, goes_by_plan
from data.loader import Province
from layers.specification.map_spec import Area, LegendEntry, MapSpec, SymbolClass
from layers.specification.scene import Drawn, Scene
from layers.words.matching_words import sites_words

AreasCounted = Literal["cities", "counties"]


def draw_matching(
    scene: Scene,
    areas: AreasCounted,
    symbol: Area,
    *,
    note: str = "",
    from_zoom: float = 0.0,
) -> Drawn:
    """Draw the ``areas`` with a matching site; nothing where the plan decides or none matches.

    ``note`` stands under the line of the legend.
    """
    selection, province = scene.view.selection, scene.province
    if not selection.filters_sites or goes_by_plan(selection, province):
        return Drawn(classes=())
    counts = _counts(selection, province, areas)
    held = tuple(int(adcode) for adcode in counts.index[counts > 0])
    if not held:
        return Drawn(classes=())
    label = scene.say(f"layer.matching_{areas}")
    words = scene.say("legend.with_count", label=label, count=len(held))
    return Drawn(
        classes=(SymbolClass(label, symbol, held),),
        legend=(LegendEntry(words, symbol, note),),
        values=tuple(
            (int(adcode), sites_words(int(count), scene.language))
            for adcode, count in counts.items()
        ),
        screen_from_zoom=from_zoom,
    )


def matching_columns(spec: MapSpec, province: Province, areas: AreasCounted) -> pd.DataFrame:
    """Return the number of matching sites by adcode, as the column ``matching_sites``."""
    return _counts(spec.selection, province, areas).to_frame("matching_sites")


def _counts(selection: Selection, province: Province, areas: AreasCounted) -> pd.Series:
    found = matching(province, selection)
    return found.by_city if areas == "cities" else found.by_county
