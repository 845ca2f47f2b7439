"""Read one upload in a process of its own: ``python -m data.intake.worker FOLDER``.

The folder is private to one upload. It holds ``request.json`` and the upload; the process
adds ``table.arrow`` or ``refusal.json`` to it and ends. It bounds itself before it reads.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.intake.cage import cut_network, keep_to, libraries
from data.intake.folder import COLUMNS, REFUSAL, REQUEST, TABLE
from data.intake.formats import check_content, format_of
from data.intake.limits import Limits, RefusedError

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
    path = folder / request["upload"]
    read = _loaded(path, request.get(COLUMNS))
    wanted = request["limits"]
    bound(wanted["memory_bytes"], wanted["unpacked_bytes"] * 2, wanted["seconds"])
    cut_network()
    keep_to(folder, libraries())
    sys.addaudithook(deny_network)
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
    (folder / TABLE).unlink(missing_ok=True)
    content = {"code": refusal.note.code, "details": dict(refusal.note.details)}
    (folder / REFUSAL).write_text(json.dumps(content), encoding="utf-8")


def _loaded(path: Path, columns: dict[str, Any] | None) -> Callable[[Path, Limits], None]:
    """Load what reads this one upload, and nothing else: return what reads and writes it.

    It is loaded before the process shuts itself off.
    """
    if columns is None:
        return _cell_by_cell(path)
    return _in_columns(path, columns)


def _cell_by_cell(path: Path) -> Callable[[Path, Limits], None]:
    from data.intake.table import write_table

    read = format_of(path.name).load()

    def run(folder: Path, limits: Limits) -> None:
        table = read(path, folder, limits)
        _tell("writing")
        write_table(table, folder / TABLE)

    return run


def _in_columns(path: Path, columns: dict[str, Any]) -> Callable[[Path, Limits], None]:
    from data.intake.large import ColumnsAsked, column_reader, read_large, write_columns

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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
