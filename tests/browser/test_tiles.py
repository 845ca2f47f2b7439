"""Tiles of a register on the atlas's own map in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from clusters.registers.register_filter import RegisterFilter
from data.register.build import register_from_table
from layers.address.query import parse_query
from layers.compose import compose
from layers.specification.icons import icon_paths
from layers.specification.map_spec import used_geometries
from layers.specification.point_style import PointStyle
from layers.web.folium_map import TileSource, web_payload
from layers.web.wire_geometry import feature_ids
from tests.synthetic import COLUMNS, synthetic_table
from tests.tile_server import served
from ui.kept.register_tiles import shelf
from ui.server.assets import geometry_address, web_assets

STYLE = PointStyle(color_by="sector", singles_below=100, singles_in_tile=100)
PAGE = """<!doctype html><title>tiles</title>{head}
<div class="folium-map" id="map_div" style="height:100vh"></div>
<script>
  window.reports = [];
  window.addEventListener("message", ({{ data }}) => {{
    if (data.type === "streamlit:setComponentValue") window.reports.push(data.value);
  }});
  var map_div = L.map("map_div", {{ minZoom: 6, maxZoom: 14, zoomSnap: 0.25 }});
  map_div.setView([33, 119.5], 7);
</script>"""


async def _page(request: Request) -> Response:
    del request
    assets = web_assets()
    head = [f'<link rel="stylesheet" href="{address}">' for address in assets.styles]
    head += [f'<script src="{address}"></script>' for address in assets.scripts]
    head.append(f'<script type="module" src="{assets.module}"></script>')
    icons = json.dumps(icon_paths())
    head.append(f'<script type="application/json" id="atlas-icons">{icons}</script>')
    return HTMLResponse(PAGE.format(head="".join(head)))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served([Route("/", _page)]) as address:
        yield address


@pytest.fixture
def token(province) -> Iterator[str]:
    table = synthetic_table(province, 30_000)
    token = shelf.put(register_from_table(table, COLUMNS, province.counties))
    yield token
    shelf.drop(token)


def show(page: Page, province, address: str | None) -> None:
    spec = compose(parse_query("lang=en", province).view, province)
    features = {name: feature_ids(province, name) for name in used_geometries(spec)}
    tiles = None if address is None else TileSource(address, attribution="Synthetic <points>")
    addresses = {name: geometry_address(province, name) for name in features}
    payload = web_payload(spec, addresses, features, extent_token=1, tiles=tiles)
    page.evaluate(f"clusterAtlas.show({json.dumps(payload)})")


def loaded(page: Page) -> None:
    page.wait_for_function(
        """() => {
            const held = [...document.querySelectorAll(".leaflet-atlas-tiles-pane .leaflet-layer")];
            const tiles = [...document.querySelectorAll(".leaflet-atlas-tiles-pane img")];
            return held.length === 1 && Number(held[0].style.opacity || 1) === 1 &&
                tiles.length > 3 && tiles.every((one) => one.complete && one.naturalWidth === 256 &&
                    Number(one.style.opacity || 1) === 1);
        }"""
    )
    # It still tells what it has come to, and a click beside it would be told for another place.
    page.wait_for_function("() => !document.documentElement.dataset.atlasBusy")


def sources(page: Page) -> set[str]:
    found = page.locator(".leaflet-atlas-tiles-pane img").evaluate_all(
        "nodes => nodes.map((node) => new URL(node.src).pathname.split('/')[4])"
    )
    return set(found)


def test_tiles_lie_below_the_names_and_above_the_land(page, server, province, token):
    page.goto(server)
    show(page, province, shelf.view(token, RegisterFilter(), STYLE).address)
    loaded(page)
    heights = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".leaflet-pane")].map(
            (pane) => [pane.className.split(" ").pop(), Number(getComputedStyle(pane).zIndex)]))"""
    )
    tiles = heights["leaflet-atlas-tiles-pane"]
    assert heights["leaflet-atlas-land-pane"] < tiles
    assert heights["leaflet-atlas-assembly-pane"] < tiles
    assert tiles < heights["leaflet-atlas-city-names-pane"]
    assert tiles < heights["leaflet-atlas-county-names-pane"]
    credit = page.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("Synthetic <points>")


def test_a_new_filter_takes_the_place_of_the_old_one_without_a_gap(page, server, province, token):
    page.goto(server)
    show(page, province, shelf.view(token, RegisterFilter(), STYLE).address)
    loaded(page)
    page.evaluate(
        """() => {
            window.fewest = Infinity;
            const watch = () => {
                const seen = [...document.querySelectorAll(".leaflet-atlas-tiles-pane img")].filter(
                    (one) => one.complete && one.naturalWidth > 0 &&
                        Number(one.style.opacity || 1) === 1 &&
                        Number(one.closest(".leaflet-layer").style.opacity || 1) === 1);
                window.fewest = Math.min(window.fewest, seen.length);
                requestAnimationFrame(watch);
            };
            watch();
        }"""
    )
    before = page.locator(".leaflet-atlas-tiles-pane img").count()
    old = sources(page)
    quick = [RegisterFilter(values=(("sector", (name,)),)) for name in ("hydrogen", "battery")]
    views = [shelf.view(token, wanted, STYLE) for wanted in quick]
    for view in views:
        show(page, province, view.address)
    wanted = views[-1].address.split("/")[4]
    page.wait_for_function(
        """(digest) => [...document.querySelectorAll(".leaflet-atlas-tiles-pane img")].every(
            (one) => one.src.includes(digest))""",
        arg=wanted,
    )
    loaded(page)
    assert sources(page) == {wanted} != old
    assert page.evaluate("window.fewest") == before


def test_a_click_tells_the_place(page, server, province, token):
    page.goto(server)
    show(page, province, shelf.view(token, RegisterFilter(), STYLE).address)
    loaded(page)
    page.locator("path[data-feature='320900']").click()
    page.wait_for_function("() => window.reports.at(-1)?.clicks === 1")
    report = page.evaluate("window.reports.at(-1)")
    assert report["clicked"] == 320900
    latitude, longitude = report["place"]
    west, south, east, north = province.cities.loc[320900].geometry.bounds
    assert west < longitude < east
    assert south < latitude < north
    sea = page.evaluate("clusterAtlas.current.map.latLngToContainerPoint([33.5, 122.5])")
    box = page.locator("#map_div").bounding_box()
    page.mouse.click(box["x"] + sea["x"], box["y"] + sea["y"])
    page.wait_for_function("() => window.reports.at(-1).clicks === 2")
    report = page.evaluate("window.reports.at(-1)")
    assert report["clicked"] is None
    assert report["place"] == pytest.approx([33.5, 122.5], abs=0.02)


def test_tiles_go_when_they_are_not_wanted(page, server, province, token):
    page.goto(server)
    show(page, province, shelf.view(token, RegisterFilter(), STYLE).address)
    loaded(page)
    show(page, province, None)
    expect(page.locator(".leaflet-atlas-tiles-pane img")).to_have_count(0)
    page.mouse.click(1400, 450)
    # The zoom is told once while tiles are shown; a click beside everything is not.
    assert [report["clicks"] for report in page.evaluate("window.reports")] in ([], [0])
