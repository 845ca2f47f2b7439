"""Draw counties with more, or fewer, sites in and around them than chance explains."""

from __future__ import annotations

import pandas as pd

from clusters.counts import counted_sources
from clusters.local_statistics import county_hot_spots
from data.loader import Province
from layers.specification.map_spec import LegendEntry, MapSpec, SymbolClass
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import HOT_SPOTS


def _draw(scene: Scene) -> Drawn:
    province = scene.province
    statistics = county_hot_spots(province, scene.view.selection)
    classes: list[SymbolClass] = []
    legend: list[LegendEntry] = []
    for kind, symbol in HOT_SPOTS.items():
        label = scene.say(f"hot_spots.{kind.replace(', ', '_')}")
        counties = statistics.index[statistics["hot_spot"] == kind]
        if len(counties):
            ids = tuple(int(adcode) for adcode in counties)
            classes.append(SymbolClass(label, symbol, ids))
        legend.append(LegendEntry(label, symbol))
    legend[-1] = LegendEntry(
        legend[-1].label,
        legend[-1].symbol,
        scene.say("hot_spots.note", count=int(statistics["sites"].sum())),
    )
    values = tuple(
        (int(row.Index), _value(scene, float(row.gi_star), int(row.sites)))
        for row in statistics[statistics["hot_spot"] != "none"].itertuples()
    )
    sources = counted_sources(province)
    return Drawn(tuple(classes), tuple(legend), sources, values, keep_empty=True)


def _value(scene: Scene, gi_star: float, own: int) -> str:
    """Say how hot a county's neighbourhood is, and how many sites the county itself has."""
    key = "hot_spots.value" if own or gi_star < 0 else "hot_spots.value_of_neighbours"
    return scene.say(key, z=f"{gi_star:.1f}", count=own)


def _columns(spec: MapSpec, province: Province) -> pd.DataFrame:
    """Return the columns of ``clusters.local_statistics.local_statistics``."""
    return county_hot_spots(province, spec.selection)


LAYER = CatalogueLayer(
    id="hotspots",
    title="layer.hot_spots",
    order=22,
    geometry="counties",
    draw=_draw,
    legend_group="legend.analysis",
    switchable=True,
    default=False,
    in_tooltip=True,
    columns=_columns,
)
