"""Put a glyph on the hydrogen pilots."""

from __future__ import annotations

from layers.catalogue._roles import role_layer
from layers.specification.symbology import HYDROGEN

LAYER = role_layer("hydrogen", HYDROGEN, order=88)
