"""The ground is prepared once, alike for everybody, and a province without any is a province."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from data.ground_layers import Ground
from layers.address.query import parse_query
from layers.compose import compose
from layers.specification.derived import geometry_table
from layers.specification.ground_tables import (
    GROUND,
    GROUND_LINES,
    ground_table,
    line_ids,
)
from layers.specification.map_spec import FADED_SHARE, fading_at, legend_at
from layers.web.offline_page import offline_page
from layers.web.wire_geometry import collection_of, wire_geometry


@pytest.mark.parametrize("name", GROUND)
def test_features_have_ids_of_their_own_and_names(province, name):
    table = ground_table(province, name)
    assert table.index.is_unique
    assert table.crs == "EPSG:4326"
    assert (table.index == table["id"]).all()
    assert table[["name_zh", "name_en"]].notna().all(axis=None)
    assert geometry_table(province, name) is table
    assert province.ground.source_ids(name)
    assert set(province.ground.source_ids(name)) <= set(province.sources)


@pytest.mark.parametrize("name", GROUND_LINES)
def test_lines_are_gathered_by_city_and_none_is_lost(province, name):
    table = ground_table(province, name)
    assert set(table.index) <= set(line_ids(province, name))
    lines = getattr(province.ground, name)
    assert sum(len(shape.geoms) for shape in table.geometry) == len(lines)
    metric = province.settings.metric_crs
    gathered = table.to_crs(metric).length.sum()
    assert gathered == pytest.approx(lines.to_crs(metric).length.sum())


@pytest.mark.parametrize("name", GROUND)
def test_what_is_made_of_the_ground_is_kept_with_it(province, name):
    """A session's own sites make another province on the same ground."""
    own = replace(province, sites=province.sites.iloc[:1])
    assert ground_table(own, name) is ground_table(province, name)
    assert wire_geometry(own, name) is wire_geometry(province, name)
    bare = replace(province, ground=Ground())
    assert ground_table(bare, name).empty


def test_the_ground_is_light_on_the_wire(province):
    sizes = {name: len(wire_geometry(province, name).compressed) for name in GROUND}
    assert sizes["water"] < 20_000
    assert sum(sizes.values()) < 160_000


@pytest.mark.parametrize("name", GROUND)
def test_the_offline_page_gets_it_as_geojson(province, name):
    spec = compose(parse_query("lang=en", province).view, province)
    found = json.loads(json.dumps(collection_of(spec, province, name)))
    assert [one["id"] for one in found["features"]] == list(ground_table(province, name).index)
    assert all(one["geometry"]["coordinates"] for one in found["features"])


def test_a_province_without_ground_is_drawn_without(province):
    bare = replace(province, ground=Ground())
    spec = compose(parse_query("lang=en", bare).view, bare)
    assert not any(layer.geometry in GROUND for layer in spec.layers)
    assert "Water" not in [entry.label for group in spec.legend for entry in group.entries]
    assert not any(layer.fades for layer in spec.layers)
    assert "Main roads" not in offline_page(spec, bare)


def test_fills_make_way_close_up_where_there_is_ground(province):
    far, between, near = fading_at(8.0), fading_at(10.0), fading_at(12.0)
    assert far == 1.0
    assert far > between > near == FADED_SHARE
    spec = compose(
        parse_query("overlay=assembly,consolidation,parts,water", province).view, province
    )
    assert {one.id: one.fades for one in spec.layers if one.geometry == "cities"} | {
        "assembly": True,
        "consolidation": True,
        "parts": False,
    } == {one.id: one.fades for one in spec.layers if one.geometry == "cities"}
    alone = compose(parse_query("overlay=assembly", province).view, province)
    assert not any(one.fades for one in alone.layers)


def test_a_legend_tells_what_is_drawn_at_its_scale(province):
    spec = compose(parse_query("lang=en", province).view, province)

    def labels(zoom: float) -> set[str]:
        return {entry.label for group in legend_at(spec, zoom) for entry in group.entries}

    assert {"Water"} == {"Water", "Main roads", "Railways", "Towns"} & labels(7.0)
    assert "Towns" not in labels(9.9)
    assert {"Main roads", "Railways"} <= labels(9.9)
    assert labels(12.0) == {entry.label for group in spec.legend for entry in group.entries}
