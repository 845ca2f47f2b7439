"""Saved views are whole at every moment, and open to those alone who may see them."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.loader import default_province_id
from data.own import saved_views, view_files
from data.own.datasets import LONGEST_NAME
from data.own.saved_views import (
    MOST_VIEWS,
    RESTORABLE,
    SCHEMA_VERSION,
    ViewsError,
    ViewStore,
    kept_name,
)
from data.own.view_files import KeptView, read_views, views_file
from layers.address.query import MAX_QUERY_LENGTH
from tests.conftest import WIDER
from tests.missing import lacks

ROOT = Path(__file__).parents[2]
KILLS = 20 * max(WIDER, 1)
START = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    "'); DROP TABLE saved_views; --",
    'x" OR "1"="1',
    "{session.say} %s %(name)s ${HOME}",
    "../../etc/passwd",
    "[link](https://outside.invalid) **bold** `code` $x$ :red[y]",
    "\u7535\u6c60 \U0001f50b e\u0301",
)

WRITERS = """
import os
import sys
from pathlib import Path
from data.own.saved_views import ViewStore
from data.own.view_files import KeptView

store = ViewStore(Path(sys.argv[1]))
for line in sys.stdin:
    turn = int(line)
    child = os.fork()
    while child == 0:
        turn += 1
        query = f"sector=battery&turn={turn}" + "&x=" + "y" * 2000
        saved = store.save(KeptView(name=str(turn), province="p", page="map", query=query))
        if turn > 5:
            store.delete(next(one.id for one in store.every() if one.name == str(turn - 5)))
        os.write(1, b"%d\\n" % turn)
    os.write(1, b"writer %d\\n" % child)
    os.waitpid(child, 0)
    os.write(1, b"ended\\n")
