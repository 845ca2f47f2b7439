"""A page connects under each name that the settings tell and under numbers, wherever they stand."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.serving import RESULTS, serving

NAME, FURTHER, FOREIGN = "name.example", "further.example", "foreign.example"


def connects(server: str, name: str) -> bool:
    """Shake hands as the page does that a browser shows under a name."""
    there = urlsplit(server)
    host = f"{name}:{there.port}"
    try:
        with connect(
            f"ws://{host}/_stcore/stream",
            sock=socket.create_connection((str(there.hostname), int(there.port or 0))),
            origin=f"http://{host}",
            subprotocols=["streamlit"],
        ):
            return True
    except InvalidStatus:
        return False


@pytest.fixture(params=["command line", "environment", "file"])
def server(request: pytest.FixtureRequest, tmp_path: Path):
    """A server that is told a further name, one way or another."""
    options, environment = ["--browser.serverAddress", NAME], {**os.environ}
    if request.param == "command line":
        options += ["--server.allowedHosts", FURTHER]
    elif request.param == "environment":
        environment["STREAMLIT_SERVER_ALLOWED_HOSTS"] = FURTHER
    else:
        environment["HOME"] = str(tmp_path)
        (tmp_path / ".streamlit").mkdir()
        (tmp_path / ".streamlit" / "config.toml").write_text(
            f'[server]\nallowedHosts = ["{FURTHER}"]\n', encoding="utf-8"
        )
    with serving(RESULTS / "names.log", *options, environment=environment) as address:
        yield address


def test_a_page_connects_under_the_servers_names_and_numbers_alone(server):
    own = (NAME, FURTHER, "localhost", "127.0.0.1", "[::1]", "10.1.2.3", socket.gethostname())
    assert [name for name in own if not connects(server, name)] == []
    assert not connects(server, FOREIGN)
