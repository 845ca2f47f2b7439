"""Tint the counties that hold a site that matches the filters, where counties are looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from layers.catalogue._matching import draw_matching, matching_columns
from layers.catalogue.counties import COUNTIES_FROM_ZOOM
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import MATCHING_COUNTY


def _draw(scene: Scene) -> Drawn:
    # A theme's colours are not tinted.
    symbol = MATCHING_COUNTY if scene.view.theme is None else replace(MATCHING_COUNTY, fill=None)
    return draw_matching(scene, "counties", symbol, from_zoom=COUNTIES_FROM_ZOOM)


LAYER = CatalogueLayer(
    id="matching-counties",
    title="layer.matching_counties",
    order=37,
    geometry="counties",
    draw=_draw,
    legend_group="legend.sites",
    legend_rank=-1,
    in_tooltip=True,
    columns=partial(matching_columns, areas="counties"),
)
