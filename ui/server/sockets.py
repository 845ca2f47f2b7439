"""Have the server send every message at once.

asyncio switches off the kernel's waiting for more to send (Nagle's algorithm) on connections
whose socket names its protocol. Streamlit's listening socket leaves the protocol open, so each
run's second message waits until the browser has confirmed its first one: up to 40 ms.
"""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress

_MOST_HANDLES = 256
"""The listening socket is opened with the server: its handle is a low one."""


def send_at_once() -> int:
    """Let connections accepted from now on send without waiting; return how many sockets listen.

    Connections take the option over from the socket that listens (Linux, BSD, macOS).
    """
    found = 0
    for handle in range(3, _MOST_HANDLES):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(handle).st_mode):
                found += _set(handle)
    return found


def _set(handle: int) -> bool:
    # A copy of the handle is closed here; both are the same socket.
    with socket.socket(fileno=os.dup(handle)) as one:
        if one.family not in (socket.AF_INET, socket.AF_INET6) or one.type != socket.SOCK_STREAM:
            return False
        if not one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return False
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True
