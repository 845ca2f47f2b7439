"""Find the export formats: every file of this folder that defines ``EXPORTER`` is one.

To add a format, add a file; the pages, the command line and the tests pick it up.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from layers.exports.exporter import Exporter


@cache
def all_exporters() -> dict[str, Exporter]:
    """Return every exporter by its id. Raises ``ValueError`` when two share an id."""
    exporters: dict[str, Exporter] = {}
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        exporter: Exporter | None = getattr(module, "EXPORTER", None)
        if exporter is None:
            continue
        if exporter.id in exporters:
            raise ValueError(f"two exporters share the id {exporter.id}")
        exporters[exporter.id] = exporter
    return exporters
