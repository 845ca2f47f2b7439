"""Serve the atlas and the apps beside it, each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = Path(__file__).parent / "apps"
SCRIPTS = {
    "floor": APPS / "floor.py",
    "atlas": ROOT / "app.py",
    "peer": APPS / "peer_app.py",
    "deck": APPS / "deck.py",
}


@dataclass(frozen=True)
class Served:
    """A running app."""

    name: str
    address: str
    pid: int

    @property
    def is_atlas(self) -> bool:
        """Whether this is the atlas, whole or without something."""
        return self.name.startswith("atlas")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):  # noqa: S310
        return True
    return False


@contextmanager
def served(name: str, log: Path, *, poll_s: float = 0.1, root: Path = ROOT) -> Iterator[Served]:
    """Serve an app until the block ends; the atlas from ``root``, by whatever name."""
    script = SCRIPTS.get(name, root / "app.py")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with log.open("ab") as sink:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter)
            command,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(int(60 / poll_s)):
            if healthy(address):
                break
            time.sleep(poll_s)
        else:
            raise RuntimeError(f"{name} did not answer: see {log}")
        yield Served(name, address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)
