"""Areas that are asked about: written and read, as large as they say, and what is in them."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from clusters.area_of_interest import (
    AREA_WRITTEN,
    MOST_KM,
    MOST_VERTICES,
    AreaError,
    AreaOfInterest,
    area_km2,
    area_middle,
    area_of,
    area_shape,
    read_area,
    site_positions,
    write_area,
)
from clusters.matching import matching
from clusters.selection import Selection, selected_cities, selected_sites
from data.crs import GEOGRAPHIC
from data.ground_layers import Ground
from data.loader import default_province_id, load_province
from layers.address.query import parse_query, write_query
from layers.compose import compose
from layers.ogc.feature_query import VIEW_KEYS
from layers.tables.view_tables import view_tables
from layers.words.area_words import area_words, positions_counted
from tests.synthetic import with_synthetic_places

PROVINCE = load_province(default_province_id())
# Areas by road are drawn slowly, and are tested apart.
ROADLESS = replace(PROVINCE, ground=Ground())
WINDOW = PROVINCE.settings.window
WEST, SOUTH, EAST, NORTH = WINDOW
MIDDLE = (33.35, 120.16)
CIRCLE = AreaOfInterest("circle", (MIDDLE,), 40.0)

latitudes = st.floats(SOUTH, NORTH).map(lambda value: min(max(round(value, 4), SOUTH), NORTH))
longitudes = st.floats(WEST, EAST).map(lambda value: min(max(round(value, 4), WEST), EAST))
places = st.tuples(latitudes, longitudes)
distances = st.floats(0.1, MOST_KM).map(lambda value: round(value, 1))
around = st.builds(
    lambda form, place, km: AreaOfInterest(form, (place,), km),
    st.sampled_from(["circle", "road"]),
    places,
    distances,
)
corridors = st.builds(
    lambda line, km: AreaOfInterest("corridor", tuple(line), km),
    st.lists(places, min_size=2, max_size=9),
    distances,
)
areas = around | corridors

# Numbers as people and programs write them, finer than addresses have them.
fine = st.floats(-0.002, 0.002) | st.floats(-2, 2)
fine_places = st.tuples(fine, fine).map(lambda one: (MIDDLE[0] + one[0], MIDDLE[1] + one[1]))
fine_km = st.floats(0, 0.3) | st.floats(499, 501) | st.floats(0, MOST_KM)


def _written(places: list[tuple[float, float]]) -> str:
    return ";".join(f"{latitude:.9f},{longitude:.9f}" for latitude, longitude in places)


texts = (
    st.builds(
        lambda form, place, km: f"{form}:{_written([place])},{km:.9f}",
        st.sampled_from(["circle", "road"]),
        fine_places,
        fine_km,
    )
    | st.builds(
        lambda one, other: f"box:{one[1]:.9f},{one[0]:.9f},{other[1]:.9f},{other[0]:.9f}",
        fine_places,
        fine_places,
    )
    | st.lists(fine_places, min_size=3, max_size=5).map(lambda ring: f"polygon:{_written(ring)}")
    | st.builds(
        lambda line, km: f"corridor:{km:.9f}:{_written(line)}",
        st.lists(fine_places, min_size=2, max_size=4),
        fine_km,
    )
)


@given(texts)
@example("corridor:0.04:32,119;33,120")
@example("circle:32,120,0.04")
@example("road:32,120,0.05")
@example("circle:32,120,500.04")
@example("box:120,32,120.00001,32.00001")
@example("box:119.99996,32,120.00004,32.00006")
@example("polygon:32,120;32.00001,120;32,120.00001")
@example("polygon:32,120;33,121;34,122")
@example("polygon:32,120;32.0001,120;32,120.0001")
@example("corridor:0.1:32,120;32.00001,120.00001")
@example(f"circle:{SOUTH - 0.00001:.5f},{WEST},1")
def test_what_is_read_is_written_and_read_again_and_has_an_area(text):
    try:
        area = read_area(text, WINDOW)
    except AreaError:
        return
    assert read_area(write_area(area), WINDOW) == area
    shape = area_shape(ROADLESS, area)
    assert shape.is_valid
    assert shape.area > 0
    middle = area_middle(ROADLESS, area)
    assert np.isfinite([middle.x, middle.y]).all()


@given(areas)
def test_an_area_survives_its_text_and_its_address(area):
    assert read_area(write_area(area), WINDOW) == area
    query = f"area={write_area(area)}"
    view = parse_query(query, PROVINCE).view
    assert view.selection.area == area
    assert parse_query(write_query(view, PROVINCE), PROVINCE).view == view


@given(st.text(max_size=60) | st.from_regex(r"(circle|box|polygon|corridor|road):[-0-9.,;:]{0,40}"))
def test_no_text_raises_anything_else(text):
    try:
        area = read_area(text, WINDOW)
    except AreaError:
        return
    assert all(SOUTH <= lat <= NORTH and WEST <= lon <= EAST for lat, lon in area.points)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("ring:33,120,4", "form"),
        ("circle:33.35,120.16", "form"),
        ("circle:33.35,120.16,1e9", "form"),
        ("circle:120.16,33.35,40", "outside"),
        ("circle:33.35,120.16,0", "distance"),
        ("circle:33.35,120.16,0.04", "distance"),
        ("corridor:0.04:32,119;33,120", "distance"),
        ("road:33.35,120.16,501", "distance"),
        ("box:120,32,120.00001,32.00001", "box"),
        ("polygon:32,120;33,121;34,122", "crossing"),
        ("box:121,31,120,32", "box"),
        ("polygon:31,120;32,120", "vertices"),
        ("polygon:31,120;32,121;31,121;32,120", "crossing"),
        ("corridor:5:31,120", "vertices"),
        ("corridor:31,120;32,120", "form"),
        ("polygon:" + ";".join(["31,120"] * (MOST_VERTICES + 1)), "vertices"),
    ],
)
def test_what_is_no_area_says_why(text, reason):
    with pytest.raises(AreaError) as caught:
        read_area(text, WINDOW)
    assert caught.value.reason == reason
    parsed = parse_query({"area": [text]}, PROVINCE)
    assert parsed.view.selection.area is None
    assert parsed.ignored[0].choices == AREA_WRITTEN


def test_a_circle_is_as_wide_as_it_says_on_the_ellipsoid():
    shape = area_shape(PROVINCE, CIRCLE)
    rim = shapely.get_coordinates(shape)
    latitude, longitude = MIDDLE
    count = len(rim)
    _, _, metres = Geod(ellps="WGS84").inv(
        np.full(count, longitude), np.full(count, latitude), rim[:, 0], rim[:, 1]
    )
    assert metres / 1000 == pytest.approx(np.full(count, 40.0), rel=0.002)
    assert area_km2(PROVINCE, CIRCLE) == pytest.approx(np.pi * 40**2, rel=0.005)


def test_a_box_and_a_polygon_are_what_they_say():
    box = read_area("box:119,31,120,32", WINDOW)
    assert area_shape(PROVINCE, box).equals(shapely.box(119, 31, 120, 32))
    polygon = area_of("polygon", [(31, 119), (31, 120), (32, 120), (32, 119)], None, WINDOW)
    assert area_shape(PROVINCE, polygon).equals(area_shape(PROVINCE, box))


def test_a_corridor_holds_what_is_near_its_line():
    area = read_area("corridor:10:31.3,120.6;31.8,119.97", WINDOW)
    line = gpd.GeoSeries([shapely.LineString([(120.6, 31.3), (119.97, 31.8)])], crs=GEOGRAPHIC)
    metric = PROVINCE.settings.metric_crs
    towns = PROVINCE.ground.towns.geometry
    near = towns.to_crs(metric).distance(line.to_crs(metric).iloc[0]) < 10_000
    assert near.any()
    assert (towns.within(area_shape(PROVINCE, area)) == near).mean() > 0.999


def test_sites_are_inside_or_perhaps_or_outside():
    province = with_synthetic_places(PROVINCE)
    found = site_positions(province, CIRCLE)
    assert list(found.index) == list(province.sites.index)
    shape = area_shape(province, CIRCLE)
    placed = province.sites.geometry.notna()
    assert placed.any()
    assert not placed.all()
    inside = province.sites.geometry[placed].within(shape)
    assert (found[placed] == inside.map({True: "inside", False: "outside"})).all()
    for name, site in province.sites[~placed].iterrows():
        known = site["precision"] != "city"
        areas_of = province.counties if known else province.cities
        home = areas_of.geometry.at[int(site["county_adcode" if known else "city_adcode"])]
        expected = "inside" if shape.covers(home) else "perhaps"
        assert found[name] == (expected if shape.intersects(home) else "outside")


def test_an_area_filters_sites_and_brings_out_their_cities():
    selection = Selection(area=CIRCLE)
    assert selection.filters_sites
    chosen = selected_sites(selection, PROVINCE)
    positions = site_positions(PROVINCE, CIRCLE)
    assert (chosen == (positions != "outside")).all()
    cities = selected_cities(selection, PROVINCE)
    assert set(cities.index[cities]) == set(PROVINCE.sites.loc[chosen, "city_adcode"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "circle:33.35,120.16,40",
        "road:33.35,120.16,40.5",
        "box:119,31,120,32",
        "polygon:31,119;31,121;32.5,120",
        "corridor:10:31.3,120.6;31.8,119.97",
    ],
)
def test_a_map_of_an_area_draws_and_tells_it(text, language):
    query = f"area={text}&lang={language}"
    spec = compose(parse_query(query, PROVINCE).view, PROVINCE)
    area = spec.selection.area
    assert area is not None
    words = area_words(area, PROVINCE, language)
    assert words in spec.subtitle
    assert any(words in entry.note for group in spec.legend for entry in group.entries)
    tables = view_tables(spec, PROVINCE)
    drawn = tables.spatial["area_of_interest"]
    assert drawn.geometry.iloc[0].equals(area_shape(PROVINCE, area))
    assert drawn["area_km2"].iloc[0] == pytest.approx(area_km2(PROVINCE, area))
    assert set(tables.sites["in_area"]) <= {"inside", "perhaps"}


def test_counts_by_position_add_up():
    found = matching(PROVINCE, Selection(area=CIRCLE))
    counts = positions_counted(found, CIRCLE, PROVINCE)
    assert sum(counts.values()) == len(found.sites)


def test_a_service_filters_by_area_too():
    assert "area" in VIEW_KEYS
