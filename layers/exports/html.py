"""Write the view as one HTML file that works without a server and without a network."""

from __future__ import annotations

from data.loader import Province
from layers.exports.exporter import Exporter
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    del options
    # Folium is loaded where a page is made.
    from layers.web.offline_page import offline_page

    return offline_page(spec, province).encode()


EXPORTER = Exporter("html", "html", "text/html", "map", _write)
