"""Show a specification on the folium map, and take over what a person does there.

What comes back (a click, a move, a request) is one small value.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from data.errors import AtlasError, UnknownChoiceError
from layers.specification.map_spec import MapSpec
from layers.specification.plan_signs import dark_colors
from layers.web.folium_map import TileSource
from ui.components.map.folium_frame import folium_frame
from ui.components.map.map_controls import carry_out, open_place, toolbar_payload
from ui.server.assets import frame_address
from ui.server.live import live_map
from ui.server.payload import map_payload
from ui.state.composition import kept_map_content
from ui.state.map_requests import MAP as _MAIN
from ui.state.point_display import keep_place, keep_zoom
from ui.state.redraw import MAP, OPENED, PAGE, SHOWN, leave, parts_left, redraw
from ui.state.session import (
    Session,
    change,
    extent_token,
    is_presenting,
    session_now,
    wished_extent,
)

_CLICKS = "atlas.clicks"
_HEIGHT_BEFORE_STYLE = 720


def web_map(
    session: Session,
    spec: MapSpec,
    *,
    key: str = _MAIN,
    height: int = _HEIGHT_BEFORE_STYLE,
    tiles: TileSource | None = None,
) -> None:
    """Show ``spec`` on the map, keeping the map and its extent as they are.

    A map with a ``key`` of its own shows the extent of ``spec`` and leaves the view's alone.
    A map that is left for the next run stays as it is.
    """
    live = live_map() if key == _MAIN else None
    left = parts_left() if live else 0
    payload = (live.view if live and left else None) or _payload(session, spec, key, tiles)
    folium_frame(
        frame_address(session.province),
        payload,
        key=key,
        height=height,
        on_change=partial(_read_map, key),
        live={**live.note(payload), "left": left} if live else None,
    )


def show_ahead() -> bool:
    """Show the view as it is now before the page is drawn, and tell whether that was possible."""
    try:
        session = session_now()
        shown = kept_map_content(session)
    except AtlasError:
        # The run that follows meets it too, and says so.
        return False
    session = replace(session, province=shown.province)
    return live_map().send(_payload(session, shown.spec, _MAIN, shown.tiles))


def _payload(session: Session, spec: MapSpec, key: str, tiles: TileSource | None) -> dict[str, Any]:
    if key == _MAIN:
        spec = replace(spec, extent=wished_extent(spec.extent))
    payload = map_payload(spec, session.province, extent_token=extent_token(), tiles=tiles)
    if st.context.theme.type == "dark":
        payload["dark"] = dark_colors(session.province)
    if key == _MAIN:
        payload["toolbar"] = toolbar_payload(session, spec)
    return payload


def _read_map(key: str) -> None:
    """Take over what a person did on the map: requests, the extent, and a click on a place."""
    report: dict[str, Any] = st.session_state.get(key) or {}
    if key != _MAIN:
        if report.get("token") == extent_token():
            _clicked(key, report)
        return
    acted = carry_out(report.get("requests") or [])
    clicked = False
    # What belongs to a place that the map has left since is passed over.
    if report.get("token") == extent_token():
        _keep_extent(report)
        clicked = _clicked(key, report)
    if acted - {"open", "leave", "present"}:
        redraw(PAGE)
    elif "present" in acted:
        # Meanwhile the panels are out of sight; they may have followed a click on the map.
        redraw(MAP if is_presenting() else PAGE)
    elif clicked or "open" in acted:
        leave(*OPENED)
    elif acted:
        redraw()
    else:
        redraw(*SHOWN)


def _keep_extent(report: dict[str, Any]) -> None:
    center, zoom = report.get("center"), report.get("zoom")
    if center is not None and zoom is not None:
        change(center=(float(center[0]), float(center[1])), zoom=float(zoom))
    if report.get("seen") is not None:
        keep_zoom(float(report["seen"]))


def _clicked(key: str, report: dict[str, Any]) -> bool:
    """Open what was clicked, and tell whether there was a click."""
    clicks = int(report.get("clicks", 0))
    counted = f"{_CLICKS}.{key}"
    if clicks == st.session_state.get(counted, 0):
        return False
    st.session_state[counted] = clicks
    place = report.get("place")
    if key == _MAIN and place is not None:
        keep_place(float(place[0]), float(place[1]))
    if report.get("clicked") is not None:
        _open(report["clicked"])
    return True


def _open(clicked: int | str) -> None:
    """Open the record of what was clicked: a site by its id, an area by its adcode."""
    with suppress(UnknownChoiceError):
        open_place(clicked)
