"""Measure registers of many points: opening, filtering, tiles, memory; 1,000,000 and 10,000,000.

All points are synthetic: drawn inside the province's counties, thick around their middles.
Other work on the machine can only slow a run down: each figure is taken in three rounds, and
the round with the smallest median is what is written.
"""

from __future__ import annotations

import argparse
import io
import json
import platform
import statistics
import struct
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from PIL import Image

from benchmarks.register_page import page_figures
from benchmarks.snapshots import table, timed
from clusters.registers.register_counts import count_by_area, count_by_hexagon
from clusters.registers.register_filter import Chosen, RegisterFilter, choose
from data.loader import Province, default_province_id, load_province
from data.own.own_register import register_of_large
from data.reading_progress import silent
from data.register.build import RegisterColumns, register_from_table
from data.register.county_index import county_codes
from data.register.register_file import open_register, save_register
from data.register.store import Register
from data.tables.register_of_source import register_of_source
from data.uploads.uploaded_file import UploadedFile
from layers.points.point_classes import density_breaks
from layers.points.point_tiles import identify, tile
from layers.specification.point_style import PointStyle

FOLDER = Path(__file__).parent
MANY, FEW, HUGE = 1_000_000, 1_000, 10_000_000
CSV = "synthetic.csv"
COLUMNS = RegisterColumns(categories=("sector", "segment", "status", "year"))
STYLE = PointStyle(color_by="sector")
FILTERED = RegisterFilter(
    values=(("sector", ("battery", "hydrogen")),), ranges=(("year", 2000, 2015),)
)
ROUNDS = 3
TILES_A_ROUND = 150
FIRST_TILES = 12


def synthetic_points(province: Province, count: int, seed: int = 1) -> pa.Table:
    """Return synthetic points inside the province's counties."""
    draw = np.random.default_rng(seed)
    places = [np.empty((0, 2))]
    while sum(map(len, places)) < count:
        found = _drawn(province, count, draw)
        inside = county_codes(found[:, 0], found[:, 1], province.counties) < len(province.counties)
        places.append(found[inside])
    longitude, latitude = np.concatenate(places)[:count].T
    segments = [segment.id for segment in province.plan.segments()]
    numbers = np.arange(count).astype(str)
    return pa.table(
        {
            "id": np.char.add("S", np.char.zfill(numbers, 8)),
            "name": np.char.add("Synthetic company number ", numbers),
            "longitude": longitude.round(6),
            "latitude": latitude.round(6),
            "sector": draw.choice([sector.id for sector in province.plan.sectors], count),
            "segment": draw.choice(segments, count),
            "status": draw.choice(["operating", "building", "closed"], count),
            "year": draw.integers(1990, 2027, count),
            "staff": draw.integers(1, 5000, count),
            "address": np.char.add("Synthetic road ", draw.integers(1, 999, count).astype(str)),
        }
    )


def _drawn(province: Province, count: int, draw: np.random.Generator) -> Any:
    west, south, east, north = province.counties.total_bounds
    wide = np.column_stack([draw.uniform(west, east, count), draw.uniform(south, north, count)])
    middles = province.counties[["label_lon", "label_lat"]].to_numpy()
    weights = draw.pareto(1.5, len(middles)) + 0.1
    home = draw.choice(len(middles), count, p=weights / weights.sum())
    near = middles[home] + draw.normal(0, 0.08, (count, 2))
    return np.where(draw.random(count)[:, None] < 0.7, near, wide)


def best(run: Callable[[], object], times: int) -> float:
    """Return the smallest of the medians of three rounds, in milliseconds."""
    return min(statistics.median(timed(run, times)) for _ in range(ROUNDS)) * 1e3


