"""Where sign-in is on, answer nobody who has not signed in, but for what a sign-in page needs.

What is open is named here; all else is closed, whatever Streamlit adds to its addresses. A page
itself says over its connection who sees what.
"""

from __future__ import annotations

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.request_path import request_path
from ui.access.sign_in import admits, sign_in_is_on
from ui.page_names import PAGE_NAMES
from ui.streamlit_inside import CODE, HEALTH, HOST_CONFIG, ICON, SIGN_IN, STREAM, UPLOADS

_OPEN_FOLDERS = (CODE, "/atlas/assets/", "/atlas/leaflet/")
"""Streamlit's and the atlas's own code, the same for everybody."""
_OPEN = {
    *("/", ICON, HEALTH, HOST_CONFIG, *SIGN_IN),
    *(f"/{name}" for name in PAGE_NAMES),
}
"""Empty pages, what tells them how to begin, and the way to the provider and back."""
_READS = {"GET", "HEAD"}
_ASKS = {*_READS, "OPTIONS"}
"""Methods that bring nothing and change nothing; all others are for editors."""
_POLICY_VIOLATION = 1008
_log = logging.getLogger(__name__)


class SignInGate:
    """Middleware that answers 401 to whoever is neither signed in nor has a bearer token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, where it may."""
        if scope["type"] == "lifespan" or _is_open(scope):
            await self._app(scope, receive, send)
            return
        try:
            is_on, may = sign_in_is_on(), _may(scope)
        except Exception:  # noqa: BLE001  (whatever it is, nobody is let in by it)
            _log.exception("It could not be told who asks for %s", scope["path"])
            await _refuse(scope, receive, send, _fault())
            return
        if not may:
            await _refuse(scope, receive, send, _refusal())
        elif is_on and scope["type"] == "http":
            await self._app(scope, receive, _not_shared(send))
        else:
            await self._app(scope, receive, send)


def _is_open(scope: Scope) -> bool:
    path = request_path(scope)
    if scope["type"] == "websocket":
        return path == STREAM
    return scope["method"] in _READS and (path in _OPEN or path.startswith(_OPEN_FOLDERS))


def _may(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    cookies = cookie_parser(headers.get("cookie", ""))
    brings = UPLOADS in f"{scope['path']}/" or scope.get("method", "GET") not in _ASKS
    return admits(cookies, headers.get("authorization"), to_edit=brings)


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: JSONResponse) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
    else:
        await answer(scope, receive, send)


def _refusal() -> JSONResponse:
    problem = "Sign in on the pages of the atlas first, or send a bearer token."
    return JSONResponse(
        {"code": "Unauthorized", "description": problem},
        status_code=401,
        headers={"WWW-Authenticate": 'Bearer realm="atlas"', "Cache-Control": "no-store"},
    )


def _fault() -> JSONResponse:
    problem = "It cannot be told now who may see this. The server's log says why."
    return JSONResponse(
        {"code": "ServiceUnavailable", "description": problem},
        status_code=503,
        headers={"Cache-Control": "no-store"},
    )


def _not_shared(send: Send) -> Send:
    """Pass an answer on; no cache between may keep what only some may see."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            _keep_private(MutableHeaders(scope=message))
        await send(message)

    return send_private


def _keep_private(headers: MutableHeaders) -> None:
    """No shared cache may keep it, nor may another site's page read it."""
    kept = headers.get("cache-control", "")
    headers["Cache-Control"] = kept.replace("public", "private") or "private"
    if "access-control-allow-origin" in headers:
        del headers["access-control-allow-origin"]
