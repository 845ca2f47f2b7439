"""Find the export formats: every file of this folder that defines ``EXPORTER`` is one.

To add a format, add a file; the pages, the command line and the tests pick it up.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from layers.exporter import Exporter


@cache
def all_exporters() -> dict[str, Exporter]:
    """Return every exporter by its id. Raises ``ValueError`` when two share an id."""
    exporters: dict[str, Exporter] = {}
    for found in pkgutil.iter_modules(__path__):
        exporter: Exporter = importlib.import_module(f"{__name__}.{found.name}").EXPORTER
        if exporter.id in exporters:
            raise ValueError(f"two exporters share the id {exporter.id}")
        exporters[exporter.id] = exporter
    return exporters
