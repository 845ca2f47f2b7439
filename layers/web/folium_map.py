"""Draw a map specification in a browser, as a folium map.

The folium map itself is the same for every view: it is a page that a browser fetches once and
keeps, and that draws the views which are sent to it. Geometry is fetched by address. The same
elements make a page that stands by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import folium
from folium.template import Template

from data.text import say
from layers.specification.basemaps import BASEMAPS
from layers.specification.icons import icon_paths
from layers.specification.map_spec import (
    FADED_SHARE,
    FADES_ZOOM,
    FeatureId,
    GeometryId,
    LegendGroup,
    MapLayer,
    MapSpec,
    Symbol,
    SymbolClass,
    used_geometries,
)
from layers.specification.symbology import OWN_RING

MIN_ZOOM = 6
MAX_ZOOM = 14
ZOOM_STEP = 0.25


FoliumMap = folium.Map
"""What a map is outside this module, which alone knows folium."""


@dataclass(frozen=True)
class WebAssets:
    """Addresses of the scripts and style sheets that the map needs, and of our module."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    module: str


@dataclass(frozen=True)
class TileSource:
    """Points that the server draws as tiles: where, and at which zooms.

    ``address`` has the places ``{z}``, ``{x}``, ``{y}``, and ``{r}`` for fine screens.
    """

    address: str
    attribution: str = ""
    min_zoom: int = MIN_ZOOM
    max_zoom: int = MAX_ZOOM


_BRACE = "\ue000"
"""Stands for an opening brace in a string while it is written; from the private use area."""


def script_json(value: Any) -> str:
    """Return ``value`` as JSON that may stand in a script element and in a template.

    folium takes what it has rendered for a template once more, so no opening brace of a
    string may reach it; and no ``<`` may end the script.
    """
    text = json.dumps(_without_braces(value), allow_nan=False, separators=(",", ":"))
    for letter, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")):
        text = text.replace(letter, code)
    return text.replace("\\ue000", "\\u007b")


def _without_braces(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_BRACE, "").replace("{", _BRACE)
    if isinstance(value, dict):
        return {str(_without_braces(str(key))): _without_braces(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_braces(one) for one in value]
    return value


class _Module(folium.MacroElement):
    """The module that finds the map of a frame, and the drawings of the icons for it."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <link rel="modulepreload" href="{{ this.address }}">
            <script type="application/json" id="atlas-icons">{{ this.icons }}</script>
            <script type="module" src="{{ this.address }}"></script>
        {% endmacro %}
        """
    )

    def __init__(self, address: str) -> None:
        super().__init__()
        self._name = "Module"
        self.address = address
        self.icons = script_json(icon_paths())


@dataclass(frozen=True)
class PageContents:
    """Texts of what a page that stands by itself holds: style sheets, Leaflet, our own script."""

    styles: tuple[str, ...]
    leaflet: str
    script: str


class _Head(folium.MacroElement):
    """The head of a page that stands by itself: title, style sheets, scripts, what is drawn."""

    _template = Template(
        """<title>{{ this.title | e }}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        {% for style in this.contents.styles %}<style>{{ style }}</style>{% endfor %}
        <script>{{ this.contents.leaflet }}</script>
        <script type="application/json" id="atlas-icons">{{ this.icons }}</script>
        <script type="application/json" id="atlas-view">{{ this.view }}</script>
        <script type="module">{{ this.contents.script }}</script>"""
    )

    def __init__(self, title: str, contents: PageContents, payload: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Head"
        self.title = title
        self.contents = contents
        self.icons = script_json(icon_paths())
        self.view = script_json(payload)

    def render(self, **kwargs: Any) -> str:
        """Return the head as it stands, without folium's placing of its parts."""
        text: str = self._template.render(this=self, kwargs=kwargs)
        return text


def base_map(
    window: tuple[float, float, float, float],
    scripts: tuple[str, ...] = (),
    styles: tuple[str, ...] = (),
) -> folium.Map:
    """Return the empty map, the same for every view.

    ``window`` is (west, south, east, north) in decimal degrees: what can be panned to.
    """
    west, south, east, north = window
    base = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=MIN_ZOOM + 1,
        tiles=None,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        max_bounds=True,
        min_lon=west,
        max_lon=east,
        min_lat=south,
        max_lat=north,
        zoom_snap=ZOOM_STEP,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=90,
        track_resize=False,  # The atlas does (ClusterAtlas.takeSize).
    )
    base.default_js = [(f"script_{place}", link) for place, link in enumerate(scripts)]
    base.default_css = [(f"style_{place}", link) for place, link in enumerate(styles)]
    return base


