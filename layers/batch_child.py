"""Do what ``layers.batch_process`` asks of its process, and end with whoever asked.

The asker holds the other end of this process's input. When the asker is killed, however
suddenly, the input ends, and so does the work that nobody waits for any more.
"""

from __future__ import annotations

import os
import sys
import threading

from layers.cli import main


def _end_with_asker() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_asker, daemon=True).start()
    # Without the end of an interpreter, which would wait for the reading of the input.
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
