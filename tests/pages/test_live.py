"""The map's own connection: who may listen, what comes, and what it leaves behind."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.waiting import until
from ui.server import live
from ui.server.live import PREFIX, LiveMap, live_map, live_routes

HERE = {"origin": "http://testserver", "host": "testserver"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live_routes())) as client:
        yield client


@pytest.fixture
def session(monkeypatch) -> dict[str, object]:
    state: dict[str, object] = {}
    monkeypatch.setattr(live.st, "session_state", state)
    return state


def heard(shown: LiveMap, view: dict[str, object]) -> bool:
    """Send as soon as the connection has been taken up, which its thread does in its own time."""
    for _ in range(200):
        if shown.send(view):
            return True
        time.sleep(0.01)
    return False


def test_a_view_arrives_with_the_number_of_its_turn(client, session):
    shown = live_map()
    with client.websocket_connect(shown.address, headers=HERE) as socket:
        assert heard(shown, {"title": "电池 <b>"})
        assert socket.receive_json() == {"turn": 1, "view": [["title", "电池 <b>"]]}
        assert shown.send({"title": "two"})
        assert socket.receive_json() == {"turn": 2, "view": [["title", "two"]]}


def test_a_view_that_is_there_already_is_not_sent_again(client, session):
    shown = live_map()
    with client.websocket_connect(shown.address, headers=HERE) as socket:
        assert heard(shown, {"a": 1})
        socket.receive_json()
        assert shown.send({"a": 1})
        assert shown.note({"a": 2}) == {"address": shown.address, "turn": 2}
        assert shown.send({"a": 2})
        assert shown.send({"a": 3})
        assert socket.receive_json() == {"turn": 3, "view": [["a", 3]]}


def test_only_what_changed_is_sent_to_a_connection_that_has_the_rest(client, session):
    shown = live_map()
    first = {"id": "first", "shown": True}
    one = {"language": "en", "layers": [first, {"id": "second", "shown": True}]}
    two = {"language": "en", "layers": [{"id": "second", "shown": False}, first]}
    with client.websocket_connect(shown.address, headers=HERE) as early:
        assert heard(shown, one)
        assert early.receive_json()["view"] == [list(entry) for entry in one.items()]
        assert shown.send(two)
        layers = ["layers", [{"id": "second", "shown": False}, "first"]]
        assert early.receive_json()["view"] == [["language"], layers]
    until(lambda: not shown.send(one))
    three = two | {"language": "zh"}
    with client.websocket_connect(shown.address, headers=HERE) as late:
        assert heard(shown, three)
        assert late.receive_json()["view"] == [list(entry) for entry in three.items()]


def test_nobody_listens(session):
    assert not live_map().send({"a": 1})
    assert live_map().turn == 0


@pytest.mark.parametrize(
    "origin", ["http://elsewhere.example", "null", "", "http://testserver.example"]
)
def test_a_page_of_elsewhere_is_refused(client, session, origin):
    with pytest.raises(WebSocketDisconnect):
        client.websocket_connect(live_map().address, headers={**HERE, "origin": origin}).__enter__()


def test_another_browser_is_refused(client, session, monkeypatch):
    monkeypatch.setattr("ui.server.live.may_fetch", lambda *_: False)
    with pytest.raises(WebSocketDisconnect):
        client.websocket_connect(live_map().address, headers=HERE).__enter__()


def test_a_listener_leaves_whoever_may_listen_by_then(client, session, monkeypatch):
    shown = live_map()
    with client.websocket_connect(shown.address, headers=HERE):
        assert shown.send({"a": 1})
        monkeypatch.setattr("ui.server.live.may_fetch", lambda *_: False)
    until(lambda: not shown.send({"a": 2}))


def test_an_address_that_is_not_known_is_refused(client, session):
    live_map()
    with pytest.raises(WebSocketDisconnect):
        client.websocket_connect(f"{PREFIX}/guessed", headers=HERE).__enter__()


@pytest.mark.parametrize("said", [{"text": "{}"}, {"bytes": b"\0"}])
def test_who_speaks_is_cut(client, session, said):
    shown = live_map()
    with client.websocket_connect(shown.address, headers=HERE) as socket:
        socket.send({"type": "websocket.receive", **said})
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert not shown.send({"a": 1})


def test_a_session_has_room_for_a_few_listeners(client, session):
    address = live_map().address
    first = [client.websocket_connect(address, headers=HERE) for _ in range(4)]
    for one in first:
        one.__enter__()
    with pytest.raises(WebSocketDisconnect):
        client.websocket_connect(address, headers=HERE).__enter__()
    first.pop().__exit__(None, None, None)
    with client.websocket_connect(address, headers=HERE) as socket:
        assert heard(live_map(), {"a": 1})
        assert socket.receive_json()["view"] == [["a", 1]]
    for one in first:
        one.__exit__(None, None, None)


def test_the_address_goes_with_the_session(client, session):
    address = live_map().address
    with client.websocket_connect(address, headers=HERE):
        session.clear()
        gc.collect()
        with pytest.raises(WebSocketDisconnect):
            client.websocket_connect(address, headers=HERE).__enter__()
