"""Name the pages, and go from one to another with the view that is open."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.page_names import FIRST_PAGE, GROUPS
from ui.screens import (
    chain_screen,
    city_screen,
    companies_screen,
    compare_screen,
    data_screen,
    guide_screen,
    map_screen,
    measures_screen,
    plan_screen,
    progress_screen,
    ranking_screen,
    sources_screen,
    views_screen,
)
from ui.state.session import PAGES, Session
from ui.streamlit_inside import StreamlitPage

_SHOWN: dict[str, Callable[[], None]] = {
    "map": map_screen.show,
    "ranking": ranking_screen.show,
    "compare": compare_screen.show,
    "chain": chain_screen.show,
    "city": city_screen.show,
    "companies": companies_screen.show,
    "measures": measures_screen.show,
    "plan": plan_screen.show,
    "progress": progress_screen.show,
    "views": views_screen.show,
    "data": data_screen.show,
    "sources": sources_screen.show,
    "guide": guide_screen.show,
    "methods": guide_screen.show_methods,
    "dictionary": guide_screen.show_dictionary,
}


def page_groups(session: Session) -> dict[str, list[StreamlitPage]]:
    """Return the pages by the heading that they stand under, in the words of the session."""
    groups: dict[str, list[StreamlitPage]] = {}
    known: dict[str, StreamlitPage] = {}
    for heading, names in GROUPS:
        for name in names:
            known[name] = st.Page(
                _SHOWN[name],
                title=session.say(f"page.{name}"),
                url_path=name,
                default=name == FIRST_PAGE,
            )
            groups.setdefault(session.say(heading) if heading else "", []).append(known[name])
    st.session_state[PAGES] = known
    return groups
