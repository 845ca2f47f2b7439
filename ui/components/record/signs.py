"""Draw the signs of roles and sectors as the map draws them, for panels and pages.

All are pictures without words beside words, so screen readers pass over them.
"""

from __future__ import annotations

import base64
import html

import streamlit as st

from layers.specification.icons import ROLE_ICONS, icon_svg
from layers.specification.map_spec import Area, Band, Glyph, Hatch
from layers.specification.symbology import DARK, LAND_WITHOUT_ROLE, ROLE_SYMBOLS, site_marker

_WIDTH, _HEIGHT = 26, 18
_BOX = f'x="1" y="1" width="{_WIDTH - 2}" height="{_HEIGHT - 2}" rx="3"'


def role_sign(role_id: str | None) -> str:
    """Return the swatch of a role as HTML; ``None`` stands for cities without a role."""
    symbol = LAND_WITHOUT_ROLE if role_id is None else ROLE_SYMBOLS.get(role_id)
    edge = f'stroke="{_toned("#59606B")}" stroke-width="0.6"'
    if isinstance(symbol, Area):
        fill = _toned(str(symbol.fill))
        body = f'<rect {_BOX} fill="{fill}" fill-opacity="{symbol.fill_opacity}" {edge}/>'
    elif isinstance(symbol, Hatch):
        lines = "".join(f"M{start} 17 {start + 16} 1" for start in range(-8, 24, 7))
        body = (
            f'<rect {_BOX} fill="none" {edge}/><path d="{lines}" clip-path="inset(1px)" '
            f'stroke="{_toned(symbol.color)}" stroke-width="{symbol.width}"/>'
        )
    elif isinstance(symbol, Band):
        body = (
            f'<rect x="3" y="3" width="{_WIDTH - 6}" height="{_HEIGHT - 6}" rx="1" fill="none" '
            f'stroke="{_toned(symbol.color)}" stroke-width="{symbol.width}"/>'
        )
    elif isinstance(symbol, Glyph):
        body = (
            f'<circle cx="13" cy="9" r="8.5" fill="{_toned(symbol.color)}"/>'
            f'<text x="13" y="12.200" text-anchor="middle" font-size="9" font-weight="600" '
            f'font-family="sans-serif" fill="{symbol.ink}">{html.escape(symbol.text)}</text>'
        )
    else:
        body = ""
    return _picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{body}</svg>'
    )


def role_icon(role_id: str) -> str:
    """Return the icon of a role as HTML, in a quiet colour; empty where it has none."""
    name = ROLE_ICONS.get(role_id)
    return _picture(icon_svg(name, size=16, color=_toned("#59606B"))) if name else ""


def sector_icon(sector_id: str) -> str:
    """Return the icon of a sector as HTML, in the sector's colour; empty where it has none."""
    marker = site_marker(sector_id, "solid")
    return _picture(icon_svg(marker.icon, color=_toned(marker.color))) if marker.icon else ""


def _picture(svg: str) -> str:
    # Streamlit takes drawings out of HTML, and leaves pictures.
    return f'<img alt="" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _toned(color: str) -> str:
    return DARK.get(color, color) if st.context.theme.type == "dark" else color
