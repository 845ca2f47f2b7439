"""Serve the print map of what a session shows, for a browser that prints the map page.

It is drawn only when somebody prints.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import streamlit as st
from starlette.responses import Response

from data.loader import Province
from layers.paper.print_map import render_print_map
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from ui.kept.session_shelf import session_shelf

_HELD = "atlas.print-sheet"
_KEPT = 4
"""How many views a session can still print: a browser may lag behind it."""


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What would be printed now."""

    spec: MapSpec
    province: Province
    options: PaperOptions

    def is_like(self, other: _Wanted) -> bool:
        """Whether the same would be printed."""
        same_place = self.province is other.province and self.options == other.options
        return same_place and self.spec == other.spec

    def drawn(self) -> Response:
        """Return the sheet."""
        content = render_print_map(self.spec, self.province, "svg", self.options)
        return Response(content, media_type="image/svg+xml")


def print_address(spec: MapSpec, province: Province, link: str) -> str:
    """Return the address of the print map of ``spec``; ``link`` is printed on it as a QR code.

    It answers until the session has shown some other views.
    """
    wanted = _Wanted(spec, province, PaperOptions(link=link))
    held: tuple[tuple[str, _Wanted], ...] = st.session_state.get(_HELD, ())
    # The same view keeps its address, so that the map sees that nothing has changed.
    if held and held[-1][1].is_like(wanted):
        return session_shelf().put(held[-1][0], held[-1][1].drawn)
    name = f"print-{secrets.token_urlsafe(6)}.svg"
    for old, _ in held[: 1 - _KEPT]:
        session_shelf().remove(old)
    st.session_state[_HELD] = (*held[1 - _KEPT :], (name, wanted))
    return session_shelf().put(name, wanted.drawn)
