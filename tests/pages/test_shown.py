"""What is kept for speed is what would be made anew; what is named ahead is served."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from layers.address.query import parse_query
from layers.compose import compose
from layers.specification.symbology import DARK
from tests.places import PLACES
from ui.page_scripts import LEAVING, SERVER, STEPS
from ui.server.deferred import PREFIXES
from ui.server.first_map import ADDRESS
from ui.server.payload import map_payload
from ui.server.preload import PreloadLinks, preload
from ui.server.routes import routes
from ui.state.composition import composed

QUERIES = ("", "lang=en&role=hydrogen", "center=31.4,119.4&zoom=11", "center=33,120&zoom=8")


@pytest.mark.parametrize("query", QUERIES)
def test_a_kept_composition_is_the_one_that_would_be_made(province, query):
    view = parse_query(query, province).view
    assert composed(view, province) == compose(view, province)


def test_a_move_is_no_other_composition(province):
    one, other = (composed(parse_query(query, province).view, province) for query in QUERIES[2:])
    assert one.layers is other.layers
    assert one.extent != other.extent


async def page(request: object) -> HTMLResponse:
    return HTMLResponse(
        "<!doctype html><title>A page</title><script src=own.js></script>", headers={"etag": "1"}
    )


async def packed_page(request: object) -> HTMLResponse:
    whole = (await page(request)).body
    return HTMLResponse(gzip.compress(whole), headers={"content-encoding": "gzip"})


async def answer(request: object) -> JSONResponse:
    return JSONResponse({})


@pytest.fixture
def client(province):
    preload(province)
    own = [
        Route("/", page),
        Route("/answer", answer),
        Route("/ranking", page),
        Route("/packed", packed_page),
    ]
    app = Starlette(routes=[*own, *routes()], middleware=[Middleware(PreloadLinks)])
    return TestClient(app)


def test_the_map_page_names_what_its_map_needs_and_all_of_it_is_served(client):
    named = re.findall(r"<([^>]+)>", client.get("/").headers["link"])
    assert len(named) == 5
    assert [client.get(address).status_code for address in named] == [200] * 5


def test_the_map_page_starts_with_the_script_that_shows_the_map_first(client):
    answered = client.get("/?lang=en")
    script = re.search(r'<script type="module" ([^>]+)></script>', answered.text)
    assert answered.text.index("own.js") > script.end()
    addresses = re.findall(r'"([^"]+)"', script.group(1))
    assert len(addresses) == 3
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    assert answered.headers["content-length"] == str(len(answered.content))
    assert "etag" not in answered.headers


@pytest.mark.parametrize("path", ["/", "/ranking", "/packed"])
def test_every_page_names_its_server_asks_before_data_is_lost_and_keeps_steps_back(client, path):
    answered = client.get(path)
    assert [answered.text.count(one) for one in (SERVER, STEPS, LEAVING)] == [1, 1, 1]
    assert answered.text.index("own.js") > answered.text.index(LEAVING)


@pytest.mark.parametrize("path", ["/answer", "/ranking"])
def test_other_answers_stay_as_they_are(client, path):
    answered = client.get(path)
    assert "link" not in answered.headers
    assert "atlas" not in answered.text


@pytest.mark.parametrize(
    "query", ["lang=en&role=hydrogen", f"lang=zh&city={PLACES.other_hub.slug}&zoom=9.5"]
)
def test_the_first_map_is_what_the_address_shows(client, province, query):
    view = parse_query(query, province).view
    expected = json.loads(json.dumps(map_payload(composed(view, province), province)))
    assert client.get(f"{ADDRESS}?{query}").json()["view"] == expected | {"dark": DARK}


def test_the_first_map_speaks_the_language_of_the_browser(client):
    for accepted, language in (("zh-CN,en;q=0.5", "zh"), ("en-GB", "en"), ("", "zh")):
        answered = client.get(ADDRESS, headers={"accept-language": accepted})
        assert answered.json()["view"]["language"] == language


@pytest.mark.parametrize("query", ["sector=nonsense", "province=nowhere", "lang=en&" + "x" * 5000])
def test_the_first_map_leaves_the_word_to_a_page_that_has_something_to_say(client, query):
    assert client.get(f"{ADDRESS}?{query}").status_code == 204


def test_every_address_is_stood_in_for_while_it_loads():
    for route in routes():
        path = str(getattr(route, "path", ""))
        assert any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES), path
