"""Write into ``tests/README.md`` what the last whole run cost: ``python -m tests.timings``.

It reads ``test-results/durations.json``, which a run of the tests leaves (``tests.report``).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.report import DURATIONS

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- timings -->", "<!-- end of timings -->"
SLOWEST = 60
PHASES = ("setup", "call", "teardown")

Seconds = dict[str, dict[str, float]]


def folder_of(test: str) -> str:
    return "/".join(test.partition("::")[0].split("/")[:2])


def rows(cells: Iterable[Iterable[object]]) -> list[str]:
    return ["| " + " | ".join(str(one) for one in row) + " |" for row in cells]


def by_folder(tests: Seconds) -> list[str]:
    """Return a table of the folders: how many tests, and the seconds of each phase."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * (1 + len(PHASES)))
    for test, phases in tests.items():
        found = sums[folder_of(test)]
        found[0] += 1
        for place, phase in enumerate(PHASES, start=1):
            found[place] += phases.get(phase, 0.0)
    body = (
        (f"`{name}`", int(count), *(f"{one:.0f}" for one in seconds))
        for name, (count, *seconds) in sorted(sums.items())
    )
    return [
        "| folder | tests | set-up, s | tests, s | tear-down, s |",
        "| --- | ---: | ---: | ---: | ---: |",
        *rows(body),
    ]


def slowest(tests: Seconds) -> list[str]:
    """Return a table of the slowest tests, by the seconds of the test itself."""
    ordered = sorted(tests.items(), key=lambda item: -item[1].get("call", 0.0))[:SLOWEST]
    body = (
        (f"{phases.get('call', 0.0):.1f}", f"{phases.get('setup', 0.0):.1f}", f"`{escaped(test)}`")
        for test, phases in ordered
    )
    return ["| test, s | set-up, s | test |", "| ---: | ---: | --- |", *rows(body)]


def escaped(test: str) -> str:
    return test.removeprefix("tests/").replace("|", "\\|")


def main() -> None:
    """Write the tables."""
    if not DURATIONS.exists():
        sys.exit("no run of the tests has left its durations: run `make test` first")
    found = json.loads(DURATIONS.read_text(encoding="utf-8"))
    day = dt.datetime.fromtimestamp(DURATIONS.stat().st_mtime, tz=dt.UTC).date()
    head = (
        f"Measured on {day} by a whole run on {os.cpu_count()} cores: {len(found['tests'])} tests "
        f"in {found['seconds']:.0f} s, by two processes side by side. A test's seconds hold what "
        "the other process takes of the machine meanwhile."
    )
    tables = [head, "", *by_folder(found["tests"]), "", f"The {SLOWEST} slowest:", ""]
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = "\n".join([*tables, *slowest(found["tests"])])
    README.write_text(f"{before}{BEGIN}\n{lines}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
