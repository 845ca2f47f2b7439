"""Name what stands in the folder that an upload is read in, by a process of its own."""

from __future__ import annotations

REQUEST, TABLE, REFUSAL = "request.json", "table.arrow", "refusal.json"
"""What stands in the folder of an upload: what is asked, and one of two answers."""

COLUMNS = "columns"
"""In the request: what is wanted of a file that is read in columns."""

READ_AS = "read_as"
"""In the request: how a person said that a file is to be read."""

WALLS = "walls.json"
"""What a process that was asked for no upload has found of its walls."""

ENDED, LONGEST_PATH = "ended", 4096
"""What the fork server tells, with the exit code, of a reader that has ended; bytes of a path."""

LOADED = b"loaded"
"""What the fork server tells once its libraries are loaded."""
