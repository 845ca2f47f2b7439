"""Send the map of an open page its next view at once, beside Streamlit's own messages.

What a run sends is drawn when Streamlit's page has taken in all of it. The view that a change
leads to is known before the run: it goes straight to the map's frame, over a connection of its
own. The run sends it once more as ever, so a frame without a connection misses nothing.

A frame is told only what differs from the view that its connection brought before: a filter
leaves most layers of a map as they are.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.access.session_cookie import may_fetch
from ui.kept.session_shelf import session_shelf
from ui.streamlit_inside import is_allowed_origin

PREFIX = "/atlas/live"
_LIVE = "atlas.live"
_MOST_LISTENERS = 4
_REFUSED = 1008


class _Listener:
    """A connection of a frame. One that reads slowly gets the last view, not all of them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._turn = 0
        self._view: dict[str, Any] = {}
        self._sent: dict[str, Any] = {}

    def tell(self, turn: int, view: dict[str, Any]) -> None:
        """Have ``view`` sent; from any thread."""
        with suppress(RuntimeError):  # The server is going down.
            self._loop.call_soon_threadsafe(self._take, turn, view)

    def _take(self, turn: int, view: dict[str, Any]) -> None:
        self._turn, self._view = turn, view
        self._news.set()

    async def next(self) -> str:
        """Wait for a view and return what of it was not sent before."""
        await self._news.wait()
        self._news.clear()
        entries = changed_entries(self._view, self._sent)
        self._sent = self._view
        return _packed({"turn": self._turn, "view": entries})


class LiveMap:
    """The map of one session: its last ``view``, how many were sent at once, and who listens.

    ``address`` cannot be guessed; it answers until the session ends.
    """

    def __init__(self, session: str = "") -> None:
        self.session = session
        self.address = f"{PREFIX}/{secrets.token_urlsafe(18)}"
        self.turn = 0
        self.view: dict[str, Any] | None = None
        self._listeners: list[_Listener] = []
        self._lock = Lock()

    def listen(self, listener: _Listener) -> bool:
        """Send to ``listener`` from now on; tell whether there was room for one more."""
        with self._lock:
            has_room = len(self._listeners) < _MOST_LISTENERS
            if has_room:
                self._listeners.append(listener)
        return has_room

    def leave(self, listener: _Listener) -> None:
        """Send to ``listener`` no more."""
        with self._lock:
            self._listeners.remove(listener)

    def note(self, view: dict[str, Any]) -> dict[str, Any]:
        """Note that a run sends ``view``; return what the frame needs to tell old from new.

        Another view than the last is a turn of its own: one that is still under way is older.
        """
        with self._lock:
            self.turn += self.view is not None and view != self.view
            self.view = view
        return {"address": self.address, "turn": self.turn}

    def send(self, view: dict[str, Any]) -> bool:
        """Send ``view`` (plain JSON values) at once; tell whether anybody listens."""
        with self._lock:
            listeners = list(self._listeners)
        if listeners and view != self.view:
            self.view = view
            self.turn += 1
            for one in listeners:
                one.tell(self.turn, view)
        return bool(listeners)


_maps: WeakValueDictionary[str, LiveMap] = WeakValueDictionary()
_lock = Lock()


def live_map() -> LiveMap:
    """Return the session's map."""
    live: LiveMap | None = st.session_state.get(_LIVE)
    if live is None:
        shelf = session_shelf()
        live = st.session_state[_LIVE] = LiveMap(shelf.session)
        with _lock:
            _maps[live.address] = live
        shelf.at_end("live", partial(_maps.pop, live.address, None))
    return live


def changed_entries(view: dict[str, Any], held: dict[str, Any]) -> list[list[Any]]:
    """Return the keys of ``view`` in their order, each with its value where ``held`` has another.

    Of ``layers``, those that ``held`` has in the same state are named by their ``id`` alone.
    """
    layers = {layer["id"]: layer for layer in held.get("layers", ())}

    def entry(key: str, value: Any) -> list[Any]:
        if key in held and held[key] == value:
            return [key]
        if key == "layers":
            value = [one["id"] if layers.get(one["id"]) == one else one for one in value]
        return [key, value]

    return [entry(key, value) for key, value in view.items()]


def _packed(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _found(socket: WebSocket) -> LiveMap | None:
    with _lock:
        live = _maps.get(f"{PREFIX}/{socket.path_params['name']}")
    return live if live is not None and may_fetch(live.session, socket.cookies) else None


def _is_ours(socket: WebSocket) -> bool:
    """Whether a page of this server asks, by the rule that Streamlit's own connection has."""
    origin = socket.headers.get("origin", "")
    host = socket.headers.get("host", "")
    return origin.rpartition("://")[2] == host or is_allowed_origin(origin)


async def _serve(socket: WebSocket) -> None:
    """Send views until either side goes. A frame has nothing to say here: who speaks is cut."""
    listener = _Listener()
    live = _found(socket) if _is_ours(socket) else None
    if live is None or not live.listen(listener):
        await socket.close(_REFUSED)
        return
    del live  # The session alone keeps its map alive.
    try:
        await socket.accept()
        await _send_all(socket, listener)
    finally:
        with _lock:
            live = _maps.get(f"{PREFIX}/{socket.path_params['name']}")
        if live is not None:
            live.leave(listener)


async def _send_all(socket: WebSocket, listener: _Listener) -> None:
    async def send() -> None:
        while True:
            await socket.send_text(await listener.next())

    sending = asyncio.create_task(send())
    try:
        message = await socket.receive()
        if message["type"] != "websocket.disconnect":
            await socket.close(_REFUSED)
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sending


def live_routes() -> list[WebSocketRoute]:
    """Return the route that the frames of open pages listen at."""
    return [WebSocketRoute(f"{PREFIX}/{{name}}", _serve)]
