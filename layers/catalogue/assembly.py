"""Fill the assembly hubs."""

from __future__ import annotations

from layers.catalogue._roles import role_layer
from layers.specification.symbology import ASSEMBLY, ASSEMBLY_OVER_THEME

LAYER = role_layer("assembly", ASSEMBLY, order=20, over_theme=ASSEMBLY_OVER_THEME)
