"""Gather what a browser needs beside the map once, whatever the view: words, places, presets.

It is fetched by an address that holds a digest of it, so a view carries the address only.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from data.loader import Province
from data.province_cache import cached_on_province
from data.text import Language, catalogue
from layers.compose import compose
from layers.specification.plan_signs import dark_colors
from layers.specification.view import View
from layers.web.folium_map import legend_payload
from layers.web.gazetteer import gazetteer

_WORDS = "toolbar."


@dataclass(frozen=True)
class MapResources:
    """What maps need once, as it is served: JSON in UTF-8, compressed with gzip."""

    file_name: str
    compressed: bytes


@cached_on_province(2)
def map_resources(province: Province, language: Language) -> MapResources:
    """Return what a province's maps need once, in a language."""
    content = json.dumps(
        map_resources_content(province, language),
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    ).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    # A fixed time keeps the bytes the same from run to run.
    compressed = gzip.compress(content, compresslevel=9, mtime=0)
    return MapResources(f"{province.id}.{language}.{digest}.json", compressed)


def map_resources_content(province: Province, language: Language) -> dict[str, Any]:
    """Return what maps need once, as plain JSON values.

    ``places`` are the entries of the gazetteer; ``legend`` holds the lines that a click can
    switch, of the overlays that are on at first: the analyses take seconds to draw; ``dark``
    maps the colours of the ground and of names to theirs on a dark map.
    """
    return {
        "province": province.settings.name.say(language),
        "words": {
            key.removeprefix(_WORDS): phrase
            for key, phrase in catalogue(language).items()
            if key.startswith(_WORDS)
        },
        "places": [entry.wire() for entry in gazetteer(province)],
        "presets": [
            {"id": one.id, "name": one.name.say(language), "note": one.note.say(language)}
            for one in province.presets
        ],
        "legend": _switches(province, language),
        "dark": dark_colors(province),
    }


def _switches(province: Province, language: Language) -> list[dict[str, Any]]:
    view = View(province.id, language=language)
    groups = legend_payload(compose(view, province))
    for group in groups:
        group["entries"] = [entry for entry in group["entries"] if entry["toggle"]]
    return [group for group in groups if group["entries"]]
