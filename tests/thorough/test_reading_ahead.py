"""A large file is read while its columns are still being named, and nothing of it is left over."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from data.own.own_register import register_of_large
from data.reading_progress import silent
from data.uploads.formats.asked import ColumnsAsked
from data.uploads.limits import RefusedError
from data.uploads.sandbox import ahead, safely
from data.uploads.sandbox.ahead import ReadingAhead, read_ahead
from data.uploads.sandbox.large_table import LargeTable
from data.uploads.sandbox.safely import read_columns_safely, read_head_safely
from data.uploads.sandbox.turns import Reins, StoppedError, Turns
from data.uploads.sites.mapping import Mapping
from data.uploads.uploaded_file import Interpretation, UploadedFile
from tests.readers import readers
from tests.waiting import until

ROOT = Path(__file__).parents[2]
ASKED = ColumnsAsked(names=("id", "x", "y"), texts=("id",))
ROWS = 2_000
CONTENT = b"id,x,y\n" + b"".join(b"0%d,119.%d,32.5\n" % (row, row) for row in range(ROWS))
WRONG = ColumnsAsked(names=("id", "x", "y"), texts=("id",), encoding="utf-8")
UNREADABLE = CONTENT + "甲乙,119,32\n".encode("gb18030")


def same(one: LargeTable, other: LargeTable) -> bool:
    aside = one.aside.equals(other.aside) and one.faults == other.faults
    return one.table.equals(other.table) and bool((one.rows == other.rows).all()) and aside


def threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "atlas-reading-ahead"]


def ended() -> None:
    """Wait until no reading goes on in this process."""
    for one in threads():
        one.join(60)
        assert not one.is_alive()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    gc.collect()
    ended()
    assert readers() == []


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """The turns of large readings, where one that nobody waits for gives up at once."""

    class Impatient(Turns):
        @contextmanager
        def turn(self, seconds: float, reins: Reins) -> Iterator[None]:
            with super().turn(seconds if reins.urgent else 0.01, reins):
                yield

    own = Impatient(1)
    monkeypatch.setattr(safely, "_large_turns", own)
    return own


@pytest.mark.parametrize("content", [CONTENT, CONTENT + b"07,1\n08,1,2,3\n"])
def test_it_finds_what_a_reading_on_demand_finds(content):
    reading = ReadingAhead(content, "a.csv", ASKED)
    found = reading.result(silent)
    assert same(found, read_columns_safely(content, "a.csv", ASKED))
    assert len(found.table) == ROWS
    assert reading.result(silent) is found


def test_a_refusal_is_raised_to_the_person_who_asks():
    with pytest.raises(RefusedError) as plain:
        read_columns_safely(UNREADABLE, "a.csv", WRONG)
    reading = ReadingAhead(UNREADABLE, "a.csv", WRONG)
    ended()
    for _ in range(2):
        with pytest.raises(RefusedError) as caught:
            reading.result(silent)
        assert caught.value.note == plain.value.note


def test_a_defect_is_not_kept_either():
    reading = ReadingAhead(CONTENT, "a.csv", ColumnsAsked(encoding=object()))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not JSON serializable"):
        reading.result(silent)
    assert reading.held_bytes == 0


def test_progress_begins_where_the_reading_is():
    reading = ReadingAhead(CONTENT, "a.csv", ASKED)
    told: list[tuple[str, float]] = []
    reading.result(lambda stage, done: told.append((stage, done)))
    assert {stage for stage, _ in told} == {"read"}
    parts = [done for _, done in told]
    assert parts == sorted(parts)
    assert parts[0] >= 0
    assert parts[-1] == 1
    later: list[float] = []
    reading.result(lambda _, done: later.append(done))
    assert later == [1, 1]


def test_who_is_called_away_while_waiting_finds_it_going_on():
    class CalledAwayError(Exception):
        pass

    def away(stage: str, done: float) -> None:
        raise CalledAwayError

    reading = ReadingAhead(CONTENT, "a.csv", ASKED)
    with pytest.raises(CalledAwayError):
        reading.result(away)
    assert len(threads()) == 1
    assert len(reading.result(silent).table) == ROWS


def busy() -> tuple[ReadingAhead, psutil.Process]:
    """Return a reading that takes long, and its worker."""
    rows = CONTENT.partition(b"\n")[2]
    reading = ReadingAhead(CONTENT + rows * 1_000, "a.csv", ASKED)
    until(readers)
    return reading, readers()[0]


def end_by_stop(held: list[ReadingAhead]) -> None:
    held[0].stop()
    assert held[0].held_bytes == 0


def end_by_dropping(held: list[ReadingAhead]) -> None:
    held.clear()
    gc.collect()


@pytest.mark.parametrize("end", [end_by_stop, end_by_dropping])
def test_what_nobody_wants_any_more_ends_and_leaves_nothing(end, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reading, worker = busy()
    assert list(tmp_path.iterdir())
    held = [reading]
    del reading
    end(held)
    ended()
    assert not worker.is_running()
    assert list(tmp_path.iterdir()) == []


def test_whoever_waits_for_a_reading_that_is_stopped_is_told():
    reading, _ = busy()

    def stop(stage: str, done: float) -> None:
        reading.stop()

    with pytest.raises(StoppedError):
        reading.result(stop)


SCRIPT = """
import sys
from data.uploads.sandbox.ahead import ReadingAhead
from data.uploads.formats.asked import ColumnsAsked
from data.uploads.sandbox.walls import prepare_readers
from tests.readers import fork_servers, readers
from tests.waiting import until
if sys.argv[1] == "forked":
    prepare_readers()
