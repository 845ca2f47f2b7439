"""Keep each session to the browser that began it, by a cookie that no page can read.

Streamlit names a session in the addresses that take its uploads, and gives it back to whoever
knows that name: it may stand in a proxy's log. The cookie stands in none.
"""

from __future__ import annotations

import hmac
import secrets
from weakref import WeakValueDictionary

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.text import LANGUAGES, say
from ui.streamlit_inside import (
    PROTOCOLS,
    SESSION_AT,
    STREAM,
    UPLOADS,
    current_session_id,
    remove_session_uploads,
)

COOKIE = "atlas_session"
_OWNER = "atlas.session.owner"
_KEPT_S = 365 * 24 * 3600


class _Owner:
    """The cookie of the browser that began a session; it ends with the session.

    ``is_known``: the browser has sent it back, so whoever does not is another one.
    """

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self.is_known = False


_owners: WeakValueDictionary[str, _Owner] = WeakValueDictionary()


def keep_owner() -> None:
    """Note, in a run, which browser the session is of; the first one stays."""
    if _OWNER not in st.session_state:
        owner = _Owner(st.context.cookies.get(COOKIE, ""))
        st.session_state[_OWNER] = _owners[current_session_id()] = owner


def is_owner(session: str, cookies: dict[str, str]) -> bool:
    """Tell whether who sends ``cookies`` began the session; nobody did without a cookie."""
    owner, sent = _owners.get(session), cookies.get(COOKIE, "")
    if owner is None or not sent or not hmac.compare_digest(owner.cookie, sent):
        return False
    owner.is_known = True
    return True


def may_fetch(session: str, cookies: dict[str, str]) -> bool:
    """Tell whether who sends ``cookies`` may have what a session shows.

    A browser that keeps no cookie (as in a frame on another site) is known by the address alone:
    it brings no files, but may show what was saved.
    """
    if is_owner(session, cookies):
        return True
    owner = _owners.get(session)
    return owner is None or not owner.is_known


class OwnSessions:
    """Middleware that gives browsers a cookie, and sessions to the browser that began them.

    The cookie comes with the page's connection, which is then known by it: a cookie that came
    with another answer might be another one by the time that the page connects.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does: uploads by owners alone, others get a session of their own."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        if scope["type"] == "websocket":
            if scope["path"].endswith(STREAM):
                scope = _own_session(scope, cookies)
                if not cookies.get(COOKIE):
                    scope, send = _with_cookie(scope, send)
            await self._app(scope, receive, send)
        elif UPLOADS in scope["path"]:
            named = scope["path"].partition(UPLOADS)[2].partition("/")[0]
            if not is_owner(named, cookies):
                await _refusal()(scope, receive, send)
                return
            try:
                await self._app(scope, receive, send)
            finally:
                if not is_owner(named, cookies):
                    # The session has ended while the file came.
                    remove_session_uploads(named)
        else:
            await self._app(scope, receive, send)


def _own_session(scope: Scope, cookies: dict[str, str]) -> Scope:
    """Return the request without the session that it wants back, where that is not its own."""
    headers = _headers(scope)
    protocols = [one.strip() for one in headers.get(PROTOCOLS, "").split(",")]
    wanted = protocols[SESSION_AT] if len(protocols) > SESSION_AT else ""
    if not wanted or is_owner(wanted, cookies):
        return scope
    headers[PROTOCOLS] = ", ".join(protocols[:SESSION_AT])
    return {**scope, "headers": headers.raw, "subprotocols": protocols[:SESSION_AT]}


def _with_cookie(scope: Scope, send: Send) -> tuple[Scope, Send]:
    """Return the request as if it had a cookie, and what gives that to the browser."""
    cookie = f"{COOKIE}={secrets.token_urlsafe(24)}"
    headers = _headers(scope)
    headers["cookie"] = "; ".join(filter(None, (headers.get("cookie"), cookie)))
    forwarded = headers.get("x-forwarded-proto", scope.get("scheme", "ws"))
    secure = "; Secure" if forwarded in ("https", "wss") else ""
    given = f"{cookie}; Path=/; Max-Age={_KEPT_S}; HttpOnly; SameSite=Strict{secure}"

    async def send_cookie(message: Message) -> None:
        if message["type"] == "websocket.accept":
            own = [*message.get("headers", ()), (b"set-cookie", given.encode())]
            message = {**message, "headers": own}
        await send(message)

    return {**scope, "headers": headers.raw}, send_cookie


def _headers(scope: Scope) -> MutableHeaders:
    return MutableHeaders(scope={**scope, "headers": list(scope["headers"])})


def _refusal() -> PlainTextResponse:
    # Streamlit's page shows the number alone, which ``ui.words.builtin`` puts into the same words.
    problem = "\n".join(say("builtin.other_session", language) for language in LANGUAGES)
    return PlainTextResponse(problem, 403, {"Cache-Control": "no-store"})