def opening(province: Province, points: pa.Table, folder: Path) -> tuple[Register, dict[str, Any]]:
    """Measure a CSV file: opened as a register, against only read by pyarrow."""
    path = folder / CSV
    pa_csv.write_csv(points, path)
    longitude, latitude = (points[name].to_numpy() for name in ("longitude", "latitude"))
    read = best(lambda: pa_csv.read_csv(path), 5)
    join = best(lambda: county_codes(longitude, latitude, province.counties), 3)
    source = partial(
        register_of_source, str(path), province.counties, categories=COLUMNS.categories
    )
    opened = best(source, 5)
    file = UploadedFile.read(path, path.name)
    wanted = file, file.as_guessed(province, "wgs84"), province
    uploaded = best(lambda: register_of_large(*wanted), 5)
    ahead = file.read_ahead()
    if ahead is None:
        raise RuntimeError("the file is too large to be read ahead")
    ahead.result(silent)
    accepted = best(lambda: register_of_large(*wanted, ahead=ahead), 5)
    ahead.stop()
    register = source()
    return register, {
        "csv_mb": path.stat().st_size / 1e6,
        "csv_read_ms": read,
        "csv_open_ms": opened,
        "spatial_join_ms": join,
        "csv_open_without_join_over_read": (opened - join) / read,
        "csv_upload_ms": uploaded,
        "csv_upload_without_join_over_read": (uploaded - join) / read,
        "csv_accept_ms": accepted,
        "csv_accept_without_join_over_read": (accepted - join) / read,
    }


def addresses(register: Register, zooms: range, seed: int) -> list[tuple[int, int, int]]:
    """Return tiles around random points: full tiles come oftener, as people look there."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(TILES_A_ROUND):
        zoom, place = int(draw.choice(list(zooms))), int(draw.integers(len(register)))
        column, row = int(register.column[place]), int(register.row[place])
        found.append((zoom, column >> (32 - zoom), row >> (32 - zoom)))
    return found


def tile_times(register: Register, chosen: Chosen, size: int = 256) -> dict[str, float]:
    """Return the median and the 95th percentile of a tile over the map's zooms, 6 to 14."""
    breaks = {zoom: density_breaks(register, chosen, zoom, STYLE) for zoom in range(6, 15)}
    rounds = []
    for number in range(ROUNDS):
        wanted = addresses(register, range(6, 15), number)
        times = []
        for zoom, x, y in wanted:
            start = time.perf_counter()
            tile(register, chosen, zoom, x, y, STYLE, breaks=breaks[zoom], size=size)  # type: ignore[arg-type]
            times.append((time.perf_counter() - start) * 1e3)
        rounds.append((statistics.median(times), float(np.percentile(times, 95))))
    median, p95 = min(rounds)
    return {"median_ms": median, "p95_ms": p95}


def filter_change(register: Register) -> float:
    """Return the time from a new filter to the first twelve tiles of the province, in ms."""
    west, north = int(register.column.min()) >> 24, int(register.row.min()) >> 24
    shown = [(8, west + place % 4, north + place // 4) for place in range(FIRST_TILES)]
    years = iter(range(10_000))

    def run() -> None:
        wanted = RegisterFilter(
            values=FILTERED.values, ranges=(("year", 2000, 2010 + next(years) % 10),)
        )
        chosen = choose(register, wanted)
        breaks = density_breaks(register, chosen, 8, STYLE)
        for address in shown:
            tile(register, chosen, *address, STYLE, breaks=breaks)

    return best(run, 9)


def bare_bincount(register: Register) -> float:
    """Return the time of only counting all points in the pixels of one tile, in ms."""
    shift = np.uint32(18)
    pixels = ((register.row >> shift & 255).astype(np.int64) << 8) | (
        register.column >> shift & 255
    )
    return best(lambda: np.bincount(pixels, minlength=65_536), 9)


def png_times(register: Register, chosen: Chosen) -> dict[str, float]:
    """Compare ways to write one tile of density as PNG."""
    zoom, x, y = addresses(register, range(9, 10), 3)[0]
    picture = Image.open(io.BytesIO(tile(register, chosen, zoom, x, y, STYLE)))
    pixels = np.asarray(picture)

    def pillow(level: int) -> bytes:
        out = io.BytesIO()
        picture.save(out, "PNG", compress_level=level)
        return out.getvalue()

    def by_hand() -> bytes:
        lines = np.zeros((256, 257), dtype=np.uint8)
        lines[:, 1:] = pixels
        parts = [(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 3, 0, 0, 0))]
        parts += [
            (b"PLTE", bytes(24)),
            (b"IDAT", zlib.compress(lines.tobytes(), 1)),
            (b"IEND", b""),
        ]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in parts
        )

    return {
        "png_pillow_1_ms": best(lambda: pillow(1), 50),
        "png_pillow_6_ms": best(lambda: pillow(6), 50),
        "png_by_hand_1_ms": best(by_hand, 50),
        "png_pillow_1_kb": len(pillow(1)) / 1e3,
        "png_pillow_6_kb": len(pillow(6)) / 1e3,
        "png_by_hand_1_kb": len(by_hand()) / 1e3,
    }


