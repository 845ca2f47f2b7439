"""Write the print map as a PNG picture of 300 dots per inch."""

from __future__ import annotations

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    # Matplotlib is loaded where something is drawn.
    from layers.paper.print_map import render_print_map

    return render_print_map(spec, province, "png", options)


EXPORTER = Exporter("png", "png", "image/png", "map", _write)
