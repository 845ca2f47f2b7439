"""Let nobody fetch data beside the pages who has not signed in, where sign-in is on.

Nor bring any: Streamlit takes files of every session, before a page has said who may bring them.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access import admits, sign_in_is_on

_GUARDED = {"ogc", "atlas", "media", "metrics"}
_BRINGS = "upload_file"
_OPEN = ("/atlas/assets/", "/atlas/leaflet/", "/static/media/")
"""The atlas's own code and the fonts of its pages, which are the same for everybody."""


class SignInGate:
    """Middleware that answers 401 to whoever is neither signed in nor has a bearer token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, where it may."""
        if scope["type"] != "http" or not _is_guarded(scope["path"]) or not sign_in_is_on():
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        brings = _BRINGS in scope["path"].split("/")
        if not admits(cookies, headers.get("authorization"), to_edit=brings):
            await _refusal()(scope, receive, send)
            return

        async def not_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                _keep_private(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, not_shared)


def _is_guarded(path: str) -> bool:
    # Anywhere in the path: the server may stand below a path of its own.
    return not {*_GUARDED, _BRINGS}.isdisjoint(path.split("/")) and not path.startswith(_OPEN)


def _refusal() -> JSONResponse:
    problem = "Sign in on the pages of the atlas first, or send a bearer token."
    return JSONResponse(
        {"code": "Unauthorized", "description": problem},
        status_code=401,
        headers={"WWW-Authenticate": 'Bearer realm="atlas"', "Cache-Control": "no-store"},
    )


def _keep_private(headers: MutableHeaders) -> None:
    """No cache between may keep what only some may see; nor may another site's page read it."""
    kept = headers.get("cache-control", "")
    headers["Cache-Control"] = kept.replace("public", "private") or "private"
    if "access-control-allow-origin" in headers:
        del headers["access-control-allow-origin"]
