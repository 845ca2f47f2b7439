"""Measure commands against bare scripts that do the least of the same: ``make bench``.

Both are run in turn, as a person starts them: a process of their own, with compiled modules.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.report import Row, machine_of, write
from data.loader import PROVINCES_FOLDER, default_province_id, load_province

TARGET = Path(__file__).parent / "command_line"
FLOORS = Path(__file__).parent / "floors"


@dataclass(frozen=True)
class Pair:
    """A command and its floor, the most that it may take of that, and in seconds."""

    name: str
    command: tuple[str, ...]
    floor: tuple[str, ...]
    times: float
    seconds: float | None = None


def pairs(folder: Path) -> tuple[Pair, ...]:
    province = load_province(default_province_id())
    adcode, slug = next(iter(province.city_slugs.items()))
    home = PROVINCES_FOLDER / province.id
    layers = ("-m", "layers")
    nothing = ("-c", "import json, tomllib")
    table = (str(FLOORS / "bare_export.py"), str(home), str(adcode), str(folder / "floor.csv"))
    picture = (str(FLOORS / "bare_snapshot.py"), str(home), str(folder / "floor.png"))
    csv, png = str(folder / "atlas.csv"), str(folder / "atlas.png")
    wrong = (*layers, "export", "sector=no-such-sector", "-o", csv)
    return (
        Pair("--help", (*layers, "--help"), nothing, 3, 0.4),
        Pair("list", (*layers, "list"), nothing, 3, 0.4),
        Pair("export of a wrong query", wrong, nothing, 3, 0.4),
        Pair("export, CSV", (*layers, "export", f"city={slug}", "-o", csv), table, 1.5),
        Pair("snapshot, PNG", (*layers, "snapshot", f"city={slug}", "-o", png), picture, 2),
    )


def took_s(words: tuple[str, ...]) -> float:
    # What Python keeps of modules is kept, as it is on a person's machine.
    kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    command = [sys.executable, *words]
    done = subprocess.run(command, env=kept, capture_output=True, check=False)  # noqa: S603
    took = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return took


def rows_of(pair: Pair, rounds: int) -> list[Row]:
    took_s(pair.command), took_s(pair.floor)
    both = [(took_s(pair.command), took_s(pair.floor)) for _ in range(rounds)]
    command, floor = (statistics.median(one) for one in zip(*both, strict=True))
    return [
        Row(f"{pair.name}, over its floor", command / floor, pair.times, "×"),
        Row(f"{pair.name}, median", command, pair.seconds, "s"),
        Row(f"{pair.name}: floor, median", floor, None, "s"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=TARGET, help="without its ending")
    asked = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for pair in pairs(Path(folder)) for row in rows_of(pair, asked.rounds)]
    write(rows, machine_of(before, asked.rounds), asked.out)
    print(asked.out.with_suffix(".md").read_text())


if __name__ == "__main__":
    main()
