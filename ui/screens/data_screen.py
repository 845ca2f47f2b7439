"""Bring own data: read a file step by step, and keep what was accepted for the session."""

from __future__ import annotations

import streamlit as st

from ui.access.sign_in import may_edit
from ui.components.upload.own_list import own_list
from ui.components.upload.saved_datasets import dataset_panel
from ui.components.upload.wizard import upload_wizard
from ui.state.session import current
from ui.state.uploading import give_back_memory


def show() -> None:
    """Show the page."""
    session = current()
    give_back_memory()
    with st.container(key="reading-page-wide"):
        st.title(session.say("data.title"))
        st.markdown(session.say("data.lead"))
        own_list(session)
        if may_edit():
            upload_wizard(session)
        else:
            st.info(session.say("access.only_editors"), icon=":material/lock:")
        dataset_panel(session)
