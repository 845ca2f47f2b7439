"""What is known to its county only is the county's: on maps, in legends, in every file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
from dataclasses import replace

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from matplotlib.patches import Circle

from data.evidence_rows import PLACED
from data.own.own_grade import own_site_ids
from data.own.own_source import own_sites, with_own_sites
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from layers.address.query import parse_query
from layers.compose import compose
from layers.exports import all_exporters
from layers.exports.gpkg import STACKS
from layers.paper.print_map import draw_print_map
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import Marker, Stack, used_geometries
from layers.specification.symbology import OWN_RING
from layers.tables.unplaced_sites import sites_by_area
from layers.web.folium_map import web_payload
from layers.web.wire_geometry import collection_of, feature_ids
from tests.places import PLACES
from tests.synthetic import with_synthetic_places, without_places

pytestmark = pytest.mark.usefixtures("forked_readers")

DAY = dt.date(2026, 11, 1)
NEAR = "overlay=sites&center=31.78,119.95&zoom=12"
WORDS = {
    "zh": ("位置已知到：站点本身（", "位置已知到：县（市、区）（", "位置已知到：市（"),
    "en": (
        "Place known to: the site (",
        "Place known to: the county (",
        "Place known to: the city (",
    ),
}


@pytest.fixture(scope="module")
def placed(province):
    """The province, with synthetic places for half of the sites of a known county."""
    return with_synthetic_places(province)


@pytest.fixture(scope="module")
def nowhere(province):
    """The province, with no site's own place known."""
    return without_places(province)


@pytest.fixture(scope="module", params=["nowhere", "half"])
def shown(request, nowhere, placed):
    """A view of the sites, once where none has a place, once where some have."""
    home = {"nowhere": nowhere, "half": placed}[request.param]
    return compose(parse_query(f"lang=en&{NEAR}", home).view, home), home


def written(name, shown):
    spec, home = shown
    return all_exporters()[name].write(spec, home, PaperOptions())


def with_point(home):
    return set(home.sites.index[home.sites["precision"].isin(PLACED)])


def test_geojson_has_null_where_no_place_is_known(shown):
    features = json.loads(written("geojson", shown))["features"]
    sites = [one for one in features if one["properties"]["layer"] == "sites"]
    assert len(sites) == len(shown[1].sites)
    for one in sites:
        told = one["properties"]
        placed = told["id"] in with_point(shown[1])
        assert (one["geometry"] is not None) == placed
        assert ("longitude" in told) == ("latitude" in told) == placed
        assert told["precision"] == shown[1].sites.at[told["id"], "precision"]
        assert told["city_adcode"]
        assert ("county_adcode" in told) == (told["precision"] != "city")


def test_csv_has_empty_cells_where_no_place_is_known(shown):
    rows = csv.DictReader(io.StringIO(written("csv", shown).decode("utf-8-sig")))
    sites = [row for row in rows if row["layer"] == "sites"]
    assert len(sites) == len(shown[1].sites)
    for row in sites:
        assert (row["longitude"] != "") == (row["id"] in with_point(shown[1]))
        assert (row["longitude"] == "") == (row["latitude"] == "")


def test_parquet_has_null_where_no_place_is_known(shown):
    table = gpd.read_parquet(io.BytesIO(written("parquet", shown)))
    sites = table[table["layer"] == "sites"]
    assert set(sites.loc[sites.geometry.notna(), "id"]) == with_point(shown[1])


def test_a_workbook_has_empty_cells_where_no_place_is_known(shown):
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", shown)), read_only=True)
    head, *rows = book["data_sites"].iter_rows(values_only=True)
    at = {name: head.index(name) for name in ("id", "longitude", "latitude")}
    for row in rows:
        placed = row[at["id"]] in with_point(shown[1])
        assert (row[at["longitude"]] is not None) == (row[at["latitude"]] is not None) == placed


def test_a_geopackage_has_null_and_the_counts_of_areas(shown, tmp_path):
    path = tmp_path / "view.gpkg"
    path.write_bytes(written("gpkg", shown))
    sites = gpd.read_file(path, layer="sites")
    assert set(sites.loc[sites.geometry.notna(), "id"]) == with_point(shown[1])
    counts = gpd.read_file(path, layer=STACKS)
    assert counts["sites"].sum() == sites.geometry.isna().sum()
    with sqlite3.connect(path) as database:
        (style,) = database.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = ?", (STACKS,)
        ).fetchone()
    assert 'fieldName="sites"' in style


def test_counts_stand_at_the_label_points_of_their_areas(shown):
    spec, home = shown
    counts = sites_by_area(spec, home).set_index("adcode")
    unknown = home.sites[home.sites.geometry.isna()]
    for area, table in (("county", home.counties), ("city", home.cities)):
        expected = unknown.loc[unknown["precision"] == area, f"{area}_adcode"].value_counts()
        found = counts[counts["area"] == area]
        assert found["sites"].to_dict() == {int(one): n for one, n in expected.items()}
        for adcode, point in found.geometry.items():
            label = table.loc[adcode, ["label_lon", "label_lat"]]
            assert (point.x, point.y) == tuple(label)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_legend_says_how_exactly_places_are_known(nowhere, placed, language):
    for home, drawn in ((nowhere, (False, True, True)), (placed, (True, True, True))):
        view = parse_query(f"lang={language}&{NEAR}", home).view
        entries = [entry for group in compose(view, home).legend for entry in group.entries]
        for words, there in zip(WORDS[language], drawn, strict=True):
            found = [entry for entry in entries if entry.label.startswith(words)]
            assert len(found) == there
            if there:
                own = words == WORDS[language][0]
                assert isinstance(found[0].symbol, Marker if own else Stack)
        fills = "实心" if language == "zh" else "Solid"
        assert any(entry.note.startswith(fills) for entry in entries) == (home is placed)


