"""A batch is printed apart: it tells how far it is, ends when nobody waits, and says why not."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from clusters.own_province import with_own_data
from data.model import PointTable, Text
from data.own.own_counts import OwnPoints
from data.own.own_source import own_sites
from data.register.build import register_from_table
from data.tables.point_tables import TablePoints
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from layers.batch import batch_child, batch_process
from layers.batch.batch_process import BatchError, leave_own, write_batch_apart
from layers.batch.map_series import sheets
from layers.compose import compose
from layers.paper.print_map import render_print_map
from layers.points.points_asked import PointsAsked, with_asked
from tests.places import PLACES
from tests.synthetic import COLUMNS, synthetic_table

ROOT = Path(__file__).parents[2]


def child():
    children = psutil.Process().children(recursive=True)
    return next((one for one in children if "layers.batch.batch_child" in command_of(one)), None)


def command_of(process):
    """Return how a process was started; nothing of one that has ended, by whatever test."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


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
    # While another is printed it waits for its turn, without a process.
    process = next(found for _ in batch if (found := child()) is not None)
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(BatchError, match="ended with -9"):
        list(batch)


ASKER = """
import sys
from pathlib import Path
from data.loader import default_province_id
from layers.batch.batch_process import write_batch_apart

for done in write_batch_apart(default_province_id(), "zh", Path(sys.argv[1]), 99):
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


def test_own_data_is_printed_apart_too(province, tmp_path):
    """The maps are those that the session itself would print, and nothing of it stays."""
    named = f"{PLACES.border_city.en},{PLACES.border_county.en}"
    text = f"name,city,county,sector,longitude,latitude\nSynthetic,{named},battery,121,31.4\n"
    table = read_safely(text.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    reading = make_reading(table, mapping, province, "wgs84", defaults={"kind": "supplier"})
    sites = own_sites(reading, "list.csv", dt.date(2026, 11, 1))
    register = register_from_table(synthetic_table(province, 500), COLUMNS, province.counties)
    points = OwnPoints("points.csv", dt.date(2026, 11, 1), register)
    asked = PointsAsked(color_by="sector", values=(("sector", ("battery", "hydrogen")),))
    leave_own(tmp_path, province, [sites, points], (points, asked))
    total = len(sheets(province, "zh")) + 1
    batch = write_batch_apart(province.id, "zh", tmp_path, total)
    for _ in batch:
        if (tmp_path / "province.pdf").exists():
            break
    batch.close()
    own = with_own_data(province, [sites, points])
    first = sheets(own, "zh")[0]
    without = compose(first.view, own)
    spec, shown = with_asked(without, own, points, asked)
    expected = render_print_map(spec, shown, "pdf", first.options)
    plain = render_print_map(without, own, "pdf", first.options)
    assert (tmp_path / "province.pdf").read_bytes() == expected != plain


def test_points_of_a_table_are_printed_apart_as_they_were_read(province, tmp_path):
    """A database is not asked again: the process gets the points themselves."""
    register = register_from_table(synthetic_table(province, 500), COLUMNS, province.counties)
    table = PointTable(
        id="register",
        name=Text(zh="合成名录", en="Synthetic register"),
        source="postgresql://nowhere.invalid/none?table=a.b",
        evidence=next(iter(province.sources)),
    )
    points = TablePoints(table, province.sources[table.evidence], register)
    leave_own(tmp_path, province, [], (points, PointsAsked(mode="counties")))
    settings = province.settings.model_copy(update={"tables": (table,)})
    found = batch_child.left_points(tmp_path, replace(province, settings=settings), [])
    assert found is not None
    read, asked = found
    assert asked == PointsAsked(mode="counties")
    assert read.mark("en") == points.mark("en")
    assert np.array_equal(read.register.column, register.column)
    assert read.register.category("sector").labels == register.category("sector").labels


def test_own_data_that_finds_no_room_says_so(province, tmp_path):
    (tmp_path / "own").write_text("in the way")
    register = register_from_table(synthetic_table(province, 9), COLUMNS, province.counties)
    with pytest.raises(BatchError, match="not printed"):
        leave_own(tmp_path, province, [OwnPoints("a.csv", dt.date(2026, 11, 1), register)])
