"""Ask about an area on the map: around a place, by road, along a line, in a box or polygon."""

from __future__ import annotations

import unicodedata

import streamlit as st

from clusters.area_of_interest import (
    AREA_OUTLINES,
    AreaError,
    AreaForm,
    AreaOfInterest,
    read_area,
)
from clusters.distances.province_roads import has_roads
from ui.state.redraw import FILTERS, SELECTED, redraw
from ui.state.session import Session, change_selection, current

_FORM, _PLACES, _KM = "widget.area.form", "widget.area.places", "widget.area.km"
_FAULT = "atlas.area.fault"
_USUAL_KM = 40.0
_WITH_KM = ("circle", "road", "corridor")
_OF_LINES = ("polygon", "corridor")


def area_filter(session: Session) -> None:
    """Show the fields of an area; nothing is asked before the button is pressed."""
    held = session.view.selection.area
    panel = st.expander(session.say("area.title"), key="widget.area", on_change="rerun")
    if not panel.open:
        return
    forms = [one for one in AREA_OUTLINES if one != "road" or has_roads(session.province)]
    with panel:
        st.caption(session.say("area.lead"))
        form = st.selectbox(
            session.say("area.form"),
            forms,
            index=forms.index(held.form) if held else 0,
            format_func=lambda one: session.say(f"area.form_{one}"),
            key=_FORM,
        )
        _fields(session, form, held)
        if fault := st.session_state.pop(_FAULT, None):
            st.error(session.say(f"area_fault.{fault}"))


def _fields(session: Session, form: AreaForm, held: AreaOfInterest | None) -> None:
    same = held if held is not None and held.form == form else None
    hint = session.say(f"area.hint_{form if form in ('box', *_OF_LINES) else 'circle'}")
    with st.form("area", border=False):
        # Another form of area starts with fields of its own.
        key = f"{_PLACES}.{form}"
        written = _places(same) if same else _middle(session, form)
        if form in _OF_LINES:
            st.text_area(session.say("area.vertices"), written, key=key, help=hint)
        else:
            label = session.say("area.sides" if form == "box" else "area.centre")
            st.text_input(label, written, key=key, help=hint)
        if form in _WITH_KM:
            km = same.km if same and same.km else _USUAL_KM
            st.number_input(session.say("area.km"), 0.1, 500.0, km, 1.0, key=_KM, format="%g")
        st.form_submit_button(
            session.say("area.ask"), on_click=_ask, type="primary", width="stretch"
        )
    if held:
        st.button(session.say("area.drop"), key="widget.area.drop", on_click=_drop, type="tertiary")


def _places(area: AreaOfInterest) -> str:
    if area.form == "box":
        (south, west), (north, east) = area.points
        return f"{west}, {south}, {east}, {north}"
    return "\n".join(f"{latitude}, {longitude}" for latitude, longitude in area.points)


def _middle(session: Session, form: AreaForm) -> str:
    """Return the middle of what the map shows, where one point says all."""
    if form not in ("circle", "road"):
        return ""
    west, south, east, north = session.province.cities.total_bounds
    latitude, longitude = session.view.center or ((south + north) / 2, (west + east) / 2)
    return f"{latitude:.4f}, {longitude:.4f}"


def _ask() -> None:
    form = str(st.session_state[_FORM])
    # Figures and punctuation of full width are what a Chinese keyboard writes.
    typed = unicodedata.normalize("NFKC", str(st.session_state[f"{_PLACES}.{form}"]))
    places = ";".join(
        line.strip() for line in typed.replace("、", ",").splitlines() if line.strip()
    )
    km = st.session_state.get(_KM, _USUAL_KM)
    text = {
        "corridor": f"corridor:{km:g}:{places}",
        "polygon": f"polygon:{places}",
        "box": f"box:{places}",
    }.get(form, f"{form}:{places},{km:g}")
    try:
        change_selection(area=read_area(text, current().province.settings.window))
    except AreaError as error:
        st.session_state[_FAULT] = error.reason
        redraw(FILTERS)
        return
    redraw(*SELECTED, FILTERS)


def _drop() -> None:
    change_selection(area=None)
    redraw(*SELECTED, FILTERS)
