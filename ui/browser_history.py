"""Have a step back in the browser undo what a person chose, not where the map has moved since."""

from __future__ import annotations

import streamlit as st

from ui.page_scripts import STEPS


def keep_steps() -> None:
    """Count as steps of the browser what changes more of an address than the map's place."""
    with st.container(key="steps"):
        st.html(STEPS, unsafe_allow_javascript=True)
