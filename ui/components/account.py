"""Ask people to sign in, say who is signed in, and let them leave."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from data.text import LANGUAGES, Language, say
from ui.access.sign_in import person
from ui.components.markdown_text import escape
from ui.page_scripts import COME_BACK, REMEMBER
from ui.state.session import Session, change

_SIGN = Path(__file__).parents[1] / "icon.svg"


def come_back() -> None:
    """Open the address that was asked for before signing in, which leads to the start page."""
    st.html(COME_BACK, unsafe_allow_javascript=True)


def sign_in_screen(language: Language) -> None:
    """Show what somebody sees who has yet to sign in: nothing but the way in."""
    with st.container(key="sign-in", horizontal_alignment="center"):
        st.html(REMEMBER, unsafe_allow_javascript=True)
        st.image(_SIGN, width=56)
        st.title(say("app.name", language), anchor=False)
        st.markdown(say("access.needed", language))
        st.button(
            say("access.sign_in", language),
            key="widget.sign-in",
            type="primary",
            icon=":material/login:",
            on_click=st.login,
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            for other in LANGUAGES:
                if other != language:
                    st.button(
                        say(f"language.{other}", other),
                        key="widget.sign-in.language",
                        type="tertiary",
                        on_click=change,
                        kwargs={"language": other},
                    )


def account(session: Session) -> None:
    """Say who is signed in and what they may do; nothing where there is no sign-in."""
    known = person()
    if known is None or known.id is None:
        return
    with st.popover(escape(known.name), icon=":material/account_circle:"):
        st.markdown(session.say(f"access.role_{known.role}"))
        st.button(
            session.say("access.sign_out"),
            key="widget.sign-out",
            icon=":material/logout:",
            on_click=st.logout,
        )
