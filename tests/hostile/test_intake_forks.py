"""The process that readers are forked from passes nothing on, comes back, and outlives nobody."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox import forkserver_client, processes
from data.uploads.sandbox.forkserver_client import ForkedReader
from data.uploads.sandbox.processes import PYTHON, PlainReader, environment
from data.uploads.sandbox.safely import read_safely
from data.uploads.sandbox.walls import prepare_readers, walls
from tests.missing import lacks
from tests.readers import fork_servers, readers
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SMALL = b"a,b\n1,2\n"
MANY = b"a,b\n" + b"1,2\n" * 90_000


@pytest.fixture(autouse=True)
def _can_fork() -> None:
    if not walls().memory:
        lacks("a kernel that bounds memory", "readers are forked on Linux")


@pytest.fixture
def server() -> psutil.Process:
    read_safely(SMALL, "a.csv")
    (found,) = fork_servers()
    return found


def kill(process: psutil.Process) -> None:
    process.kill()
    process.wait(60)


PRELOADED = """
import os, sys
from data.uploads.sandbox.forkserver import preload
preload()
print("pyogrio" in sys.modules, "geopandas" in sys.modules, len(os.listdir("/proc/self/task")))
"""


def test_it_loads_no_gdal_and_starts_no_thread():
    done = subprocess.run(
        [*PYTHON, "-c", PRELOADED], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "True", "1"], done.stderr


def test_readers_come_from_one_process_and_leave_nothing_in_it(server):
    descriptors = server.num_fds()
    for at in range(200):
        assert read_safely(b"a,b\n%d,2\n" % at, "a.csv").frame["a"].tolist() == [str(at)]
    assert fork_servers() == [server]
    assert server.children() == []
    assert server.num_fds() == descriptors
    assert server.num_threads() == 1


def test_it_knows_no_secret_and_holds_no_socket_of_the_server(monkeypatch, server):
    monkeypatch.setenv("TIANDITU_KEY", "secret")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        kill(server)
        read_safely(SMALL, "a.csv")
        (anew,) = fork_servers()
        assert anew.net_connections("inet") == []
        assert "secret" not in anew.environ().values()


def sockets_of(process: psutil.Process) -> set[str]:
    found = [str(one.readlink()) for one in Path(f"/proc/{process.pid}/fd").iterdir()]
    return {one for one in found if one.startswith("socket:")}


def test_a_reader_holds_one_socket_its_own():
    """None of another reader, and not the one by which readers are asked for."""
    held: list[set[str]] = []
    meeting = threading.Barrier(2, action=lambda: held.extend(map(sockets_of, readers())))

    def tell(stage: str) -> None:
        if stage == "reading":
            meeting.wait(60)

    def read() -> None:
        read_safely(MANY, "a.csv", progress=tell)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [len(one) for one in held] == [1, 1]
    assert held[0] != held[1]


def outcomes(
    count: int, content: bytes, name: str = "a.csv", limits: Limits | None = None
) -> tuple[list[threading.Thread], list[str]]:
    found: list[str] = []

    def read() -> None:
        try:
            found.append(str(len(read_safely(content, name, limits).frame)))
        except RefusedError as error:
            found.append(error.note.code)

    threads = [threading.Thread(target=read) for _ in range(count)]
    for one in threads:
        one.start()
    return threads, found


def test_it_comes_back_when_it_was_killed(server):
    kill(server)
    threads, found = outcomes(4, SMALL)
    for one in threads:
        one.join()
    assert found == ["1"] * 4
    (anew,) = fork_servers()
    assert anew != server


def test_readers_end_with_it(server, endless):
    threads, found = outcomes(1, endless.read_bytes(), endless.name)
    until(readers)
    reading = readers()
    # The kernel ends those that have shut themselves off; others look who has started them.
    kill(server)
    threads[0].join()
    psutil.wait_procs(reading, timeout=60)
    assert not any(one.is_running() for one in reading)
    assert found == ["worker_fell"]
    assert len(read_safely(SMALL, "a.csv").frame) == 1


@pytest.fixture
def stopped(server, monkeypatch) -> Iterator[psutil.Process]:
    """The process that forks readers, which stands still."""
    for module in (processes, forkserver_client):
        monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    yield server
    with suppress(psutil.NoSuchProcess):
        server.resume()


def test_one_that_stands_still_holds_nobody_for_longer_than_a_reading_may_take(stopped):
    stopped.suspend()
    _, found = outcomes(1, SMALL, limits=Limits(seconds=0.5))
    until(lambda: found)
    assert found == ["too_slow"]
    assert not stopped.is_running()
    assert len(read_safely(SMALL, "a.csv").frame) == 1
    (anew,) = fork_servers()
    assert anew != stopped


def test_one_that_stands_still_does_not_keep_the_server_from_its_end(stopped, endless):
    _, found = outcomes(1, endless.read_bytes(), endless.name)
    until(readers)
    for one in (*readers(), stopped):
        one.suspend()
    end = threading.Thread(target=forkserver_client._fork_server.close)
    end.start()
    until(lambda: not end.is_alive())
    assert not stopped.is_running()
    until(lambda: found == ["worker_fell"])


LOADS_NOTHING = """
import runpy, sys, threading
_, module, *rest = sys.argv[1:]
if module == "data.uploads.sandbox.forkserver":
    WAY
