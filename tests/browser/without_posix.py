"""Run Python as it is without what Windows lacks: it is hidden before anything else is loaded.

What Python's own modules, and the packages that lock files and watch processes, need of it for
themselves on this system is loaded before; on Windows they need something else.
"""

from __future__ import annotations

import asyncio
import concurrent.futures.process
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import filelock
import psutil

_READY = (asyncio, concurrent.futures.process, filelock)
MODULES = ("fcntl", "grp", "pwd", "resource", "syslog", "termios")
OF_OS = (
    *("fork", "forkpty", "getgid", "getuid", "killpg", "mkfifo", "nice", "pidfd_open"),
    *("setsid", "statvfs", "wait4"),
)
SIGNALS = ("SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGXCPU")

_KILL = getattr(signal, "SIGKILL", None)


def hide() -> None:
    """Hide it from all that is imported from now on."""
    # As on Windows, where a process is ended without a signal.
    subprocess.Popen.kill = psutil.Process.kill = lambda process: process.send_signal(_KILL)
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in ((os, OF_OS), (signal, SIGNALS)):
        for name in names:
            vars(module).pop(name, None)


def write_python(path: Path) -> Path:
    """Write a Python that hides it from what it runs (``-m MODULE``), and from what that starts."""
    path.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$0" "$@"\n', encoding="utf-8"
    )
    path.chmod(0o755)
    return path


if __name__ == "__main__":
    _, _own, *_words = sys.argv
    hide()
    sys.executable = _own
    _at = _words.index("-m") + 1
    sys.argv = _words[_at:]
    # As Python does with ``-m``, where it puts the folder of this file otherwise.
    sys.path[0] = str(Path.cwd())
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
