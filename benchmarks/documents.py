"""Measure what leaves a page, warm, against Matplotlib's own picture of the same size.

Run ``make bench``: median of each file of one view, and of a city's brief, made in turn in one
process, as the server makes them. The floor draws the cities and their counties and saves them.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.speed.report import Row, machine_of, write
from data.loader import Province, default_province_id, load_province
from layers.address.query import parse_query
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import brief_of
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions

TARGET = Path(__file__).parent / "documents"
A4_INCHES = (11.69, 8.27)
BARS_S = {"png": 0.6, "pdf": 0.8, "pptx": 1.5, "xlsx": 0.8, "html": 1.0}
BRIEF_BARS_S = {"docx": 3.0}


def floor(province: Province) -> bytes:
    figure, axes = plt.subplots(figsize=A4_INCHES)
    for table in (province.counties, province.cities):
        table.plot(ax=axes)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=300)
    plt.close(figure)
    return buffer.getvalue()


def makers(province: Province) -> dict[str, Callable[[], object]]:
    view = parse_query("", province).view
    spec, exporters = compose(view, province), all_exporters()
    city = replace(view, profile=int(province.cities.index[0]))
    files = {
        name: lambda name=name: exporters[name].write(spec, province, PaperOptions())
        for name in BARS_S
    }
    briefs = {
        f"brief, {name}": lambda one=one: one.written(brief_of(city, province), None)
        for name, one in BRIEF_FORMATS.items()
    }
    return {"floor": lambda: floor(province), **files, **briefs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=TARGET, help="without its ending")
    asked = parser.parse_args()
    before = os.getloadavg()[0]
    made = makers(load_province(default_province_id()))
    took: dict[str, list[float]] = {name: [] for name in made}
    for turn in range(asked.rounds + 1):
        for name, make in made.items():
            start = time.perf_counter()
            make()
            if turn:
                took[name].append(time.perf_counter() - start)
    middle = {name: statistics.median(one) for name, one in took.items()}
    bars = BARS_S | {f"brief, {name}": bar for name, bar in BRIEF_BARS_S.items()}
    rows = [Row("floor: savefig, A4, 300 dpi", middle.pop("floor"), None, "s")]
    for name, seconds in middle.items():
        rows.append(Row(name, seconds, bars.get(name), "s"))
        rows.append(Row(f"{name}, over the floor", seconds / rows[0].value, None, "×"))
    write(rows, machine_of(before, asked.rounds), asked.out)
    print(asked.out.with_suffix(".md").read_text())


if __name__ == "__main__":
    main()
