"""Serve what browsers fetch by address: scripts, styles, and geometry, all our own.

Addresses hold a digest of what they serve, so answers may be cached for ever.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from data.loader import Province
from layers.geometry import wire_geometry
from layers.offline_page import leaflet_folder
from layers.spec import GeometryId
from layers.web_map import WebAssets
from ui.companions import companion_routes
from ui.library import keep_geometry, kept_geometry
from ui.ogc import ogc_routes
from ui.tiles import tile_routes

PREFIX = "/atlas"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASSETS = Path(__file__).parent.parent / "layers" / "assets"
_SCRIPTS = (
    "atlas_map.js",
    "atlas_desk.js",
    "atlas_search.js",
    "atlas_drill.js",
    "atlas_legend.js",
    "atlas_time.js",
    "atlas_empty.js",
    "atlas_tour.js",
    "atlas_compare.js",
    "atlas_present.js",
    "atlas_theme.js",
)
_STYLES = ("atlas_map.css", "atlas_desk.css")
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _asset_address(name: str) -> str:
    path = _ASSETS / name
    return f"{PREFIX}/assets/{path.stem}.{_digest(path)}{path.suffix}"


@cache
def web_assets() -> WebAssets:
    """Return the addresses of the map's scripts and style sheets."""
    return WebAssets(
        scripts=(f"{PREFIX}/leaflet/leaflet.js", *map(_asset_address, _SCRIPTS)),
        styles=(f"{PREFIX}/leaflet/leaflet.css", *map(_asset_address, _STYLES)),
    )


def geometry_address(province: Province, name: GeometryId) -> str:
    """Return the address of a geometry of a province, and keep what it answers."""
    return f"{PREFIX}/geometry/{keep_geometry(wire_geometry(province, name))}"


async def _asset(request: Request) -> Response:
    stem, _, rest = request.path_params["name"].partition(".")
    digest, _, suffix = rest.partition(".")
    for path in _ASSETS.iterdir():
        if (path.stem, path.suffix) == (stem, f".{suffix}") and _digest(path) == digest:
            return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], headers=_FOREVER)
    return PlainTextResponse("not found", status_code=404)


async def _geometry(request: Request) -> Response:
    wire = kept_geometry(request.path_params["name"])
    if wire is None:
        return PlainTextResponse("not found", status_code=404)
    return Response(
        wire.compressed,
        media_type="application/geo+json",
        headers={**_FOREVER, "Content-Encoding": "gzip"},
    )


def routes() -> list[BaseRoute]:
    """Return the routes that stand beside the pages."""
    return [
        Route(f"{PREFIX}/assets/{{name}}", _asset),
        Route(f"{PREFIX}/geometry/{{name}}", _geometry),
        *companion_routes(),
        *tile_routes(),
        *ogc_routes(),
        Mount(f"{PREFIX}/leaflet", StaticFiles(directory=leaflet_folder())),
    ]
