"""Outline the cities that hold a site that matches the filters, and say how many they hold."""

from __future__ import annotations

from functools import partial

from layers.catalogue._matching import draw_matching, matching_columns
from layers.specification.scene import CatalogueLayer, Drawn, Scene
from layers.specification.symbology import MATCHING_CITY
from layers.words.matching_words import matching_sentence


def _draw(scene: Scene) -> Drawn:
    sentence = matching_sentence(scene.view.selection, scene.province, scene.language)
    return draw_matching(scene, "cities", MATCHING_CITY, note=sentence)


LAYER = CatalogueLayer(
    id="matching-cities",
    title="layer.matching_cities",
    order=71,
    geometry="cities",
    draw=_draw,
    legend_group="legend.sites",
    legend_rank=-2,
    in_tooltip=True,
    columns=partial(matching_columns, areas="cities"),
)
