"""The panel that narrows the map: layers, facets, basemap, and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from clusters.selection import selected_sites
from data.evidence_rows import STATUSES
from data.text import join
from layers.catalogue import overlays_in_legend_order, overlays_of
from layers.specification.basemaps import available_basemaps
from layers.specification.map_spec import MapSpec
from layers.specification.scene import CatalogueLayer, Scene
from ui.components.map.empty import show_empty_state
from ui.components.pickers import theme_picker
from ui.state.redraw import FILTERS, PAGE, SELECTED, SHOWN, redraw
from ui.state.session import Session, bound, change, change_selection, reset, switch_overlay


def filter_panel(session: Session) -> None:
    """Show the layers and the filters of the view."""
    st.markdown(f"##### {session.say('filter.overlays')}")
    _overlays(session)
    theme_picker(session, parts=SHOWN)
    st.markdown(f"##### {session.say('filter.title')}")
    _facets(session)


def _overlays(session: Session) -> None:
    scene = Scene.of_words(session.province, session.view)

    def toggle(layer: CatalogueLayer) -> None:
        def write(on: bool) -> None:
            switch_overlay(layer.id, on)

        st.checkbox(
            layer.title_in(scene),
            **bound(
                f"widget.overlay.{layer.id}",
                layer.id in overlays_of(session.view, session.province),
                write,
                parts=SHOWN,
            ),
        )

    with st.container(key="overlays", gap=None):
        for layer in overlays_in_legend_order(session.province):
            toggle(layer)


def _facets(session: Session) -> None:
    plan = session.province.plan
    selection = session.view.selection
    language = session.language
    _facet(session, "role", {role.id: role.name.say(language) for role in plan.roles})
    _facet(session, "sector", {sector.id: sector.name.say(language) for sector in plan.sectors})
    sectors = [
        sector for sector in plan.sectors if not selection.sectors or sector.id in selection.sectors
    ]
    chosen = selection.segments
    segments = {
        segment.id: segment.name.say(language)
        for sector in plan.sectors
        for segment in sector.segments
        if sector in sectors or segment.id in chosen
    }
    _facet(session, "segment", segments)
    if chosen:
        st.caption(session.say("filter.segment_note"))
    elif selection.sectors:
        _shared_role_note(session)
    name = "name_zh" if language == "zh" else "name_en"
    names = {int(adcode): str(text) for adcode, text in session.province.cities[name].items()}
    _facet(session, "city", names)
    if len(session.province.sites):
        _facet(session, "status", {str(name): session.say(f"status.{name}") for name in STATUSES})
        _years(session)


_FIELDS = {
    "role": "roles",
    "sector": "sectors",
    "segment": "segments",
    "city": "cities",
    "status": "statuses",
}


_LEADING = {"sector", "segment"}
"""Facets that what else can be chosen depends on."""


def _facet(session: Session, facet: str, names: dict[int, str] | dict[str, str]) -> None:
    field = _FIELDS[facet]
    chosen = getattr(session.view.selection, field)

    def write(values: Iterable[int | str]) -> None:
        change_selection(**{field: frozenset(values)})

    st.multiselect(
        session.say(f"filter.{facet}"),
        list(names),
        format_func=lambda value: names.get(value, str(value)),
        placeholder=session.say("filter.all"),
        **bound(
            f"widget.{facet}",
            [value for value in names if value in chosen],
            write,
            parts=(*SELECTED, FILTERS) if facet in _LEADING else SELECTED,
            among=names,
        ),
    )


def _years(session: Session) -> None:
    """Narrow the sites by their year; the whole range filters nothing."""
    known = session.province.sites["year"].dropna().astype(int)
    if known.empty:
        return
    whole = (int(known.min()), int(known.max()))
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


def outcome(session: Session, spec: MapSpec) -> None:
    """Say what the filters leave, and offer to drop them."""
    total = len(session.province.cities)
    selected = total - len(spec.dimmed)
    with st.container(key="filter-outcome", horizontal=True, vertical_alignment="center"):
        words = [session.say("filter.count", selected=selected, total=total)]
        if len(session.province.sites):
            sites = int(selected_sites(session.view.selection, session.province).sum())
            words.append(session.say("filter.site_count", selected=sites))
        st.markdown("  \n".join(words))
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
