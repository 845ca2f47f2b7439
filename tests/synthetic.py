"""Make points that nobody has seen: synthetic registers for the tests."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.register.build import RegisterColumns

COLUMNS = RegisterColumns(categories=("sector", "year"))


def synthetic_table(province, count: int = 5000, seed: int = 7) -> pa.Table:
    """Return synthetic points in the province's bounds, some of them outside it."""
    draw = np.random.default_rng(seed)
    west, south, east, north = province.counties.total_bounds
    return pa.table(
        {
            "id": [f"S{number:06d}" for number in range(count)],
            "longitude": draw.uniform(west, east, count),
            "latitude": draw.uniform(south, north, count),
            "sector": draw.choice(["battery", "assembly", "hydrogen"], count),
            "year": pa.array(draw.integers(1990, 2026, count), mask=draw.random(count) < 0.1),
            "staff": draw.integers(1, 500, count),
        }
    )
