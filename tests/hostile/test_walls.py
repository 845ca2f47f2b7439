"""Where a system lacks the kernel's walls, uploads are read all the same, and watched from outside.

What Windows has not is hidden before anything is loaded, in the server and in its readers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from data.uploads.limits import Limits
from data.uploads.sandbox.processes import PlainReader
from data.uploads.sandbox.safely import read_safely
from data.uploads.sandbox.walls import Walls, walls
from tests.missing import lacks

ROOT = Path(__file__).parents[2]
ODD = "odd # ? % 名称 and blanks"

HIDE = """
import os, signal, sys
sys.modules["resource"] = None
sys.modules["fcntl"] = None
for name in ("fork", "killpg", "setsid"):
    delattr(os, name)
for name in ("SIGKILL", "SIGXCPU", "SIGCHLD"):
    delattr(signal, name)
"""
WORKER = """
import runpy
sys.argv = sys.argv[2:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
SERVER = """
import tempfile
from dataclasses import asdict
from pathlib import Path
from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox import processes
from data.uploads.sandbox.safely import read_safely
processes.PYTHON = (*processes.PYTHON, "-c", HIDE + WORKER)
from data.uploads.sandbox.walls import prepare_readers, walls
import json
prepare_readers()
found = {"walls": asdict(walls()), "read": {}}
for name, limits in json.loads(sys.argv[1]):
    path = Path(name)
    try:
        read = read_safely(path, path.name, Limits(**limits))
        found["read"][path.name] = [len(read.frame), *read.frame["name"].tolist()[:1]]
    except RefusedError as error:
        found["read"][path.name] = error.note.code
found["left"] = [one.pid for one in psutil.Process().children(recursive=True)]
found["folders"] = [one.name for one in Path(tempfile.gettempdir()).iterdir()]
print(json.dumps(found))
"""


def on_a_bare_system(where: Path, files: list[tuple[Path, dict[str, float]]]) -> dict:
    """Read ``files`` with their limits where much is missing, and all paths are odd."""
    temporary = where / ODD
    temporary.mkdir()
    house = where / f"house {ODD}"
    house.symlink_to(ROOT)
    # On Linux psutil itself needs what is hidden.
    hidden = f"import psutil\n{HIDE}\nHIDE, WORKER = {HIDE!r}, {WORKER!r}\n{SERVER}"
    asked = json.dumps([(str(path), limits) for path, limits in files])
    done = subprocess.run(
        [sys.executable, "-c", hidden, asked],
        cwd=where,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def frame() -> gpd.GeoDataFrame:
    points = [shapely.Point(118, 32), shapely.Point(119, 33)]
    return gpd.GeoDataFrame({"name": ["甲", "乙"]}, geometry=points, crs="EPSG:4326")


def csv(path: Path) -> None:
    path.write_text("name,longitude,latitude\n甲,118,32\n乙,119,33\n", encoding="utf-8")


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["name", "x"], ["甲", 1], ["乙", 2]):
        book.active.append(row)
    book.save(path)


def shapefile(path: Path) -> None:
    frame().to_file(path.with_suffix(".shp"))
    with zipfile.ZipFile(path, "w") as archive:
        for part in path.parent.glob(f"{path.stem}.*"):
            if part != path:
                archive.write(part, part.name)


MAKERS = {
    "甲 a.csv": csv,
    "b.gpkg": lambda path: frame().to_file(path, driver="GPKG"),
    "c.xlsx": workbook,
    "d.geojson": lambda path: frame().to_file(path, driver="GeoJSON"),
    "e.parquet": lambda path: frame().to_parquet(path),
    "f.zip": shapefile,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("made") / ODD
    folder.mkdir()
    for name, make in MAKERS.items():
        make(folder / name)
    return [folder / name for name in MAKERS]


def test_files_are_read_and_costs_are_bounded(made, endless, tmp_path):
    many, large = tmp_path / "many.csv", tmp_path / "large.csv"
    many.write_bytes(b"name,b\n" + b"x,2\n" * 90_000)
    large.hardlink_to(many)
    limits = [(endless, {"seconds": 0.2}), (large, {"memory_bytes": 100 << 20}), (many, {})]
    found = on_a_bare_system(tmp_path, [(path, {}) for path in made] + limits)
    good = {path.name: [2, "甲"] for path in made}
    costly = {endless.name: "too_slow", "large.csv": "too_much_memory", "many.csv": [90_000, "x"]}
    assert found["read"] == good | costly
    assert found["walls"]["memory"] is False
    assert found["walls"]["calls"] is True
    assert found["left"] == []
    assert found["folders"] == []


def test_the_ways_of_a_full_system_bear_odd_paths_too(made, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ODD))
    (tmp_path / ODD).mkdir()
    for path in made:
        assert read_safely(path, path.name).frame["name"].tolist() == ["甲", "乙"]


NO_KERNEL = """
import ctypes, types
from data.uploads.sandbox import cage
class Kernel:
    def unshare(self, *_): return -1
    def syscall(self, *_): return -1
cage.ctypes = types.SimpleNamespace(**vars(ctypes) | {"CDLL": lambda *_, **__: Kernel()})
"""


@pytest.fixture
def untried(monkeypatch) -> Walls:
    """The walls that stand here, which nobody has tried yet."""
    before = walls()
    monkeypatch.setattr("data.uploads.sandbox.walls._found", None)
    monkeypatch.setattr("data.uploads.sandbox.walls._tried_again_at", 0.0)
    return before


def test_walls_are_tried_not_guessed(untried, monkeypatch):
    """The same system, whose kernel refuses namespaces and Landlock, as in many containers."""
    bare = (sys.executable, "-E", "-s", "-c", f"import sys\n{NO_KERNEL}{WORKER}")
    monkeypatch.setattr("data.uploads.sandbox.processes.PYTHON", bare)
    assert walls() == Walls(memory=untried.memory, network=False, files=False, calls=True)
    assert set(walls().missing) >= {"network", "files"}


def test_all_walls_stand_where_the_kernel_has_them():
    if walls().missing:
        lacks("all walls of the kernel", "a Linux of 5.13 or newer has them")
    assert walls() == Walls(memory=True, network=True, files=True, calls=True)


HANGS = "import threading; threading.Event().wait()"
FALLS = "raise SystemExit(1)"
TEARS = "import sys; open(sys.argv[3] + '/walls.json', 'w').close()"


@pytest.mark.parametrize("program", [HANGS, FALLS, TEARS])
def test_a_trial_that_fails_is_ended_and_not_begun_at_once_again(untried, monkeypatch, program):
    begun = []

    class Counted(PlainReader):
        def __init__(self, folder: Path) -> None:
            begun.append(self)
            super().__init__(folder)

    monkeypatch.setattr("data.uploads.sandbox.walls.PlainReader", Counted)
    monkeypatch.setattr("data.uploads.sandbox.processes.PYTHON", (sys.executable, "-c", program))
    if program == HANGS:
        monkeypatch.setattr("data.uploads.sandbox.walls._WATCHED", Limits(seconds=0.5))
    for _ in range(2):
        with pytest.raises(OSError, match=r"could not be tried|walls\.json"):
            walls()
    assert len(begun) == 1
    monkeypatch.undo()
    assert walls() == untried


def test_a_system_without_room_for_the_trial_says_so(untried, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError):
        walls()
