"""Get ready beside the server's start, so that the first visitor does not wait for it."""

from __future__ import annotations

import importlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import Any

from data.work_folder import keep_swept
from ui.state.garbage import keep_searches_short

_MEASURES_AFTER_S = 3.0


def get_ready() -> None:
    """Load the pages and what the first view needs; what is broken is told to who opens it."""
    # Not above: the server answers before these are loaded.
    from data.errors import AtlasError
    from data.loader import default_province_id
    from data.text import LANGUAGES
    from layers.address.query import parse_query
    from layers.exports import all_exporters
    from layers.specification.map_spec import used_geometries
    from layers.web.wire_geometry import wire_geometry
    from ui.access.owner import log_faults_of_settings
    from ui.kept.resource_addresses import map_resources_address
    from ui.server.assets import frame_address
    from ui.server.deferred import loaded_routes
    from ui.server.preload import preload
    from ui.state.composition import composed
    from ui.state.library import province

    log_faults_of_settings()
    importlib.import_module("ui.navigation")
    loaded_routes()
    all_exporters()
    with suppress(AtlasError):
        home = province(default_province_id())
        frame_address(home)
        for language in LANGUAGES:
            view = parse_query("", home, language=language).view
            for name in used_geometries(composed(view, home)):
                wire_geometry(home, name)
            map_resources_address(home, language)
        preload(home)
    keep_searches_short()


def get_measures_ready() -> None:
    """Compute what is the same for all, and takes a second when a page first asks for it."""
    from clusters.distances.road_access import county_access
    from clusters.local_statistics import county_hot_spots
    from clusters.selection import Selection
    from data.errors import AtlasError
    from data.loader import default_province_id
    from ui.state.library import province

    with suppress(AtlasError):
        home = province(default_province_id())
        county_access(home)
        county_hot_spots(home, Selection())


def _beside_start() -> None:
    get_ready()
    # Those who came while the server started are answered first.
    time.sleep(_MEASURES_AFTER_S)
    get_measures_ready()


@asynccontextmanager
async def beside_start(app: Any) -> AsyncIterator[None]:
    """Get ready in a thread while the server runs (``lifespan`` of the application)."""
    del app
    Thread(target=_beside_start, name="get-ready", daemon=True).start()
    Thread(target=keep_swept, name="keep-swept", daemon=True).start()
    yield
