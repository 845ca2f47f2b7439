"""Read the icons of roles, sectors, ports and airports: line drawings on a grid of 24 units.

The files in ``data/icon_drawings`` are the set: a plan names which of its roles and sectors
has which, and signs on the map, legends and pages take theirs from there. Those of ports and
airports stand on the map by themselves.
"""

from __future__ import annotations

import re
from functools import cache

from data.loader import ICONS_FOLDER

GRID = 24
STROKE = 1.8
BOLD_STROKE = 2.2
"""The line of a drawing that stands on the map by itself, small."""
HALO_STROKE = 6.0

_PATH = re.compile(r'<path d="([^"]+)"/>')


@cache
def icon_paths() -> dict[str, str]:
    """Return the drawing of each icon, as the ``d`` of an SVG path, by the icon's name."""
    found = {}
    for file in sorted(ICONS_FOLDER.glob("*.svg")):
        (found[file.stem],) = _PATH.findall(file.read_text(encoding="utf-8"))
    return found


def icon_svg(name: str, *, color: str, size: int = 18, stroke: float = STROKE) -> str:
    """Return an icon as an SVG picture of ``size`` CSS pixels."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {GRID} {GRID}" fill="none" stroke="{color}" '
        f'stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{icon_paths()[name]}"/></svg>'
    )