def many(province: Province, folder: Path) -> dict[str, Any]:
    """Measure 1,000,000 points."""
    register, figures = opening(province, synthetic_points(province, MANY), folder)
    few = register_from_table(synthetic_points(province, FEW), COLUMNS, province.counties)
    everything, chosen = Chosen(len(register)), choose(register, FILTERED)
    floor = bare_bincount(register)
    for name, points, size in (
        ("tile", everything, 256),
        ("filtered_tile", chosen, 256),
        ("retina_tile", everything, 512),
    ):
        figures |= {
            f"{name}_{key}": value for key, value in tile_times(register, points, size).items()
        }
    change, change_few = filter_change(register), filter_change(few)
    return figures | {
        "bare_bincount_ms": floor,
        "tile_over_bincount": figures["tile_median_ms"] / floor,
        "filter_change_ms": change,
        "filter_change_1000_points_ms": change_few,
        "filter_change_over_1000_points": change / change_few,
        "choose_ms": best(lambda: choose(register, FILTERED), 9),
        "count_by_county_ms": best(lambda: count_by_area(register, chosen, "county"), 9),
        "first_hexagons_ms": once(lambda: count_by_hexagon(register, chosen, 7)),
        "hexagons_ms": best(lambda: count_by_hexagon(register, chosen, 7), 9),
        "identify_ms": best(lambda: identify(register, chosen, 119.0, 32.0, 300.0), 9),
        "bytes_a_point": register.nbytes / len(register),
        **png_times(register, everything),
    }


def once(run: Callable[[], object]) -> float:
    """Return the time of one run, in milliseconds."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


def huge(province: Province, folder: Path) -> dict[str, Any]:
    """Measure 10,000,000 points, opened from GeoParquet."""
    path = folder / "synthetic.parquet"

    def build_and_save() -> None:
        points = synthetic_points(province, HUGE).drop_columns(["name", "address"])
        save_register(register_from_table(points, COLUMNS, province.counties), path)

    save = once(build_and_save)
    opened = once(lambda: open_register(path, province.counties))
    register = open_register(path, province.counties)
    everything, chosen = Chosen(len(register)), choose(register, FILTERED)
    figures = {
        "huge_draw_build_and_save_ms": save,
        "huge_file_mb": path.stat().st_size / 1e6,
        "huge_open_ms": opened,
        "huge_first_tile_ms": once(lambda: tile(register, everything, 6, 52, 25, STYLE)),
    }
    for name, points_chosen in (("huge_tile", everything), ("huge_filtered_tile", chosen)):
        times = tile_times(register, points_chosen)
        figures |= {f"{name}_{key}": value for key, value in times.items()}
    return figures | {
        "huge_filter_change_ms": filter_change(register),
        "huge_identify_ms": once(lambda: identify(register, chosen, 119.0, 32.0, 100.0)),
        "huge_bytes_a_point": register.nbytes / len(register),
        "huge_held_mb": register.nbytes / 1e6,
    }


def measure(with_huge: bool, with_page: bool) -> dict[str, Any]:
    """Return all figures of one run."""
    province = load_province(default_province_id())
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "taken": f"smallest median of {ROUNDS} rounds; synthetic points",
    }
    with tempfile.TemporaryDirectory() as folder:
        figures |= many(province, Path(folder))
        if with_page:
            few = Path(folder) / "few.csv"
            pa_csv.write_csv(synthetic_points(province, FEW), few)
            figures |= page_figures(few, Path(folder) / CSV, MANY, Path(folder))
        if with_huge:
            figures |= huge(province, Path(folder))
    return figures


def main() -> None:
    """Measure, print the table, and write it as Markdown and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the results go")
    parser.add_argument("--no-huge", action="store_true", help="leave out 10,000,000 points")
    parser.add_argument("--no-page", action="store_true", help="leave out the page in a browser")
    arguments = parser.parse_args()
    figures = measure(not arguments.no_huge, not arguments.no_page)
    text = table(figures)
    out: Path = arguments.out
    (out / "register.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    (out / "register.md").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
