"""Tell a person what was left out, and how to go on."""

from __future__ import annotations

import streamlit as st

from ui.state.own_data import own_data
from ui.state.session import Session, ignored_was_shown
from ui.words.messages import OWN_DATA, ignored_sentences


def ignored_notice(session: Session) -> None:
    """Name what was not understood in the address or went with own data, if there is any."""
    loaded = {one.data.file for one in own_data(session.province.id)}
    ignored = [one for one in session.ignored if one.key != OWN_DATA or one.value not in loaded]
    if not ignored:
        return
    ignored_was_shown()
    with st.container(key="ignored-notice"):
        lines = ignored_sentences(ignored, session.language)
        st.warning(session.say("error.ignored_title"))
        st.code("\n".join(lines), language=None)
