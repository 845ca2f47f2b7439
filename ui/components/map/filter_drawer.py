"""Keep the filters in a drawer on small screens, where the map comes first.

The style sheet shows the switch on small screens only, and the drawer when it is open.
"""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from clusters.selection import Selection
from ui.state.session import Session

_OPEN = "atlas.drawer"


def drawer_switch(session: Session) -> None:
    """Show the button that opens and closes the filters on a small screen."""
    is_open = bool(st.session_state.get(_OPEN, False))
    count = _filters(session.view.selection)
    if is_open:
        label = session.say("drawer.close")
    else:
        label = session.say("drawer.open_count" if count else "drawer.open", count=count)
    with st.container(key=f"drawer-switch-{'open' if is_open else 'closed'}"):
        st.button(
            label,
            key="widget.drawer",
            icon=":material/close:" if is_open else ":material/tune:",
            on_click=_switch,
            width="stretch",
        )


def _filters(selection: Selection) -> int:
    empty = Selection()
    names = [field.name for field in fields(empty)]
    return sum(getattr(selection, name) != getattr(empty, name) for name in names)


def _switch() -> None:
    st.session_state[_OPEN] = not st.session_state.get(_OPEN, False)
