"""Write the print map as a PDF page with its font embedded."""

from __future__ import annotations

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    # Matplotlib is loaded where something is drawn.
    from layers.paper.print_map import render_print_map

    return render_print_map(spec, province, "pdf", options)


EXPORTER = Exporter("pdf", "pdf", "application/pdf", "map", _write)
