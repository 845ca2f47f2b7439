"""Find the layers: every file of this folder that defines ``LAYER`` is one.

To add a layer, add a file; nothing else changes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection
from functools import cache

from layers.specification.scene import LEGEND_GROUPS, CatalogueLayer
from layers.specification.view import View


@cache
def all_layers() -> tuple[CatalogueLayer, ...]:
    """Return every layer, lowest first. Raises ``ValueError`` when two share an id."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if not found.name.startswith("_")
    )
    layers = sorted((module.LAYER for module in modules), key=lambda layer: layer.order)
    ids = [layer.id for layer in layers]
    doubles = sorted({name for name in ids if ids.count(name) > 1})
    if doubles:
        raise ValueError(f"two layers share the id {', '.join(doubles)}")
    return tuple(layers)


@cache
def overlay_ids() -> tuple[str, ...]:
    """Return the ids of the layers that a view can switch, lowest first."""
    return tuple(layer.id for layer in all_layers() if layer.switchable)


@cache
def overlays_in_legend_order() -> tuple[CatalogueLayer, ...]:
    """Return the layers that a view can switch, in the order in which a legend lists them."""
    switchable = [layer for layer in all_layers() if layer.switchable]
    return tuple(sorted(switchable, key=lambda layer: LEGEND_GROUPS.index(layer.legend_group)))


@cache
def default_overlays() -> tuple[str, ...]:
    """Return the ids of the layers that are switched on at first."""
    return tuple(layer.id for layer in all_layers() if layer.switchable and layer.default)


def overlays_of(view: View) -> tuple[str, ...]:
    """Return the ids of the layers that are switched on in a view, lowest first."""
    return default_overlays() if view.overlays is None else view.overlays


def overlays_asked(wanted: Collection[str]) -> tuple[str, ...] | None:
    """Return what a view holds for the layers wanted: ``None`` for those that are on at first."""
    found = tuple(name for name in overlay_ids() if name in wanted)
    return None if found == default_overlays() else found
