"""Where sign-in is on, everything is closed but what is named."""

from __future__ import annotations

import hashlib

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.access import gate, request_path, sign_in
from ui.page_names import PAGE_NAMES

OPEN = (
    *("/", "/ranking", "/ranking/", "/favicon.png", "/static/js/index.js", "/static/media/a.woff2"),
    *("/_stcore/health", "/_stcore/host-config", "/auth/login", "/auth/logout", "/oauth2callback"),
    *("/atlas/assets/atlas.js", "/atlas/leaflet/images/a.png"),
)
CLOSED = (
    *("/ogc", "/ogc/collections/sites/items", "/atlas/geometry/x", "/atlas/resources/x", "/atlas"),
    *("/atlas/first/view", "/atlas/frame/map.html", "/media/x.png", "/_stcore/metrics"),
    *("/_stcore/script-health-check", "/_stcore/bidi-components/x", "/_stcore/agent/x"),
    *("/_stcore/upload_file/session/file", "/component/x/index.html", "/app/static/x.csv"),
    *("/_stcore/what-comes-next", "/what-comes-next", "/static", "/STATIC/x"),
    *("/static/../ogc", "/ogc/static/x", "/ranking/static/x"),
)
SIGNED_IN = {"cookie": "in=1"}


async def answer(request) -> PlainTextResponse:
    return PlainTextResponse("data")


async def connection(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("data")
    await socket.close()


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(gate, "sign_in_is_on", lambda: True)
    monkeypatch.setattr(gate, "admits", lambda cookies, bearer, to_edit=False: "in" in cookies)
    routes = [
        WebSocketRoute("/{path:path}", connection),
        Route("/{path:path}", answer, methods=["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(gate.SignInGate)])
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("path", [*OPEN, *(f"/{name}" for name in sorted(PAGE_NAMES))])
def test_what_a_sign_in_page_needs_is_open(client, path):
    assert client.get(path).text == "data"
    assert client.put(path).status_code == 401


@pytest.mark.parametrize("path", CLOSED)
def test_all_else_is_closed(client, path):
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"):
        assert client.request(method, path).status_code == 401
    assert client.get(path, headers=SIGNED_IN).text == "data"


@pytest.mark.parametrize("path", ["/ogc", "/atlas/geometry/x", "/what-comes-next"])
def test_a_token_reads_and_does_nothing_else(client, monkeypatch, path):
    monkeypatch.setattr(gate, "admits", sign_in.admits)
    monkeypatch.setattr(sign_in, "sign_in_is_on", lambda: True)
    digest = hashlib.sha256(b"desk").hexdigest()
    monkeypatch.setattr(sign_in, "_section", lambda _: {"tokens": {"gis": digest}})
    token = {"authorization": "Bearer desk"}
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.request(method, path, headers=token).status_code == 200
    for method in ("PUT", "POST", "DELETE"):
        assert client.request(method, path, headers=token).status_code == 401
    assert client.get("/_stcore/upload_file/session/file", headers=token).status_code == 401


def test_connections_but_the_pages_own_are_closed(client):
    with client.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "data"
    for path in ("/atlas/live/x", "/_stcore/other", "/_stcore/stream/x", "/ranking/_stcore/stream"):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
            pass


def test_below_a_path_of_its_own_the_same_is_open(client, monkeypatch):
    monkeypatch.setattr(request_path.st, "get_option", lambda _: "/bureau/")
    assert client.get("/bureau").text == "data"
    assert client.get("/bureau/ranking").text == "data"
    assert client.get("/bureau/ogc").status_code == 401
    assert client.get("/bureau/bureau/ranking").status_code == 401


def test_whoever_cannot_be_told_is_not_let_in(client, monkeypatch, caplog):
    def broken(cookies, bearer, to_edit=False):
        raise RuntimeError("the secrets are gone")

    monkeypatch.setattr(gate, "admits", broken)
    refused = client.get("/ogc", headers=SIGNED_IN)
    assert refused.status_code == 503
    assert "the secrets are gone" not in refused.text
    assert "the secrets are gone" in caplog.text
    assert client.get("/_stcore/health").text == "data"
