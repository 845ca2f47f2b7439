"""Show the map with its filters on the left and the city's profile on the right."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ui.components.map.filters import basemap_picker, filter_panel, outcome
from ui.components.map.map_frame import show_ahead, web_map
from ui.components.map.notices import ignored_notice
from ui.components.map.own_link import own_data_link
from ui.components.map.panel_folds import panel_folds
from ui.components.map.points_panel import points_here, points_panel, points_problem
from ui.components.map.snapshot import snapshot_panel, view_address
from ui.components.record.record_panel import profile_details, profile_panel
from ui.components.views.save_view import save_view_panel
from ui.state.composition import kept_map_content, kept_points, map_content
from ui.state.embed import embed_style, is_embedded, whole_link
from ui.state.opened_company import go_to_asked_company
from ui.state.redraw import (
    DETAILS,
    FILTERS,
    MAP,
    OUTCOME,
    PAGE,
    SNAPSHOT,
    keep_parts,
    none_left,
    redraw_all,
)
from ui.state.session import Session, current
from ui.streamlit_inside import DeltaGenerator


@st.fragment(key=PAGE)
def show() -> None:
    """Show the page. It and its parts are fragments: a filter runs those that it concerns."""
    none_left()
    session = current()
    go_to_asked_company()
    if is_embedded():
        _embedded(session)
        return
    ignored_notice(session)
    shown = map_content(session)
    points_problem(session, shown.problem)
    with st.container(key="workspace", horizontal=True, gap=None, wrap=False):
        folds = st.container(key="folds")
        filters = st.container(key="filter-panel", width=288)
        middle = st.container(key="map-panel", gap=None)
        record = st.container(key="profile-panel", width=340)
        # The map is what a person waits for: it goes first.
        with middle:
            _map(record.container())
        with filters:
            points_panel(session, shown.points)
            _filters()
            _outcome(folds.container())
            _snapshot()
            own_data_link(session)
            basemap_picker(session)
        with record:
            _details()
    # Points and their panels follow every filter, and a notice goes with the next one.
    alone = shown.points is None and shown.problem is None and not session.ignored
    if alone:
        keep_parts(PAGE, MAP, FILTERS, OUTCOME, SNAPSHOT, DETAILS, ahead=show_ahead)
    else:
        keep_parts(PAGE)


@st.fragment(key=MAP)
def _map(record: DeltaGenerator | None = None) -> None:
    """Draw the map, and before it the record of what is open: a click on the map asks for it."""
    session = current()
    if record is not None:
        with record:
            points_here(session, kept_points(session))
            profile_panel(session)
    shown = kept_map_content(session)
    web_map(replace(session, province=shown.province), shown.spec, tiles=shown.tiles)
    redraw_all()


@st.fragment(key=FILTERS)
def _filters() -> None:
    filter_panel(current())


@st.fragment(key=OUTCOME)
def _outcome(folds: DeltaGenerator) -> None:
    """Say what the filters leave, and beside the panels' switches how many there are."""
    session = current()
    with folds:
        panel_folds(session)
    outcome(session)


@st.fragment(key=SNAPSHOT)
def _snapshot() -> None:
    session = current()
    shown = kept_map_content(session)
    snapshot_panel(replace(session, province=shown.province), shown.spec)
    save_view_panel(session)


@st.fragment(key=DETAILS)
def _details() -> None:
    profile_details(current())


def _embedded(session: Session) -> None:
    """Show the map alone, with its legend and credits, and the way to the full atlas."""
    embed_style()
    keep_parts(PAGE)
    map_content(session)
    with st.container(key="map-panel", gap=None):
        _map()
    whole_link(session, view_address(session))
