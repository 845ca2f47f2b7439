"""Serve what browsers fetch by address: the empty map, scripts, styles, geometry, all our own.

Addresses hold a digest of what they serve, so answers may be cached for ever.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from data.loader import Province
from data.own.own_grade import own_sources
from layers.specification.ground_tables import GROUND
from layers.specification.map_spec import GeometryId
from layers.web.folium_map import WebAssets, frame_page
from layers.web.offline_page import leaflet_folder
from layers.web.script_modules import joined
from layers.web.wire_geometry import BOUNDARIES, WireGeometry, wire_geometry
from ui.kept.session_shelf import session_shelf
from ui.server.headers import content_policy, inline_scripts, inner_frame_policy
from ui.state.library import keep_geometry, kept_geometry

PREFIX = "/atlas"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}
_ASSETS = Path(__file__).parents[1] / "assets"
_WEB_ASSETS = Path(__file__).parents[2] / "layers" / "web" / "assets"
_STYLES = (_WEB_ASSETS / "map.css", _ASSETS / "toolbar.css")
_MEDIA_TYPES = {"js": "text/javascript", "css": "text/css", "html": "text/html"}


@dataclass(frozen=True)
class _Asset:
    """What is served for ever under a name that holds its digest."""

    name: str
    compressed: bytes


def _asset(stem: str, content: str, suffix: str, headers: str = "") -> _Asset:
    encoded = content.encode()
    # Browsers keep headers for ever too: others have another name.
    digest = hashlib.sha256(encoded + headers.encode()).hexdigest()[:16]
    # A fixed time keeps the bytes the same from run to run.
    return _Asset(f"{stem}.{digest}.{suffix}", gzip.compress(encoded, mtime=0))


@cache
def _leaflet() -> _Asset:
    return _asset("leaflet", _text(leaflet_folder() / "leaflet.js"), "js")


@cache
def _module() -> _Asset:
    """Return our scripts as one module: 30 of them take a browser 150 ms longer."""
    return _asset("atlas", joined(_ASSETS / "frame.js"), "js")


@cache
def _style() -> _Asset:
    leaflet = _text(leaflet_folder() / "leaflet.css").replace(
        "url(images", f"url({PREFIX}/leaflet/images"
    )
    return _asset("atlas", "\n".join((leaflet, *(_text(one) for one in _STYLES))), "css")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _frame(window: tuple[float, float, float, float]) -> _Asset:
    return _asset("map", frame_page(window, web_assets()), "html", inner_frame_policy())


_frames: dict[str, _Asset] = {}


def web_assets() -> WebAssets:
    """Return the addresses of the map's scripts and style sheets."""
    return WebAssets(
        scripts=(f"{PREFIX}/assets/{_leaflet().name}",),
        styles=(f"{PREFIX}/assets/{_style().name}",),
        module=f"{PREFIX}/assets/{_module().name}",
    )


def frame_address(province: Province) -> str:
    """Return the address of the empty map of a province, and keep what it answers."""
    frame = _frame(province.settings.window)
    _frames[frame.name] = frame
    return f"{PREFIX}/frame/{frame.name}"


def first_frame_address(province: Province) -> str:
    """Return the address of the same empty map, for the script that shows it first."""
    return f"{PREFIX}/first/{frame_address(province).rpartition('/')[2]}"


def geometry_address(province: Province, name: GeometryId) -> str:
    """Return the address of a geometry of a province, and keep what it answers.

    What a session's own data may be in stands on the session's shelf.
    """
    wire = wire_geometry(province, name)
    if name == "hexagons" or (name not in (*BOUNDARIES, *GROUND) and own_sources(province)):
        return session_shelf().put(wire.file_name, partial(_packed, wire))
    return f"{PREFIX}/geometry/{keep_geometry(wire)}"


@cache
def _first_script() -> _Asset:
    return _asset("first", _text(_ASSETS / "first_map.js"), "js")


def first_script_address() -> str:
    """Return the address of the script that shows the map before the page has started."""
    return f"{PREFIX}/assets/{_first_script().name}"


def asset_routes() -> list[BaseRoute]:
    """Return the routes that answer the addresses of this module."""
    return [
        Route(f"{PREFIX}/assets/{{name}}", _served_asset),
        Route(f"{PREFIX}/frame/{{name}}", _served_frame),
        Route(f"{PREFIX}/first/{{name}}", _served_frame),
        Route(f"{PREFIX}/geometry/{{name}}", _geometry),
    ]


async def _served_asset(request: Request) -> Response:
    found = {one.name: one for one in (_leaflet(), _module(), _style(), _first_script())}
    return _answer(found.get(request.path_params["name"]))


async def _served_frame(request: Request) -> Response:
    found = _frames.get(request.path_params["name"])
    answer = _answer(found)
    if found is not None:
        answer.headers["Content-Security-Policy"] = _frame_policy(found)
    return answer


@cache
def _frame_policy(frame: _Asset) -> str:
    """Return the policy of an empty map: of scripts in it those run that folium has written."""
    page = gzip.decompress(frame.compressed).decode()
    return content_policy(inline_scripts(page), inner_frame_policy())


def _answer(found: _Asset | None) -> Response:
    if found is None:
        return PlainTextResponse("not found", status_code=404)
    media_type = _MEDIA_TYPES[found.name.rpartition(".")[2]]
    return Response(found.compressed, media_type=media_type, headers=_FOREVER)


async def _geometry(request: Request) -> Response:
    wire = kept_geometry(request.path_params["name"])
    if wire is None:
        return PlainTextResponse("not found", status_code=404)
    # What is packed when it is first asked for keeps nobody else waiting.
    return await run_in_threadpool(_packed, wire)


def _packed(wire: WireGeometry) -> Response:
    return Response(wire.compressed, media_type="application/json", headers=_FOREVER)
