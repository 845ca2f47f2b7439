"""Read one upload in a process of its own: ``python -m data.intake.worker FOLDER``.

The folder is private to one upload. It holds ``request.json`` and the upload; the process
adds ``table.arrow`` or ``refusal.json`` to it and ends. It bounds itself before it reads.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from data.intake.cage import cut_network, keep_to, libraries
from data.intake.formats import check_content, format_of
from data.intake.limits import Limits, RefusedError
from data.intake.table import COLUMNS, REFUSAL, REQUEST, TABLE, write_table

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
    """Bound this process: address space, size of files, processor time, open files, no dumps."""
    cpu = int(seconds) + 1
    for kind, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_NOFILE, _FILES_OPEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (least, least))


def deny_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what a reader never needs: sockets, other processes (an audit hook)."""
    del arguments
    if event.startswith(_DENIED):
        raise PermissionError(event)


def main(folder: Path) -> None:
    """Read the upload in ``folder``."""
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    wanted = request["limits"]
    bound(wanted["memory_bytes"], wanted["unpacked_bytes"] * 2, wanted["seconds"])
    cut_network()
    keep_to(folder, libraries())
    sys.addaudithook(deny_network)
    limits = Limits(**wanted)
    path = folder / request["upload"]
    try:
        with path.open("rb") as handle:
            check_content(handle.read(4096), path.name)
        _read(path, folder, limits, request.get(COLUMNS))
        return
    except RefusedError as error:
        refusal = error
    except MemoryError:
        refusal = RefusedError("too_much_memory", limit=limits.memory_bytes >> 20)
    except RecursionError:
        refusal = RefusedError("too_nested", limit=limits.nesting)
    (folder / TABLE).unlink(missing_ok=True)
    content = {"code": refusal.note.code, "details": dict(refusal.note.details)}
    (folder / REFUSAL).write_text(json.dumps(content), encoding="utf-8")


def _read(path: Path, folder: Path, limits: Limits, columns: dict[str, Any] | None) -> None:
    _tell("reading")
    if columns is None:
        table = format_of(path.name).read(path, folder, limits)
        _tell("writing")
        write_table(table, folder / TABLE)
        return
    # Loaded by those alone who need it: every other upload starts sooner.
    from data.intake.large import ColumnsAsked, read_large, write_columns

    asked = ColumnsAsked(**columns | {key: tuple(columns[key]) for key in ("names", "texts")})
    found = read_large(path, asked, limits, lambda stage, done: _tell(f"{stage} {done:.2f}"))
    _tell("writing")
    write_columns(found, folder / TABLE)


def _tell(stage: str) -> None:
    sys.stdout.write(f"{stage}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
