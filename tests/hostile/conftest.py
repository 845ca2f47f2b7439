"""Traps: a listener that must hear nothing, a file that nobody may read, a pipe nobody may open."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SECRET = "canary-6f1d2c-never-in-a-table"  # noqa: S105


@pytest.fixture(scope="session", autouse=True)
def _readers_as_a_server_has_them(forked_readers: None) -> None:
    """All tests here are of what a server does."""


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that is read for as long as the reader is let."""
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW gpkg_contents AS "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT 'a' AS table_name, 'features' AS data_type, count(*) AS rowid FROM n"
        )
    database.close()
    return path


@dataclass
class Traps:
    """Where hostile files try to reach, and what was reached."""

    address: str
    file: Path
    pipe: Path
    calls: list[str] = field(default_factory=list)

    def pipe_is_open(self) -> bool:
        """Tell whether somebody reads from the pipe."""
        with suppress(OSError):
            os.close(os.open(self.pipe, os.O_WRONLY | os.O_NONBLOCK))
            return True
        return False


@pytest.fixture
def traps(tmp_path: Path) -> Iterator[Traps]:
    folder = tmp_path / "traps"
    folder.mkdir()
    file, pipe = folder / "secret.csv", folder / "pipe"
    file.write_text(f"name,longitude,latitude\n{SECRET},118.8,32.0\n", encoding="utf-8")
    os.mkfifo(pipe)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        found = Traps(f"127.0.0.1:{server.getsockname()[1]}", file, pipe)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                if found.pipe_is_open():
                    found.calls.append("pipe")
                with suppress(TimeoutError):
                    connection, peer = server.accept()
                    found.calls.append(str(peer))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield found
        finally:
            stop.set()
            thread.join()
    assert found.calls == [], "something from inside a file reached out"
