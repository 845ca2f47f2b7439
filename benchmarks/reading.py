"""Measure what reading a small upload costs: by Python started anew, and forked from a process.

``python -m benchmarks.reading`` prints wall and processor seconds of each format, the medians of
seven readings; the processor's are those of this process and of all that it has started.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import openpyxl
import psutil
import shapely

from data.uploads.sandbox.safely import read_safely
from data.uploads.sandbox.walls import prepare_readers

ROUNDS = 7
POINT = "<Point><coordinates>118,32</coordinates></Point>"
KML = f"<kml><Placemark><name>a</name>{POINT}</Placemark></kml>"


def small_files() -> dict[str, bytes]:
    """Return a small file of each format, by name."""
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]},
        geometry=[shapely.Point(118, 32), shapely.Point(119, 33)],
        crs="EPSG:4326",
    )
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["name", "longitude", "latitude"], ["a", 118, 32], ["b", 119, 33]):
        book.active.append(row)
    book.save(out)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame.to_file(folder / "a.gpkg", driver="GPKG")
        frame.to_parquet(folder / "a.parquet")
        frame.to_file(folder / "shape.shp")
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            for part in folder.glob("shape.*"):
                archive.write(part, part.name)
        files = {path.name: path.read_bytes() for path in sorted(folder.glob("a.*"))}
    return {
        "a.csv": b"name,longitude,latitude\na,118,32\nb,119,33\n",
        "a.xlsx": out.getvalue(),
        "a.geojson": frame.to_json().encode(),
        "a.kml": KML.encode(),
        **files,
    }


def processor_seconds() -> float:
    """Return the processor time of this process and of all that it has started."""
    own = psutil.Process()
    seconds = 0.0
    for one in (own, *own.children(recursive=True)):
        with suppress(psutil.Error):
            seconds += sum(one.cpu_times()[:4])
    return seconds


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall and processor seconds of ``work``, medians of some rounds after a first."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        start, used = time.perf_counter(), processor_seconds()
        work()
        rounds.append((time.perf_counter() - start, processor_seconds() - used))
    walls, processor = zip(*rounds, strict=True)
    return statistics.median(walls), statistics.median(processor)


def main() -> None:
    """Print the costs of both ways."""
    files = small_files()
    for way in ("anew", "forked"):
        if way == "forked":
            prepare_readers()
        for name, content in files.items():
            wall, processor = cost(lambda name=name, content=content: read_safely(content, name))
            sys.stdout.write(f"{way:8}{name:12}{wall:7.3f} s wall {processor:7.3f} s processor\n")


if __name__ == "__main__":
    main()
