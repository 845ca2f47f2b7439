"""Write what was measured: JSON, a Markdown table, and a picture of ratios to their bars."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt


@dataclass(frozen=True)
class Row:
    """A figure, its bar (``None`` for those that only stand beside it), and its unit."""

    name: str
    value: float
    bar: float | None = None
    unit: str = "ms"

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "yes" if self.value <= self.bar else "**no**"


def machine_of(load_before: float, rounds: int) -> dict[str, object]:
    """Return what a run stands on; ``load_before`` is the load when it began."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        "load before": round(load_before, 2),
        "load after": round(os.getloadavg()[0], 2),
        "rounds": rounds,
    }


def table(rows: list[Row], machine: dict[str, object]) -> str:
    lines = ["| figure | value | bar | met |", "| --- | --- | --- | --- |"]
    for row in rows:
        bar = "" if row.bar is None else f"{row.bar:g} {row.unit}"
        lines.append(f"| {row.name} | {row.value:,.2f} {row.unit} | {bar} | {row.verdict} |")
    about = "; ".join(f"{key}: {value}" for key, value in machine.items())
    return "\n".join((*lines, "", about, ""))


def picture(rows: list[Row], path: Path) -> None:
    held = [row for row in rows if row.bar]
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(held) + 1))
    shares = [row.value / row.bar for row in held if row.bar]
    colors = ["#1F5F8B" if share <= 1 else "#B5460F" for share in shares]
    axes.barh([row.name for row in held], shares, color=colors)
    axes.axvline(1, color="#20252D", linewidth=1)
    axes.set_xlabel("share of the bar (left of the line: met)")
    axes.invert_yaxis()
    figure.tight_layout()
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def write_tables(rows: list[Row], machine: dict[str, object], target: Path) -> None:
    """Write ``target`` with the endings ``.json`` and ``.md``."""
    found = {"machine": machine, "rows": [asdict(row) | {"met": row.verdict} for row in rows]}
    target.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")
    target.with_suffix(".md").write_text(table(rows, machine))


def write(rows: list[Row], machine: dict[str, object], target: Path) -> None:
    """Write ``target`` with the endings ``.json``, ``.md`` and ``.png``."""
    write_tables(rows, machine, target)
    picture(rows, target.with_suffix(".png"))
