"""Datasets are whole at every moment: a process may be killed, a disk may be full."""

from __future__ import annotations

import datetime as dt
import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.loader import default_province_id
from data.own.dataset_content import _plain, load_own, save_own
from data.own.datasets import (
    Dataset,
    DatasetError,
    DatasetStore,
    clean_name,
    file_stem,
    store_folder,
)
from data.own.own_counts import OwnPoints
from data.own.own_source import own_sites, with_own_sites
from data.register.build import register_from_table
from data.schema import read_toml
from data.uploads.sandbox.safely import read_safely
from data.uploads.sites.mapping import guess_mapping
from data.uploads.sites.reading import make_reading
from tests.missing import lacks
from tests.places import PLACES
from tests.synthetic import COLUMNS, synthetic_table

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 1)
KILLS = 200
TEXT = f"""name,city,county,sector,longitude,latitude
Synthetic,{PLACES.border_city.en},{PLACES.border_county.en},battery,120.98,31.38
"""

WRITERS = """
import os
import sys
from pathlib import Path
from data.own.datasets import Dataset, DatasetStore

store = DatasetStore(Path(sys.argv[1]))
for line in sys.stdin:
    turn = int(line)
    child = os.fork()
    while child == 0:
        turn += 1
        content = (str(turn) * 40_000).encode()
        dataset = Dataset(name="kept", kind="points", province=sys.argv[2], file=str(turn),
                          date="2026-11-01", saved="now", source="-")
        store.save(dataset, ".parquet", lambda path: path.write_bytes(content))
        os.write(1, b"%d\\n" % turn)
    os.write(1, b"writer %d\\n" % child)
    os.waitpid(child, 0)
    os.write(1, b"ended\\n")
"""
"""A process that starts one writer after the other and tells of each: no start is waited for."""


SEVERAL = """
import sys
from pathlib import Path
from data.own.datasets import Dataset, DatasetStore

store, number, inside = DatasetStore(Path(sys.argv[1])), sys.argv[3], Path(sys.argv[4])

def write(path):
    inside.touch(exist_ok=False)
    path.write_bytes(number.encode() * 400_000)
    inside.unlink()

for turn in range(30):
    dataset = Dataset(name=f"{number} {turn % 3}", kind="points", province=sys.argv[2],
                      file="a.csv", date="2026-11-01", saved="now", source="-")
    store.save(dataset, ".parquet", write)
"""
"""A server that saves one dataset after the other, and falls where another writes meanwhile."""


@pytest.fixture
def store(tmp_path: Path) -> DatasetStore:
    return DatasetStore(tmp_path)


@pytest.fixture
def sites(province):
    table = read_safely(TEXT.encode(), "list.csv")
    mapping = guess_mapping(table.frame.columns, table.frame)
    defaults = {"kind": "plant"}
    return own_sites(
        make_reading(table, mapping, province, "wgs84", defaults=defaults), "list.csv", DAY
    )


@pytest.fixture(scope="module")
def points(province):
    register = register_from_table(synthetic_table(province, 500), COLUMNS, province.counties)
    return OwnPoints("points.csv", DAY, register)


def described(name: str, **changes: str) -> Dataset:
    fields = {"file": "a.csv", "date": "2026-11-01", "saved": "now", "source": "-"} | changes
    return Dataset(name=name, kind="points", province=default_province_id(), **fields)


def test_sites_of_an_earlier_release_are_read(store, sites, province, monkeypatch):
    """It had one column of notes, empty for own sites, and no day of a check."""

    def earlier(own: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return _plain(own).drop(columns=["note_zh", "note_en", "checked"]).assign(notes=None)

    monkeypatch.setattr("data.own.dataset_content._plain", earlier)
    save_own(store, "My list", province, sites)
    found = load_own(store, "My list", province)
    before, after = (with_own_sites(province, [one]).sites for one in (sites, found))
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(after))


