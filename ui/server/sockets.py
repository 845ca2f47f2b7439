"""Have the server send every answer at once.

asyncio switches off the kernel's waiting for more to send (Nagle's algorithm) on connections
whose socket names its protocol. Streamlit's listening socket leaves the protocol open, so the
body of each answer waited until the browser had confirmed the headers: up to 40 ms, for each of
the hundred scripts that a page is made of.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_INTERNET = (socket.AF_INET, socket.AF_INET6)
_connection_made = AutoHTTPProtocol.connection_made


def send_at_once() -> None:
    """Let connections that are accepted from now on send without waiting."""
    AutoHTTPProtocol.connection_made = _begin  # type: ignore[assignment, method-assign]


def _begin(protocol: asyncio.Protocol, transport: asyncio.Transport) -> None:
    """Begin to answer a connection as the server does, without waiting."""
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in _INTERNET:
        # Whoever has gone again already is told so by the server's own code.
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _connection_made(protocol, transport)
