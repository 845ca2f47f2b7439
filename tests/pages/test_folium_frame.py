"""The frame of the map: an address that never changes what it answers, and small views."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from layers.web.folium_map import WebAssets, frame_page
from ui.server.assets import frame_address, web_assets
from ui.server.routes import routes

WINDOW = (115.0, 30.0, 122.0, 36.0)


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_the_page_is_foliums_and_listens():
    html = frame_page(WINDOW, WebAssets(("/a.js",), ("/a.css",), "/b.js"))
    assert 'class="folium-map" id="map_atlas"' in html
    assert '<script src="/a.js"></script>' in html
    assert '<script type="module" src="/b.js"></script>' in html
    assert '<link rel="modulepreload" href="/b.js">' in html
    # The module finds folium's map by the name of its element.
    assert "var map_atlas = L.map(" in html
    assert "http://" not in html
    assert "https://" not in html


def test_the_page_is_the_same_in_every_process():
    code = (
        "from layers.web.folium_map import WebAssets, frame_page;"
        f"print(frame_page({WINDOW}, WebAssets((), (), '/b.js')), end='')"
    )
    texts = {
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
        for _ in range(2)
    }
    assert texts == {frame_page(WINDOW, WebAssets((), (), "/b.js")).encode()}


def test_frame_scripts_and_styles_are_served_for_ever(client, province):
    assets = web_assets()
    for address in (frame_address(province), *assets.scripts, *assets.styles, assets.module):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
    page = client.get(frame_address(province))
    assert page.headers["content-type"].startswith("text/html")
    assert (
        client.get(re.sub(r"\.[0-9a-f]{16}\.", ".0000000000000000.", str(page.url))).status_code
        == 404
    )


def test_the_addresses_in_the_bundle_are_served(client):
    style = client.get(web_assets().styles[0]).text
    named = set(re.findall(r"url\(([^)#]+)\)", style))
    assert named
    for address in named:
        assert client.get(address).status_code == 200


def _page() -> None:
    import streamlit as st

    from ui.components.map.folium_frame import folium_frame

    st.session_state.views = st.session_state.get("views", 0) + 1
    for key in ("one", "two"):
        folium_frame(
            "/frame.html",
            {"number": st.session_state.views, "key": key},
            key=key,
            height=300,
            on_change=lambda: None,
        )


def test_a_run_sends_the_view_alone_and_the_frame_stays():
    app = AppTest.from_function(_page).run()
    first = [one.proto for one in app.get("component_instance")]
    second = [one.proto for one in app.run().get("component_instance")]
    assert [one.url for one in first] == ["/frame.html"] * 2
    assert [one.id for one in first] == [one.id for one in second]
    assert first[0].id != first[1].id
    assert '"number": 2' in second[0].json_args
    assert len(second[0].json_args) < 150


def test_a_compressed_asset_is_its_text(client):
    script = client.get(web_assets().module)
    assert "clusterAtlas" in script.text
    assert len(gzip.compress(script.content)) < 40_000