def test_sites_come_back_as_they_were(store, sites, province):
    save_own(store, "My list", province, sites)
    found = load_own(store, "My list", province)
    assert (found.file, found.date) == (sites.file, sites.date)
    before, after = (with_own_sites(province, [one]).sites for one in (sites, found))
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(after))


def test_points_come_back_as_they_were(store, points, province):
    save_own(store, "Points", province, points)
    found = load_own(store, "Points", province)
    assert len(found.register) == len(points.register)
    assert (found.register.column == points.register.column).all()
    assert set(found.register.categories) == set(points.register.categories)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    """The same length and the same foot: what tells how to read it is whole."""
    middle = len(content) // 3
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("harm", [cut, flipped, lambda _: b"", None])
@pytest.mark.parametrize("kind", ["sites", "points"])
def test_a_torn_dataset_is_named_as_itself(store, province, request, kind, harm):
    saved = save_own(store, "My list", province, request.getfixturevalue(kind))
    path = Path(store.location(saved))
    if harm is None:
        path.unlink()
    else:
        path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(DatasetError) as torn:
        load_own(store, "My list", province)
    assert torn.value.code == "unreadable"
    assert torn.value.details["name"] == "My list"
    assert torn.value.details["file"] == saved.file
    assert saved.source in torn.value.details["problem"]


def test_a_torn_description_of_a_dataset_is_told(store, sites, province):
    assert store.read()[1] == ()
    save_own(store, "My list", province, sites)
    assert store.read()[1] == ()
    path = store.folder / f"{file_stem('My list')}.toml"
    path.write_bytes(cut(path.read_bytes()))
    assert {one.file for one in store.read()[1]} == {path.name}


def test_a_dataset_is_replaced_and_its_former_data_goes(store, sites, province):
    save_own(store, "My list", province, sites)
    save_own(store, "My list", province, type(sites)("other.csv", DAY, sites.sites.head(0)))
    assert [one.file for one in store.every()] == ["other.csv"]
    assert len(list(store.folder.glob("*.parquet"))) == 1
    store.delete("My list")
    assert store.every() == ()
    assert list(store.folder.glob("*.parquet")) == []
    with pytest.raises(DatasetError, match="missing"):
        store.delete("My list")


def test_owners_do_not_see_each_other(tmp_path, sites, province):
    mine, hers, shared = (DatasetStore(tmp_path, owner) for owner in ("me@x", "her@x", None))
    save_own(mine, "Mine", province, sites)
    assert [one.name for one in mine.every()] == ["Mine"]
    assert hers.every() == shared.every() == ()
    assert "me@x" not in str(mine.folder)
    assert mine.folder.stat().st_mode & 0o077 == 0


def test_nothing_is_kept_where_no_folder_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("ATLAS_DATASETS", raising=False)
    assert store_folder() is None
    monkeypatch.setenv("ATLAS_DATASETS", str(tmp_path))
    assert store_folder() == tmp_path


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_the_former_dataset(store, code):
    store.save(described("kept"), ".parquet", lambda path: path.write_bytes(b"former"))

    def fail(path: Path) -> None:
        path.write_bytes(b"half of")
        raise OSError(code, os.strerror(code), str(path))

    with pytest.raises(DatasetError, match="full"):
        store.save(described("kept"), ".parquet", fail)
    assert Path(store.location(store.find("kept"))).read_bytes() == b"former"
    assert sorted(path.suffix for path in store.folder.iterdir()) == ["", ".parquet", ".toml"]


