"""Name the pages, and go from one to another with the view that is open."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui.page_names import FIRST_PAGE, GROUPS
from ui.screens import (
    chain,
    city,
    compare,
    data,
    guide,
    measures,
    plan,
    progress,
    ranking,
    sources,
)
from ui.screens import map as map_screen
from ui.state import PAGES, Session

_SHOWN: dict[str, Callable[[], None]] = {
    "map": map_screen.show,
    "ranking": ranking.show,
    "compare": compare.show,
    "chain": chain.show,
    "city": city.show,
    "measures": measures.show,
    "plan": plan.show,
    "progress": progress.show,
    "data": data.show,
    "sources": sources.show,
    "guide": guide.show,
    "methods": guide.show_methods,
    "dictionary": guide.show_dictionary,
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
