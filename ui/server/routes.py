"""List the routes that stand beside the pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from layers.web.offline_page import leaflet_folder
from ui.kept.register_tiles import tile_routes
from ui.kept.resource_addresses import map_resources_routes
from ui.kept.session_shelf import session_routes
from ui.server.assets import PREFIX, asset_routes
from ui.server.first_map import first_map_routes
from ui.server.live import live_routes
from ui.server.ogc_service import ogc_routes
from ui.words.handbook_texts import PICTURE_PREFIX, PICTURES


def routes() -> list[BaseRoute]:
    """Return the routes that stand beside the pages."""
    return [
        *first_map_routes(),
        *asset_routes(),
        Mount(PICTURE_PREFIX, StaticFiles(directory=PICTURES, check_dir=False)),
        *map_resources_routes(),
        *session_routes(),
        *live_routes(),
        *tile_routes(),
        *ogc_routes(),
        Mount(f"{PREFIX}/leaflet", StaticFiles(directory=leaflet_folder())),
    ]
