"""Say what to change where the filters leave nothing, and offer to change it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from clusters.facets import EVERY_FACET
from clusters.remedies import leaves_nothing, remedies
from clusters.selection import goes_by_plan, selected_cities
from layers.address.view_changes import without_facet
from ui.state.redraw import PAGE, redraw
from ui.state.session import Session, reset, show_view, view_now

FACET_WORDS = {one.field: one.key for one in EVERY_FACET}


def empty_state(session: Session) -> dict[str, Any] | None:
    """Return the sentence and the ways out, as (facet, words); ``None`` where something is left.

    The facet ``""`` stands for dropping all filters.
    """
    selection = session.view.selection
    if not leaves_nothing(selection, session.province):
        return None
    by_plan = goes_by_plan(selection, session.province)
    of_cities = selection if by_plan else selection.of_cities()
    no_city = not selected_cities(of_cities, session.province).any()
    ways = [
        (
            remedy.facet,
            session.say(
                "empty.without",
                facet=session.say(f"filter.{FACET_WORDS[remedy.facet]}"),
                cities=remedy.cities,
                sites=remedy.sites,
            ),
        )
        for remedy in remedies(selection, session.province)
    ]
    return {
        "text": session.say("empty.no_city" if no_city else "empty.no_site"),
        "ways": [*ways, ("", session.say("empty.all"))],
    }


def show_empty_state(session: Session) -> None:
    """Show the sentence, and a button for each way out."""
    state = empty_state(session)
    if state is None:
        return
    with st.container(key="empty-state", border=True, gap="xsmall"):
        st.markdown(state["text"])
        for facet, words in state["ways"]:
            st.button(words, key=f"widget.empty.{facet}", on_click=partial(_leave, facet))


def _leave(facet: str) -> None:
    clear(facet)
    redraw(PAGE)


def clear(facet: str) -> None:
    """Drop the filter of one facet (a field of ``Selection``), or with ``""`` all of them."""
    if facet:
        show_view(without_facet(view_now(), facet))
    else:
        reset()
