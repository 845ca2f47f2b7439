"""Sessions whose connection is lost: each ends when its time is over, whoever else comes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest

from tests.waiting import PATIENCE_S, run_apart
from ui.server.session_end import ClosedPages, LostSessions
from ui.streamlit_inside import SessionInfo


class Session:
    """Stands for a session of Streamlit: it notes that it was shut down."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.ended = asyncio.Event()

    def shutdown(self) -> None:
        self.ended.set()


def run(test: Coroutine[None, None, None]) -> None:
    run_apart(asyncio.wait_for(test, PATIENCE_S))


def lost(storage: LostSessions, name: str = "one") -> Session:
    session = Session(name)
    storage.save(SessionInfo(client=None, session=session, script_run_count=0))
    return session


def test_a_lost_session_ends_in_its_time():
    async def lose() -> None:
        storage = LostSessions(ttl_seconds=0.01)
        session = lost(storage)
        assert storage.get("one").session is session
        await session.ended.wait()
        assert storage.get("one") is None
        assert storage.list() == []

    run(lose())


def test_one_that_comes_back_does_not_end():
    async def come_back() -> None:
        storage = LostSessions(ttl_seconds=0.01)
        back, gone = lost(storage, "back"), lost(storage, "gone")
        storage.delete("back")
        storage.delete("back")
        await gone.ended.wait()
        assert not back.ended.is_set()

    run(come_back())


def test_of_too_many_the_first_ends():
    async def lose_many() -> None:
        storage = LostSessions(ttl_seconds=3600)
        sessions = [lost(storage, str(number)) for number in range(130)]
        await asyncio.gather(*(one.ended.wait() for one in sessions[:2]))
        assert [one.session for one in storage.list()] == sessions[2:]

    run(lose_many())


@pytest.mark.parametrize(("code", "is_closed"), [(1000, True), (1001, True), (1006, False)])
def test_a_page_that_says_that_it_goes_takes_its_session_with_it(code, is_closed):
    storage, session = LostSessions(ttl_seconds=3600), None

    async def server(_scope, receive, _send) -> None:
        nonlocal session
        await receive()
        session = lost(storage)

    async def receive() -> dict[str, object]:
        return {"type": "websocket.disconnect", "code": code}

    async def go() -> None:
        await ClosedPages(server)({"type": "websocket"}, receive, None)
        if is_closed:
            await session.ended.wait()
        else:
            # One that ends at once is behind it.
            await lost(LostSessions(ttl_seconds=0), "other").ended.wait()
            assert not session.ended.is_set()
            assert storage.get("one").session is session

    run(go())
