"""OGC API - Features: what the standard asks, over HTTP, and real clients that read it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import geopandas as gpd
import jsonschema
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from starlette.applications import Starlette
from starlette.testclient import TestClient

from clusters.matching import matching
from clusters.scores import city_ranking
from clusters.selection import Selection
from data.evidence_rows import PLACED
from layers.address.query import parse_query
from layers.catalogue import overlay_ids
from layers.compose import compose
from layers.ogc.documents import CONFORMANCE
from layers.ogc.feature_query import CRS84, in_crs, read_query
from tests.places import PLACES
from tests.synthetic import with_synthetic_places
from tests.tile_server import served
from ui.server.ogc_service import ogc_routes

LATITUDE_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4326"
METRIC = "http://www.opengis.net/def/crs/EPSG/0/4549"
LINK = {
    "type": "object",
    "required": ["href", "rel", "type"],
    "properties": {"href": {"type": "string", "format": "uri"}},
}
FEATURES = {
    "type": "object",
    "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "links": {"type": "array", "items": LINK},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {"type": {"const": "Feature"}},
            },
        },
    },
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=ogc_routes()))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(ogc_routes()) as root:
        yield f"{root}/ogc"


def items(client: TestClient, collection: str, **query: object) -> dict:
    answer = client.get(f"/ogc/collections/{collection}/items", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/geo+json")
    found = answer.json()
    jsonschema.validate(found, FEATURES)
    assert len(found["features"]) == found["numberReturned"]
    return found


def test_the_landing_page_leads_to_everything(client):
    for relation in ("service-desc", "service-doc", "conformance", "data"):
        links = client.get("/ogc").json()["links"]
        target = next(one["href"] for one in links if one["rel"] == relation)
        assert client.get(target.replace("http://testserver", "")).status_code == 200
    assert client.get("/ogc/conformance").json()["conformsTo"] == list(CONFORMANCE)


def test_every_collection_has_features_with_a_source_and_its_year(client, province):
    found = client.get("/ogc/collections").json()["collections"]
    roles = {role.id for role in province.plan.roles}
    assert {one["id"] for one in found} == {
        *("cities", "counties", "neighbours", "sites", "companies", "measures", "ranking"),
        *(f"role-{one}" if one in roles else one for one in overlay_ids(province)),
    }
    for one in found:
        assert one["storageCrs"] == CRS84
        assert {CRS84, LATITUDE_FIRST, METRIC} == set(one["crs"])
        features = items(client, one["id"], limit=1)["features"]
        if one["id"] == "groups":
            # Too few sites have a place of their own.
            assert features == []
            continue
        feature = features[0]
        assert feature["properties"]["source"]
        assert "source_year" in feature["properties"]


def test_companies_are_features_at_their_placed_sites(client, province, monkeypatch):
    found = items(client, "companies", segment="separator", limit=1000)["features"]
    sites = matching(province, parse_query("segment=separator", province).view.selection).sites
    owned = sites.dropna(subset="company").groupby("company").size()
    assert {one["id"]: one["properties"]["sites"] for one in found} == owned.to_dict()
    assert all(one["geometry"] is None for one in found)
    placed = with_synthetic_places(province, every=1)
    monkeypatch.setattr("ui.server.ogc_service.province", lambda _: placed)
    found = items(client, "companies", segment="separator", limit=1000)["features"]
    known = placed.sites.loc[sites.index].dropna(subset=["company", "longitude"])
    counts = {one["id"]: one["geometry"] for one in found if one["geometry"] is not None}
    assert {name: len(one["coordinates"]) for name, one in counts.items()} == (
        known.groupby("company").size().to_dict()
    )
    assert {one["type"] for one in counts.values()} == {"MultiPoint"}
    told = items(client, "companies", owner="byd", lang="zh")["features"][0]["properties"]
    assert told["name_en"] == "BYD"
    assert told["source"]


def test_pages_follow_one_another_to_the_last(client, province):
    seen, target = [], "/ogc/collections/counties/items?limit=40"
    while target:
        page = client.get(target).json()
        seen += [feature["id"] for feature in page["features"]]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        target = following[0].replace("http://testserver", "") if following else ""
    assert seen == [int(adcode) for adcode in province.counties.index]


def test_the_keys_of_the_page_filter_features(client, province):
    battery = items(client, "sites", sector="battery", city=PLACES.battery_base.slug, limit=1000)
    rows = province.sites
    wanted = rows[
        (rows["sector"] == "battery") & (rows["city_adcode"] == PLACES.battery_base.adcode)
    ]
    assert {feature["id"] for feature in battery["features"]} == set(wanted.index)
    assert items(client, "cities", role="hydrogen")["numberMatched"] == 5


@pytest.mark.parametrize(
    "query", ["kind=plant,station", "capacity=GWh-a-year:10-50", "owner=byd", "segment=separator"]
)
def test_sites_are_filtered_as_on_the_page(client, province, query):
    found = items(client, "sites", limit=1000, **dict([query.split("=")]))
    view = parse_query(query, province).view
    ids = matching(province, view.selection).sites.index
    assert {one["id"] for one in found["features"]} == set(ids)
    assert len(ids)


@pytest.mark.parametrize(
    "query", ["owner=nobody", "kind=plant,nothing", "capacity=GWh-a-year:9-1", "capacity=x"]
)
def test_a_key_of_the_page_is_no_property_where_there_is_no_such_column(client, query):
    answer = client.get(f"/ogc/collections/cities/items?{query}")
    assert answer.status_code == 400
    assert "is not understood" in answer.json()["description"]


def test_a_list_that_is_half_understood_is_told(client):
    answer = client.get("/ogc/collections/sites/items?kind=plant,nothing")
    assert answer.status_code == 400
    assert "kind=nothing" in answer.json()["description"]


def test_the_document_lists_the_keys_of_the_page(client):
    paths = client.get("/ogc/api").json()["paths"]
    asked = paths["/collections/cities/items"]["get"]["parameters"]
    assert {"kind", "owner", "capacity"} <= {one["name"] for one in asked}
    asked = [one["name"] for one in paths["/collections/sites/items"]["get"]["parameters"]]
    assert len(asked) == len(set(asked))


def test_a_property_filters_by_its_value(client):
    found = items(client, "counties", kind="city", limit=1000)
    assert {one["properties"]["kind"] for one in found["features"]} == {"city"}
    assert items(client, "cities", adcode=320500)["numberMatched"] == 1
    assert items(client, "cities", name_en="nobody")["numberMatched"] == 0


def test_a_box_gives_what_it_meets(client, province):
    found = items(client, "cities", bbox="120.5,31.2,120.7,31.4")
    box = shapely.box(120.5, 31.2, 120.7, 31.4)
    meets = province.cities[province.cities.intersects(box)]
    assert {one["id"] for one in found["features"]} == {int(one) for one in meets.index}
    turned = items(
        client, "cities", **{"bbox": "31.2,120.5,31.4,120.7", "bbox-crs": LATITUDE_FIRST}
    )
    assert turned["numberMatched"] == found["numberMatched"]


def test_time_leaves_what_has_no_time(client, province):
    years = province.sites["year"]
    found = items(client, "sites", datetime="2020-01-01/2022-12-31", limit=1000)
    wanted = years.isna() | years.between(2020, 2022)
    assert found["numberMatched"] == int(wanted.sum())


def test_sites_without_a_place_have_null_for_a_geometry(client, province):
    for crs in (LATITUDE_FIRST, METRIC):
        found = items(client, "sites", limit=1000, crs=crs)["features"]
        assert len(found) == len(province.sites)
        for one in found:
            told = one["properties"]
            assert (one["geometry"] is None) == (told["precision"] not in PLACED)
            assert told["city_adcode"]
    one = client.get(f"/ogc/collections/sites/items/{province.sites.index[0]}").json()
    assert one["geometry"] is None
    box = client.get("/ogc/collections/sites").json()["extent"]["spatial"]["bbox"][0]
    assert box == pytest.approx(province.cities.total_bounds.tolist(), abs=1e-5)
    placed = int(province.sites["precision"].isin(PLACED).sum())
    assert items(client, "sites", bbox="100,20,140,50")["numberMatched"] == placed


def test_a_crs_has_the_axes_of_its_authority(client, province):
    answer = client.get("/ogc/collections/sites/items", params={"limit": 1, "crs": LATITUDE_FIRST})
    assert answer.headers["content-crs"] == f"<{LATITUDE_FIRST}>"
    placed = with_synthetic_places(province)
    site = placed.sites[placed.sites.geometry.notna()].iloc[:1]
    (point,) = site.geometry
    (turned,) = in_crs(site, LATITUDE_FIRST, placed).geometry
    assert (turned.x, turned.y) == (point.y, point.x)
    (metric,) = in_crs(site, METRIC, placed).geometry
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True).transform(
        point.x, point.y
    )
    assert (metric.y, metric.x) == (pytest.approx(x, abs=0.2), pytest.approx(y, abs=0.2))


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=",
        "limit=+5",
        "limit=1.5",
        "limit=\u0661",
        "limit=0x10",
        f"limit={'0' * 5000}",
        f"name_en={'x' * 2001}",
        f"sector={'x' * 60_000}",
        "limit=x",
        "offset=-1",
        "bbox=1,2,3",
        "bbox=1,2,nan,4",
        "bbox=9,9,1,1",
        "crs=EPSG:4326",
        "datetime=yesterday",
        "datetime=../..",
        "f=xml",
        "sector=steel",
        "unknown=1",
        "limit=1&limit=2",
        "lang=fr",
        "lang=",
        "sector=",
        f"city={PLACES.other_hub.slug},",
        "years=",
        "datetime=",
    ],
)
def test_what_is_not_understood_is_told(client, query):
    answer = client.get(f"/ogc/collections/sites/items?{query}")
    assert answer.status_code == 400
    assert answer.json()["description"]


def test_what_is_not_there_is_told(client):
    assert client.get("/ogc/collections/rivers").status_code == 404
    assert client.get("/ogc/collections/cities/items/1").status_code == 404
    assert client.get("/ogc/collections/cities/items/320100").json()["id"] == 320100


def test_layers_of_analysis_are_filtered_as_on_the_map(client, province):
    for query in ("", "sector=battery"):
        view = parse_query(f"overlay=hotspots,groups&lang=en&{query}", province).view
        drawn = {layer.id: layer for layer in compose(view, province).layers}
        asked = dict(parse_qsl(query))
        for name in ("hotspots", "groups"):
            found = items(client, name, **asked)["features"]
            told = {str(one["id"]): one["properties"]["class"] for one in found}
            assert told == {
                str(feature): one.label for one in drawn[name].classes for feature in one.features
            }
    ranked = items(client, "ranking", sector="battery")["features"]
    ranks = city_ranking(province, Selection(sectors=frozenset({"battery"})), ()).table["rank"]
    assert {one["id"]: one["properties"]["rank"] for one in ranked} == {
        int(adcode): int(rank) for adcode, rank in ranks.items()
    }


@pytest.mark.parametrize("limit", ["10000", "9" * 10, "9" * 400, "9" * 10_000, "0" * 300 + "95"])
def test_a_limit_of_any_length_is_cut_to_the_most(client, limit):
    found = client.get(f"/ogc/collections/counties/items?limit={limit}")
    assert found.status_code == 200
    assert found.json()["numberReturned"] == 95
    assert all(len(link["href"]) < len(limit) + 400 for link in found.json()["links"])


def test_the_document_promises_a_limit_without_end_as_it_is_answered(client):
    """What is above the most is answered with the most, so no highest number is promised."""
    paths = client.get("/ogc/api").json()["paths"]
    for path, item in paths.items():
        named = {one["name"]: one["schema"] for one in item["get"]["parameters"]}
        for name in ("limit", "offset"):
            assert "maximum" not in named.get(name, {}), path
    assert paths["/collections/sites/items"]


@pytest.mark.parametrize("offset", ["1000000000", "9" * 30, "9" * 6000])
def test_a_page_beyond_the_end_is_empty(client, offset):
    found = client.get(f"/ogc/collections/counties/items?offset={offset}&limit=10")
    assert found.status_code == 200
    assert found.json()["features"] == []
    assert "next" not in {link["rel"] for link in found.json()["links"]}


def test_a_list_may_say_a_value_again_and_again(client):
    once = items(client, "sites", sector="battery", limit=1)["numberMatched"]
    often = items(client, "sites", sector=",".join(["battery"] * 5000), limit=1)
    assert often["numberMatched"] == once


@pytest.mark.parametrize(
    "area",
    [
        "polygon:31,119;31,121;33,121;33,119",
        "corridor:10:32,119;32,120;32,119.5",
        "circle:32,120,120",
        "box:119,31,120,32",
    ],
)
def test_an_area_may_say_a_number_twice(client, province, area):
    """It is no list: a rectangle has each of its sides at two corners."""
    view = parse_query({"area": [area]}, province).view
    read = read_query([("area", area)], province, [])
    assert read.view.selection.area == view.selection.area is not None
    found = items(client, "sites", area=area, limit=1000)
    ids = matching(province, view.selection).sites.index
    assert {one["id"] for one in found["features"]} == set(ids)
    assert len(ids)


def test_pages_for_people_hold_no_script_and_escape(client):
    for path in ("", "/collections", "/collections/sites/items", "/api", "/conformance"):
        answer = client.get(f"/ogc{path}", headers={"Accept": "text/html,application/xhtml+xml"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "<script" not in answer.text
        assert "src=" not in answer.text
    hostile = client.get("/ogc/collections/sites/items?f=html&name_en=<script>alert(1)</script>")
    assert "<script" not in hostile.text


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["cities", "sites", "measures", "role-assembly"]),
    st.dictionaries(
        st.sampled_from(["limit", "offset", "bbox", "crs", "datetime", "f", "sector", "city", "x"]),
        st.text(max_size=40),
        max_size=4,
    ),
)
def test_no_request_is_an_error_of_the_server(collection, query):
    client = TestClient(Starlette(routes=ogc_routes()), raise_server_exceptions=True)
    answer = client.get(f"/ogc/collections/{collection}/items", params=query)
    assert answer.status_code in (200, 400)


def test_the_openapi_document_names_every_path(client):
    document = client.get("/ogc/api").json()
    assert document["openapi"].startswith("3.0")
    for one in client.get("/ogc/collections").json()["collections"]:
        assert f"/collections/{one['id']}/items" in document["paths"]
    assert json.dumps(document)


READ = """
import sys
import geopandas as gpd
source, layer, target, *box = sys.argv[1:]
bounds = tuple(float(one) for one in box) or None
gpd.read_file(f"OAPIF:{source}", layer=layer, bbox=bounds, engine="pyogrio").to_file(target)
"""


def read_by_gdal(address: str, layer: str, folder: Path, *box: float) -> gpd.GeoDataFrame:
    """Read a layer with GDAL's own client, in a process of its own: the server is in this one."""
    target = folder / f"{layer}{len(box)}.gpkg"
    arguments = [sys.executable, "-c", READ, address, layer, str(target), *map(str, box)]
    subprocess.run(arguments, check=True, timeout=120)
    return gpd.read_file(target)


