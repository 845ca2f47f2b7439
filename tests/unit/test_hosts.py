"""The server answers under its own names and numbers, not under one that was pointed to it."""

from __future__ import annotations

import socket
import tomllib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config

from ui.access import hosts

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def named(monkeypatch):
    told = {
        "browser.serverAddress": "Atlas.Example",
        "server.allowedHosts": ["*.bureau.example"],
        "server.baseUrlPath": "",
    }
    monkeypatch.setattr(hosts.st, "get_option", lambda name: told[name])
    hosts._names.cache_clear()
    yield
    hosts._names.cache_clear()


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8501", "LOCALHOST", "127.0.0.1:8501", "[::1]:8501", "10.1.2.3"),
        *("atlas.example", "atlas.example.", "map.bureau.example:80", socket.gethostname()),
    ],
)
def test_own_names_and_numbers_are_known(host):
    assert hosts.is_known(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", "outside.example", "127.0.0.1.outside.example", "atlas.example.outside.example"),
        *("bureau.example.", "evilbureau.example", "localhost@outside.example", "[::1", "a:b:c"),
    ],
)
def test_other_names_are_not(host):
    assert not hosts.is_known(host)


@pytest.mark.parametrize(
    ("address", "name", "others", "alone"),
    [
        *(("127.0.0.1", "localhost", [], True), ("::1", "localhost", [], True)),
        *(("localhost", "127.0.0.1", [], True), ("127.0.0.1", None, [], True)),
        *((None, "localhost", [], False), ("", "localhost", [], False)),
        *(("0.0.0.0", "localhost", [], False), ("10.1.2.3", "localhost", [], False)),  # noqa: S104
        # Behind a gate that others reach.
        ("127.0.0.1", "atlas.example", [], False),
        ("127.0.0.1", "localhost", ["atlas.example"], False),
        ("127.0.0.1.outside.example", "localhost", [], False),
    ],
)
def test_who_is_served_is_told_by_the_settings(monkeypatch, address, name, others, alone):
    told = {
        "server.address": address,
        "browser.serverAddress": name,
        "server.allowedHosts": others,
    }
    monkeypatch.setattr(hosts.st, "get_option", lambda option: told[option])
    assert hosts.serves_this_machine_alone() is alone


def page(host: str) -> dict[str, str]:
    """What a browser says of the page that connects."""
    return {"Host": host, "Origin": f"http://{host}"}


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        *((None, page("localhost:8501"), True), (None, page("[::1]:8501"), True)),
        *(("127.0.0.2", page("127.0.0.1:8501"), True), (None, page("localhost"), True)),
        (None, {"host": "localhost", "origin": "https://localhost"}, True),
        ("10.1.2.3", page("localhost:8501"), False),
        (None, page("10.1.2.3"), False),
        (None, page("atlas.example"), False),
        # A gate that says nothing: a program, and a page of the gate or of another server here.
        *((None, {}, False), (None, {"Host": "127.0.0.1:8501"}, False)),
        (None, {"Host": "127.0.0.1:8501", "Origin": "http://atlas.example"}, False),
        (None, {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8502"}, False),
        (None, {"Host": "127.0.0.1:8501", "Origin": "null"}, False),
    ],
)
def test_who_does_not_come_straight_from_a_page_here_is_not_of_this_machine(address, headers, here):
    assert hosts.asked_from_this_machine(address, headers) is here


@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server"),
        *("Forwarded", "Via", "X-Real-Ip", "CF-Connecting-IP"),
    ],
)
def test_what_a_gate_adds_tells_of_it(header):
    assert not hosts.asked_from_this_machine(None, {**page("localhost"), header: "localhost"})


def test_under_another_name_nothing_is_found():
    routes = [Route("/", lambda _: PlainTextResponse("data"))]
    app = Starlette(routes=routes, middleware=[Middleware(hosts.KnownHosts)])
    with TestClient(app, base_url="http://localhost:8501") as client:
        assert client.get("/").text == "data"
        refused = client.get("/", headers={"host": "outside.example"})
    assert refused.status_code == 421
    assert "data" not in refused.text
    assert "--server.allowedHosts" in refused.text


def test_whoever_looks_after_the_server_may_ask_under_any_name():
    routes = [Route("/{path:path}", lambda _: PlainTextResponse("ok"))]
    app = Starlette(routes=routes, middleware=[Middleware(hosts.KnownHosts)])
    with TestClient(app, base_url="http://outside.example") as client:
        assert client.get("/_stcore/health").text == "ok"
        assert client.get("/_stcore/health", headers={"host": ""}).text == "ok"
        for path in ("/_stcore/health/x", "/x/_stcore/health", "/_stcore/host-config"):
            assert client.get(path).status_code == 421


def test_the_options_that_name_hosts_are_there():
    for name in ("browser.serverAddress", "server.allowedHosts", "server.baseUrlPath"):
        config.get_option(name)


def test_the_server_listens_on_this_machine_alone():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
