"""Find the processes that read an upload, however they were started."""

from __future__ import annotations

from contextlib import suppress

import psutil

_WORKER, _FORKSERVER = "data.uploads.sandbox.worker", "data.uploads.sandbox.forkserver"


def fork_servers(parent: psutil.Process | None = None) -> list[psutil.Process]:
    """Return the process of ``parent``, or of this one, that forks readers, if there is one."""
    return [one for one in _children(parent or psutil.Process()) if _runs(one, _FORKSERVER)]


def readers(parent: psutil.Process | None = None) -> list[psutil.Process]:
    """Return the processes that read an upload for ``parent``, or for this one."""
    own = parent or psutil.Process()
    started = [one for one in _children(own) if _runs(one, _WORKER)]
    return started + [one for server in fork_servers(own) for one in _children(server)]


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return process.children()
    return []


def _runs(process: psutil.Process, module: str) -> bool:
    with suppress(psutil.Error):
        return module in process.cmdline()
    return False
