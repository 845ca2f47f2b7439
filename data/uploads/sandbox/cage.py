"""Shut a process off from the network and from other people's files, by the kernel's own means.

Linux alone has them: a network namespace without a network, and Landlock (since 5.13).
Elsewhere the worker's audit hook and the reader's own refusals stand alone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
# Landlock's rights: execute, write, read a file, list a folder, remove folder, remove file,
# make device, folder, file, socket, pipe, block device, link; then move to another folder, cut.
_FIRST_RIGHTS = 13
_MOVING_VERSION, _CUTTING_VERSION, _SIGNALS_VERSION = 2, 3, 6
_SIGNALS_SCOPE = 1 << 1
_READ_RIGHTS = 1 << 0 | 1 << 2 | 1 << 3
_FILE_RIGHTS = 1 << 0 | 1 << 1 | 1 << 2


class _Ruleset(ctypes.Structure):
    # A kernel that knows the first field only bears the others as long as they are 0.
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def cut_network() -> bool:
    """Leave this process without a network; ``False`` where the kernel does not allow it."""
    if not sys.platform.startswith("linux"):
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    return any(
        kernel.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


def landlock_version() -> int:
    """Return the version of the kernel's Landlock; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    kernel = ctypes.CDLL(None, use_errno=True)
    return max(0, int(kernel.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)))


def keep_to(folder: Path, read_only: Iterable[Path]) -> bool:
    """Let this process see ``folder``, and read ``read_only``, and no other file or folder.

    Files that are open stay open. From Linux 6.12 on it can send no signal to processes that
    were there before. Return ``False`` where the kernel has no Landlock.
    """
    version = landlock_version()
    if version < 1:
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    all_rights = _rights(version)
    scoped = _SIGNALS_SCOPE if version >= _SIGNALS_VERSION else 0
    ruleset = _Ruleset(all_rights, 0, scoped)
    rules = kernel.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    if rules < 0:
        return False
    try:
        _allow(kernel, rules, folder, all_rights & ~1)
        for path in read_only:
            if path.exists():
                _allow(kernel, rules, path, _READ_RIGHTS)
        if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(kernel.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def end_with(parent: int) -> None:
    """Let the kernel end this process when its parent ends, whose number is given: Linux only.

    It is said after a user namespace was entered, which takes it back.
    """
    if sys.platform == "win32":
        raise OSError("Windows has no such thing")
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise ProcessLookupError("the fork server has ended")


def _rights(version: int) -> int:
    """Return all rights over files that Landlock of this version can take."""
    count = _FIRST_RIGHTS + (version >= _MOVING_VERSION) + (version >= _CUTTING_VERSION)
    return (1 << count) - 1


def _allow(kernel: Any, rules: int, path: Path, rights: int) -> None:
    if sys.platform == "win32":
        raise OSError("Windows has no such thing")
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not path.is_dir():
            rights &= _FILE_RIGHTS
        rule = _PathRule(rights, handle)
        kernel.syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)


def libraries() -> tuple[Path, ...]:
    """Return where Python and its libraries are: what a reader may still need to load."""
    root = Path(__file__).parents[3]
    own = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    system = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/dev/urandom")
    folders = (*map(Path, sorted(own)), *map(Path, system), root / "data")
    # Where the prefix is the system's own, only its libraries are meant.
    return tuple(
        path / "lib" if path in (Path("/usr"), Path("/usr/local"), Path("/")) else path
        for path in folders
    )
