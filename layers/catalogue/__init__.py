"""Find the layers: every file of this folder that defines ``LAYER`` is one.

To add a layer, add a file; nothing else changes. The roles of a province's plan are layers too.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Collection
from functools import cache

from data.errors import DataError, Fault
from data.loader import Province
from data.province_cache import cached_on_province
from layers.catalogue._roles import role_layers
from layers.specification.scene import LEGEND_GROUPS, CatalogueLayer
from layers.specification.view import View

NO_OVERLAYS = "none"
"""What an address says in place of the layers where all are switched off."""
_RESERVED = (NO_OVERLAYS, "own-points")
"""Names of no layer of this folder that a role cannot have all the same."""


@cache
def _files() -> tuple[CatalogueLayer, ...]:
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if not found.name.startswith("_")
    )
    layers = tuple(module.LAYER for module in modules)
    doubles = _doubles(layers)
    if doubles:
        raise ValueError(f"two layers share the id {', '.join(doubles)}")
    return layers


@cached_on_province(1)
def all_layers(province: Province) -> tuple[CatalogueLayer, ...]:
    """Return every layer, lowest first.

    Raises ``DataError`` where a role has the id of another layer or one that stands for something
    else, ``ValueError`` where two files have one id.
    """
    roles = role_layers(province)
    layers = (*_files(), *roles)
    taken = [*_doubles(layers), *(role.id for role in roles if role.id in _RESERVED)]
    problem = "is the id of another layer of the map, or stands for something else there"
    told = f"{problem}; choose another one"
    faults = [Fault("plan.toml", f"roles ({one})", "id", told) for one in taken]
    if faults:
        raise DataError(faults)
    return tuple(sorted(layers, key=lambda layer: layer.order))


def _doubles(layers: Collection[CatalogueLayer]) -> list[str]:
    counts = Counter(layer.id for layer in layers)
    return sorted(name for name, count in counts.items() if count > 1)


@cached_on_province(1)
def overlay_ids(province: Province) -> tuple[str, ...]:
    """Return the ids of the layers that a view can switch, lowest first."""
    return tuple(layer.id for layer in all_layers(province) if layer.switchable)


def overlays_in_legend_order(province: Province) -> tuple[CatalogueLayer, ...]:
    """Return the layers that a view can switch, in the order in which a legend lists them."""
    switchable = [layer for layer in all_layers(province) if layer.switchable]
    return tuple(sorted(switchable, key=lambda layer: LEGEND_GROUPS.index(layer.legend_group)))


@cached_on_province(1)
def default_overlays(province: Province) -> tuple[str, ...]:
    """Return the ids of the layers that are switched on at first."""
    return tuple(layer.id for layer in all_layers(province) if layer.switchable and layer.default)


def overlays_of(view: View, province: Province) -> tuple[str, ...]:
    """Return the ids of the layers that are switched on in a view, lowest first."""
    return default_overlays(province) if view.overlays is None else view.overlays


def overlays_asked(wanted: Collection[str], province: Province) -> tuple[str, ...] | None:
    """Return what a view holds for the layers wanted: ``None`` for those that are on at first."""
    found = tuple(name for name in overlay_ids(province) if name in wanted)
    return None if found == default_overlays(province) else found
