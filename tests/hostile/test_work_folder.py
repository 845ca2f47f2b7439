"""What a killed server has left of an upload is swept, and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.work_folder import OLD_S, keep_swept, sweep, work_folder
from tests.missing import lacks
from tests.serving import ROOT

READING = """
import sys
from data.uploads.sandbox.safely import read_safely

def wait(stage):
    if stage == "reading":
        print(stage, flush=True)
        sys.stdin.read()

read_safely(b"name,city\\nx,y\\n", "a.csv", progress=wait)
"""
"""A server in the midst of a reading: it stands still when the reader has begun."""


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def server(temporary) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", READING],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    yield process
    process.kill()
    process.communicate()


def left(folder: Path, name: str = "atlas-intake-abcdefgh") -> Path:
    path = folder / name
    path.mkdir(parents=True)
    (path / "upload.csv").write_text("name\nsomebody's\n", encoding="utf-8")
    return path


def later() -> dt.datetime:
    return dt.datetime.now() + dt.timedelta(seconds=OLD_S + 60)


def test_what_a_killed_server_leaves_is_swept(server, temporary):
    (folder,) = temporary.glob("atlas-intake-*")
    assert (folder / "upload.csv").exists()
    assert sweep(later()) == []
    server.send_signal(signal.SIGKILL)
    server.wait()
    assert (folder / "upload.csv").exists()
    assert sweep() == []
    assert sweep(later()) == [folder.name]
    assert list(temporary.iterdir()) == []


def test_a_folder_goes_with_its_work(temporary):
    with work_folder("print") as folder:
        assert folder.parent == temporary
        assert sweep(later()) == []
        (folder / "map.pdf").write_bytes(b"x")
    assert list(temporary.iterdir()) == []


def test_what_somebody_holds_fails_no_work_and_is_swept(temporary, monkeypatch):
    """Windows removes no file that somebody has open."""
    unlink = os.unlink

    def refuse(path, **where):
        if Path(path).name == "held.csv":
            raise PermissionError(13, "in use", str(path))
        unlink(path, **where)

    with monkeypatch.context() as windows, work_folder("intake") as folder:
        (folder / "held.csv").write_text("x", encoding="utf-8")
        windows.setattr(os, "unlink", refuse)
    assert (folder / "held.csv").exists()
    assert sweep(later()) == [folder.name]
    assert list(temporary.iterdir()) == []


class Enough(BaseException):
    """Ends what goes on without end."""


@pytest.mark.parametrize("fault", [FileNotFoundError("nowhere"), ValueError("odd")])
def test_a_sweep_that_fails_is_told_and_tried_again(temporary, monkeypatch, caplog, fault):
    folder = left(temporary)
    old = time.time() - OLD_S - 60
    for one in (folder / "upload.csv", folder):
        os.utime(one, (old, old))
    faults = iter([fault])
    pauses: list[float] = []

    def fail_once() -> str:
        for one in faults:
            raise one
        return str(temporary)

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if pauses == [OLD_S, OLD_S]:
            raise Enough

    monkeypatch.setattr(tempfile, "gettempdir", fail_once)
    monkeypatch.setattr("data.work_folder.time", SimpleNamespace(sleep=pause))
    with pytest.raises(Enough):
        keep_swept()
    assert "was not swept" in caplog.text
    assert str(fault) in caplog.text
    assert not folder.exists()


def test_what_is_not_ours_stays(temporary):
    elsewhere = left(temporary / "elsewhere")
    (temporary / "atlas-intake-link").symlink_to(elsewhere)
    (temporary / "atlas-intake-file").write_text("x", encoding="utf-8")
    left(temporary, "atlas-postgis-abcdefgh")
    left(temporary, "atlas-intake-a.b")
    before = sorted(temporary.rglob("*"))
    assert sweep(later()) == []
    assert sorted(temporary.rglob("*")) == before


def test_a_link_inside_is_not_followed(temporary):
    kept = left(temporary / "elsewhere")
    folder = left(temporary)
    (folder / "link").symlink_to(kept)
    (folder / ".in-use").symlink_to(kept / "upload.csv")
    assert sweep(later()) == [folder.name]
    assert (kept / "upload.csv").read_text(encoding="utf-8") == "name\nsomebody's\n"


def test_a_folder_in_which_something_was_written_stays(temporary):
    folder = left(temporary)
    old = time.time() - OLD_S - 60
    os.utime(folder, (old, old))
    assert sweep() == []
    os.utime(folder / "upload.csv", (old, old))
    os.utime(folder, (old, old))
    assert sweep() == [folder.name]


def test_folders_of_others_stay(temporary):
    folder = left(temporary)
    if not hasattr(os, "getuid") or os.getuid() != 0:
        lacks("root", "only root can give a folder to another user")
    os.chown(folder, 65534, 65534)
    assert sweep(later()) == []
    assert folder.is_dir()
