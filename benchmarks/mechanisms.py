"""Tell what each mechanism of speed gains: ``python -m benchmarks.mechanisms [NAME ...]``.

The atlas is served whole, and beside it a copy in which one mechanism is switched off; both are
worked in turn. A mechanism is kept where a person gains 50 ms or more at the median, or 50
sessions 20 % or more at p95.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.speed import browsing
from benchmarks.speed.__main__ import BROWSERS, NOTHING_OUTSIDE, WARM_S
from benchmarks.speed.serving import ROOT, Served, served
from benchmarks.speed.sessions import crowd

COPIED = ("app.py", ".streamlit", "clusters", "data", "docs", "layers", "ui")
WITHOUT = "atlas without"
PEOPLE, SECONDS = 50, 30
Pair = dict[str, list[float]]


@dataclass(frozen=True)
class Mechanism:
    """What is switched off, by which changes of the code, and what it may gain."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    figures: tuple[str, ...]


MECHANISMS = (
    Mechanism(
        "first map",
        (("ui/server/preload.py", "*(_of_the_map if self._is_map else ())", ""),),
        ("first visit", "second visit"),
    ),
    Mechanism(
        "live connection",
        (("ui/server/live.py", "listeners = list(self._listeners)", "listeners = []"),),
        ("filter", "language", "sessions"),
    ),
    Mechanism(
        "garbage",
        (("ui/server/warm.py", "    keep_searches_short()\n", ""),),
        ("filter", "sessions"),
    ),
    Mechanism(
        "answers in two steps",
        tuple(
            ("ui/state/redraw.py", head, f"{head}\n    return {instead}")
            for head, instead in (
                ("def leave(*parts: str) -> None:", "redraw(*parts)"),
                ("def redraw_first(part: str) -> None:", ""),
                ("def let_paint() -> None:", ""),
            )
        ),
        ("language", "profile", "page"),
    ),
)


def copy_without(mechanism: Mechanism, folder: Path) -> Path:
    """Copy the atlas into ``folder`` and switch the mechanism off in it."""
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    for file, old, new in mechanism.changes:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise RuntimeError(f"{mechanism.name}: {file} does not hold {old!r} once")
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def in_browser(
    browser: Browser, apps: list[Served], wanted: set[str], rounds: int
) -> dict[str, Pair]:
    """Return times in milliseconds by figure and app."""
    found: dict[str, Pair] = {}
    if "filter" in wanted:
        found["filter"] = browsing.filters(browser, apps, rounds)
    if wanted & {"first visit", "second visit"}:
        visits = browsing.visits(browser, apps, max(3, rounds // 3))
        found |= dict(zip(("first visit", "second visit"), visits, strict=True))
    if wanted & {"language", "profile", "page"}:
        halves = [browsing.switches(browser, app, rounds // 2) for app in (*apps, *apps)]
        for name in halves[0]:
            found[name] = {
                app.name: [*halves[place][name], *halves[place + len(apps)][name]]
                for place, app in enumerate(apps)
            }
    return {name: pair for name, pair in found.items() if name in wanted}


def in_sessions(apps: list[Served]) -> dict[str, Pair]:
    """Return the 95th percentile of 50 sessions in milliseconds, twice in turn."""
    took: Pair = {app.name: [] for app in apps}
    for app in (*apps, *reversed(apps)):
        took[app.name].append(1000 * asyncio.run(crowd(app, PEOPLE, SECONDS))["p95_s"])
    return {"sessions": took}


def measured(mechanism: Mechanism, rounds: int, browser_path: str) -> list[str]:
    """Return the lines of the table: figure, whole, without, gain."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_without(mechanism, Path(name) / "atlas")
        log = Path(name) / "servers.log"
        without = f"{WITHOUT} {mechanism.name}"
        with served("atlas", log) as whole, served(without, log, root=folder) as less:
            time.sleep(WARM_S)
            wanted = set(mechanism.figures)
            # Closed before sessions begin: both have a loop of their own.
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=browser_path, args=["--no-sandbox", NOTHING_OUTSIDE]
                )
                found = in_browser(browser, [whole, less], wanted, rounds)
                browser.close()
            if "sessions" in wanted:
                found |= in_sessions([whole, less])
    lines = []
    for figure, pair in found.items():
        kept, off = (statistics.median(pair[one.name]) for one in (whole, less))
        what = "p95 of 50 sessions" if figure == "sessions" else f"{figure}, median"
        gain = f"{off - kept:+.0f} ms ({(off - kept) / off:+.0%})"
        lines.append(f"| {mechanism.name} | {what} | {kept:.0f} ms | {off:.0f} ms | {gain} |")
    return lines


def main() -> None:
    """Measure the mechanisms that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a mechanism; all if none")
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    print("| mechanism | figure | with it | without | gained |\n| --- | --- | ---: | ---: | ---: |")
    for one in MECHANISMS:
        if not asked.names or one.name in asked.names:
            print("\n".join(measured(one, asked.rounds, path)), flush=True)
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
