"""Serve the print map of what a session shows, for a browser that prints the map page.

It is drawn only when somebody prints.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from threading import Lock
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data.loader import Province
from layers.paper.sheet import PaperOptions
from layers.print_map import render_print_map
from layers.spec import MapSpec

_PREFIX = "/atlas/print"
_HELD = "atlas.print-sheet"
_KEPT = 4
"""How many views a session can still print: a browser may lag behind it."""


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What would be printed now. A session holds it, so it goes when the session ends."""

    spec: MapSpec
    province: Province
    options: PaperOptions

    def is_of(self, spec: MapSpec, province: Province, options: PaperOptions) -> bool:
        """Whether this is what would be printed of these."""
        return self.province is province and self.options == options and self.spec == spec


_wanted: WeakValueDictionary[str, _Wanted] = WeakValueDictionary()
_lock = Lock()


def print_address(spec: MapSpec, province: Province, link: str) -> str:
    """Return the address of the print map of ``spec``; ``link`` is printed on it as a QR code.

    It cannot be guessed, as a session's own data may be on the map, and it answers until the
    session has shown some other views, or ends.
    """
    options = PaperOptions(link=link)
    held: list[tuple[str, _Wanted]] = st.session_state.get(_HELD, [])
    # The same view keeps its address, so that the map sees that nothing has changed.
    if not held or not held[-1][1].is_of(spec, province, options):
        wanted = _Wanted(spec, province, options)
        held = [*held, (secrets.token_urlsafe(18), wanted)][-_KEPT:]
        st.session_state[_HELD] = held
        with _lock:
            _wanted[held[-1][0]] = wanted
    return f"{_PREFIX}/{held[-1][0]}.svg"


async def _printed(request: Request) -> Response:
    with _lock:
        wanted = _wanted.get(request.path_params["name"])
    if wanted is None:
        return PlainTextResponse("not found", status_code=404)
    content = await run_in_threadpool(
        render_print_map, wanted.spec, wanted.province, "svg", wanted.options
    )
    return Response(
        content, media_type="image/svg+xml", headers={"Cache-Control": "private, no-store"}
    )


def print_routes() -> list[Route]:
    """Return the route that serves print maps of sessions that are open."""
    return [Route(f"{_PREFIX}/{{name}}.svg", _printed)]
