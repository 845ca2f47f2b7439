"""Answer under the names of this server only.

A page elsewhere can have its own name point to this machine (DNS rebinding): a browser inside the
network would then read the atlas for it. Numbers cannot be pointed elsewhere and are all known.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access.request_path import request_path
from ui.streamlit_inside import HEALTH

_MISDIRECTED = 421
_POLICY_VIOLATION = 1008
_PASSED_ON = ("forwarded", "via", "x-real-ip", "cf-connecting-ip", "x-forwarded")
"""What the headers begin with that a gate adds to the requests that it passes on."""


class KnownHosts:
    """Middleware that answers 421 to requests under another name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does, under its names."""
        if (
            scope["type"] == "lifespan"
            or _is_health(scope)
            or is_known(Headers(scope=scope).get("host", ""))
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await _refusal()(scope, receive, send)


def _is_health(scope: Scope) -> bool:
    """Whether somebody asks only if the server runs: what looks after it may know no name of it."""
    return scope["type"] == "http" and request_path(scope) == HEALTH


def is_known(host: str) -> bool:
    """Tell whether a request's ``Host`` is one of this server: a number, or one of its names."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return _is_number(name) or any(
        name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in _names()
    )


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def serves_this_machine_alone() -> bool:
    """Whether the settings open the server to nobody else, behind a gate of this machine neither.

    A server behind a gate listens on this machine alone, but is told the name of the gate.
    """
    address = str(st.get_option("server.address") or "")
    names = (st.get_option("browser.serverAddress") or "localhost",)
    return all(map(_is_here, (address, *names, *st.get_option("server.allowedHosts"))))


def asked_from_this_machine(address: str | None, headers: Mapping[str, str]) -> bool:
    """Tell whether a session is of a browser of this machine and came straight to the server.

    ``address`` is where its connection came from, ``None`` for this machine; ``headers`` are
    those of the connection.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    if (address is not None and not _is_here(address)) or any(
        name.startswith(_PASSED_ON) for name in sent
    ):
        return False
    host = sent.get("host", "")
    # A browser says whose page connects: here the server's own. Others need not say it.
    if sent.get("origin") not in (f"http://{host}", f"https://{host}"):
        return False
    return _is_here(urlsplit(f"//{host}").hostname or "")


def _is_here(name: str) -> bool:
    bare = name.strip().strip("[]").lower()
    return bare == "localhost" or (_is_number(bare) and ipaddress.ip_address(bare).is_loopback)


@cache
def _names() -> frozenset[str]:
    """Return this machine's name and those of the settings; ``*.`` stands for any before it."""
    told = (st.get_option("browser.serverAddress"), *st.get_option("server.allowedHosts"))
    names = ("localhost", socket.gethostname(), *told)
    return frozenset(str(one).strip().lower().rstrip(".") for one in names if one)


def _refusal() -> PlainTextResponse:
    problem = (
        "This server does not know itself by that name. Whoever runs it can tell it its name: "
        "--browser.serverAddress NAME, or --server.allowedHosts NAME for each further one."
    )
    return PlainTextResponse(problem, _MISDIRECTED, {"Cache-Control": "no-store"})
