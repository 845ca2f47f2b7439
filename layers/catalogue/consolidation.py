"""Hatch the consolidation cities."""

from __future__ import annotations

from layers.catalogue._roles import role_layer
from layers.specification.symbology import CONSOLIDATION

LAYER = role_layer("consolidation", CONSOLIDATION, order=30)
