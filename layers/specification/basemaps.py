"""List what can lie under the map. Only ``plain`` needs no outside server."""

from __future__ import annotations

import os
from dataclasses import dataclass

TIANDITU_KEY_VARIABLE = "TIANDITU_KEY"


@dataclass(frozen=True)
class Basemap:
    """A background. ``tiles`` is a tile address template, empty for our own geometry."""

    id: str
    tiles: str = ""
    attribution: str = ""
    subdomains: str = "abc"
    max_zoom: int = 18
    key_variable: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether the browser fetches it from another server."""
        return bool(self.tiles)

    def address(self) -> str:
        """Return the tile address with the user's key filled in."""
        if not self.key_variable:
            return self.tiles
        return self.tiles.replace("{key}", os.environ.get(self.key_variable, ""))


BASEMAPS: dict[str, Basemap] = {
    basemap.id: basemap
    for basemap in (
        Basemap("plain"),
        Basemap(
            "osm",
            "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
            "© OpenStreetMap contributors",
            max_zoom=19,
        ),
        Basemap(
            "carto",
            "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}.png",
            "© OpenStreetMap contributors © CARTO",
            subdomains="abcd",
        ),
        Basemap(
            "tianditu",
            "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
            "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
            "天地图",
            subdomains="01234567",
            key_variable=TIANDITU_KEY_VARIABLE,
        ),
    )
}


def available_basemaps() -> tuple[str, ...]:
    """Return the ids of the basemaps that can be used: a key, where needed, is set."""
    return tuple(
        basemap.id
        for basemap in BASEMAPS.values()
        if not basemap.key_variable or os.environ.get(basemap.key_variable)
    )
