"""Give each role and each sector of a plan its sign: what the plan names, else what is free.

Roles differ in form first (fill, hatch, band, glyph) and in hue second, so that a city can
hold several and each is still told apart in grey and by colour-blind readers. Sectors differ
in shape and colour, and in the icon that the plan names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from data.loader import Province
from data.model import ROLE_FORMS, SITE_SHAPES, Role, RoleForm
from data.province_cache import cached_on_province
from layers.specification.map_spec import Area, Band, Glyph, Hatch, Marker, Symbol
from layers.specification.symbology import (
    BAND_RIM,
    BAND_WIDTH,
    DARK,
    INK,
    LAND,
    PAPER,
    ValueColors,
)
from layers.specification.tones import READABLE, contrast, darkened, lightened

_FILLS = ("#F2B950", "#A9CFE3", "#C9B8E0", "#B8D8A8")
_LINES = ("#2B5C94", "#A3387A", "#00706E", "#8C510A", "#5B3FA8", "#B3400E", "#2E7D32")
# Paper or ink is legible on each, and so it is on what they become in dark.
_GLYPHS = ("#5B3FA8", "#B3400E", "#2E7D32")
_ANGLES = (45.0, 135.0, 0.0, 90.0)
# Told apart by colour-blind readers and, less, in grey: tests/unit/test_palettes.py.
_SECTORS = ("#8A3B0C", "#137A3F", "#8465D6", "#262A2E", "#1B9FD8")
# As many more as make every pair of shape and colour another one, up to 55 sectors.
_MORE_SECTORS = ("#A3387A", "#8A6D1D", "#2B5C94", "#B3400E", "#5C7A99", "#7FA650")
_HUES = {"fill": _FILLS, "hatch": _LINES, "band": _LINES, "glyph": _GLYPHS}
_ORDERS: dict[RoleForm, int] = {"fill": 20, "hatch": 30, "band": 60, "glyph": 88}
_VISIBLE = 3.0

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class RoleSymbol:
    """How a role is drawn: also where a theme colours the cities. ``order`` as for layers."""

    symbol: Symbol
    over_theme: Symbol
    order: int
    icon: str | None


@cached_on_province(1)
def role_symbols(province: Province) -> dict[str, RoleSymbol]:
    """Return the symbol of each role of the plan, by its id.

    A role that names no form gets the first that no other has; when none is left, a hatch at
    another angle.
    """
    roles = province.plan.roles
    taken = {role.sign.form for role in roles}
    free = [form for form in ROLE_FORMS if form not in taken]
    forms = [role.sign.form or (free.pop(0) if free else "hatch") for role in roles]
    drawn = list(zip(roles, forms, strict=True))
    colors = {
        known: iter(
            _next_of(known, (one.sign.color for one, form in drawn if _HUES[form] is known))
        )
        for known in dict.fromkeys(_HUES.values())
    }
    hatches = 0
    found = {}
    for role, form in drawn:
        color = next(colors[_HUES[form]])
        found[role.id] = _role_symbol(role, form, color, _ANGLES[hatches % len(_ANGLES)])
        hatches += form == "hatch"
    return found


def _role_symbol(role: Role, form: RoleForm, color: str, angle: float) -> RoleSymbol:
    sign = role.sign
    symbol: Symbol
    over_theme: Symbol | None = None
    if form == "fill":
        symbol = Area(fill=color, fill_opacity=0.85)
        # Where a theme colours the cities, only their outline is left to the role.
        over_theme = Area(fill=None, stroke=sign.outline or darkened(color), stroke_width=3.4)
    elif form == "hatch":
        symbol = Hatch(color=color, spacing=8.0, width=1.5, angle=angle)
    elif form == "band":
        symbol = Band(color=color, width=BAND_WIDTH, casing=PAPER, rim=BAND_RIM)
    else:
        letters = sign.letters or role.name.en[:1].upper()
        ink = PAPER if contrast(color, PAPER) >= READABLE else INK
        symbol = Glyph(text=letters, color=color, ink=ink, size=24.0)
    return RoleSymbol(symbol, over_theme or symbol, _ORDERS[form], sign.icon)


@cached_on_province(1)
def sector_markers(province: Province) -> dict[str, Marker]:
    """Return the sign of a site that stands, for each sector of the plan, by its id."""
    sectors = province.plan.sectors
    shapes = _next_of(SITE_SHAPES, (sector.sign.shape for sector in sectors))
    colors = _next_of((*_SECTORS, *_MORE_SECTORS), (sector.sign.color for sector in sectors))
    return {
        sector.id: Marker(shape=shape, color=color, size=12.0, icon=sector.sign.icon)
        for sector, shape, color in zip(sectors, shapes, colors, strict=True)
    }


def sector_colors(province: Province) -> ValueColors:
    """Return the colour of each sector, by its id: what a category of own points takes too."""
    return tuple((name, marker.color) for name, marker in sector_markers(province).items())


def _next_of(known: Sequence[_Value], named: Iterable[_Value | None]) -> list[_Value]:
    """Return what is named; in place of ``None`` the value that is used least, the first first."""
    wanted = list(named)
    used = Counter(one for one in wanted if one is not None)
    found = []
    for one in wanted:
        if one is None:
            one = min(known, key=lambda value: used[value])
            used[one] += 1
        found.append(one)
    return found


@cached_on_province(1)
def dark_colors(province: Province) -> dict[str, str]:
    """Return what colours become on a dark screen: ``DARK``, and those that the plan names."""
    ground = DARK[str(LAND.fill)]
    named = {marker.color for marker in sector_markers(province).values()}
    symbols = [one.symbol for one in role_symbols(province).values()]
    named |= {one.color for one in symbols if isinstance(one, Hatch | Band | Glyph)}
    letters = {one.color: one.ink for one in symbols if isinstance(one, Glyph)}
    return DARK | {
        color: lightened(color, ground, _VISIBLE, letters=letters.get(color))
        for color in sorted(named)
        if color not in DARK
    }
