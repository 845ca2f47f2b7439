"""Make a page of a view that stands by itself: one file, no server, no network."""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pandas as pd

from data.loader import Province
from data.text import join, say
from layers.catalogue import overlay_ids
from layers.points.points_offline import offline_points
from layers.specification.map_spec import FeatureId, GeometryId, MapSpec, used_geometries
from layers.tables.analysis_tables import asks_ranking
from layers.web.folium_map import FoliumMap, PageContents, page_map, web_payload
from layers.web.script_modules import joined
from layers.web.wire_geometry import collection_of
from layers.words.ranking_words import ranked_facts

_ASSETS = Path(__file__).parent / "assets"


@cache
def leaflet_folder() -> Path:
    """Return the folder of the installed ``XStatic-Leaflet`` that holds Leaflet's files."""
    return Path(str(distribution("XStatic-Leaflet").locate_file("xstatic/pkg/leaflet/data")))


@cache
def page_contents() -> PageContents:
    """Return the contents of the scripts and style sheets that the page needs."""
    styles = (leaflet_folder() / "leaflet.css", _ASSETS / "map.css")
    return PageContents(
        styles=tuple(path.read_text(encoding="utf-8") for path in styles),
        leaflet=(leaflet_folder() / "leaflet.js").read_text(encoding="utf-8"),
        script=joined(_ASSETS / "offline.js"),
    )


def offline_page(spec: MapSpec, province: Province) -> str:
    """Return the page as HTML: map, legend, layer switches, search, and a record on click."""
    html: str = offline_map(spec, province).get_root().render()
    return html


def offline_map(spec: MapSpec, province: Province) -> FoliumMap:
    """Return the page as a folium map that notebooks show."""
    spec, points = offline_points(spec)
    names: set[GeometryId] = {"cities", "counties", *used_geometries(spec)}
    collections = {name: collection_of(spec, province, name) for name in names}
    none_left_out: dict[GeometryId, frozenset[FeatureId]] = {
        name: frozenset() for name in collections
    }
    payload = web_payload(spec, collections, none_left_out, extent_token=1)
    # Outside tiles would be an outside request: the page shows its own background.
    payload["basemap"] = None
    payload["geometry"] |= {name: collections[name] for name in ("cities", "counties")}
    titles = {layer.id: layer.title for layer in spec.layers}
    for layer in payload["layers"]:
        layer["title"] = titles[layer["id"]]
        layer["switchable"] = layer["id"] in overlay_ids(province)
    payload["words"] |= {
        "search": say("offline.search", spec.language),
        "nothing": say("offline.nothing", spec.language),
    }
    payload["points"] = points
    payload["records"] = _records(spec, province)
    window = province.settings.window
    return page_map(window, page_contents(), payload, title=spec.title)


def _records(spec: MapSpec, province: Province) -> dict[str, list[tuple[str, str]]]:
    """Return what the page tells of each city and site on a click: labels and values."""
    records: dict[str, list[tuple[str, str]]] = {}
    language = spec.language
    measured = _measured(spec, province)
    for adcode in province.cities.index:
        held = [role.name.say(language) for role in province.plan.roles if adcode in role.cities]
        area = f"{province.city_areas_km2.at[adcode]:,.0f}"
        records[str(adcode)] = [
            (
                say("profile.roles", language),
                join(held, language) or say("legend.no_role", language),
            ),
            (say("profile.area", language), say("profile.area_value", language, area=area)),
            *measured.get(int(adcode), []),
        ]
    drawn = {name for layer in spec.layers for one in layer.classes for name in one.features}
    for row in province.sites[province.sites.index.isin(drawn)].to_dict("records"):
        records[row["id"]] = _site_record(row, spec, province)
    return records


def _measured(spec: MapSpec, province: Province) -> dict[int, list[tuple[str, str]]]:
    """Return what layers and the ranking tell of each city: labels and values, by adcode."""
    facts: dict[int, list[tuple[str, str]]] = {}
    ranked = ranked_facts(spec, province) if asks_ranking(spec) else {}
    for adcode in map(int, province.cities.index):
        told = ranked.get(adcode, [])
        named = {name for name, _ in told}
        values = [
            (layer.title, words)
            for layer in spec.layers
            if layer.geometry == "cities" and layer.title not in named
            for feature, words in layer.values
            if feature == adcode
        ]
        facts[adcode] = [*values, *told]
    return facts


def _site_record(row: dict[str, Any], spec: MapSpec, province: Province) -> list[tuple[str, str]]:
    language = spec.language
    facts = [
        (say("site.sector", language), province.plan.sector(row["sector"]).name.say(language)),
        (say("site.status", language), _status(row, spec)),
        (say("profile.sources", language), _sources(row, spec, province)),
    ]
    if not pd.isna(row["owner"]):
        facts.insert(0, (say("site.owner", language), str(row["owner"])))
    return facts


def _status(row: dict[str, Any], spec: MapSpec) -> str:
    status = say(f"status.{row['status']}", spec.language)
    if pd.isna(row["status_date"]):
        return status
    return say("site.as_of", spec.language, status=status, date=row["status_date"])


def _sources(row: dict[str, Any], spec: MapSpec, province: Province) -> str:
    names = [province.sources[name] for name in row["sources"].split(";")]
    return join([f"{one.publisher} {one.year}".strip() for one in names], spec.language)
