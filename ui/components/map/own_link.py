"""Lead from the map to where own data is added."""

from __future__ import annotations

import streamlit as st

from ui.access.sign_in import may_edit
from ui.state.session import PAGES, Session


def own_data_link(session: Session) -> None:
    """Offer to add own data, to those who may."""
    page = st.session_state.get(PAGES, {}).get("data")
    if page is not None and may_edit():
        st.page_link(page, label=session.say("filter.own"), icon=":material/upload_file:")
