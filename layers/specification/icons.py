"""Read the icons of roles and sectors: one line drawing each, on a grid of 24 units.

The files in ``icon_drawings`` are the set: signs on the map, legends and pages take theirs
from there.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "icon_drawings"
GRID = 24
STROKE = 1.8

ROLE_ICONS = {"assembly": "hub", "consolidation": "merge", "parts": "parts", "hydrogen": "pump"}
"""The icon of each role, by its id; a role without one is drawn by its symbol alone."""

_PATH = re.compile(r'<path d="([^"]+)"/>')


@cache
def icon_paths() -> dict[str, str]:
    """Return the drawing of each icon, as the ``d`` of an SVG path, by the icon's name."""
    found = {}
    for file in sorted(FOLDER.glob("*.svg")):
        (found[file.stem],) = _PATH.findall(file.read_text(encoding="utf-8"))
    return found


def icon_svg(name: str, *, color: str, size: int = 18) -> str:
    """Return an icon as an SVG picture of ``size`` CSS pixels."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {GRID} {GRID}" fill="none" stroke="{color}" '
        f'stroke-width="{STROKE}" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{icon_paths()[name]}"/></svg>'
    )
