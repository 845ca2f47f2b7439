"""A batch is printed apart: it tells how far it is, ends when nobody waits, and says why not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from layers import batch_process
from layers.batch import sheets
from layers.batch_process import BatchError, write_batch_apart

ROOT = Path(__file__).parents[2]


def child():
    children = psutil.Process().children(recursive=True)
    return next((one for one in children if "layers.batch_child" in one.cmdline()), None)


def test_it_is_killed_when_nobody_waits_and_offers_nothing_half_written(province, tmp_path):
    total = len(sheets(province, "zh")) + 1
    batch = write_batch_apart(province.id, "zh", tmp_path, total)
    for done, _ in batch:
        if done >= 1:
            break
    process = child()
    assert process is not None
    assert process.nice() >= 10
    batch.close()
    assert not process.is_running()
    for path in tmp_path.glob("*.pdf"):
        assert path.read_bytes().rstrip().endswith(b"%%EOF")


def test_a_killed_batch_says_so(province, tmp_path):
    batch = write_batch_apart(province.id, "zh", tmp_path, 99)
    next(batch)
    process = child()
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(BatchError, match="ended with -9"):
        list(batch)


ASKER = """
import sys
from pathlib import Path
from layers.batch_process import write_batch_apart

for done in write_batch_apart("jiangsu", "zh", Path(sys.argv[1]), 99):
    print(*done, flush=True)
"""


def test_a_batch_ends_with_a_server_that_is_killed(tmp_path):
    asker = subprocess.Popen(
        [sys.executable, "-c", ASKER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert asker.stdout is not None
        assert asker.stdout.readline()
        (printing,) = psutil.Process(asker.pid).children()
        asker.kill()
        gone, alive = psutil.wait_procs([printing], timeout=30)
        assert (len(gone), len(alive)) == (1, 0)
    finally:
        asker.kill()
        asker.wait()
        asker.stdout.close()


def test_a_batch_that_cannot_write_says_so(province, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BatchError, match="ended with 1"):
        list(write_batch_apart(province.id, "zh", tmp_path / "file" / "folder", 99))


def test_only_so_many_wait(province, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_process, "_waiting", threading.BoundedSemaphore(1))
    monkeypatch.setattr(batch_process, "_turn", turn := threading.Lock())
    turn.acquire()
    first = write_batch_apart(province.id, "zh", tmp_path, 5)
    assert next(first) == (0, 5)
    with pytest.raises(BatchError) as caught:
        next(write_batch_apart(province.id, "zh", tmp_path, 5))
    assert caught.value.busy
    first.close()
    turn.release()