def test_a_real_full_disk(tmp_path):
    """A file system of 256 kB, where the machine lets one be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)], capture_output=True
    )
    if mounted.returncode:
        lacks("a file system of a few kilobytes", "it takes root on Linux to mount one")
    try:
        store = DatasetStore(tmp_path)
        store.save(described("kept"), ".parquet", lambda path: path.write_bytes(b"former"))
        with pytest.raises(DatasetError, match="full"):
            store.save(described("new"), ".parquet", lambda path: path.write_bytes(b"x" * 2**20))
        assert [one.name for one in store.every()] == ["kept"]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_folder_that_is_none_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="disk"):
        DatasetStore(tmp_path / "file").save(described("x"), ".parquet", lambda path: None)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(DatasetError, match="name"):
        clean_name(name)


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_name_is_kept_and_none_leads_out_of_the_folder(tmp_path_factory, name):
    try:
        wanted = clean_name(name)
    except DatasetError:
        return
    assert file_stem(name).isalnum()
    store = DatasetStore(tmp_path_factory.mktemp("names"))
    store.save(described(wanted, file=name), ".parquet", lambda path: path.write_bytes(b""))
    assert [one.name for one in store.every()] == [wanted]
    assert store.find(name).name == wanted


def test_a_source_written_by_hand(store, points, province, tmp_path):
    """A folder of GeoParquet is read through ``data.tables``."""
    from data.register.register_file import save_register

    folder = tmp_path / "many"
    folder.mkdir()
    save_register(points.register, folder / "one.parquet")
    save_register(points.register, folder / "two.parquet")
    store.folder.mkdir(parents=True)
    text = 'name="Hand"\nkind="points"\nfile="Register"\ndate="2026-01-01"\n'
    text += f'province="{province.id}"\n'
    (store.folder / f"{file_stem('Hand')}.toml").write_text(
        text + f'saved="by hand"\nsource="{folder}"\n', encoding="utf-8"
    )
    found = load_own(store, "Hand", province)
    assert len(found.register) == 2 * len(points.register)
    assert found.source.publisher == "Register"
    (folder / "one.parquet").write_bytes(b"broken")
    with pytest.raises(DatasetError, match=r"one\.parquet") as broken:
        load_own(store, "Hand", province)
    assert (broken.value.code, broken.value.details["name"]) == ("unreadable", "Hand")


def test_a_csv_source_written_by_hand_has_its_categories(store, province, tmp_path):
    table = synthetic_table(province, 50)
    path = tmp_path / "register.csv"
    pa.csv.write_csv(table, path)
    store.folder.mkdir(parents=True)
    text = f'name="Csv"\nkind="points"\nprovince="{province.id}"\nfile="R"\ndate="2026-01-01"\n'
    (store.folder / f"{file_stem('Csv')}.toml").write_text(
        text + f'saved="-"\nsource="{path}"\ncategories=["sector"]\n', encoding="utf-8"
    )
    assert set(load_own(store, "Csv", province).register.categories) == {"sector"}


def test_servers_of_one_folder_write_one_after_the_other(store, tmp_path):
    arguments = [str(store.root), default_province_id()]
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", SEVERAL, *arguments, str(number), str(tmp_path / "inside")],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    assert ["".join(one.communicate()[1].splitlines()[-1:]) for one in servers] == ["", ""]
    assert len(store.every()) == 6
    for one in store.every():
        assert Path(store.location(one)).read_bytes() == one.name[:1].encode() * 400_000


def _check_whole(store: DatasetStore, told: int) -> int:
    """The dataset is that of a turn not before the last one that was told, and whole."""
    found, faults = read_toml(store.folder / f"{file_stem('kept')}.toml", Dataset)
    assert faults == []
    turn = int(found.file)
    assert turn >= told
    content = Path(store.location(found)).read_bytes()
    assert content == (str(turn) * 40_000).encode()
    return turn


def test_a_process_may_be_killed_at_any_moment(store):
    """Kill writing processes 200 times: nothing that was saved is lost, nothing is torn."""
    chance = random.Random(20261123)  # noqa: S311  (moments, not secrets)
    turn, unfinished = 0, 0
    with subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(store.root), default_province_id()],
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
            turn = _check_whole(store, told)
            unfinished += len(list(store.folder.iterdir())) > 3
        starter.stdin.close()
    # Or the kills would have met no writing.
    assert unfinished > KILLS / 10
    store.save(described("kept"), ".parquet", lambda path: path.write_bytes(b""))
    assert len(list(store.folder.iterdir())) == 3
