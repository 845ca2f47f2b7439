"""Serve companions of the map by address, each kept from the moment its address is told."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.loader import Province
from data.own.own_source import own_sources
from data.text import Language
from layers.web.companion import Companion, companion
from ui.kept.session_shelf import session_shelf

_PREFIX = "/atlas/companion"
_MOST = 100
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}
_kept: OrderedDict[str, Companion] = OrderedDict()
_lock = Lock()


def companion_address(province: Province, language: Language) -> str:
    """Return the address of a province's companion, and keep what it answers.

    It names places of a session's own data, so that of the session stands on its shelf.
    """
    found = companion(province, language)
    if own_sources(province):
        return session_shelf().put(found.file_name, partial(_answer, found))
    with _lock:
        _kept[found.file_name] = found
        _kept.move_to_end(found.file_name)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return f"{_PREFIX}/{found.file_name}"


async def _companion(request: Request) -> Response:
    with _lock:
        found = _kept.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("not found", status_code=404)
    return _answer(found)


def _answer(found: Companion) -> Response:
    return Response(found.compressed, media_type="application/json", headers=_FOREVER)


def companion_routes() -> list[Route]:
    """Return the route that serves companions."""
    return [Route(f"{_PREFIX}/{{name}}", _companion)]
