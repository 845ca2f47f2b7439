"""Hide from the atlas what Windows lacks: called before all else by a Python of its own.

What Python's own modules, and the packages that lock files, need of it for themselves on this
system is loaded before; on Windows they need something else.
"""

from __future__ import annotations

import asyncio
import concurrent.futures.process
import os
import signal
import subprocess
import sys

import filelock

_READY = (asyncio, concurrent.futures.process, filelock)
MODULES = ("fcntl", "grp", "pwd", "resource", "syslog", "termios")
OF_OS = (
    *("fork", "forkpty", "getgid", "getuid", "killpg", "mkfifo", "nice", "pidfd_open"),
    *("setpriority", "setsid", "statvfs", "wait4"),
)
SIGNALS = ("SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGXCPU")

_KILL = getattr(signal, "SIGKILL", None)


def hide() -> None:
    """Hide it from all that is imported from now on."""
    # As on Windows, where a process is ended without a signal.
    subprocess.Popen.kill = lambda process: process.send_signal(_KILL)
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in ((os, OF_OS), (signal, SIGNALS)):
        for name in names:
            vars(module).pop(name, None)
