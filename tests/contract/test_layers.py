"""What every layer of the catalogue promises, checked for each of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clusters.selection import Selection, selected_cities
from data.loader import default_province_id, load_province
from layers.catalogue import all_layers
from layers.specification.derived import geometry_table
from layers.specification.scene import LEGEND_GROUPS, Scene
from layers.specification.view import View

SELECTIONS = {
    "everything": Selection(),
    "one role": Selection(roles=frozenset({"parts"})),
    "nothing": Selection(roles=frozenset({"assembly"}), sectors=frozenset({"battery"})),
}


@pytest.fixture(params=all_layers(load_province(default_province_id())), ids=lambda layer: layer.id)
def layer(request):
    return request.param


@pytest.fixture(params=["zh", "en"])
def view(request, province):
    return View(province.id, language=request.param, profile=320100)


@pytest.fixture(params=SELECTIONS.values(), ids=SELECTIONS.keys())
def scene(request, province, view):
    chosen = replace(view, selection=request.param)
    return Scene(province, chosen, selected_cities(chosen.selection, province))


def test_it_has_a_title_in_both_languages(layer, province, view):
    titles = {
        layer.title_in(Scene.of_words(province, replace(view, language=language)))
        for language in ("zh", "en")
    }
    assert len(titles) == 2


def test_it_draws_features_that_exist_and_each_once(layer, scene, province):
    drawn = layer.draw(scene)
    known = set(geometry_table(province, layer.geometry).index)
    for kind in {type(found.symbol) for found in drawn.classes}:
        features = [
            feature
            for found in drawn.classes
            if type(found.symbol) is kind
            for feature in found.features
        ]
        assert set(features) <= known
        assert len(features) == len(set(features))
    assert all(found.features for found in drawn.classes)


def test_its_legend_and_sources_resolve(layer, scene, province):
    drawn = layer.draw(scene)
    assert layer.legend_group in LEGEND_GROUPS
    assert all(entry.label for entry in drawn.legend)
    assert all(source in province.sources for source in drawn.sources)


def test_an_overlay_has_a_legend_entry_and_a_source(layer, scene):
    if layer.switchable:
        drawn = layer.draw(scene)
        assert drawn.legend
        assert drawn.sources


def test_drawing_is_pure(layer, scene):
    assert layer.draw(scene) == layer.draw(scene)