def page_map(
    window: tuple[float, float, float, float],
    contents: PageContents,
    payload: dict[str, Any],
    *,
    title: str,
) -> folium.Map:
    """Return a map whose page shows ``payload`` and fetches nothing."""
    base = base_map(window)
    base.get_root().header.add_child(_Head(title, contents, payload), name="atlas")
    return base


def frame_page(window: tuple[float, float, float, float], assets: WebAssets) -> str:
    """Return the page of the empty map for a frame: it draws each view that is sent to it.

    The same text for the same arguments, in every process.
    """
    base = base_map(window, assets.scripts, assets.styles)
    base.add_child(_Module(assets.module))
    # folium names what it makes by chance.
    base._id = "atlas"
    html: str = base.get_root().render()
    return html


def web_payload(
    spec: MapSpec,
    geometry: Mapping[GeometryId, object],
    all_features: Mapping[GeometryId, frozenset[FeatureId]],
    *,
    extent_token: int = 0,
    tiles: TileSource | None = None,
) -> dict[str, Any]:
    """Return what our script needs to draw ``spec``, as plain JSON values.

    ``geometry`` gives the address (or the content) of each geometry; a class that covers
    ``all_features`` of its geometry is sent without its list. The map moves to the extent
    of ``spec`` only when ``extent_token`` is another than in the call before. ``tiles`` are
    shown below the names.
    """
    used = used_geometries(spec)
    basemap = BASEMAPS[spec.basemap]
    return {
        "language": spec.language,
        "name_field": "name_zh" if spec.language == "zh" else "name_en",
        "words": {
            "legend": say("legend.title", spec.language),
            "nearer": say("legend.nearer", spec.language),
            "map": say("page.map", spec.language),
        },
        "credits": [
            *([one.publisher, one.address if one.has_page else ""] for one in spec.sources),
            *([note, ""] for note in spec.notes),
        ],
        "geometry": {name: geometry[name] for name in sorted(used)},
        "layers": [_layer(layer, all_features[layer.geometry]) for layer in spec.layers],
        "legend": legend_payload(spec),
        "basemap": None if not basemap.is_outside else _basemap(spec.basemap),
        "extent": {
            "bounds": spec.extent.bounds,
            "center": spec.extent.center,
            "zoom": spec.extent.zoom,
            "token": extent_token,
        },
        "tiles": None if tiles is None else asdict(tiles),
    }


def _basemap(basemap_id: str) -> dict[str, Any]:
    basemap = BASEMAPS[basemap_id]
    return {
        "tiles": basemap.address(),
        "attribution": basemap.attribution,
        "subdomains": basemap.subdomains,
        "max_zoom": basemap.max_zoom,
    }


def _layer(layer: MapLayer, all_features: frozenset[FeatureId]) -> dict[str, Any]:
    return {
        "id": layer.id,
        "geometry": layer.geometry,
        "min_zoom": max(layer.min_zoom, layer.screen_from_zoom),
        "interactive": layer.interactive,
        **({"deferred": True} if layer.deferred else {}),
        **({"fades": [*FADES_ZOOM, FADED_SHARE]} if layer.fades else {}),
        "in_tooltip": layer.in_tooltip,
        "groupings": [asdict(found) for found in layer.groupings],
        **({"marked": list(layer.marked), "rim": OWN_RING.color} if layer.marked else {}),
        "classes": [_class(found, all_features) for found in layer.classes],
        **({"values": dict(layer.values)} if layer.values else {}),
    }


def _class(found: SymbolClass, all_features: frozenset[FeatureId]) -> dict[str, Any]:
    everything = frozenset(found.features) == all_features
    return {
        "label": found.label,
        "symbol": _symbol(found.symbol),
        "features": None if everything else list(found.features),
    }


def legend_payload(spec: MapSpec) -> list[dict[str, Any]]:
    """Return the legend of ``spec`` as plain JSON values."""
    return [_legend_group(group) for group in spec.legend]


def _legend_group(group: LegendGroup) -> dict[str, Any]:
    return {
        "title": group.title,
        "entries": [
            {
                "label": entry.label,
                "symbol": _symbol(entry.symbol),
                "note": entry.note,
                "toggle": entry.toggle,
            }
            for entry in group.entries
        ],
    }


def _symbol(symbol: Symbol) -> dict[str, Any]:
    return {"kind": type(symbol).__name__.lower(), **asdict(symbol)}
