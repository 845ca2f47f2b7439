"""Write the print map as an SVG drawing."""

from __future__ import annotations

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    # Matplotlib is loaded where something is drawn.
    from layers.paper.print_map import render_print_map

    return render_print_map(spec, province, "svg", options)


EXPORTER = Exporter("svg", "svg", "image/svg+xml", "map", _write)
