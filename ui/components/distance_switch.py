"""Choose how distances are measured, by road or in a straight line, and say how."""

from __future__ import annotations

import streamlit as st

from clusters.distances.province_roads import has_roads
from layers.words.distance_words import measured_words
from ui.state.session import Session, bound, change_selection


def how_measured(session: Session) -> str:
    """Say from where to where the distances of links are measured, and on what."""
    return measured_words(session.view.selection, session.province, session.language)


def distance_switch(session: Session, key: str) -> None:
    """Offer the choice between ways by road and straight lines, where there are roads."""
    if not has_roads(session.province):
        return
    names = {False: session.say("distance.road"), True: session.say("distance.line")}
    st.segmented_control(
        session.say("distance.switch"),
        list(names),
        format_func=lambda value: names[value],
        required=True,
        **bound(
            f"widget.distance.{key}",
            session.view.selection.by_line,
            lambda value: change_selection(by_line=bool(value)),
            among=names,
        ),
    )
