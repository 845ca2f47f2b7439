"""Keep what the server answers one session's browser with: its own data, and what is made of it.

It stands under an address that cannot be guessed, goes to the browser that began the session,
may be kept by none, and is gone when the session ends.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui.access.session_cookie import may_fetch
from ui.streamlit_inside import current_session_id

Answer = Callable[[], Response]
"""Makes an answer when it is asked for."""

PREFIX = "/atlas/session"
UNSHARED = {"Cache-Control": "private, no-store"}
"""For all that is a session's own: neither a proxy nor the browser's disk keeps it."""

_log = logging.getLogger(__name__)
_SHELF = "atlas.session.shelf"
_MOST_OF_A_KIND = 32
_KIND = re.compile(r"[.-]")


class SessionShelf:
    """What one session's browser may fetch, by name.

    The first part of a name, up to a dot or a dash, is its kind; beyond some dozens of a kind
    the oldest gives way.
    """

    def __init__(self, session: str) -> None:
        self.session = session
        self.key = secrets.token_urlsafe(24)
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._endings: dict[str, Callable[[], object]] = {}
        self._is_closed = False
        self._lock = Lock()

    @property
    def is_closed(self) -> bool:
        """Whether the session has ended."""
        return self._is_closed

    def put(self, name: str, answer: Answer) -> str:
        """Answer with ``answer`` from now on; return the address, the same for the same name."""
        with self._lock:
            if not self._is_closed:
                self._answers[name] = answer
                self._answers.move_to_end(name)
                alike = [one for one in self._answers if _kind(one) == _kind(name)]
                for old in alike[:-_MOST_OF_A_KIND]:
                    del self._answers[old]
        return f"{PREFIX}/{self.key}/{name}"

    def find(self, name: str) -> Answer | None:
        """Return what stands under a name; ``None`` where nothing does."""
        with self._lock:
            return self._answers.get(name)

    def remove(self, name: str) -> None:
        """Answer no more under a name."""
        with self._lock:
            self._answers.pop(name, None)

    def at_end(self, name: str, act: Callable[[], object]) -> None:
        """Have ``act`` done when the session ends, once for a name; at once where it has ended."""
        with self._lock:
            is_closed = self._is_closed
            self._endings |= {} if is_closed else {name: act}
        if is_closed:
            act()

    def close(self) -> None:
        """Let go of everything, and take nothing more: the session has ended."""
        with self._lock:
            self._is_closed = True
            self._answers.clear()
            endings, self._endings = self._endings, {}
        for name, act in endings.items():
            try:
                act()
            except Exception:  # noqa: BLE001  (the others are done all the same)
                _log.exception("What a session held was not let go of: %s", name)


def _kind(name: str) -> str:
    return _KIND.split(name, maxsplit=1)[0]


_by_key: WeakValueDictionary[str, SessionShelf] = WeakValueDictionary()
_by_session: WeakValueDictionary[str, SessionShelf] = WeakValueDictionary()


def session_shelf() -> SessionShelf:
    """Return the shelf of the session that runs."""
    shelf: SessionShelf | None = st.session_state.get(_SHELF)
    if shelf is None:
        shelf = st.session_state[_SHELF] = SessionShelf(current_session_id())
        _by_key[shelf.key] = _by_session[shelf.session] = shelf
    return shelf


def close_shelf(session: str) -> None:
    """Let go of what a session has put on its shelf, if it has one."""
    shelf = _by_session.get(session)
    if shelf is not None:
        shelf.close()


async def _answer(request: Request) -> Response:
    shelf = _by_key.get(request.path_params["shelf"])
    answer = None
    if shelf is not None and may_fetch(shelf.session, request.cookies):
        answer = shelf.find(request.path_params["name"])
    if answer is None:
        return PlainTextResponse("not found", status_code=404, headers=UNSHARED)
    response = await run_in_threadpool(answer)
    response.headers.update(UNSHARED)
    return response


def session_routes() -> list[Route]:
    """Return the route that answers with what sessions have on their shelves."""
    return [Route(f"{PREFIX}/{{shelf}}/{{name}}", _answer)]
