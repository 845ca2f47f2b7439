"""The panel that narrows the map: layers, facets, basemap, and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from clusters.facets import FACETS
from clusters.selection import goes_by_plan
from data.text import join
from layers.address.view_changes import lacks_roles
from layers.catalogue import overlays_in_legend_order, overlays_of
from layers.specification.basemaps import available_basemaps
from layers.specification.ground_tables import is_there
from layers.specification.scene import CatalogueLayer, Scene
from layers.words.matching_words import matching_sentence, value_names
from ui.components.map.area_filter import area_filter
from ui.components.map.capacity_filter import capacity_filter
from ui.components.map.empty import show_empty_state
from ui.components.markdown_text import escape
from ui.components.pickers import theme_picker
from ui.state.redraw import FILTERS, PAGE, SELECTED, SHOWN, redraw
from ui.state.session import (
    Session,
    bound,
    change,
    change_selection,
    reset,
    show_roles,
    switch_overlay,
)

_GROUND = "legend.ground"


def filter_panel(session: Session) -> None:
    """Show the layers and the filters of the view."""
    st.markdown(f"##### {session.say('filter.overlays')}")
    _overlays(session)
    theme_picker(session, parts=(*SHOWN, FILTERS))
    _roles_again(session)
    st.markdown(f"##### {session.say('filter.title')}")
    _facets(session)


def _overlays(session: Session) -> None:
    with st.container(key="overlays", gap=None):
        for layer in overlays_in_legend_order(session.province):
            if layer.legend_group != _GROUND:
                _switch(session, layer)


def _switch(session: Session, layer: CatalogueLayer) -> None:
    def write(on: bool) -> None:
        switch_overlay(layer.id, on)

    st.checkbox(
        layer.title_in(Scene.of_words(session.province, session.view)),
        **bound(
            f"widget.overlay.{layer.id}",
            layer.id in overlays_of(session.view, session.province),
            write,
            # Under a theme, the way back to the roles comes and goes with them.
            parts=(*SHOWN, FILTERS) if session.view.theme else SHOWN,
        ),
    )


def _roles_again(session: Session) -> None:
    """Offer the roles of the plan, which made way for the theme."""
    if lacks_roles(session.view, session.province):
        st.button(
            session.say("theme.show_roles"),
            key="widget.theme.roles",
            icon=":material/layers:",
            type="tertiary",
            on_click=_show_roles,
        )


def _show_roles() -> None:
    show_roles()
    redraw(*SHOWN, FILTERS)


def _facets(session: Session) -> None:
    has_sites = not session.province.sites.empty
    if has_sites:
        _by_what(session)
    for key in _FIRST:
        _facet(session, key)
        if key == "segment":
            _segment_notes(session)
    if not has_sites:
        return
    _years(session)
    selection = session.view.selection
    held = sum(bool(getattr(selection, _FACETS[key].field)) for key in _MORE)
    held += selection.capacity is not None
    more = st.expander(
        session.say("filter.more_held" if held else "filter.more", count=held),
        key="widget.filter.more",
        on_change="rerun",
    )
    # Choices that few look for are drawn for those who do.
    if more.open:
        with more:
            for key in _MORE:
                _facet(session, key)
            capacity_filter(session)
    area_filter(session)


_FACETS = {facet.key: facet for facet in FACETS}
_FIRST = ("sector", "segment", "role", "city", "status")
_MORE = tuple(key for key in _FACETS if key not in _FIRST)
_LEADING = {"sector", "segment"}
"""Facets that what else can be chosen depends on."""


def _by_what(session: Session) -> None:
    """Ask what brings out a city: the sites that are known, or what the plan says."""
    names = {False: session.say("filter.by_sites"), True: session.say("filter.by_plan")}
    st.segmented_control(
        session.say("filter.by"),
        list(names),
        format_func=lambda value: names[value],
        required=True,
        width="stretch",
        **bound(
            "widget.by",
            session.view.selection.by_plan,
            lambda value: change_selection(by_plan=bool(value)),
            parts=SELECTED,
            among=names,
        ),
    )


def _facet(session: Session, key: str) -> None:
    facet = _FACETS[key]
    if facet.of_sites and session.province.sites.empty and key not in _LEADING:
        return
    names = value_names(facet, session.province, session.language)
    chosen = getattr(session.view.selection, facet.field)
    if key == "segment":
        names = {name: words for name, words in names.items() if _is_offered(session, name)}

    def write(values: Iterable[int | str]) -> None:
        change_selection(**{facet.field: frozenset(values)})

    st.multiselect(
        session.say(f"filter.{key}"),
        list(names),
        format_func=lambda value: names.get(value, str(value)),
        placeholder=session.say("filter.all"),
        **bound(
            f"widget.{key}",
            [value for value in names if value in chosen],
            write,
            parts=(*SELECTED, FILTERS) if key in (*_LEADING, *_MORE) else SELECTED,
            among=names,
        ),
    )


def _is_offered(session: Session, segment: str) -> bool:
    """Tell whether a segment is of a sector that is chosen, or chosen itself."""
    selection = session.view.selection
    sector = session.province.plan.sector_of_segment(segment).id
    return not selection.sectors or sector in selection.sectors or segment in selection.segments


def _segment_notes(session: Session) -> None:
    """Say what the plan does not tell apart, where it decides."""
    selection = session.view.selection
    if not goes_by_plan(selection, session.province):
        return
    if selection.segments:
        st.caption(session.say("filter.segment_note"))
    elif selection.sectors:
        _shared_role_note(session)


def _years(session: Session) -> None:
    """Narrow the sites by their year; the whole range filters nothing."""
    known = session.province.sites["year"].dropna().astype(int)
    if known.empty:
        return
    whole = (int(known.min()), int(known.max()))
    if whole[0] == whole[1]:
        return
    chosen = session.view.selection.years or whole
    shown = (max(whole[0], min(chosen[0], whole[1])), min(whole[1], max(chosen[1], whole[0])))

    def write(years: tuple[int, int]) -> None:
        change_selection(years=None if tuple(years) == whole else tuple(years))

    parts = (*SELECTED, FILTERS)
    st.slider(
        session.say("filter.years"), *whole, **bound("widget.years", shown, write, parts=parts)
    )
    if session.view.selection.years is not None:
        without = int(session.province.sites["year"].isna().sum())
        st.caption(session.say("filter.years_note", count=without))


def _shared_role_note(session: Session) -> None:
    """Say so where a sector filter meets a role whose sectors the plan gives to no one city."""
    plan = session.province.plan
    wanted = session.view.selection.sectors
    shared = [role for role in plan.roles if len(role.sectors) > 1 and wanted & set(role.sectors)]
    for role in shared:
        fields = [plan.sector(sector).name.say(session.language) for sector in role.sectors]
        st.caption(session.say("filter.parts_note", fields=join(fields, session.language)))


def outcome(session: Session) -> None:
    """Say what the filters leave, and offer to drop them."""
    selection, province = session.view.selection, session.province
    with st.container(key="filter-outcome", horizontal=True, vertical_alignment="center"):
        words = matching_sentence(selection, province, session.language)
        total = len(province.cities)
        st.markdown(escape(words) or session.say("filter.count", selected=total, total=total))
        st.button(session.say("filter.reset"), key="widget.reset", on_click=_reset, type="tertiary")
    show_empty_state(session)


def _reset() -> None:
    reset()
    redraw(PAGE)


def basemap_picker(session: Session) -> None:
    """Ask for what lies under the map."""
    basemaps = available_basemaps()
    st.selectbox(
        session.say("filter.basemap"),
        basemaps,
        format_func=lambda basemap: session.say(f"basemap.{basemap}"),
        **bound(
            "widget.basemap",
            session.view.basemap,
            lambda value: change(basemap=value),
            among=basemaps,
        ),
    )
    _ground(session)


def _ground(session: Session) -> None:
    """Offer the switches of the ground: most leave it as it is."""
    layers = [
        layer
        for layer in overlays_in_legend_order(session.province)
        if is_there(session.province, layer.geometry)
    ]
    if not layers:
        return
    panel = st.expander(session.say(_GROUND), key="widget.ground", on_change="rerun")
    if panel.open:
        with panel, st.container(key="overlays-ground", gap=None):
            for layer in layers:
                _switch(session, layer)
