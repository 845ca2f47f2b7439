"""Show a text of the handbook with its contents beside it."""

from __future__ import annotations

import streamlit as st

from ui.state.session import Session
from ui.words.handbook_texts import HandbookText, handbook


def show_text(session: Session, name: str) -> None:
    """Show a text of the handbook in the language of the session."""
    text = handbook(name, session.language)
    with st.container(key="handbook"):
        st.title(text.title, anchor=False)
        with st.container(key="handbook-contents"):
            _contents(session, text)
        with st.container(key="handbook-text"):
            st.markdown(text.lead)
            for chapter in text.chapters:
                st.header(chapter.title, anchor=chapter.anchor)
                st.markdown(chapter.body)


def _contents(session: Session, text: HandbookText) -> None:
    links = "\n".join(f"- [{one.title}](#{one.anchor})" for one in text.chapters)
    st.markdown(f"**{session.say('guide.contents')}**\n\n{links}")