def test_gdal_reads_it_live(address, province, tmp_path):
    sites = read_by_gdal(address, "sites", tmp_path)
    assert len(sites) == len(province.sites)
    assert sites.crs.name == "WGS 84 (CRS84)"
    cities = read_by_gdal(address, "cities", tmp_path)
    own = province.cities.set_index("name_en").geometry
    for name, shape in cities.set_index("name_en").geometry.items():
        assert shape.symmetric_difference(own[name]).area < 1e-6
    inside = read_by_gdal(address, "cities", tmp_path, 120.5, 31.2, 120.7, 31.4)
    assert 0 < len(inside) < len(cities)


def test_owslib_reads_it_live(address, province):
    from owslib.ogcapi.features import Features

    atlas = Features(address)
    assert "sites" in atlas.feature_collections()
    assert atlas.collection_items("counties", limit=5)["numberMatched"] == 95
    city = atlas.collection_item("cities", str(PLACES.capital.adcode))
    assert city["properties"]["name_en"] == PLACES.capital.en


def test_sites_name_their_company_and_are_asked_for_by_it(client, province):
    company = province.companies.iloc[0]
    found = items(client, "sites", company=company["id"], limit=100)
    own = province.sites.index[province.sites["company"] == company["id"]]
    assert {one["id"] for one in found["features"]} == set(own)
    names = [one["properties"]["company_zh"] for one in found["features"]]
    assert names == [company["name_zh"]] * len(own)
