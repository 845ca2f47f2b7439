"""The process that reads uploads: bounded in time and memory, without secrets or a network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox.cage import landlock_version
from data.uploads.sandbox.processes import PYTHON, environment
from data.uploads.sandbox.safely import _environment, read_safely
from data.uploads.sandbox.worker import deny_network
from tests.hostile.files import MEGABYTE, refused
from tests.missing import lacks

ROOT = Path(__file__).parents[2]


def test_time_runs_out_and_the_parent_goes_on(endless):
    refused(endless, endless.name, "longer than 0.05 seconds", Limits(seconds=0.05))
    assert len(read_safely(b"a,b\n1,2\n", "a.csv").frame) == 1


def test_memory_runs_out_and_the_parent_goes_on():
    rows = b"a,b\n" + b"1,2\n" * 90_000
    refused(rows, "a.csv", "memory", Limits(memory_bytes=100 * MEGABYTE))
    wide = b",".join(b"c%d" % at for at in range(150)) + b"\n" + (b"x," * 149 + b"x\n") * 12_000
    refused(wide, "a.csv", "memory", Limits(memory_bytes=350 * MEGABYTE))
    assert len(read_safely(b"a,b\n1,2\n", "a.csv").frame) == 1


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_safely(b"a,b\n1,2\n", "a.csv")
    with pytest.raises(RefusedError):
        read_safely(b"{]", "a.json")
    assert list(tmp_path.iterdir()) == []


def test_reading_from_many_threads():
    found = []
    threads = [
        threading.Thread(
            target=lambda at=at: found.append(
                read_safely(f"a,b\n{at},2\n".encode(), "a.csv").frame["a"].tolist()
            )
        )
        for at in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [["0"], ["1"], ["2"]]


def test_the_worker_gets_no_secrets_and_one_driver(monkeypatch):
    monkeypatch.setenv("TIANDITU_KEY", "secret")
    assert "secret" not in environment().values()
    assert set(os.environ) - set(environment())
    skipped = _environment(Path("/nowhere"), ("ESRI Shapefile",))["OGR_SKIP"].split(",")
    assert {"OGR_VRT", "GeoJSON", "WFS", "GPKG"} <= set(skipped)
    assert "ESRI Shapefile" not in skipped


DRIVERS = """
import json, os, sys
from data.uploads.sandbox.forkserver import preload
preload()
os.environ.update(json.loads(sys.argv[1]))
import pyogrio
print(*pyogrio.list_drivers(), sep=",")
"""


def test_gdal_knows_one_driver_in_the_worker(tmp_path):
    """Also where other libraries were loaded before it was known which."""
    own = json.dumps(_environment(tmp_path, ("ESRI Shapefile",)))
    found = subprocess.run(
        [*PYTHON, "-c", DRIVERS, own],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "ESRI Shapefile"


def test_the_kernel_says_that_processor_time_ran_out():
    code = (
        "from data.uploads.sandbox.worker import bound\n"
        "bound(1 << 30, 1 << 20, 0)\nwhile True: pass"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT)
    assert done.returncode == -signal.SIGXCPU


KEPT = """
import os, sys
from pathlib import Path
from data.uploads.sandbox.cage import keep_to, libraries

def tried(attempt, *arguments):
    try:
        attempt(*arguments)
    except OSError as error:
        return type(error).__name__
    return "done"

own, canary = Path(sys.argv[1]), sys.argv[2]
assert keep_to(own, libraries())
(own / "a").mkdir()
(own / "b").mkdir()
(own / "a" / "file").write_text("more")
print("outside", tried(os.truncate, canary, 0))
print("inside", tried(os.truncate, own / "a" / "file", 0))
print("moved", tried(os.rename, own / "a" / "file", own / "b" / "file"))
print("signal", tried(os.kill, os.getppid(), 0))
"""


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, str]:
    """What a process may do that keeps to a folder of its own."""
    own, canary = tmp_path / "own", tmp_path / "canary"
    own.mkdir()
    canary.write_text("whole", encoding="utf-8")
    if not landlock_version():
        lacks("Landlock", "a Linux of 5.13 or newer has it")
    done = subprocess.run(
        [sys.executable, "-c", KEPT, str(own), str(canary)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    words = dict(line.split() for line in done.stdout.splitlines())
    return words | {"canary": canary.read_text(encoding="utf-8")}


def test_a_reader_cuts_no_file_but_its_own(kept):
    if landlock_version() < 3:
        lacks("a Landlock that keeps from cutting files", "a Linux of 6.2 or newer has it")
    assert (kept["outside"], kept["canary"]) == ("PermissionError", "whole")
    assert kept["inside"] == "done"


def test_a_reader_moves_files_between_its_own_folders(kept):
    if landlock_version() < 2:
        lacks("a Landlock that lets files be moved", "a Linux of 5.19 or newer has it")
    assert kept["moved"] == "done"


def test_a_reader_sends_no_signal_to_others(kept):
    if landlock_version() < 6:
        lacks("a Landlock that keeps from signals", "a Linux of 6.12 or newer has it")
    assert kept["signal"] == "PermissionError"


def test_a_file_without_an_end():
    refused(Path("/dev/zero"), "a.csv", "0 MB; at most 0 MB", Limits(file_bytes=1000))


def test_the_worker_has_no_network():
    with pytest.raises(PermissionError):
        deny_network("socket.connect", ())
    deny_network("open", ())
