"""Run or test the atlas with one command, on every system: ``python run.py``.

It makes an environment in ``.venv``, installs what is needed there, and serves the atlas to this
machine alone. ``python run.py test`` checks and tests it. Python's own library is all it needs.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
STEPS = {
    "run": Path("requirements.txt"),
    "dev": Path("requirements/dev.txt"),
    "bench": Path("requirements/bench.txt"),
    "ground": Path("requirements/ground.txt"),
}
"""What can be installed, by the file that locks it: each holds the ones before, ``ground`` only
``run``."""

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    # Nothing is used that Windows lacks, as far as types tell.
    ("mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/windows"),
    ("tests.audit",),
    ("tests.lint_scripts",),
)
# Two processes of tests; whoever is done takes over what the other has not begun.
TESTS = ("pytest", "-n", "2", "--dist", "worksteal")
FAST = ("tests/unit", "tests/contract")


def main() -> None:
    """Do what the command line asks for; ends with the status of what failed."""
    asked = _asked()
    os.chdir(ROOT)
    # On a console of Windows that knows no Chinese, too.
    os.environ.setdefault("PYTHONUTF8", "1")
    if asked.what == "install":
        install(asked.venv, asked.step, asked.wheelhouse)
        return
    install(asked.venv, "run" if asked.what == "run" else "dev", asked.wheelhouse)
    if asked.what == "run":
        serve(asked.venv, asked.host, asked.port, asked.name)
    if asked.what == "test":
        install_tools()
    if asked.what in ("check", "test"):
        check(asked.venv)
    if asked.what == "test":
        _module(asked.venv, *TESTS)
    if asked.what == "test-fast":
        _module(asked.venv, *TESTS, *FAST)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python run.py",
        description="Serve the atlas, or check and test it. Options stand in the environment too, "
        "in capitals (PORT=9000).",
    )
    what = ("run", "test", "test-fast", "check", "install")
    parser.add_argument("what", nargs="?", default="run", choices=what, help="run, if not said")
    parser.add_argument(
        "step", nargs="?", default="run", choices=tuple(STEPS), help="what to install, for: install"
    )
    parser.add_argument(
        "--host",
        default=_told("HOST", "127.0.0.1"),
        help="the address to serve at (this machine alone; 0.0.0.0 opens the atlas to others)",
    )
    parser.add_argument("--port", type=_port, default=_told("PORT", "8501"), help="8501")
    parser.add_argument("--name", help="the name under which other machines reach this one")
    parser.add_argument(
        "--wheelhouse",
        type=_folder,
        default=os.environ.get("WHEELHOUSE") or None,
        help="a folder of packages to install from, without any network",
    )
    parser.add_argument(
        "--venv",
        type=_folder,
        default=_told("VENV", str(ROOT / ".venv")),
        help="the environment (.venv beside this script)",
    )
    asked = parser.parse_args()
    if asked.name is None:
        # Some systems set NAME for purposes of their own.
        asked.name = "localhost" if _is_alone(asked.host) else _told("NAME", "localhost")
    return asked


def _told(name: str, otherwise: str) -> str:
    return os.environ.get(name) or otherwise


def _folder(text: str) -> Path:
    """Take a folder from where the script is called, which then works in its own."""
    return Path(text).absolute()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: expected 1 to 65535")
    return int(text)


def python_of(venv: Path) -> Path:
    """Return the Python of an environment."""
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def install(venv: Path, step: str, wheelhouse: Path | None = None) -> None:
    """Install a step of ``STEPS`` into ``venv``, unless it was since its file last changed.

    Nothing is installed whose hash does not stand there.
    """
    stamp = venv / f"{step}.stamp"
    locked = STEPS[step]
    if stamp.exists() and stamp.stat().st_mtime >= locked.stat().st_mtime:
        return
    if not python_of(venv).exists():
        if sys.version_info < OLDEST:
            sys.exit("Python 3.11 or newer is needed")
        _call(sys.executable, "-m", "venv", str(venv))
    source = ("--no-index", "--find-links", str(wheelhouse)) if wheelhouse else ()
    quiet = ("--quiet", "--disable-pip-version-check")
    _module(venv, "pip", "install", "--require-hashes", *quiet, *source, "-r", str(locked))
    for done in held_by(step):
        (venv / f"{done}.stamp").touch()


def held_by(step: str) -> tuple[str, ...]:
    """Return the steps of ``STEPS`` that are installed with one, itself last."""
    if step == "ground":
        return ("run", "ground")
    return tuple(STEPS)[: tuple(STEPS).index(step) + 1]


def serve(venv: Path, host: str, port: int, name: str) -> None:
    """Serve until the atlas is ended; does not return."""
    if _is_alone(host):
        print(f"Atlas: http://localhost:{port}, for this machine alone", flush=True)
    else:
        print(
            f"Atlas: {_address(name, port)}, open to whoever reaches this machine: without sign-in "
            f"(docs/sign-in.md) everybody may do everything{_saving()}, and nothing is encrypted "
            "(docs/deploy.md).",
            flush=True,
        )
    command = [str(python_of(venv)), "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.address", host]
    command += ["--browser.serverAddress", name]
    if sys.platform == "win32":
        sys.exit(_waited_for(subprocess.Popen(command)))  # noqa: S603
    # In the place of this process: what ends it ends the atlas.
    os.execv(command[0], command)  # noqa: S606


def _address(name: str, port: int) -> str:
    """Return where others find the atlas, and how to tell it a name where it was told none."""
    if not _is_alone(name):
        return f"http://{name}:{port}"
    return (
        f"http://NUMBER:{port} (NUMBER is this machine's in the network; for a name as well, "
        "start it with NAME=... or --name ...)"
    )


def _saving() -> str:
    told = os.environ.get("ATLAS_SAVE_WITHOUT_SIGN_IN", "").strip() == "yes"
    if told and os.environ.get("ATLAS_DATASETS", "").strip():
        return ", save, replace and delete datasets too"
    return " but save"


def _waited_for(process: subprocess.Popen[bytes]) -> int:
    """Return the status of a process, which ends by itself on the keys that would end this one."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _is_alone(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check(venv: Path) -> None:
    """Run the checks, two side by side; ends with the status of one that fails."""

    def checked(words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        command = (str(python_of(venv)), "-m", *words)
        return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(checked, CHECKS))
    for one in ended:
        print(shlex.join(one.args), one.stdout + one.stderr, sep="\n", end="", flush=True)
    failed = [one.returncode for one in ended if one.returncode]
    if failed:
        sys.exit(failed[0])


def install_tools() -> None:
    """Install what tests work against and pip cannot bring, where apt and root are there."""
    shell = shutil.which("sh")
    if shell is None:
        print(
            "not installed, for want of apt: Chromium, Chinese fonts, PostGIS, LibreOffice, QGIS, "
            "GDAL's tools, nginx, faketime, node with npm; the end of the run lists what was not "
            "tested here",
            flush=True,
        )
    else:
        subprocess.run([shell, "tests/install_tools.sh"], check=False)  # noqa: S603


def _module(venv: Path, *words: str) -> None:
    """Run a module of the environment; ends with its status where it fails."""
    _call(str(python_of(venv)), "-m", *words)


def _call(*command: str) -> None:
    print(shlex.join(command), flush=True)
    status = subprocess.run(command, check=False).returncode  # noqa: S603
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
