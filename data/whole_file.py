"""Write a file so that it is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from data.in_place import put_in_place


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path`` and put it there when it is complete.

    What was there before stays until then. Raises ``OSError`` and leaves nothing behind where
    it cannot be written, as on a full disk.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)  # a pipe or a device has no half
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        put_in_place(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
