"""Read one upload in a process of its own, started or forked.

``python -m data.uploads.sandbox.worker FOLDER`` starts one.

The folder is private to one upload. It holds ``request.json`` and the upload; the process
adds ``table.arrow`` or ``refusal.json`` to it and ends. It bounds itself before it reads.
Where the request names no upload, it tells in ``walls.json`` how far that went.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from data.uploads.formats.recognition import check_content, format_of
from data.uploads.limits import Limits, RefusedError
from data.uploads.sandbox.cage import cut_network, keep_to, libraries
from data.uploads.sandbox.folder import COLUMNS, READ_AS, REFUSAL, REQUEST, TABLE, WALLS

_FILES_OPEN = 128
_DENIED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.system",
)


def bound(memory_bytes: int, file_bytes: int, seconds: float) -> None:
    """Bound this process: address space, size of files, processor time, open files, no dumps.

    A system that lacks a bound goes without: the process that has started this one watches it.
    """
    if sys.platform == "win32":
        return
    try:
        import resource
    except ImportError:
        return
    for name, value in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_FSIZE", file_bytes),
        ("RLIMIT_CPU", int(seconds) + 1),
        ("RLIMIT_NOFILE", _FILES_OPEN),
        ("RLIMIT_CORE", 0),
    ):
        with suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, name)
            _, hard = resource.getrlimit(kind)
            # At the hard limit of time the kernel kills without saying why.
            spare = 1 if name == "RLIMIT_CPU" else 0
            most = value + spare if hard == resource.RLIM_INFINITY else min(value + spare, hard)
            resource.setrlimit(kind, (min(value, most), most))


def deny_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what a reader never needs: sockets, other processes (an audit hook)."""
    del arguments
    if event.startswith(_DENIED):
        raise PermissionError(event)


def shut_off(folder: Path, wanted: dict[str, Any]) -> tuple[bool, bool]:
    """Bound this process and shut it off; tell whether the kernel took its network and files."""
    bound(wanted["memory_bytes"], wanted["unpacked_bytes"] * 2, wanted["seconds"])
    cut, kept = cut_network(), keep_to(folder, libraries())
    sys.addaudithook(deny_network)
    return cut, kept


def main(folder: Path, end_with_server: Callable[[], None]) -> None:
    """Read the upload in ``folder``; ``end_with_server`` is called before."""
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    # Before GDAL is loaded, which drops drivers by it.
    os.environ.update(request["environment"])
    wanted = request["limits"]
    if "upload" not in request:
        _try_walls(folder, wanted)
        return
    path = folder / request["upload"]
    read = _loaded(path, request.get(COLUMNS), request.get(READ_AS))
    shut_off(folder, wanted)
    end_with_server()
    limits = Limits(**wanted)
    try:
        with path.open("rb") as handle:
            check_content(handle.read(4096), path.name)
        _tell("reading")
        read(folder, limits)
        return
    except RefusedError as error:
        refusal = error
    except MemoryError:
        refusal = RefusedError("too_much_memory", limit=limits.memory_bytes >> 20)
    except RecursionError:
        refusal = RefusedError("too_nested", limit=limits.nesting)
    except Exception as error:  # noqa: BLE001  (whatever a stranger's file makes a reader raise)
        refusal = _fault(error, path, limits)
    (folder / TABLE).unlink(missing_ok=True)
    content = {"code": refusal.note.code, "details": dict(refusal.note.details)}
    (folder / REFUSAL).write_text(json.dumps(content), encoding="utf-8")


def _try_walls(folder: Path, wanted: dict[str, Any]) -> None:
    cut, kept = shut_off(folder, wanted)
    found = {
        "memory": _fails(lambda: mmap.mmap(-1, wanted["memory_bytes"]).close()),
        "network": cut,
        "files": kept and _fails(lambda: list(Path(folder.anchor).iterdir())),
        "calls": _fails(lambda: socket.socket().close()),
    }
    (folder / WALLS).write_text(json.dumps(found), encoding="utf-8")


def _fails(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False


def _fault(error: Exception, path: Path, limits: Limits) -> RefusedError:
    """Return what to say of an error that no reader expects.

    Its own words are not repeated: they may hold what stands in the file.
    """
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT):
        return RefusedError("no_room", problem=os.strerror(number))
    if number in (errno.ENOMEM, errno.EFBIG):
        return RefusedError("too_much_memory", limit=limits.memory_bytes >> 20)
    driver, kind = format_of(path.name).name, type(error).__name__
    return RefusedError("unknown_content", driver=driver, kind=kind)


def _loaded(
    path: Path, columns: dict[str, Any] | None, said: dict[str, Any] | None
) -> Callable[[Path, Limits], None]:
    """Load what reads this one upload, and nothing else: return what reads and writes it.

    It is loaded before the process shuts itself off.
    """
    if columns is None:
        return _cell_by_cell(path, said)
    return _in_columns(path, columns)


def _cell_by_cell(path: Path, said: dict[str, Any] | None = None) -> Callable[[Path, Limits], None]:
    from data.uploads.formats.asked import ReadAs
    from data.uploads.formats.raw_table import with_broken_marked, write_table

    read = format_of(path.name).load()

    def run(folder: Path, limits: Limits) -> None:
        table = with_broken_marked(read(path, folder, limits, ReadAs(**(said or {}))))
        _tell("writing")
        write_table(table, folder / TABLE)

    return run


def _in_columns(path: Path, columns: dict[str, Any]) -> Callable[[Path, Limits], None]:
    from data.uploads.formats.asked import ColumnsAsked
    from data.uploads.formats.large import column_reader, read_large, write_columns

    column_reader(path.suffix)
    asked = ColumnsAsked(**columns | {key: tuple(columns[key]) for key in ("names", "texts")})

    def run(folder: Path, limits: Limits) -> None:
        found = read_large(path, asked, limits, lambda stage, done: _tell(f"{stage} {done:.2f}"))
        _tell("writing")
        write_columns(found, folder / TABLE)

    return run


def _tell(stage: str) -> None:
    sys.stdout.write(f"{stage}\n")
    sys.stdout.flush()


def _watch_server() -> None:
    """End this process when its standard input closes, which the server's end does, however."""

    def watch() -> None:
        with suppress(OSError):
            os.read(0, 1)
        os._exit(1)

    # Only now: a process with threads can enter no namespace, and a thread keeps its own walls.
    threading.Thread(target=watch, name="atlas-watch-server", daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), _watch_server)
