"""Put a finished file in the place of another one, durably and on every system."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_PATIENCE_S = 2.0
_PAUSE_S = 0.02
_ON_WINDOWS = sys.platform == "win32"


def put_in_place(part: Path, target: Path) -> None:
    """Put ``part`` in the place of ``target`` in one step.

    Windows refuses while somebody has either of them open, as those who search for viruses do
    for a moment with every new file: there it is tried again for two seconds. Raises ``OSError``.
    """
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            part.replace(target)
        except PermissionError:
            if not _ON_WINDOWS or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def keep_names(folder: Path) -> None:
    """Make durable which files a folder holds; Windows opens no folder and does so by itself."""
    if _ON_WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
