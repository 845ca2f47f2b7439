"""Draw the signs of roles and sectors as the map draws them, for panels and pages.

All are pictures without words beside words, so screen readers pass over them.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable

import streamlit as st

from data.loader import Province
from layers.specification.icons import icon_svg
from layers.specification.map_spec import Area, Band, Glyph, Hatch
from layers.specification.plan_signs import dark_colors, role_symbols, sector_markers
from layers.specification.symbology import LAND, LAND_WITHOUT_ROLE

_WIDTH, _HEIGHT = 26, 18
_BOX = f'x="1" y="1" width="{_WIDTH - 2}" height="{_HEIGHT - 2}" rx="3"'


def role_sign(province: Province, role_id: str | None) -> str:
    """Return the swatch of a role as HTML; ``None`` stands for cities without a role."""
    symbol = LAND_WITHOUT_ROLE if role_id is None else role_symbols(province)[role_id].symbol
    toned = _tones(province)
    edge = f'stroke="{toned("#59606B")}" stroke-width="0.6"'
    land = toned(str(LAND.fill))
    if isinstance(symbol, Area):
        fill = toned(str(symbol.fill))
        body = f'<rect {_BOX} fill="{fill}" fill-opacity="{symbol.fill_opacity}" {edge}/>'
    elif isinstance(symbol, Hatch):
        body = (
            f'<rect {_BOX} fill="{land}" {edge}/>'
            f'<path d="{_hatch_lines(symbol.angle)}" clip-path="inset(1px)" '
            f'stroke="{toned(symbol.color)}" stroke-width="{symbol.width}"/>'
        )
    elif isinstance(symbol, Band):
        inside = symbol.rim + symbol.width / 2
        body = (
            f'<rect {_BOX} fill="{land}" {edge}/>'
            f'<rect x="{1 + inside}" y="{1 + inside}" width="{_WIDTH - 2 - 2 * inside}" '
            f'height="{_HEIGHT - 2 - 2 * inside}" fill="none" '
            f'stroke="{toned(symbol.color)}" stroke-width="{symbol.width}"/>'
        )
    elif isinstance(symbol, Glyph):
        body = (
            f'<circle cx="13" cy="9" r="8.5" fill="{toned(symbol.color)}"/>'
            f'<text x="13" y="12.200" text-anchor="middle" font-size="9" font-weight="600" '
            f'font-family="sans-serif" fill="{symbol.ink}">{html.escape(symbol.text)}</text>'
        )
    else:
        body = ""
    return _picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{body}</svg>'
    )


def _hatch_lines(angle: float) -> str:
    if angle == 0:
        return "M1 5h24M1 9h24M1 13h24"
    if angle == 90:
        return "M4 1v16M10 1v16M16 1v16M22 1v16"
    first, last = (17, 1) if angle == 45 else (1, 17)
    return "".join(f"M{start} {first} {start + 16} {last}" for start in range(-8, 24, 7))


def role_icon(province: Province, role_id: str) -> str:
    """Return the icon of a role as HTML, in a quiet colour; empty where it has none."""
    name = role_symbols(province)[role_id].icon
    color = _tones(province)("#59606B")
    return _picture(icon_svg(name, size=16, color=color)) if name else ""


def sector_icon(province: Province, sector_id: str) -> str:
    """Return the icon of a sector as HTML, in the sector's colour; empty where it has none."""
    marker = sector_markers(province)[sector_id]
    color = _tones(province)(marker.color)
    return _picture(icon_svg(marker.icon, color=color)) if marker.icon else ""


def _picture(svg: str) -> str:
    # Streamlit takes drawings out of HTML, and leaves pictures.
    return f'<img alt="" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _tones(province: Province) -> Callable[[str], str]:
    """Return what gives a colour as it is on a screen as light or dark as the person's."""
    dark = dark_colors(province) if st.context.theme.type == "dark" else {}
    return lambda color: dark.get(color, color)
