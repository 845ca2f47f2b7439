"""Do what ``layers.batch_process`` asks of its process, and end with whoever asked.

The asker holds the other end of this process's input. When the asker is killed, however
suddenly, the input ends, and so does the work that nobody waits for any more.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from clusters.own_province import with_own_data
from data.dataset_content import load_own
from data.datasets import DatasetStore
from data.loader import load_province
from data.text import LANGUAGES
from layers.batch import write_batch
from layers.batch_process import OWN


def main(folder: Path, province_id: str, language_name: str) -> None:
    """Print the maps of a province into ``folder``, with the own data that was left there."""
    province = load_province(province_id)
    store = DatasetStore(folder / OWN)
    own = [load_own(store, one.name, province) for one in store.every()]
    language = next(one for one in LANGUAGES if one == language_name)
    for _ in write_batch(with_own_data(province, own) if own else province, language, folder):
        pass


def _end_with_asker() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_asker, daemon=True).start()
    # Without the end of an interpreter, which would wait for the reading of the input.
    code = 1
    try:
        main(Path(sys.argv[1]), *sys.argv[2:4])
        code = 0
    finally:
        os._exit(code)
