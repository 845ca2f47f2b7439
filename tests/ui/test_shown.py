"""What is kept for speed is what would be made anew; what is named ahead is served."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from layers.compose import compose
from layers.view import parse_query
from ui.late import PREFIXES
from ui.preload import PreloadLinks, preload
from ui.routes import routes
from ui.shown import composed

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
    return HTMLResponse("<!doctype html>")


async def answer(request: object) -> JSONResponse:
    return JSONResponse({})


def test_a_page_names_what_its_map_needs_and_all_of_it_is_served(province):
    preload(province)
    own = [Route("/", page), Route("/answer", answer), Route("/ogc/", page)]
    app = Starlette(routes=[*own, *routes()], middleware=[Middleware(PreloadLinks)])
    client = TestClient(app)
    named = re.findall(r"<([^>]+)>", client.get("/").headers["link"])
    assert len(named) == 4
    assert [client.get(address).status_code for address in named] == [200] * 4
    assert "link" not in client.get("/answer").headers
    assert "link" not in client.get("/ogc/").headers


def test_every_address_is_stood_in_for_while_it_loads():
    for route in routes():
        path = str(getattr(route, "path", ""))
        assert any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES), path
