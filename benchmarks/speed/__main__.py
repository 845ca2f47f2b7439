"""Measure all figures of speed in one run: ``python -m benchmarks.speed``."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks.speed import browsing
from benchmarks.speed.report import Row, machine_of, write
from benchmarks.speed.serving import Served, served
from benchmarks.speed.sessions import crowd, endurance
from benchmarks.speed.starting import start_s
from benchmarks.speed.wire import bytes_a_change

TARGET = Path(__file__).parents[1] / "speed"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
NOTHING_OUTSIDE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
WARM_S = 12


def median(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))


def browser_rows(browser: Browser, apps: dict[str, Served], rounds: int) -> list[Row]:
    all_apps = list(apps.values())
    floor_and_atlas = [apps["floor"], apps["atlas"]]
    took = browsing.filters(browser, all_apps, rounds)
    first, second = browsing.visits(browser, floor_and_atlas, max(3, rounds // 3))
    acts = browsing.switches(browser, apps["atlas"], max(4, rounds // 3))
    floor, atlas = median(took["floor"]), median(took["atlas"])
    rows = [
        Row("filter → painted, over the floor", atlas / floor, 1.5, "×"),
        Row("filter → painted, over the peer", atlas / median(took["peer"]), 0.5, "×"),
        *(Row(f"filter → painted: {name}, median", median(one)) for name, one in took.items()),
        *(Row(f"filter → painted: {name}, p95", p95(one)) for name, one in took.items()),
    ]
    for name, visit, bar in (("first", first, 1.6), ("second", second, 1.3)):
        ratio = median(visit["atlas"]) / median(visit["floor"])
        rows.append(Row(f"{name} visit → first paint, over the floor", ratio, bar, "×"))
        rows += [Row(f"{name} visit: {app}, median", median(one)) for app, one in visit.items()]
    for name, one in acts.items():
        rows.append(Row(f"{name} switch → painted, over the floor", median(one) / floor, 1.75, "×"))
        rows.append(Row(f"{name} switch, median", median(one)))
    kilobytes = browsing.geometry_bytes(browser, apps["atlas"]) / 1000
    rows.append(Row("geometry of a first visit, sites included", kilobytes, 120, "kB"))
    return rows


def session_rows(apps: dict[str, Served], people: int, seconds: float, changes: int) -> list[Row]:
    rows = []
    sent = asyncio.run(bytes_a_change(apps["atlas"])) / 1000
    rows.append(Row("sent for a filter, compressed", sent, 8, "kB"))
    crowds = {name: asyncio.run(crowd(apps[name], people, seconds)) for name in ("floor", "atlas")}
    atlas, floor = crowds["atlas"], crowds["floor"]
    extra = atlas["mb_a_session"] - floor["mb_a_session"]
    rows += [
        Row(f"{people} sessions: p95 of the atlas", atlas["p95_s"], 1, "s"),
        Row(f"{people} sessions: p95 of the floor", floor["p95_s"], None, "s"),
        Row(f"{people} sessions: errors of the atlas", atlas["errors"], 0, ""),
        Row(f"{people} sessions: memory of one above the floor's", extra, 4, "MB"),
    ]
    long = asyncio.run(endurance(apps["atlas"], changes))
    rows += [
        Row(f"{changes} changes: growth of memory", long["growth_mb"], 20, "MB"),
        Row(
            f"{changes} changes: last 100 over first 100",
            long["last_100_ms"] / long["first_100_ms"],
            1.2,
            "×",
        ),
        Row(f"{changes} changes: errors", long["errors"], 0, ""),
    ]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=TARGET, help="without its ending")
    asked = parser.parse_args()
    before = os.getloadavg()[0]
    log = Path(tempfile.mkdtemp()) / "servers.log"
    starts = start_s(("floor", "atlas"), 5, log)
    rows = [
        Row("start → answers, over the floor", starts["atlas"] / starts["floor"], 1.3, "×"),
        *(Row(f"start → answers: {name}, median", one, None, "s") for name, one in starts.items()),
    ]
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    with ExitStack() as stack:
        names = ("floor", "atlas", "peer", "deck")
        apps = {name: stack.enter_context(served(name, log)) for name in names}
        time.sleep(WARM_S)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", NOTHING_OUTSIDE]
        )
        rows = [*browser_rows(browser, apps, asked.rounds), *rows]
        browser.close()
    with ExitStack() as stack:
        apps = {name: stack.enter_context(served(name, log)) for name in ("floor", "atlas")}
        time.sleep(WARM_S)
        rows += session_rows(apps, asked.people, asked.seconds, asked.changes)
    write(rows, machine_of(before, asked.rounds), asked.out)
    print(asked.out.with_suffix(".md").read_text())


if __name__ == "__main__":
    main()
