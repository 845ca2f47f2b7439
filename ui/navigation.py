"""Name the pages, and go from one to another with the view that is open."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

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

_GROUPS: tuple[tuple[str, tuple[tuple[str, Callable[[], None]], ...]], ...] = (
    ("", (("map", map_screen.show),)),
    (
        "pages.analysis",
        (
            ("ranking", ranking.show),
            ("compare", compare.show),
            ("chain", chain.show),
            ("city", city.show),
            ("measures", measures.show),
        ),
    ),
    ("pages.plan", (("plan", plan.show), ("progress", progress.show))),
    (
        "pages.data",
        (
            ("data", data.show),
            ("sources", sources.show),
        ),
    ),
    (
        "pages.help",
        (
            ("guide", guide.show),
            ("methods", guide.show_methods),
            ("dictionary", guide.show_dictionary),
        ),
    ),
)


def page_groups(session: Session) -> dict[str, list[StreamlitPage]]:
    """Return the pages by the heading that they stand under, in the words of the session."""
    groups: dict[str, list[StreamlitPage]] = {}
    known: dict[str, StreamlitPage] = {}
    for heading, pages in _GROUPS:
        for name, show in pages:
            title = session.say(f"page.{name}")
            known[name] = st.Page(show, title=title, url_path=name, default=name == "map")
            groups.setdefault(session.say(heading) if heading else "", []).append(known[name])
    st.session_state[PAGES] = known
    return groups
