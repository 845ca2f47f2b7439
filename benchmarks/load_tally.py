"""Count what happened under load, and sum it up in figures."""

from __future__ import annotations

import os
import platform
from collections import Counter
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Tally:
    """What happened: waiting times in seconds by act and phase, errors, memory in MB by time."""

    waits: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    phase: str = "starting"
    batches: int = 0
    busy_before: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))

    def took(self, act: str, seconds: float, phase: str) -> None:
        self.waits.setdefault(act, []).append((phase, seconds))


def figures(tally: Tally, sessions: int, minutes: float) -> dict[str, object]:
    found: dict[str, object] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_of_the_machine_before": tally.busy_before,
        "sessions": sessions,
        "minutes": minutes,
        "acts": sum(len(one) for one in tally.waits.values()),
        "errors": dict(tally.errors),
        "batches": tally.batches,
    }
    for act, waits in sorted(tally.waits.items()):
        for phase in ("alone", "beside a batch"):
            values = [seconds for name, seconds in waits if name == phase]
            if values:
                key = f"{act}_{phase.split()[0]}"
                found[f"{key}_p50_s"] = round(float(np.percentile(values, 50)), 3)
                found[f"{key}_p95_s"] = round(float(np.percentile(values, 95)), 3)
        alone, beside = found.get(f"{act}_alone_p95_s"), found.get(f"{act}_beside_p95_s")
        if isinstance(alone, float) and isinstance(beside, float) and alone:
            found[f"{act}_p95_ratio"] = round(beside / alone, 2)
    length = tally.memory[-1][0]
    for name, low, high in (
        ("after_a_fifth", 0.15, 0.25),
        ("at_half", 0.45, 0.5),
        ("at_the_end", 0.95, 1.0),
    ):
        values = [size for at, size in tally.memory if low * length <= at <= high * length]
        found[f"memory_{name}_mb"] = round(max(values), 1) if values else None
    return found
