"""What fails around the atlas: it says what is missing, the rest works, nothing is half written."""

from __future__ import annotations

import ast
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from data.tables.postgis_source import DatabaseError, open_postgis
from data.tables.source import Wanted
from data.whole_file import write_whole
from tests.serving import ROOT, free_port


def small_files(size):
    """Let a process write no file longer than ``size``: to it the disk is full."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("extension", ["png", "geojson"])
def test_a_full_disk_leaves_no_half_file(extension, tmp_path):
    target = tmp_path / f"map.{extension}"
    target.write_bytes(b"what was there before")
    command = "snapshot" if extension == "png" else "export"
    done = subprocess.run(
        [sys.executable, "-m", "layers", command, "lang=en", "-o", str(target)],
        cwd=ROOT,
        preexec_fn=small_files(4096),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("cannot write")
    assert target.read_bytes() == b"what was there before"
    assert [one.name for one in tmp_path.iterdir()] == [target.name]


FULL = """
from data.uploads.limits import RefusedError
from data.uploads.sandbox.safely import read_safely
try:
    read_safely(b"a,b\\n" + b"1,2\\n" * 5000, "a.csv")
except RefusedError as error:
    print(error.note.code)
"""


def test_an_upload_on_a_full_disk_is_refused_in_words():
    done = subprocess.run(
        [sys.executable, "-c", FULL],
        cwd=ROOT,
        preexec_fn=small_files(4096),
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "no_room", done.stderr


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    """Readers never see a part, however often it is written."""
    path, seen, stop = tmp_path / "file", set(), threading.Event()
    contents = [bytes([65 + at]) * 200_000 for at in range(5)]

    def read():
        while not stop.is_set():
            with suppress(FileNotFoundError):
                seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for content in contents * 4:
        write_whole(path, content)
    stop.set()
    reader.join()
    assert seen <= set(contents)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


WRITER = """
import os
import sys
from pathlib import Path
from data.whole_file import write_whole

path, turn = Path(sys.argv[1]), 0
for line in sys.stdin:
    child = os.fork()
    while child == 0:
        turn += 1
        write_whole(path, (str(turn) + ",") .encode() * 300_000 + b"end")
        os.write(1, b"%d\\n" % turn)
    os.write(1, b"writer %d\\n" % child)
    os.waitpid(child, 0)
    os.write(1, b"ended\\n")
"""


def test_an_export_that_is_killed_leaves_the_whole_file_before_it(tmp_path):
    """Kill processes that write an export fifty times: what stands under its name is whole."""
    path, chance = tmp_path / "view.geojson", random.Random(20261125)  # noqa: S311  (moments)
    command = [sys.executable, "-c", WRITER, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    unfinished = 0
    with subprocess.Popen(command, cwd=ROOT, **pipes) as starter:
        for at in range(50):
            starter.stdin.write("go\n")
            writer, turns = 0, 0
            while not writer or turns < 1 + at % 7:
                words = starter.stdout.readline().split()
                writer = int(words[1]) if words[0] == "writer" else writer
                turns += words[0].isdigit()
            time.sleep(chance.uniform(0, 0.02))
            os.kill(writer, signal.SIGKILL)
            while starter.stdout.readline().strip() != "ended":
                pass
            content = path.read_text()
            turn = content.partition(",")[0]
            assert content == f"{turn}," * 300_000 + "end"
            unfinished += len(list(tmp_path.iterdir())) > 1
            for part in tmp_path.glob(".*.part"):
                part.unlink()
        starter.stdin.close()
    # Or the kills would have met no writing.
    assert unfinished > 2


def test_a_database_that_is_not_there_is_named_without_its_secrets(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "do-not-show")
    port = free_port()
    source = open_postgis(f"postgresql://someone@127.0.0.1:{port}/atlas?table=public.sites")
    with pytest.raises(DatabaseError) as caught:
        source.parts(Wanted(), 4)
    assert "127.0.0.1" in str(caught.value)
    assert "do-not-show" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_no_waiting_depends_on_the_clock_of_the_wall():
    for folder in ("data", "clusters", "layers", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    assert (node.value.id, node.attr) != ("time", "time"), path
