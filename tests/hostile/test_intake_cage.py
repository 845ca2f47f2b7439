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

from data.intake import Limits, RefusedError, read_safely
from data.intake.processes import PYTHON, environment
from data.intake.safely import _environment
from data.intake.worker import deny_network
from tests.hostile.files import MEGABYTE, refused

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
from data.intake.forkserver import preload
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
    code = "from data.intake.worker import bound\nbound(1 << 30, 1 << 20, 0)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT)
    assert done.returncode == -signal.SIGXCPU


def test_a_file_without_an_end():
    refused(Path("/dev/zero"), "a.csv", "0 MB; at most 0 MB", Limits(file_bytes=1000))


def test_the_worker_has_no_network():
    with pytest.raises(PermissionError):
        deny_network("socket.connect", ())
    deny_network("open", ())
