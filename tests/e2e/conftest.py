"""Serve the real atlas on a free port, and open it in a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .atlas_page import AtlasPage

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    log: Path,
    *options: str,
    module: tuple[str, ...] = ("streamlit", "run", "app.py"),
    environment: Mapping[str, str] = os.environ,
    port: int | None = None,
    ready: str = "/_stcore/health",
) -> Iterator[str]:
    """Run the atlas on this machine alone as long as the block lasts.

    Yields the address once the path ``ready`` answers. ``log`` is written anew; ``port`` is a
    free one where none is given.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as file:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", *module),
                *("--server.port", str(port), "--server.address", "127.0.0.1", *options),
            ],
            cwd=ROOT,
            env=dict(environment),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(address, process, ready)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    environment = {**os.environ, "ATLAS_DATASETS": str(tmp_path_factory.mktemp("datasets"))}
    with serving(RESULTS / "server.log", environment=environment) as address:
        yield address


def wait_until_healthy(
    address: str, process: subprocess.Popen[bytes], path: str = "/_stcore/health"
) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}: see {RESULTS}/server.log")
        try:
            with urllib.request.urlopen(f"{address}{path}", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the server did not answer within 60 s")


# A busy machine is slow; a condition that does not come true is told all the same.
expect.set_options(timeout=20_000)


@pytest.fixture
def locale() -> str:
    return "en-GB"


@pytest.fixture
def page(browser: Browser, locale: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale=locale, accept_downloads=True
    )
    context.set_default_timeout(30_000)
    # As one who has been here before: only the test of the tour is a first-timer.
    if "first_timer" not in request.fixturenames:
        context.add_init_script("localStorage.setItem('atlas.tour', 'done')")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before:
        RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=RESULTS / f"{request.node.name}.png")
    context.close()
    assert errors == []


@pytest.fixture
def atlas(page: Page, server: str) -> AtlasPage:
    """The page of the atlas in a browser of its own."""
    return AtlasPage(page, server)