"""
"""A process that starts one writer after the other and tells of each: no start is waited for."""


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> dt.datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> ViewStore:
    return ViewStore(tmp_path / "datasets", now=clock)


def view(name: str = "Mine", **changes: object) -> KeptView:
    fields = {"province": default_province_id(), "page": "map", "query": "sector=battery"}
    return KeptView.model_validate({"name": name, **fields, **changes})


def names(store: ViewStore) -> list[str]:
    return [one.name for one in store.every()]


def test_nothing_is_written_until_a_view_is_saved(store):
    assert store.every() == ()
    assert not store.root.exists()


def test_a_view_is_found_as_it_was_saved(store):
    content = view(page="ranking", query="area=circle:32.1,120.5,30&lang=zh", own_data=["a.csv"])
    saved = store.save(content)
    found = store.find(saved.id)
    assert found.content == content.at(START.isoformat(), START.isoformat())
    assert (found.mine, found.shared) == (True, False)
    assert store.every() == (found,)


def test_others_on_the_machine_may_not_read_the_file(store):
    store.save(view())
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_ids_cannot_be_guessed(store):
    ids = {store.save(view()).id for _ in range(3)}
    assert {len(one) for one in ids} == {12}
    assert len(ids) == 3


def test_the_last_changed_comes_first(store, clock):
    first, _ = store.save(view("A")), store.save(view("B"))
    clock.time += dt.timedelta(minutes=1)
    store.rename(first.id, "  A\u202e  renamed ")
    assert names(store) == ["A renamed", "B"]


def test_a_view_is_replaced_under_its_name(store, clock):
    saved = store.save(view())
    clock.time += dt.timedelta(hours=1)
    store.replace(saved.id, view("Other", page="compare", query="lang=zh", own_data=["b.csv"]))
    found = store.find(saved.id).content
    assert (found.name, found.page, found.query) == ("Mine", "compare", "lang=zh")
    assert found.own_data == ("b.csv",)
    assert (found.saved, found.changed) == (START.isoformat(), clock.time.isoformat())


def test_copies_are_numbered(store):
    saved = store.save(view("Mine"))
    assert store.duplicate(saved.id).name == "Mine (2)"
    assert store.duplicate(store.duplicate(saved.id).id).name == "Mine (4)"
    longest = store.save(view("x" * LONGEST_NAME))
    copies = [store.duplicate(longest.id).name for _ in range(2)]
    assert copies == [f"{'x' * (LONGEST_NAME - 4)} ({number})" for number in (2, 3)]


def test_what_is_deleted_comes_back_for_a_day(store, clock):
    saved = store.save(view())
    store.delete(saved.id)
    assert store.every() == ()
    for act in (store.delete, store.find, store.duplicate):
        with pytest.raises(ViewsError, match="missing"):
            act(saved.id)
    store.restore(saved.id)
    assert names(store) == ["Mine"]
    store.delete(saved.id)
    clock.time += RESTORABLE + dt.timedelta(seconds=1)
    store.save(view("Later"))
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT name FROM saved_views").fetchall() == [("Later",)]
    with pytest.raises(ViewsError, match="missing"):
        store.restore(saved.id)


def test_a_person_has_so_many_views_and_no_more(store, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 3)
    first = store.save_all([view("1"), view("2")])[0]
    with pytest.raises(ViewsError, match="limit 3, held 2, more 2"):
        store.save_all([view("3"), view("4")])
    assert len(names(store)) == 2
    store.delete(first.id)
    store.save_all([view("3"), view("4")])
    with pytest.raises(ViewsError, match="many"):
        store.restore(first.id)
    ViewStore(store.root, "other").save(view())


def test_what_is_deleted_again_and_again_does_not_pile_up(store, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 3)
    for _ in range(8):
        store.delete(store.save(view()).id)
    with closing(sqlite3.connect(store.path)) as connection:
        (kept,) = connection.execute("SELECT count(*) FROM saved_views").fetchone()
    assert kept <= 4


def test_a_view_is_its_owners_until_it_is_shared(store):
    mine, hers = ViewStore(store.root, "me", "Me"), ViewStore(store.root, "her", "Her")
    saved = mine.save(view())
    everybody = store
    for other in (hers, everybody):
        assert other.every() == ()
        with pytest.raises(ViewsError, match="missing"):
            other.find(saved.id)
    mine.share(saved.id, shared=True)
    (found,) = hers.every()
    assert (found.name, found.owner_name, found.mine, found.shared) == ("Mine", "Me", False, True)
    assert everybody.every() == ()
    for act in (
        lambda: hers.rename(saved.id, "x"),
        lambda: hers.replace(saved.id, view()),
        lambda: hers.delete(saved.id),
        lambda: hers.share(saved.id, shared=False),
        lambda: hers.restore(saved.id),
    ):
        with pytest.raises(ViewsError, match="missing"):
            act()
    copy = hers.duplicate(saved.id)
    assert (copy.mine, copy.shared, copy.owner_name) == (True, False, "Her")
    mine.share(saved.id, shared=False)
    assert names(hers) == ["Mine (2)"]


def test_no_name_of_a_person_identifies_an_owner(store):
    ViewStore(store.root, "https://provider.example someone", "").save(view())
    assert b"someone" not in store.path.read_bytes()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(store, name):
    saved = store.save(view(name, own_data=[name]))
    store.rename(saved.id, name)
    found = ViewStore(store.root).find(saved.id)
    assert found.name == kept_name(name)
    assert found.content.own_data == (name,)
    brought, faults = read_views(views_file([found.content]), "views.json")
    assert (brought, faults) == ((found.content,), ())


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1), "\u200b\u202e", "\x00\n"])
def test_a_name_that_is_none_is_refused(store, name):
    saved = store.save(view())
    with pytest.raises(ViewsError, match=f"name .*{LONGEST_NAME}"):
        store.rename(saved.id, name)
    assert names(store) == ["Mine"]


@given(st.text(min_size=1, max_size=LONGEST_NAME))
@settings(max_examples=50, deadline=None)
def test_any_name_is_kept(tmp_path_factory, name):
    try:
        wanted = kept_name(name)
    except ViewsError:
        return
    store = ViewStore(tmp_path_factory.mktemp("names"))
    assert store.find(store.save(view(name)).id).name == wanted


def test_a_query_is_as_long_as_an_address_may_be():
    assert view_files.LONGEST_QUERY == MAX_QUERY_LENGTH
    assert view_files.MOST_ENTRIES == MOST_VIEWS


def test_a_file_is_written_and_read(store):
    saved = store.save_all([view("A"), view("B", own_data=["a.csv"])])
    content = views_file(one.content for one in saved)
    assert "schema_version" in content.decode()
    other = ViewStore(store.root / "other", "somebody")
    views, faults = read_views(b"\xef\xbb\xbf" + content, "views.json")
    brought = other.save_all(views)
    assert faults == ()
    assert [one.content for one in brought] == [one.content for one in saved]
    assert {one.id for one in brought}.isdisjoint(one.id for one in saved)


GOOD = view("Good").model_dump()
BAD_ENTRIES = {
    "name": GOOD | {"name": "x" * 61},
    "query": GOOD | {"query": "a=1 b\n"},
    "province": GOOD | {"province": "../x"},
    "page": GOOD | {"page": 7},
    "own_data": GOOD | {"own_data": ["a"] * 51},
    "saved": GOOD | {"saved": "yesterday"},
    "changed": GOOD | {"changed": "0001-01-01T00:00:00+14:00"},
    "extra": GOOD | {"extra": 1},
    "": ["no entry"],
}


def test_what_a_file_lacks_is_told_by_its_place_and_the_rest_is_whole():
    content = {"format": "cluster-atlas-views", "schema_version": 1}
    content["views"] = [GOOD, *BAD_ENTRIES.values(), GOOD | {"query": "y" * 4097}, GOOD]
    views, faults = read_views(json.dumps(content).encode(), "views.json")
    assert views == (view("Good"), view("Good"))
    told = {(one.record, one.field) for one in faults}
    wanted = {(f"views[{place}]", field) for place, field in enumerate(BAD_ENTRIES, start=2)}
    assert told == wanted | {(f"views[{len(BAD_ENTRIES) + 2}]", "query")}
    assert all(one.problem for one in faults)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "JSON"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'{"format": "cluster-atlas-views", "views": [', "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1]", "format"),
        (b'{"format": "other"}', "format"),
        (b'{"format": "cluster-atlas-views", "schema_version": 2, "views": []}', "version 2"),
        (b'{"format": "cluster-atlas-views", "schema_version": [[]], "views": []}', "list"),
        (b'{"format": "cluster-atlas-views", "schema_version": 1, "views": {}}', "list of 500"),
        (b'{"format": "cluster-atlas-views", "schema_version": ' + b"9" * 5000, "JSON"),
        (b" " * (view_files.LARGEST_FILE + 1), "larger"),
    ],
    ids=range(11),
)
def test_a_file_that_is_none_is_refused_with_its_reason(content, problem):
    views, (fault,) = read_views(content, "views.json")
    assert views == ()
    assert problem in fault.problem


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_file_breaks_the_reader(content):
    read_views(content, "views.json")
    read_views(b'{"format": "cluster-atlas-views", "schema_version": 1, "views": ' + content, "x")


def test_a_newer_file_is_left_as_it_is(store):
    store.save(view())
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = store.path.read_bytes()
    for act in (store.every, lambda: store.save(view()), lambda: store.delete("x")):
        with pytest.raises(ViewsError, match=f"newer .*{SCHEMA_VERSION + 1}"):
            act()
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "other", "scribbled"])
def test_a_damaged_file_is_told_and_stays(store, damage):
    store.save_all([view(str(number), query="a" * 3000) for number in range(20)])
    content = store.path.read_bytes()
    content = {
        "cut": content[: len(content) // 2],
        "other": b"no database at all " * 500,
        "scribbled": content[:100] + b"\xee" * (len(content) - 100),
    }[damage]
    store.path.write_bytes(content)
    for act in (store.every, lambda: store.save(view()), lambda: store.find("x")):
        with pytest.raises(ViewsError, match=r"damaged .*views\.sqlite"):
            act()
    assert store.path.read_bytes() == content


def test_odd_rows_do_not_hide_the_others(store):
    store.save_all([view("A"), view("B")])
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(
            "UPDATE saved_views SET own_data = 'no list', saved = 7, page = '?', query = x'ff'"
            " WHERE name = 'A'"
        )
        connection.commit()
    assert sorted(names(store)) == ["A", "B"]


def test_a_file_that_another_holds_is_told(store, monkeypatch):
    monkeypatch.setattr(saved_views, "_BUSY_S", 0.05)
    store.save(view())
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for act in (store.every, lambda: store.save(view())):
            with pytest.raises(ViewsError, match="busy"):
                act()
        other.execute("ROLLBACK")
    assert names(store) == ["Mine"]


def test_a_folder_that_is_none_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ViewsError, match="disk"):
        ViewStore(tmp_path / "file" / "below").save(view())
    (tmp_path / saved_views.VIEWS_FILE).mkdir()
    for act in (ViewStore(tmp_path).every, lambda: ViewStore(tmp_path).save(view())):
        with pytest.raises(ViewsError, match="disk"):
            act()


def test_a_full_disk_is_told_and_nothing_is_lost(store, monkeypatch):
    store.save(view())
    plain = ViewStore._connection

    def small(self: ViewStore) -> sqlite3.Connection:
        connection = plain(self)
        connection.execute("PRAGMA max_page_count = 8")
        return connection

    monkeypatch.setattr(ViewStore, "_connection", small)
    with pytest.raises(ViewsError, match="full"):
        store.save_all([view(str(number), query="a" * 4000) for number in range(20)])
    assert names(store) == ["Mine"]


def test_a_real_full_disk(tmp_path):
    """A file system of 64 kB, where the machine lets one be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True
    )
    if mounted.returncode:
        lacks("a file system of a few kilobytes", "it takes root on Linux to mount one")
    try:
        store = ViewStore(tmp_path)
        store.save(view())
        with pytest.raises(ViewsError, match="full"):
            store.save_all([view(str(number), query="a" * 4000) for number in range(40)])
        assert names(store) == ["Mine"]
        store.delete(store.every()[0].id)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_several_write_at_once_and_none_loses_anything(store):
    def save(number: int) -> None:
        replace(store).save(view(str(number)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(40)))
    assert sorted(map(int, names(store))) == list(range(40))


