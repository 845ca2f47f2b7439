"""One script runs and tests the atlas on every system; ``make`` calls it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from pathlib import Path

import pytest

import run
from tests.missing import lacks
from tests.serving import RESULTS, ROOT, free_port, wait_until_healthy

PARTS = ("app.py", "run.py", "data", "clusters", "layers", "ui", ".streamlit")
# Whoever started the tests may have told these to make.
TOLD = ("HOST", "NAME", "PORT", "VENV", "WHEELHOUSE", "MAKEFLAGS", "MAKELEVEL")
UNTOLD = {name: value for name, value in os.environ.items() if name not in TOLD}
NEEDED = tuple(run.STEPS.values())


def called(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script from elsewhere, as a double click does."""
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *words],
        cwd=folder.parent,
        env={**UNTOLD, **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder as people name them, with the script and requirements that ask for nothing."""
    folder = tmp_path / "图集 of the office (2)"
    folder.mkdir()
    shutil.copy(ROOT / "run.py", folder)
    for name in NEEDED:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("", encoding="utf-8")
    return folder


def prepared(place: Path) -> Path:
    """An environment that has this one's packages, as if they had been installed there."""
    made = place / ".venv"
    venv.create(made, with_pip=False, symlinks=True)
    (packages,) = made.glob("**/site-packages")
    (packages / "these.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (made / "run.stamp").touch()
    return made


def test_it_installs_once_and_again_after_a_change(place):
    first = called(place, "install")
    assert first.returncode == 0, first.stderr
    assert [shlex.split(line)[1:3] for line in first.stdout.splitlines()] == [
        ["-m", "venv"],
        ["-m", "pip"],
    ]
    assert (place / ".venv" / "run.stamp").exists()
    assert called(place, "install").stdout == ""
    later = (place / ".venv" / "run.stamp").stat().st_mtime + 10
    os.utime(place / "requirements.txt", (later, later))
    again = called(place, "install")
    assert [line.split("-m ")[1][:3] for line in again.stdout.splitlines()] == ["pip"]


@pytest.mark.parametrize("by", ["words", "environment"])
def test_folders_are_taken_from_where_it_is_called(place, by):
    """The folder of the environment and the wheelhouse lie beside the atlas's, not within it."""
    (place.parent / "wheels").mkdir()
    if by == "words":
        ended = called(place, "install", "--venv", "made", "--wheelhouse", "wheels")
    else:
        ended = called(place, "install", VENV="made", WHEELHOUSE="wheels")
    assert ended.returncode == 0, ended.stderr
    assert (place.parent / "made" / "run.stamp").exists()
    assert not (place / "made").exists()
    _, installs = map(shlex.split, ended.stdout.splitlines())
    assert installs[installs.index("--find-links") + 1] == str(place.parent / "wheels")


def test_what_cannot_be_installed_ends_it_and_is_tried_again(place):
    (place / "requirements.txt").write_text("no-such-package==1\n", encoding="utf-8")
    (place.parent / "empty").mkdir()
    prepared(place).joinpath("run.stamp").unlink()
    for _ in range(2):
        ended = called(place, "--wheelhouse", "empty")
        assert ended.returncode != 0
        assert "no-such-package" in ended.stderr
    assert not (place / ".venv" / "run.stamp").exists()


def test_who_installs_to_develop_need_not_install_to_run(monkeypatch, tmp_path):
    calls: list[tuple[str, ...]] = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(run, "_call", lambda *words: calls.append(words))
    tmp_path.joinpath("bin").mkdir()
    run.python_of(tmp_path).touch()
    for step in ("dev", "run", "dev"):
        run.install(tmp_path, step)
    assert [words[-1] for words in calls] == ["requirements/dev.txt"]
    run.install(tmp_path, "bench")
    assert calls[-1][-1] == "requirements/bench.txt"


@pytest.mark.skipif(sys.platform == "win32", reason="there the other half is seen")
def test_an_environment_of_windows_has_its_python_elsewhere(monkeypatch):
    assert run.python_of(Path("x")) == Path("x/bin/python")
    monkeypatch.setattr(sys, "platform", "win32")
    assert run.python_of(Path("x")) == Path("x/Scripts/python.exe")


def test_it_serves_from_a_folder_as_people_name_them(place):
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name)
        else:
            shutil.copy(ROOT / name, place)
    prepared(place)
    port, log = free_port(), RESULTS / "run-script.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, str(place / "run.py")],
            cwd=place.parent,
            # What WSL sets for purposes of its own.
            env={**UNTOLD, "PORT": str(port), "NAME": "desktop"},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(address, process, "/_stcore/health", log)
        with urllib.request.urlopen(f"{address}/ogc/collections/sites/items?limit=1") as answer:
            assert answer.status == 200
        said = log.read_text(encoding="utf-8")
        assert f"Atlas: http://localhost:{port}, for this machine alone" in said
        assert "desktop" not in said
    finally:
        process.terminate()
        assert process.wait(timeout=20) is not None
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=5)


@pytest.mark.parametrize(
    ("host", "name", "told"),
    [
        ("::1", "localhost", "http://localhost:80, for this machine alone"),
        ("0.0.0.0", "atlas.example", "http://atlas.example:80, open to whoever"),  # noqa: S104
        ("0.0.0.0", "localhost", "start it with NAME=... or --name ..."),  # noqa: S104
        ("10.1.2.3", "localhost", "everybody may do everything but save"),
    ],
)
def test_it_says_to_whom_it_is_open(monkeypatch, capfd, host, name, told):
    started: list[list[str]] = []
    monkeypatch.setattr(run.os, "execv", lambda program, words: started.append(words))
    run.serve(Path(".venv"), host, 80, name)
    said = capfd.readouterr().out
    assert told in said
    assert ("localhost" in said) is (host == "::1")
    ends = ["--server.port", "80", "--server.address", host, "--browser.serverAddress", name]
    assert started[0][-6:] == ends


@pytest.mark.parametrize(
    ("folder", "told", "says"),
    [
        ("saved", "yes", "may do everything, save, replace and delete datasets too"),
        ("", "yes", "may do everything but save"),
        ("saved", "", "may do everything but save"),
    ],
)
def test_it_says_whether_everybody_may_save(monkeypatch, capfd, folder, told, says):
    monkeypatch.setattr(run.os, "execv", lambda *_: None)
    monkeypatch.setenv("ATLAS_DATASETS", folder)
    monkeypatch.setenv("ATLAS_SAVE_WITHOUT_SIGN_IN", told)
    run.serve(Path(".venv"), "10.1.2.3", 80, "atlas.example")
    assert says in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [
        (["--port", "x"], {}, "'x' is no port: expected 1 to 65535"),
        ([], {"PORT": "70000"}, "'70000' is no port: expected 1 to 65535"),
        (["tset"], {}, "invalid choice: 'tset'"),
    ],
)
def test_a_wrong_word_is_told_before_anything_is_done(place, words, environment, expected):
    ended = called(place, *words, **environment)
    assert ended.returncode == 2
    assert expected in ended.stderr
    assert not (place / ".venv").exists()


def test_an_older_python_is_told_what_is_needed(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"3\.11 or newer"):
        run.install(tmp_path, "run")


@pytest.mark.parametrize("target", ["run", "test", "test-fast", "check"])
def test_make_calls_it(target):
    if shutil.which("make") is None:
        lacks("make", "python run.py does the same")
    said = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split()[1:] == ["run.py", target]


def test_where_there_is_no_shell_it_says_what_is_not_installed(monkeypatch, capsys):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    run.install_tools()
    assert "not installed, for want of apt: Chromium" in capsys.readouterr().out
