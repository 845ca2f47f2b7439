"""The recipe for an office: real nginx before two processes, and a page opened through it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser.atlas_page import AtlasPage
from tests.missing import lacks
from tests.serving import RESULTS, ROOT, free_port, started
from tests.waiting import until
from ui.server import live

NAME = "atlas.example"
RECIPE = ROOT / "docs" / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    """Two processes of the atlas, as the unit file starts them."""
    if NGINX is None:
        lacks("nginx", "install Debian's `nginx-light`")
    found = (free_port(), free_port())
    log = RESULTS / "seats-server.log"
    name = ("--browser.serverAddress", NAME)
    processes = [started(log, *name, port=port) for port in found]
    try:
        yield found
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def gate(ports, tmp_path) -> Iterator[tuple[int, Path]]:
    """nginx with the recipe as it stands, but for ports and the place of its log."""
    port, log = free_port(), tmp_path / "atlas.log"
    recipe = RECIPE.read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8501", f"127.0.0.1:{ports[0]}"),
        ("127.0.0.1:8502", f"127.0.0.1:{ports[1]}"),
        ("/var/log/nginx/atlas.log", str(log)),
        ("/var/log/nginx/atlas-error.log", str(tmp_path / "atlas-error.log")),
    ):
        assert old in recipe
        recipe = recipe.replace(old, new)
    folders = "".join(
        f"{kind}_temp_path {tmp_path / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off;\npid {tmp_path / 'nginx.pid'};\nerror_log {tmp_path / 'error.log'};\n"
        f"events {{}}\nhttp {{\n{folders}{recipe}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([str(NGINX), "-c", str(config), "-p", str(tmp_path)])
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, log
    finally:
        process.terminate()
        process.wait(timeout=20)


def upstreams(log: Path) -> list[str]:
    return [line.split()[-2] for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_page_works_through_nginx_and_stays_with_its_process(browser: Browser, gate):
    port, log = gate
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    views: list[str] = []
    page.on(
        "websocket",
        lambda one: one.on("framereceived", lambda _: views.append(urlsplit(one.url).path)),
    )
    atlas = AtlasPage(page, f"http://127.0.0.1:{port}").open("lang=en&sector=battery")
    atlas.expect_count(" of 13 cities; the plan names 4 cities")
    atlas.choose("Sector", "Powertrain")
    atlas.expect_query("sector", "battery,powertrain")
    assert [path for path in views if path.startswith(f"{live.PREFIX}/")]
    context.close()
    # nginx tells of a connection when it has ended.
    until(lambda: f'"GET {live.PREFIX}/"' in log.read_text(encoding="utf-8"))
    logged = log.read_text(encoding="utf-8")
    assert '"GET /atlas/geometry/"' in logged
    assert not re.search(
        r'"GET /(atlas/(resources|geometry|live|session|tiles)|media)/[\w-]', logged
    )
    served = upstreams(log)
    assert len(served) > 5
    assert len(set(served[1:])) == 1
    for opened in ("/_stcore/upload_file/", "/media/"):
        asked = Request(f"http://127.0.0.1:{port}{opened}secret/name", method="PUT")
        with suppress(HTTPError):
            urlopen(asked, timeout=10)
        until(lambda opened=opened: f'"PUT {opened}" ' in log.read_text(encoding="utf-8"))
    assert "secret" not in log.read_text(encoding="utf-8")
    errors = log.with_name("atlas-error.log").read_text(encoding="utf-8")
    assert "/atlas/" not in errors


def test_browsers_are_shared_among_the_processes(gate, ports):
    port, log = gate
    for _ in range(40):
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10) as answer:
            cookies = answer.headers.get_all("Set-Cookie")
            assert any(cookie.startswith("atlas_seat=") for cookie in cookies)
    assert set(upstreams(log)) == {f"127.0.0.1:{one}" for one in ports}
