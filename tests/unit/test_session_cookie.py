"""A session is of the browser that began it: knowing its name opens nothing."""

from __future__ import annotations

import gc

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from data.text import LANGUAGES, say
from tests.waiting import run_apart
from ui.access import session_cookie
from ui.access.session_cookie import COOKIE, OwnSessions, is_owner, may_fetch

UPLOAD = "/_stcore/upload_file/theirs/file"


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("taken")


async def stream(socket: WebSocket) -> None:
    await socket.accept("streamlit")
    protocols = socket.headers.get("sec-websocket-protocol", "")
    await socket.send_text(f"{protocols}|{socket.headers.get('cookie', '')}")
    await socket.close()


@pytest.fixture
def client():
    routes = [
        WebSocketRoute("/_stcore/stream", stream),
        Route("/{path:path}", answer, methods=["GET", "PUT", "DELETE"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(OwnSessions)])
    with TestClient(app) as client:
        yield client


@pytest.fixture
def begun(monkeypatch) -> dict[str, object]:
    """The state of a session that a browser with a cookie has begun."""
    state: dict[str, object] = {}
    context = type("Context", (), {"cookies": {COOKIE: "its own"}})
    monkeypatch.setattr(session_cookie.st, "session_state", state)
    monkeypatch.setattr(session_cookie.st, "context", context)
    monkeypatch.setattr(session_cookie, "current_session_id", lambda: "theirs")
    session_cookie.keep_owner()
    return state


def asked_for(client: TestClient, *protocols: str, **cookies: str) -> str:
    path = "/_stcore/stream"
    client.cookies.clear()
    client.cookies.update(cookies)
    with client.websocket_connect(path, subprotocols=list(protocols)) as socket:
        return socket.receive_text().partition("|")[0]


def given(client: TestClient, **headers: str) -> tuple[str, str]:
    """Connect; return the cookie that the server sees, and the one that the browser gets."""
    with client.websocket_connect("/_stcore/stream", headers=headers) as socket:
        told = dict(socket.extra_headers or ()).get(b"set-cookie", b"").decode()
        return socket.receive_text().partition("|")[2], told


def test_a_connection_brings_the_cookie_by_which_it_is_known(client):
    seen, told = given(client)
    assert told.startswith(f"{seen}; ")
    assert {"Path=/", "HttpOnly", "SameSite=Strict"} <= set(told.split("; "))
    assert "Secure" not in told
    assert "Secure" in given(client, **{"x-forwarded-proto": "https"})[1].split("; ")
    assert given(client)[0] != seen
    assert given(client, cookie=seen) == (seen, "")
    assert given(client, cookie="other=1")[0].startswith("other=1; atlas_session=")


def test_files_are_taken_from_the_browser_that_began_the_session(client, begun):
    for method in ("PUT", "DELETE", "GET"):
        assert client.request(method, UPLOAD).status_code == 403
        theft = {"cookie": f"{COOKIE}=another"}
        refused = client.request(method, UPLOAD, headers=theft)
        assert refused.status_code == 403
    for language in LANGUAGES:
        assert say("builtin.other_session", language) in refused.text
    assert client.put(UPLOAD, headers={"cookie": f"{COOKIE}=its own"}).text == "taken"


def test_a_session_is_given_back_to_its_browser_alone(client, begun):
    wanted = ("streamlit", "token", "theirs")
    assert asked_for(client, *wanted, **{COOKIE: "its own"}) == "streamlit, token, theirs"
    assert "theirs" not in asked_for(client, *wanted, **{COOKIE: "another"})
    assert "theirs" not in asked_for(client, *wanted)
    assert asked_for(client, "streamlit", "token").startswith("streamlit")


def test_a_browser_without_cookies_owns_nothing(client, begun, monkeypatch):
    context = type("Context", (), {"cookies": {}})
    monkeypatch.setattr(session_cookie.st, "context", context)
    begun.clear()
    session_cookie.keep_owner()
    assert not is_owner("theirs", {})
    assert not is_owner("theirs", {COOKIE: ""})
    assert not is_owner("nobody's", {COOKIE: "its own"})


def test_nothing_is_kept_of_a_session_that_has_ended(begun):
    assert is_owner("theirs", {COOKIE: "its own"})
    begun.clear()
    gc.collect()
    assert not is_owner("theirs", {COOKIE: "its own"})


def test_what_a_session_shows_goes_to_its_browser_once_that_is_known(begun):
    """Until a browser has sent its cookie back, it may be one that keeps none."""
    assert may_fetch("theirs", {})
    assert may_fetch("theirs", {COOKIE: "its own"})
    assert not may_fetch("theirs", {})
    assert not may_fetch("theirs", {COOKIE: "another"})
    assert may_fetch("theirs", {COOKIE: "its own"})


def test_who_brings_a_file_is_known(client, begun):
    client.put(UPLOAD, headers={"cookie": f"{COOKIE}=its own"})
    assert not may_fetch("theirs", {})


def test_a_file_that_comes_after_its_session_has_ended_is_dropped(client, begun, monkeypatch):
    dropped: list[str] = []
    monkeypatch.setattr(session_cookie, "remove_session_uploads", dropped.append)
    client.put(UPLOAD, headers={"cookie": f"{COOKIE}=its own"})
    # Whoever is refused drops nothing of anybody's.
    assert client.put(UPLOAD, headers={"cookie": f"{COOKIE}=another"}).status_code == 403
    assert client.delete(UPLOAD, headers={"cookie": ""}).status_code == 403
    assert dropped == []

    async def end(scope, receive, send) -> None:
        begun.clear()
        gc.collect()

    upload = {
        "type": "http",
        "path": UPLOAD,
        "headers": [(b"cookie", f"{COOKIE}=its own".encode())],
    }
    run_apart(OwnSessions(end)(upload, None, None))
    assert dropped == ["theirs"]
