"""Draw the page again when the browser has its server back after the connection was lost.

An answer that was under way is lost with the connection, and Streamlit takes the parts of the
page that it was for away. Nobody else asks for them, so the page does, by a button nobody sees.
"""

from __future__ import annotations

import streamlit as st

from ui.page_scripts import WATCH
from ui.state.session import Session

_KEY = "widget.again"


def draw_on_return(session: Session) -> None:
    """Watch the connection of the page."""
    with st.container(key="again"):
        st.html(WATCH, unsafe_allow_javascript=True)
        st.button(session.say("app.name"), key=_KEY)
