"""Run a band inside the border of the parts bases."""

from __future__ import annotations

from layers.catalogue._roles import role_layer
from layers.specification.symbology import PARTS

LAYER = role_layer("parts", PARTS, order=60)
