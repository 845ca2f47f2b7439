"""The server sends small messages at once, on sockets that leave their protocol open too."""

from __future__ import annotations

import socket

from ui.server.sockets import send_at_once


def test_connections_of_a_listening_socket_send_at_once():
    with socket.socket() as listening, socket.socket() as idle:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert send_at_once() >= 1
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not idle.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert listening.fileno() > 0
