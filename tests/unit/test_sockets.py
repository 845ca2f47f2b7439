"""The server's connections send at once: no answer waits for the one before to be confirmed."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from tests.waiting import run_apart
from ui.server import sockets


async def _empty(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _answer_once(listening: socket.socket, found: list[int]) -> None:
    """Answer as Streamlit does, from a socket that leaves its protocol open."""
    plain = AutoHTTPProtocol.connection_made

    def noted(protocol, transport):
        plain(protocol, transport)
        connection = transport.get_extra_info("socket")
        found.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    AutoHTTPProtocol.connection_made = noted
    server = uvicorn.Server(uvicorn.Config(_empty, lifespan="off", log_level="error"))
    served = asyncio.create_task(server.serve(sockets=[listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 204")
    writer.close()
    server.should_exit = True
    await served


def test_connections_send_at_once(monkeypatch):
    monkeypatch.setattr(AutoHTTPProtocol, "connection_made", AutoHTTPProtocol.connection_made)
    sockets.send_at_once()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        found: list[int] = []
        run_apart(_answer_once(listening, found))
    assert found
    assert all(found)
