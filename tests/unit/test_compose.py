"""What is composed is what the view asks for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from clusters.matching import matching
from data.evidence_rows import PLACED
from layers.address.query import parse_query
from layers.compose import compose
from layers.specification.map_spec import Band, Glyph, Hatch, grouping_at, used_geometries
from layers.specification.view import View
from layers.web.folium_map import script_json, web_payload
from layers.web.wire_geometry import feature_ids, wire_geometry

KNOWN_TO = (
    ("site", "the site"),
    ("town", "the town or park"),
    ("county", "the county"),
    ("city", "the city"),
)
SWITCHABLE = {"assembly", "consolidation", "parts", "hydrogen", "counties", "sites"}


def spec_of(query, province):
    parsed = parse_query(query, province)
    assert not parsed.ignored
    return compose(parsed.view, province)


def drawn_ids(spec):
    return [layer.id for layer in spec.layers]


def test_overlays_are_drawn_and_in_the_legend(province):
    spec = spec_of("lang=en", province)
    labels = [entry.label for group in spec.legend for entry in group.entries]
    counts = province.sites["sector"].value_counts()
    known = province.sites["precision"].value_counts()
    assert labels == [
        "Assembly hub",
        "Consolidation city",
        "Parts base",
        "Hydrogen pilot",
        "No role named in the plan",
        *(f"{sector.name.en} ({counts[sector.id]})" for sector in province.plan.sectors),
        *(f"Place known to: {place} ({known[one]})" for one, place in KNOWN_TO if one in known),
        *("Water", "Main roads", "Railways", "Towns"),
        "County borders",
        "City borders",
    ]
    assert {"assembly", "consolidation", "parts", "hydrogen"} <= set(drawn_ids(spec))


@pytest.mark.parametrize(
    "overlay", ["assembly", "consolidation", "parts", "hydrogen", "counties", "sites"]
)
def test_an_overlay_alone(province, overlay):
    spec = spec_of(f"overlay={overlay}", province)
    assert SWITCHABLE & set(drawn_ids(spec)) == {overlay}


def test_roles_differ_in_form(province):
    spec = spec_of("", province)
    forms = {layer.id: type(layer.classes[0].symbol) for layer in spec.layers}
    assert forms["consolidation"] is Hatch
    assert forms["parts"] is Band
    assert forms["hydrogen"] is Glyph


def test_the_map_does_not_give_fields_to_parts_bases(province):
    """The three fields are named once, for the bases together; no class tells them apart."""
    spec = spec_of("lang=en&sector=battery", province)
    parts = next(layer for layer in spec.layers if layer.id == "parts")
    assert len(parts.classes) == 1
    assert set(parts.classes[0].features) == {320100, 320200, 320400, 320500}
    note = next(e.note for g in spec.legend for e in g.entries if e.label == "Parts base")
    assert note.startswith("Power battery, Automotive electronics, Powertrain")
    assert "not city by city" in note


def test_cities_without_a_role_are_on_the_map(province):
    land = next(layer for layer in spec_of("", province).layers if layer.id == "land")
    assert {320300, 320700, 321200, 321300} in [set(found.features) for found in land.classes]


def test_outside_the_selection_is_faded_not_gone(province):
    spec = spec_of("role=hydrogen&lang=en", province)
    assembly = next(layer for layer in spec.layers if layer.id == "assembly")
    inside, outside = assembly.classes
    assert set(inside.features) == {320600, 320900}
    assert set(outside.features) == {320800, 321100}
    assert outside.symbol.opacity < inside.symbol.opacity
    assert len(spec.dimmed) == 8
    there = len(matching(province, spec.selection).sites)
    said = f"filtered by Hydrogen pilot; 5 of 13 cities; {there} sites in them"
    assert spec.subtitle.endswith(said)


def test_sources_and_notes_are_named(province):
    spec = spec_of("", province)
    assert {source.id for source in spec.sources} == {
        *("tianditu", "smm-2019", "site-list"),
        *("gshhg", "osm-lines", "geonames"),
    }
    assert spec.notes[0].startswith("示意图")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_map_review_number_stands_in_place_of_the_sketch_map_note(province, language):
    settings = province.settings.model_copy(update={"map_review": "S(2026)1"})
    reviewed = replace(province, settings=settings)
    notes = compose(parse_query(f"lang={language}", reviewed).view, reviewed).notes
    assert notes[0].endswith("S(2026)1")
    assert province.settings.boundary_note.say(language) not in notes


def test_payload_is_small_json(province):
    """It grows by little more than an id for each site that has a place, and so a name."""
    spec = spec_of("", province)
    names = used_geometries(spec)
    addresses = {name: wire_geometry(province, name).file_name for name in names}
    payload = web_payload(spec, addresses, {name: feature_ids(province, name) for name in names})
    text = script_json(payload)
    placed = int(province.sites["precision"].isin(PLACED).sum())
    assert len(text) < 17_000 + 15 * placed
    assert "coordinates" not in text


def test_signs_tell_sector_and_status(province):
    spec = spec_of("overlay=sites&lang=en", province)
    layer = next(layer for layer in spec.layers if layer.id == "sites")
    sites = province.sites
    for found in layer.classes:
        rows = sites.loc[list(found.features)]
        assert rows["sector"].nunique() == 1
        gone = rows["status"].isin({"suspended", "closed", "insolvent"})
        assert gone.all() if found.symbol.fill == "crossed" else not gone.any()
    drawn = [name for found in layer.classes for name in found.features]
    assert sorted(drawn) == sorted(sites.index)


def test_sectors_differ_in_shape_and_colour(province):
    spec = spec_of("overlay=sites", province)
    layer = next(layer for layer in spec.layers if layer.id == "sites")
    solid = [found.symbol for found in layer.classes if found.symbol.fill == "solid"]
    assert len({symbol.shape for symbol in solid}) == len(solid) == 5
    assert len({symbol.color for symbol in solid}) == 5


def test_grouping_by_zoom(province):
    spec = spec_of("", province)
    layer = next(layer for layer in spec.layers if layer.id == "sites")
    levels = [grouping_at(layer, zoom) for zoom in (7, 9, 12)]
    assert [level.by if level else None for level in levels] == ["cities", "counties", None]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_script_json_is_json_and_neither_template_nor_markup(value):
    text = script_json(value)
    assert not set("<>&'") & set(text)
    assert Template(text).render() == text
    again = json.loads(text)
    assert again == json.loads(json.dumps(value).replace("\\ue000", ""))


def test_a_screen_waits_with_county_borders_and_paper_does_not(province):
    def counties(**view):
        layers = compose(View(province.id, **view), province).layers
        return next(layer for layer in layers if layer.id == "counties")

    assert counties().screen_from_zoom == 9
    assert counties().min_zoom == 0
    assert counties(profile=320900).screen_from_zoom == 9
    assert counties(overlays=("counties", "hotspots")).screen_from_zoom == 0


def test_the_counties_of_the_open_city_are_drawn_with_the_overlay_of_counties(province):
    def drawn(**view):
        layers = compose(View(province.id, profile=320900, **view), province).layers
        return [layer for layer in layers if layer.id == "open-counties"]

    (layer,) = drawn()
    (found,) = layer.classes
    assert {adcode // 100 for adcode in found.features} == {3209}
    assert (layer.screen_from_zoom, layer.min_zoom) == (0, 0)
    assert drawn(overlays=("assembly",)) == []
