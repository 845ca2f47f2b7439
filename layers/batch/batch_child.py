"""Do what ``layers.batch.batch_process`` asks of its process, and end with whoever asked.

The asker holds the other end of this process's input. When the asker is killed, however
suddenly, the input ends, and so does the work that nobody waits for any more.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from clusters.own_province import with_own_data
from data.loader import Province, load_province
from data.own.dataset_content import load_own
from data.own.datasets import DatasetStore
from data.own.own_counts import OwnPoints
from data.own.own_source import OwnSites
from data.register.register_file import open_register
from data.tables.point_tables import Points, TablePoints
from data.text import LANGUAGES
from layers.batch.batch_process import OWN, POINTS, TABLE
from layers.batch.map_series import write_batch
from layers.points.points_asked import PointsAsked


def main(folder: Path, province_id: str, language_name: str) -> None:
    """Print the maps of a province into ``folder``, with the own data that was left there."""
    province = load_province(province_id)
    store = DatasetStore(folder / OWN)
    own = [load_own(store, one.name, province) for one in store.every()]
    language = next(one for one in LANGUAGES if one == language_name)
    points = left_points(folder, province, own)
    whole = with_own_data(province, own) if own else province
    for _ in write_batch(whole, language, folder, points):
        pass


def left_points(
    folder: Path, province: Province, own: Sequence[OwnSites | OwnPoints]
) -> tuple[Points, PointsAsked] | None:
    """Return the points that are to be drawn, and how; ``None`` where none are."""
    path = folder / POINTS
    if not path.exists():
        return None
    left = json.loads(path.read_text(encoding="utf-8"))
    asked = PointsAsked.from_json(left["asked"])
    for one in own:
        if isinstance(one, OwnPoints) and one.source.id == left["source"]:
            return one, asked
    table = next(one for one in province.settings.tables if one.id == left["table"])
    register = open_register(folder / TABLE, province.counties)
    return TablePoints(table, province.sources[table.evidence], register), asked


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
