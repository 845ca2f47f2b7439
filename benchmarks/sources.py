"""Measure counting by county from files and databases, in one process and with dask.

All points are synthetic (``benchmarks.register``). Each figure is the smaller of two runs;
dask's workers are started before, and their start is a figure of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv

from benchmarks.register import COLUMNS, HUGE, MANY, once, synthetic_points
from benchmarks.snapshots import table
from clusters.registers.aggregate import aggregate_here, within
from clusters.registers.aggregate_dask import aggregate_with_dask, cluster
from data.loader import Province, default_province_id, load_province
from data.register.build import register_from_table
from data.register.register_file import save_register
from data.tables.opening import open_source
from data.tables.source import Wanted

FOLDER = Path(__file__).parent
SMALL = (118.7, 32.0, 118.9, 32.2)


def quiet(done: int, total: int) -> None:
    """Tell nobody."""


def counting(address: str, province: Province, client: Any, name: str) -> dict[str, float]:
    """Return the seconds of both engines, and of rows in a small window by one process."""
    source = open_source(address)
    wanted = within(Wanted("staff"), province.counties)
    window = within(Wanted("staff", bounds=SMALL), province.counties)

    def seconds(run: Any) -> float:
        return min(once(run), once(run)) / 1e3

    return {
        f"{name}_local_s": seconds(
            lambda: aggregate_here(source, wanted, province.counties, quiet)
        ),
        f"{name}_dask_s": seconds(
            lambda: aggregate_with_dask(source, wanted, province.counties, quiet, client)
        ),
        f"{name}_window_s": seconds(
            lambda: aggregate_here(source, window, province.counties, quiet)
        ),
    }


def measure(postgis: str | None) -> dict[str, Any]:
    """Return all figures of one run; ``postgis`` is the address of a table with ``staff``."""
    province = load_province(default_province_id())
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "cores": os.cpu_count(),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pa_csv.write_csv(synthetic_points(province, MANY), folder / "many.csv")
        points = synthetic_points(province, HUGE).drop_columns(["name", "address"])
        save_register(
            register_from_table(points, COLUMNS, province.counties), folder / "huge.parquet"
        )
        del points
        clients: list[Any] = []

        def start() -> None:
            clients.append(opened.__enter__())

        opened = cluster(None)
        figures["dask_start_s"] = once(start) / 1e3
        try:
            figures |= counting(str(folder / "many.csv"), province, clients[0], "csv_1m")
            figures |= counting(str(folder / "huge.parquet"), province, clients[0], "parquet_10m")
            if postgis is not None:
                figures |= counting(postgis, province, clients[0], "postgis")
        finally:
            opened.__exit__(None, None, None)
    return figures


def main() -> None:
    """Measure, print the table, and write it as Markdown and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the results go")
    parser.add_argument("--postgis", metavar="ADDRESS", help="a table of synthetic points")
    arguments = parser.parse_args()
    figures = measure(arguments.postgis)
    text = table(figures)
    out: Path = arguments.out
    (out / "sources.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    (out / "sources.md").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
