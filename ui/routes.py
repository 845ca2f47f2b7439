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

from data.errors import AtlasError
from data.loader import province_ids
from layers.geometry import wire_geometries
from layers.offline_page import leaflet_folder
from layers.spec import GeometryId
from layers.web_map import WebAssets
from ui.library import province
from ui.tiles import tile_routes

PREFIX = "/atlas"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASSETS = Path(__file__).parent.parent / "layers" / "assets"
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
        scripts=(f"{PREFIX}/leaflet/leaflet.js", _asset_address("atlas_map.js")),
        styles=(f"{PREFIX}/leaflet/leaflet.css", _asset_address("atlas_map.css")),
    )


def geometry_addresses(province_id: str) -> dict[GeometryId, str]:
    """Return the address of each geometry of a province."""
    return {
        name: f"{PREFIX}/geometry/{province_id}/{wire.file_name}"
        for name, wire in wire_geometries(province(province_id)).items()
    }


async def _asset(request: Request) -> Response:
    stem, _, rest = request.path_params["name"].partition(".")
    digest, _, suffix = rest.partition(".")
    for path in _ASSETS.iterdir():
        if (path.stem, path.suffix) == (stem, f".{suffix}") and _digest(path) == digest:
            return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], headers=_FOREVER)
    return PlainTextResponse("not found", status_code=404)


async def _geometry(request: Request) -> Response:
    province_id = request.path_params["province"]
    if province_id not in province_ids():
        return PlainTextResponse("not found", status_code=404)
    try:
        wires = wire_geometries(province(province_id))
    except AtlasError:
        return PlainTextResponse("the data of this province cannot be used", status_code=503)
    for wire in wires.values():
        if wire.file_name == request.path_params["name"]:
            return Response(
                wire.compressed,
                media_type="application/geo+json",
                headers={**_FOREVER, "Content-Encoding": "gzip"},
            )
    return PlainTextResponse("not found", status_code=404)


def routes() -> list[BaseRoute]:
    """Return the routes that stand beside the pages."""
    return [
        Route(f"{PREFIX}/assets/{{name}}", _asset),
        Route(f"{PREFIX}/geometry/{{province}}/{{name}}", _geometry),
        *tile_routes(),
        Mount(f"{PREFIX}/leaflet", StaticFiles(directory=leaflet_folder())),
    ]
