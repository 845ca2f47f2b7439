"""Write the view as a slide: the map as a picture, legend and table as native shapes."""

from __future__ import annotations

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    # The libraries of slides are loaded where one is made.
    from layers.paper.map_slide import map_slide

    return map_slide(spec, province, options)


EXPORTER = Exporter(
    "pptx",
    "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "map",
    _write,
)