sys.argv = [module, *rest]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("way", ["sys.exit(1)", "threading.Event().wait()"])
def test_without_it_python_starts_for_each_upload(server, monkeypatch, caplog, way):
    begun = []

    class Counted(forkserver_client._ForkServer):
        def _begin(self) -> None:
            begun.append(self)
            super()._begin()

    monkeypatch.setattr(processes, "PYTHON", (*PYTHON, "-c", LOADS_NOTHING.replace("WAY", way)))
    monkeypatch.setattr(forkserver_client, "_fork_server", Counted())
    if "wait" in way:
        monkeypatch.setattr(forkserver_client, "_LOADING_S", 0.5)
    for _ in range(2):
        prepare_readers()
        assert len(read_safely(SMALL, "a.csv").frame) == 1
    assert len(begun) == 1
    assert fork_servers() == [server]
    assert "not preloaded" in caplog.text


SERVER = """
import sys, threading
from pathlib import Path
from data.uploads.limits import Limits
from data.uploads.sandbox.safely import read_safely
from data.uploads.sandbox.walls import prepare_readers
from tests.readers import fork_servers, readers
way, end, path = sys.argv[1:]
if way == "forked":
    prepare_readers()
reading = threading.Event()
def tell(stage):
    if stage == "reading":
        reading.set()
def read():
    read_safely(Path(path), "a.gpkg", Limits(seconds=1000), tell)
threading.Thread(target=read, daemon=True).start()
reading.wait()
print(*(one.pid for one in (*readers(), *fork_servers())), flush=True)
if end == "killed":
    threading.Event().wait()
"""


@pytest.mark.parametrize("end", ["killed", "ended"])
@pytest.mark.parametrize("way", ["forked", "plain"])
def test_no_process_outlives_the_server(way, end, endless):
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, way, end, str(endless)],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(endless.parent)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        pids = [int(one) for one in server.stdout.readline().split()]
        if end == "killed":
            server.kill()
    assert len(pids) == (2 if way == "forked" else 1)
    until(lambda: not any(map(psutil.pid_exists, pids)))


@pytest.fixture
def pair() -> Iterator[tuple[ForkedReader, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ForkedReader(ours, lambda: None), theirs


def test_a_reader_that_tells_its_own_end_is_not_believed(pair):
    reader, theirs = pair
    theirs.send(b"reading\nended 0\nwriting\nended -9\n")
    theirs.close()
    assert list(reader.lines()) == ["reading", "writing"]
    assert reader.close() == -signal.SIGKILL


def test_a_line_without_end_takes_no_memory(pair):
    reader, theirs = pair
    theirs.send(b"x" * 10_000 + b"\nreading\n")
    theirs.close()
    lines = list(reader.lines())
    assert lines[-1] == "reading"
    assert max(map(len, lines)) <= 64
    assert reader.close() is None


def test_one_that_is_too_slow_is_ended_with_what_it_has_forked(server, endless):
    with pytest.raises(RefusedError, match=r"longer than 0\.05 seconds"):
        read_safely(endless, endless.name, Limits(seconds=0.05))
    assert server.children(recursive=True) == []


def test_it_is_killed_for_a_reader_that_has_not_ended_as_asked_and_for_no_other():
    for has_ended in (False, True):
        killed: list[bool] = []
        ours, theirs = socket.socketpair()
        reader = ForkedReader(ours, lambda heard=killed: heard.append(True))
        with ours, theirs:
            theirs.send(b"reading\n")
            reader.kill()
            if has_ended:
                theirs.close()
            reader.end_by_force()
            assert killed == [True] * (not has_ended)
            theirs.close()
            reader.close()
        reader.end_by_force()
        assert killed == [True] * (not has_ended)


STARTED = """
import subprocess, sys
SLOW = "import signal, sys, time\\n"
SLOW += "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.5), sys.exit()))\\n"
SLOW += "print('on', flush=True)\\nwhile True: signal.pause()"
started = subprocess.Popen([sys.executable, "-c", SLOW])
print(started.pid, flush=True)
started.wait()
"""


def test_a_plain_reader_has_ended_when_what_was_started_for_it_has(monkeypatch, tmp_path):
    """As on Windows, where a program stands between and no process ends at once."""
    monkeypatch.setattr(processes, "PYTHON", (sys.executable, "-c", STARTED))
    monkeypatch.setattr(processes, "_KILL", signal.SIGTERM)
    reader = PlainReader(tmp_path)
    lines = reader.lines()
    told = {next(lines), next(lines)}
    (started,) = told - {"on"}
    assert reader.close() == -signal.SIGTERM
    assert not psutil.pid_exists(int(started))


def test_where_temporary_files_go_is_each_uploads_own(tmp_path):
    """What is loaded before has not looked yet where that is."""
    code = (
        "import os, tempfile\nfrom data.uploads.sandbox.forkserver import preload\npreload()\n"
        "os.environ['TMPDIR'] = os.sys.argv[1]\nprint(tempfile.gettempdir())"
    )
    done = subprocess.run(
        [*PYTHON, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str(tmp_path), done.stderr


def test_it_is_prepared_once():
    prepare_readers()
    before = fork_servers()
    prepare_readers()
    assert fork_servers() == before
    assert len(before) == 1
