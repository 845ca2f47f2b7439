"""Whatever the bytes, a reader gives a clean table or a refusal, never another error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.uploads.formats.delimited import read_delimited
from data.uploads.formats.encoding import detect_encoding
from data.uploads.formats.feature_collection import read_geojson
from data.uploads.formats.kml import read_kml
from data.uploads.limits import Limits, RefusedError, visible

TAGS = ("Placemark", "Point", "Polygon", "outerBoundaryIs", "LineString", "coordinates", "name")
MARKUP = st.recursive(
    st.sampled_from(["1,2", "1", "nan,1", "1,2 3,4 5,6 1,2", "x", ""]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=3),
    ),
    max_leaves=10,
)
LIMITS = Limits(rows=50, columns=20, cell_characters=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def clean(table):
    assert len(table.frame) <= LIMITS.rows
    assert table.frame.columns.is_unique
    for column in table.frame.columns:
        for cell in table.frame[column].dropna():
            assert isinstance(cell, float) or (visible(cell) == cell and len(cell) <= 30)


def read(reader, content):
    try:
        table = reader(content, LIMITS)
    except RefusedError as error:
        error.note.say("zh")
        return
    clean(table)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_text(content):
    read(read_delimited, content)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=40), max_size=5), max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_cells(rows, delimiter):
    text = "\n".join(delimiter.join(row) for row in rows)
    read(read_delimited, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(JSON, JSON, JSON)
def test_any_json(properties, geometry, crs):
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    content = {"type": "FeatureCollection", "crs": crs, "features": [feature, feature]}
    read(read_geojson, json.dumps(content).encode())
    read(read_geojson, json.dumps(properties).encode())


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"]), JSON
)
def test_any_coordinates(kind, coordinates):
    geometry = {"type": kind, "coordinates": coordinates, "geometries": coordinates}
    feature = {"type": "Feature", "properties": {"a": 1}, "geometry": geometry}
    read(read_geojson, json.dumps(feature).encode())


@settings(max_examples=300, deadline=None)
@given(MARKUP, st.sampled_from(["Point", "Polygon", "LineString", "MultiGeometry"]), MARKUP)
def test_any_markup(whole, kind, inner):
    read(read_kml, f"<kml>{whole}</kml>".encode())
    placed = f"<Placemark><name>x</name><{kind}>{inner}</{kind}></Placemark>"
    read(read_kml, f"<kml>{placed}</kml>".encode())


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="公司名称abc,\n", min_size=20), st.sampled_from(["gb18030", "utf-8-sig"]))
def test_text_comes_back_in_its_encoding(text, encoding):
    content = text.encode(encoding)
    assert content.decode(detect_encoding(content)) == text or encoding == "gb18030"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"type": "FeatureCollection"}', "1"])
def test_json_that_is_no_collection(content):
    with pytest.raises(RefusedError):
        read_geojson(content.encode(), LIMITS)