def _check_whole(store: ViewStore, told: int) -> int:
    """What was told is there, the last five of them, and the file is sound."""
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    kept = sorted(int(one.name) for one in store.every())
    turn = kept[-1] if kept else 0
    assert turn >= told
    # A turn that was ended between its two steps has deleted none yet.
    assert kept[-5:] == list(range(max(turn - 4, 1), turn + 1))
    assert all(f"turn={one.name}&" in one.content.query for one in store.every())
    return turn


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_a_process_may_be_killed_at_any_moment(store):
    """Kill writing processes: what was acknowledged is there, and nothing is torn."""
    chance = random.Random(20261201)  # noqa: S311  (moments, not secrets)
    turn, unfinished = 0, 0
    journal = store.path.with_name(f"{store.path.name}-journal")
    with subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(store.root)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        for _ in range(KILLS):
            starter.stdin.write(f"{turn}\n")
            told, writer = turn, 0
            while told == turn or not writer:
                words = starter.stdout.readline().split()
                told, writer = (told, int(words[1])) if len(words) == 2 else (int(words[0]), writer)
            time.sleep(chance.uniform(0, 0.02))
            os.kill(writer, signal.SIGKILL)
            while (word := starter.stdout.readline().strip()) != "ended":
                told = int(word)
            unfinished += journal.exists()
            turn = _check_whole(store, told)
        starter.stdin.close()
    # Or the kills would have met no writing.
    assert unfinished
