"""Make what the browser draws of a specification: addresses of geometry in place of geometry."""

from __future__ import annotations

from typing import Any

from data.loader import Province
from layers.specification.derived import OF_VIEW
from layers.specification.map_spec import GeometryId, MapSpec, used_geometries
from layers.web.folium_map import TileSource, web_payload
from layers.web.wire_geometry import collection_of, feature_ids
from ui.server.assets import geometry_address


def map_payload(
    spec: MapSpec,
    province: Province,
    *,
    extent_token: int = 0,
    tiles: TileSource | None = None,
) -> dict[str, Any]:
    """Return ``spec`` as plain JSON values whose geometry browsers fetch from this server."""
    names = used_geometries(spec)
    return web_payload(
        spec,
        {name: _geometry(spec, province, name) for name in names},
        {name: feature_ids(province, name) for name in names},
        extent_token=extent_token,
        tiles=tiles,
    )


def _geometry(spec: MapSpec, province: Province, name: GeometryId) -> object:
    """Return the address of a geometry, or itself where it is of this view alone."""
    if name == OF_VIEW:
        return collection_of(spec, province, name)
    return geometry_address(province, name)