def test_a_legend_of_cities_alone_names_no_county(province):
    sites = province.sites
    alone = sites[sites["precision"] == "city"]
    home = replace(province, sites=alone)
    entries = [
        entry.label
        for group in compose(parse_query(f"lang=en&{NEAR}", home).view, home).legend
        for entry in group.entries
        if entry.label.startswith("Place known")
    ]
    assert entries == [f"{WORDS['en'][2]}{len(alone)})"]


def test_the_web_map_is_sent_no_place_that_is_not_known(shown):
    spec, home = shown
    names = used_geometries(spec)
    geometry = {name: collection_of(spec, home, name) for name in names}
    payload = web_payload(spec, geometry, {name: feature_ids(home, name) for name in names})
    layer = next(one for one in payload["layers"] if one["id"] == "sites")
    assert [one["by"] for one in layer["groupings"]] == ["cities", "counties"]
    sites = {one["id"]: one for one in payload["geometry"]["sites"]["features"]}
    assert {name for name, one in sites.items() if one["geometry"]} == with_point(home)
    areas = {
        one["id"]
        for name in ("cities", "counties")
        for one in payload["geometry"][name]["features"]
    }
    for name, one in sites.items():
        site = home.sites.loc[name]
        known = site["county_adcode"] if site["precision"] != "city" else site["city_adcode"]
        assert one["properties"]["counties"] == known
        assert known in areas


def numbers(figure):
    return sorted(
        int(text.get_text()) for text in figure.axes[1].texts if text.get_text().isdigit()
    )


@pytest.mark.parametrize("zoom", [9, 12])
def test_the_print_map_draws_a_ring_for_each_area_in_its_frame(nowhere, zoom):
    """At no scale is a site without a place drawn by itself."""
    home = nowhere.counties.loc[320412]
    at = f"{home['label_lat']:.4f},{home['label_lon']:.4f}"
    view = parse_query(f"lang=en&overlay=sites&center={at}&zoom={zoom}", nowhere).view
    spec = compose(view, nowhere)
    figure = draw_print_map(spec, nowhere, date=DAY)
    axes = figure.axes[1]
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    assert [line for line in axes.lines if line.get_marker() not in ("None", None, "")] == []
    stacks = sites_by_area(spec, nowhere).to_crs(nowhere.settings.metric_crs)
    inside = stacks.geometry.x.between(west, east) & stacks.geometry.y.between(south, north)
    drawn = numbers(figure)
    assert home.name in set(stacks.loc[inside, "adcode"])
    for count in stacks.loc[inside, "sites"]:
        assert count in drawn
        drawn.remove(count)


def test_signs_are_drawn_where_places_are_known(placed):
    site = placed.sites[placed.sites.geometry.notna()].iloc[0]
    at = f"{site.geometry.y:.4f},{site.geometry.x:.4f}"
    spec = compose(parse_query(f"overlay=sites&center={at}&zoom=12", placed).view, placed)
    axes = draw_print_map(spec, placed, date=DAY).axes[1]
    there = gpd.GeoSeries([site.geometry], crs=4326).to_crs(placed.settings.metric_crs).iloc[0]
    drawn = [line.get_xydata()[0] for line in axes.lines if len(line.get_xydata()) == 1]
    assert any(np.allclose(one, (there.x, there.y)) for one in drawn)


@pytest.fixture(scope="module")
def own_home(province):
    county = PLACES.border_county.en
    text = f"name,city,county,sector\nSynthetic,{PLACES.border_city.en},{county},battery\n"
    table = read_safely(text.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    reading = make_reading(table, mapping, province, "wgs84", defaults={"kind": "plant"})
    return with_own_sites(province, [own_sites(reading, "list.csv", DAY)])


def test_own_sites_without_a_place_are_their_countys(own_home):
    (name,) = own_site_ids(own_home)
    assert own_home.sites.geometry.at[name] is None
    spec = compose(parse_query(f"lang=en&{NEAR}", own_home).view, own_home)
    layer = next(one for one in spec.layers if one.id == "sites")
    assert layer.marked == (name,)
    names = used_geometries(spec)
    none = {one: frozenset() for one in names}
    payload = web_payload(spec, {one: {} for one in names}, none)
    sent = next(one for one in payload["layers"] if one["id"] == "sites")
    assert (sent["marked"], sent["rim"]) == ([name], OWN_RING.color)


def test_the_ring_of_a_county_with_own_sites_has_a_rim_on_paper(own_home, province):
    home = own_home.counties.loc[own_home.sites.loc[own_site_ids(own_home)[0], "county_adcode"]]
    at = f"{home['label_lat']:.4f},{home['label_lon']:.4f}"
    rims = []
    for one in (own_home, province):
        spec = compose(parse_query(f"overlay=sites&center={at}&zoom=11", one).view, one)
        axes = draw_print_map(spec, one, date=DAY).axes[1]
        circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
        circles += [patch for patch in axes.artists if isinstance(patch, Circle)]
        wanted = pd.Series([patch.get_edgecolor() for patch in circles]).map(
            lambda color: np.allclose(color[:3], [0xC2 / 255, 0x18 / 255, 0x7A / 255])
        )
        rims.append(int(wanted.sum()))
    assert rims[0] > rims[1] == 0
