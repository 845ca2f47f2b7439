"""Show the map with its filters on the left and the city's profile on the right."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data.errors import AtlasError
from layers.compose import compose
from ui.components.drawer import drawer_switch
from ui.components.filters import filter_panel
from ui.components.notices import ignored_notice
from ui.components.points import points_here, points_panel, points_problem
from ui.components.profile import profile_panel
from ui.components.snapshot import view_address
from ui.components.web_map import web_map
from ui.embed import embed_style, is_embedded, whole_link
from ui.points import ShownPoints, dressed, shown_points
from ui.state import Session, current


@st.fragment
def show() -> None:
    """Show the page. It is a fragment: a filter runs this function and nothing else."""
    session = current()
    if is_embedded():
        _embedded(session)
        return
    ignored_notice(session)
    with st.container(key="workspace", horizontal=True, gap=None, wrap=False):
        drawer_switch(session)
        points, problem = _points(session)
        spec, province, tiles = dressed(compose(session.view, session.province), session, points)
        drawn = replace(session, province=province)
        with st.container(key="filter-panel", width=288):
            points_panel(session, points)
            points_problem(session, problem)
            filter_panel(drawn, spec)
        with st.container(key="map-panel", gap=None):
            web_map(drawn, spec, tiles=tiles)
        with st.container(key="profile-panel", width=340):
            points_here(session, points)
            profile_panel(session)


def _points(session: Session) -> tuple[ShownPoints | None, AtlasError | None]:
    """Return the points to show, or why they cannot be: the rest of the map goes on."""
    try:
        return shown_points(session), None
    except AtlasError as error:
        return None, error


def _embedded(session: Session) -> None:
    """Show the map alone, with its legend and credits, and the way to the full atlas."""
    embed_style()
    with st.container(key="map-panel", gap=None):
        web_map(session, compose(session.view, session.province))
    whole_link(session, view_address(session))
