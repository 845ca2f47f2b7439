"""Measure snapshots: time against folium's own picture, memory over many, and other users' wait.

Run ``make bench``. All figures come from one run on one machine; ratios are what counts.
The peer needs Debian's ``chromium-driver`` and ``requirements/bench.txt``; it is left out, and
said to be, where they are missing.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium

from data.loader import Province, default_province_id, load_province
from layers.address.query import parse_query
from layers.compose import compose
from layers.paper.print_map import render_print_map
from layers.specification.map_spec import used_geometries
from layers.web.folium_map import web_payload
from layers.web.wire_geometry import feature_ids, wire_geometry

FOLDER = Path(__file__).parent
MANY = 200


def timed(run: Callable[[], object], times: int) -> list[float]:
    """Return the seconds of each of ``times`` runs, after one that is not counted."""
    run()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return seconds


def memory_mb() -> float:
    """Return the resident memory of this process, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def folium_picture(province: Province) -> Callable[[], object] | None:
    """Return a run of folium's own PNG of the same areas, or ``None`` where it cannot run."""
    driver = shutil.which("chromedriver")
    browser = shutil.which("chromium")
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.options import Options
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        return None
    if driver is None or browser is None:
        return None

    def run() -> object:
        options = Options()
        options.binary_location = browser
        for argument in ("--headless", "--no-sandbox", "--disable-gpu"):
            options.add_argument(argument)
        chrome = webdriver.Chrome(service=Service(driver), options=options)
        view = folium.Map(location=(33, 119.5), zoom_start=7, tiles=None)
        # Scripts from outside would not load here: the peer is spared their time.
        view.default_js, view.default_css = [], []
        for table in (province.neighbours, province.counties, province.cities):
            folium.GeoJson(json.loads(table.to_json())).add_to(view)
        # ``_to_png`` closes the driver that it is given.
        return view._to_png(delay=1, driver=chrome)

    return run


def wait_of_others(province: Province) -> dict[str, float]:
    """Return the median time to answer a filter, alone and while snapshots are drawn."""
    names = used_geometries(compose(parse_query("", province).view, province))
    addresses = {name: wire_geometry(province, name).file_name for name in names}
    features = {name: feature_ids(province, name) for name in names}

    def answer() -> object:
        view = parse_query("sector=battery&lang=en", province).view
        return web_payload(compose(view, province), addresses, features)

    alone = statistics.median(timed(answer, 60))
    spec = compose(parse_query("", province).view, province)
    stop = threading.Event()

    def draw() -> None:
        while not stop.is_set():
            render_print_map(spec, province, "png")

    drawing = threading.Thread(target=draw)
    drawing.start()
    beside = statistics.median(timed(answer, 60))
    stop.set()
    drawing.join()
    return {"alone_ms": alone * 1e3, "beside_ms": beside * 1e3}


def memory_over_many(province: Province) -> dict[str, float]:
    """Return the memory after 20 snapshots and after ``MANY``, in megabytes."""
    spec = compose(parse_query("", province).view, province)
    early = 0.0
    for number in range(1, MANY + 1):
        render_print_map(spec, province, "png")
        if number == 20:
            early = memory_mb()
    return {"after_20_mb": early, f"after_{MANY}_mb": memory_mb()}


def measure() -> dict[str, Any]:
    """Return all figures of one run."""
    province = load_province(default_province_id())
    spec = compose(parse_query("", province).view, province)
    ours = timed(lambda: render_print_map(spec, province, "png"), 9)
    peer = folium_picture(province)
    theirs = timed(peer, 3) if peer else []
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "a4_300dpi_s": statistics.median(ours),
        "folium_to_png_s": statistics.median(theirs) if theirs else None,
        **wait_of_others(province),
        **memory_over_many(province),
    }
    if theirs:
        figures["ratio_to_folium"] = figures["a4_300dpi_s"] / figures["folium_to_png_s"]
    return figures


def table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| figure | value |", "| --- | --- |"]
    for name, value in figures.items():
        shown = "not measured" if value is None else value
        lines.append(
            f"| {name} | {shown:.3f} |" if isinstance(value, float) else f"| {name} | {shown} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, and write it as Markdown and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the results go")
    out: Path = parser.parse_args().out
    figures = measure()
    text = table(figures)
    (out / "snapshots.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    (out / "snapshots.md").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
