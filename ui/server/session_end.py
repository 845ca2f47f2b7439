"""End a session when its page is closed, and let go of all that it held.

Streamlit keeps a session whose connection has gone, since the page may come back, and forgets
it only when other sessions go as well. A page that says that it was closed does not come back;
one that was lost has ``server.disconnectedSessionTTL`` seconds.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.kept.session_shelf import close_shelf
from ui.state.garbage import SWEPT_AFTER_S, sweep_later
from ui.streamlit_inside import (
    BrowserSession,
    SessionInfo,
    SessionStorage,
    empty_session,
    is_running,
    loop_of,
    patch_session_end,
    patch_session_storage,
    remove_session_media,
    remove_session_uploads,
)

_CLOSED = {1000, 1001}
"""What a browser says when a page is closed or left; a lost connection says nothing (1006)."""

_MOST_LOST = 128
_LOOK_AGAIN_S = 0.2
_page_is_closed: ContextVar[bool] = ContextVar("page is closed", default=False)


class ClosedPages:
    """Middleware that notes when a page says that it is closed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the server does."""

        async def noted() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect" and message.get("code") in _CLOSED:
                _page_is_closed.set(True)
            return message

        await self._app(scope, noted if scope["type"] == "websocket" else receive, send)


class LostSessions(SessionStorage):
    """Sessions whose pages may come back: each ends when its time is over, not later."""

    def __init__(self, ttl_seconds: float) -> None:
        self._wait_s = ttl_seconds
        self._lost: dict[str, tuple[SessionInfo, asyncio.TimerHandle]] = {}

    def get(self, session_id: str) -> SessionInfo | None:
        """Return a session that is kept."""
        kept = self._lost.get(session_id)
        return None if kept is None else kept[0]

    def save(self, session_info: SessionInfo) -> None:
        """Keep a session whose connection has gone; not for a moment where its page is closed."""
        wait_s = 0.0 if _page_is_closed.get() else self._wait_s
        name = session_info.session.id
        loop = asyncio.get_running_loop()
        self._lost[name] = (session_info, loop.call_later(wait_s, self._end, name))
        for first in list(self._lost)[:-_MOST_LOST]:
            loop.call_soon(self._end, first)

    def delete(self, session_id: str) -> None:
        """Keep a session no longer: it came back, or somebody else ends it."""
        kept = self._lost.pop(session_id, None)
        if kept is not None:
            kept[1].cancel()

    def list(self) -> list[SessionInfo]:
        """Return all sessions that are kept."""
        return [info for info, _ in self._lost.values()]

    def _end(self, name: str) -> None:
        info = self.get(name)
        if info is not None:
            self.delete(name)
            info.session.shutdown()


def end_sessions_promptly() -> None:
    """Have sessions end with their pages, and hold nothing once they have ended."""
    patch_session_storage(LostSessions)
    patch_session_end(_let_go)


def _drop_files(session: str) -> None:
    remove_session_uploads(session)
    remove_session_media(session)


def _let_go(session: BrowserSession) -> None:
    close_shelf(session.id)
    _forget(session)


def _forget(session: BrowserSession) -> None:
    """Empty a session that has ended; a run that is not over yet comes to its end first."""
    if is_running(session):
        loop_of(session).call_later(_LOOK_AGAIN_S, _forget, session)
        return
    _drop_files(session.id)
    # Once more: a file may be made beside the runs, and a browser may take its time to send one.
    loop_of(session).call_later(SWEPT_AFTER_S, _drop_files, session.id)
    empty_session(session)
    sweep_later(loop_of(session))