reading = ReadingAhead(b"a,b\\n" + b"1,2\\n" * 2_000_000, "a.csv", ColumnsAsked())
until(readers)
print(*(one.pid for one in (*readers(), *fork_servers())))
"""


@pytest.mark.parametrize("way", ["forked", "plain"])
def test_it_ends_with_the_server(way, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, way],
        cwd=ROOT,
        env={"TMPDIR": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    pids = [int(one) for one in done.stdout.split()]
    until(lambda: not any(map(psutil.pid_exists, pids)))
    assert list(tmp_path.iterdir()) == []


def test_a_reading_that_got_no_turn_is_read_when_it_is_wanted(turns):
    with turns.turn(1, Reins()):
        reading = ReadingAhead(CONTENT, "a.csv", ASKED)
        ended()
    assert len(reading.result(silent).table) == ROWS


def test_one_that_is_stopped_leaves_the_queue(monkeypatch):
    turns = Turns(1)
    monkeypatch.setattr(safely, "_large_turns", turns)
    with turns.turn(1, Reins()):
        reading = ReadingAhead(CONTENT, "a.csv", ASKED)
        until(lambda: turns._waiting)
        reading.stop()
        ended()
        assert turns._waiting == []


def test_who_is_waited_for_comes_before_those_who_read_ahead():
    turns, order = Turns(1), []

    def take(name: str, reins: Reins) -> None:
        with turns.turn(60, reins):
            order.append(name)

    every = {name: Reins(urgent=name == "waited for") for name in ("a", "b", "c", "waited for")}
    threads = []
    with turns.turn(1, Reins()):
        for name, reins in every.items():
            threads.append(threading.Thread(target=take, args=(name, reins)))
            threads[-1].start()
            until(lambda: len(turns._waiting) == len(threads))
        every["c"].hurry()
    for thread in threads:
        thread.join()
    assert order == ["c", "waited for", "a", "b"]


def test_a_turn_that_does_not_come_is_a_refusal():
    turns = Turns(1)
    with turns.turn(1, Reins()):
        with pytest.raises(RefusedError, match="Others are reading"), turns.turn(0, Reins()):
            pass
        stopped = Reins()
        stopped.stop()
        with pytest.raises(StoppedError), turns.turn(1, stopped):
            pass
    with turns.turn(0, Reins()):
        pass


def test_only_so_much_waits_in_memory(monkeypatch):
    assert read_ahead(CONTENT, "a.csv", ASKED) is not None
    gc.collect()
    monkeypatch.setattr(ahead, "MOST_TOGETHER", 2 * len(CONTENT))
    first, second = (read_ahead(CONTENT, "a.csv", ASKED) for _ in range(2))
    assert first is not None
    assert second is not None
    assert read_ahead(CONTENT, "a.csv", ASKED) is None
    second.stop()
    assert read_ahead(CONTENT, "a.csv", ASKED) is not None
    monkeypatch.setattr(ahead, "MOST_BYTES", len(CONTENT) - 1)
    assert read_ahead(CONTENT, "a.csv", ASKED) is None
    first.stop()


def test_columns_of_much_memory_are_dropped_and_read_again(monkeypatch):
    monkeypatch.setattr(ahead, "MOST_KEPT", 1)
    reading = ReadingAhead(CONTENT, "a.csv", ASKED)
    ended()
    found = reading.result(silent)
    assert len(found.table) == ROWS
    assert reading.result(silent) is found


def test_a_register_is_made_of_what_was_read_ahead(province):
    mapping = Mapping((("longitude", "x"), ("latitude", "y")))
    sample = read_head_safely(CONTENT, "a.csv")
    file = UploadedFile("a.csv", CONTENT, sample, mapping, large=True)
    wanted = (file, Interpretation(mapping, "gcj02"), province)
    reading = file.read_ahead()
    assert reading is not None
    meanwhile = register_of_large(*wanted, ahead=reading)
    plain = register_of_large(*wanted)
    every = np.arange(len(plain.register))
    assert meanwhile.register.records(every).equals(plain.register.records(every))
    assert meanwhile.faults == plain.faults
