"""Serve resources of the map by address, each kept from the moment its address is told."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.loader import Province
from data.own.own_grade import own_sources
from data.text import Language
from layers.web.map_resources import MapResources, map_resources
from ui.kept.session_shelf import session_shelf

_PREFIX = "/atlas/resources"
_MOST = 100
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}
_kept: OrderedDict[str, MapResources] = OrderedDict()
_lock = Lock()


def map_resources_address(province: Province, language: Language) -> str:
    """Return the address of what a province's maps need once, and keep what it answers.

    It names places of a session's own data, so that of the session stands on its shelf.
    """
    found = map_resources(province, language)
    if own_sources(province):
        return session_shelf().put(found.file_name, partial(_answer, found))
    with _lock:
        _kept[found.file_name] = found
        _kept.move_to_end(found.file_name)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return f"{_PREFIX}/{found.file_name}"


async def _resources(request: Request) -> Response:
    with _lock:
        found = _kept.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("not found", status_code=404)
    return _answer(found)


def _answer(found: MapResources) -> Response:
    return Response(found.compressed, media_type="application/json", headers=_FOREVER)


def map_resources_routes() -> list[Route]:
    """Return the route that serves resources."""
    return [Route(f"{_PREFIX}/{{name}}", _resources)]
