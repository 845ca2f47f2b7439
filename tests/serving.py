"""Serve the real atlas on a free port of this machine, as long as a test needs it."""

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

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "test-results" / os.environ.get("PYTEST_XDIST_WORKER", "")
"""Where a process of the tests keeps logs and pictures: each of several has a folder of its own."""
START_S = 120
AS_RUN = Path(__file__).parent / "as_run"


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(
    log: Path,
    *options: str,
    module: tuple[str, ...] = ("streamlit", "run", "app.py"),
    environment: Mapping[str, str] = os.environ,
    port: int,
    ready: str = "/_stcore/health",
    folder: Path = ROOT,
    python: Path | str = sys.executable,
) -> subprocess.Popen[bytes]:
    """Start the atlas on this machine alone and return it once the path ``ready`` answers.

    What it says is added to ``log``. Whoever asks for it ends it. ``folder`` is where the atlas
    is, ``python`` what runs it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        process = subprocess.Popen(
            [
                *(str(python), "-m", *module),
                *("--server.port", str(port), "--server.address", "127.0.0.1", *options),
            ],
            cwd=folder,
            env={**environment, "PYTHONPATH": _path(environment)},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    wait_until_healthy(f"http://127.0.0.1:{port}", process, ready, log)
    return process


def _path(environment: Mapping[str, str]) -> str:
    """Return where modules are found: what only development brings is not there."""
    told = environment.get("PYTHONPATH")
    return os.pathsep.join((str(AS_RUN), *((told,) if told else ())))


@contextmanager
def serving(log: Path, *options: str, port: int | None = None, **how: object) -> Iterator[str]:
    """Run the atlas as long as the block lasts, and yield its address.

    ``how`` is what ``started`` takes; ``log`` is written anew, ``port`` a free one if not given.
    """
    log.unlink(missing_ok=True)
    port = port or free_port()
    process = started(log, *options, port=port, **how)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_healthy(
    address: str, process: subprocess.Popen[bytes], path: str, log: Path | None = None
) -> None:
    """Wait until the server answers; fail with where its log is if it ends or never does."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}: see {log}")
        try:
            with urllib.request.urlopen(f"{address}{path}", timeout=20):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"the server did not answer within {START_S} s: see {log}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an atlas that all tests of this process share."""
    environment = {**os.environ, "ATLAS_DATASETS": str(tmp_path_factory.mktemp("datasets"))}
    with serving(RESULTS / "server.log", environment=environment) as address:
        yield address
