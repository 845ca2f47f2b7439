"""Other tools read the layers: the rules of OGC API - Features, and real clients of it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box, shape
from starlette.applications import Starlette
from starlette.testclient import TestClient

from clusters.selection import Selection, selected_sites
from layers.feature_query import CRS84
from layers.features import collections
from ui.ogc import ogc_routes

ROOT = Path(__file__).parents[2]
METRIC = "http://www.opengis.net/def/crs/EPSG/0/4549"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=ogc_routes()))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # A process of its own: GDAL waits for answers without letting other threads run.
    script = (
        "import uvicorn; from starlette.applications import Starlette; "
        "from ui.ogc import ogc_routes; "
        f"uvicorn.run(Starlette(routes=ogc_routes()), port={port}, log_level='error', ws='none')"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ogc/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/ogc"
    finally:
        process.terminate()
        process.wait(timeout=20)


def items(client, collection, **asked):
    answer = client.get(f"/ogc/collections/{collection}/items", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_everything_is_found_from_the_landing_page(client):
    seen, waiting = set(), ["/ogc/"]
    while waiting:
        path = waiting.pop()
        if path in seen or "/items" in path:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if "json" in answer.headers["content-type"]:
            waiting += [
                found.removeprefix("http://testserver")
                for found in re.findall(r'"href": "([^"]+)"', answer.text)
            ]
    assert {"/ogc/collections", "/ogc/conformance", "/ogc/api"} <= seen
    assert "/ogc/collections/sites" in seen


def test_every_layer_has_features_with_source_and_year(client, province):
    for collection in collections(province, "en"):
        page = items(client, collection.id, limit="1000")
        assert page["numberMatched"] == page["numberReturned"] == len(page["features"]) > 0
        for feature in page["features"]:
            assert feature["properties"]["sources"]
            assert isinstance(feature["properties"]["source_year"], int | None)


def test_pages_hold_every_feature_once(client, province):
    names, address = [], "/ogc/collections/sites/items?limit=37&lang=en"
    while address:
        page = client.get(address).json()
        names += [feature["id"] for feature in page["features"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert names == list(province.sites.index)


def test_a_view_narrows_as_on_the_map(client, province):
    sector = province.plan.sectors[0].id
    page = items(client, "sites", sector=sector, status="operating", limit="1000")
    wanted = Selection(sectors=frozenset([sector]), statuses=frozenset(["operating"]))
    chosen = selected_sites(wanted, province)
    assert [feature["id"] for feature in page["features"]] == list(chosen.index[chosen])
    assert 0 < len(page["features"]) < len(province.sites)


def test_bbox_property_and_time(client, province):
    west, south, east, north = province.sites.total_bounds
    half = (west, south, (west + east) / 2, north)
    page = items(client, "sites", bbox=",".join(map(str, half)), limit="1000")
    assert page["numberMatched"] == int(province.sites.intersects(box(*half)).sum())
    one = items(client, "counties", kind="district", limit="1000")
    assert one["numberMatched"] == int((province.counties["kind"] == "district").sum())
    times = items(client, "sites", datetime="2020-01-01T00:00:00Z/..", limit="1000")
    years = [feature["properties"]["year"] for feature in times["features"]]
    assert all(year is None or year >= 2020 for year in years)
    assert any(years)


def test_crs_answers_in_its_own_order_of_axes(client, province):
    adcode = str(province.cities.index[0])
    path = f"/ogc/collections/cities/items/{adcode}"
    plain, turned, metric = (
        client.get(path, params={"crs": crs}) for crs in (CRS84, WGS84, METRIC)
    )
    assert metric.headers["content-crs"] == f"<{METRIC}>"
    west, south, east, north = shape(plain.json()["geometry"]).bounds
    assert shape(turned.json()["geometry"]).bounds == pytest.approx((south, west, north, east))
    wanted = province.cities.loc[[int(adcode)]].to_crs(province.settings.metric_crs).total_bounds
    low_n, low_e, high_n, high_e = shape(metric.json()["geometry"]).bounds
    assert [low_e, low_n, high_e, high_n] == pytest.approx(list(wanted), abs=0.01)
    whole = ",".join(map(str, (low_n, low_e, high_n, high_e)))
    page = items(client, "cities", bbox=whole, **{"bbox-crs": METRIC})
    assert adcode in [feature["id"] for feature in page["features"]]


@pytest.mark.parametrize(
    "query",
    [
        *("nonsense=1", "limit=0", "limit=-1", "limit=x", "bbox=1,2,3", "bbox=nan,1,2,3"),
        *("bbox=1,9,3,2", "crs=x", "bbox-crs=x", "datetime=yesterday", "datetime=..", "f=xml"),
        *("sector=nonsense", "city=nowhere", "years=1-2", "limit=1&limit=2", "offset=1e3"),
    ],
)
def test_what_cannot_be_understood_is_refused(client, query):
    answer = client.get(f"/ogc/collections/sites/items?{query}")
    assert answer.status_code == 400
    assert answer.json()["description"]


def test_limits_are_bounded_and_missing_things_missing(client):
    assert items(client, "sites", limit="100000")["numberReturned"] <= 1000
    assert client.get("/ogc/collections/nothing").status_code == 404
    assert client.get("/ogc/collections/sites/items/nothing").status_code == 404
    assert client.post("/ogc/collections/sites/items").status_code == 405


def test_html_is_escaped_and_fetches_nothing(client):
    for path in ("/ogc/", "/ogc/collections", "/ogc/collections/sites/items", "/ogc/api"):
        answer = client.get(path, headers={"Accept": "text/html,*/*"})
        assert answer.headers["content-type"].startswith("text/html")
        assert not re.search(r"<(script|img|link|iframe|style)|src=", answer.text)
    bad = client.get(
        "/ogc/collections/sites/items",
        params={"f": "html", "name_en": '"><script>alert(1)</script>'},
    )
    assert "<script" not in bad.text


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *("limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "f", "sector", "city"),
                *("years", "status", "role", "segment", "name_en", "year", "x"),
            ]
        ),
        st.one_of(
            st.text(max_size=30),
            st.integers().map(str),
            st.lists(st.floats(), max_size=7).map(lambda found: ",".join(map(str, found))),
            st.sampled_from([CRS84, WGS84, METRIC, "2020-01-01/..", "1e308,1,2,3"]),
        ),
        max_size=5,
    )
)
def test_any_query_is_answered_or_refused(client, asked):
    answer = client.get("/ogc/collections/sites/items", params=asked)
    assert answer.status_code in (200, 400), answer.text
    if "json" in answer.headers["content-type"]:
        json.loads(answer.text, parse_constant=pytest.fail)


def test_the_description_names_what_is_served(client, province):
    document = client.get("/ogc/api").json()
    assert document["openapi"].startswith("3.0")
    for path in document["paths"]:
        real = path.replace("{featureId}", str(province.cities.index[0]))
        if "{featureId}" not in path or "cities" in path:
            assert client.get(f"/ogc{real}").status_code == 200, path
    names = [found["get"]["operationId"] for found in document["paths"].values()]
    assert len(names) == len(set(names))


def test_gdal_reads_it(address, province):
    source = f"OAPIF:{address}"
    layers = [str(name) for name in pyogrio.list_layers(source)[:, 0]]
    assert layers == [one.id for one in collections(province, "zh")]
    sites = gpd.read_file(source, layer="sites", engine="pyogrio")
    assert len(sites) == len(province.sites)
    nowhere = gpd.read_file(source, layer="sites", bbox=(0, 0, 1, 1))
    assert len(nowhere) == 0
    where = gpd.read_file(source, layer="counties", where="kind = 'district'")
    assert len(where) == (province.counties["kind"] == "district").sum()
    assert sites.geometry.iloc[0].distance(province.sites.geometry.iloc[0]) < 1e-6
