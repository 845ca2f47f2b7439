"""List what a session has brought along: what it is, what was kept aside, and how to drop it."""

from __future__ import annotations

import streamlit as st

from data.own.own_source import OwnSites
from data.text import day, number
from ui.components.markdown_text import escape
from ui.components.upload.preview_step import downloads
from ui.components.upload.saved_datasets import save_box
from ui.state.own_data import Held, can_put_back, own_data, put_back, remove_own
from ui.state.point_display import show_points
from ui.state.session import PAGES, Session


def own_list(session: Session) -> None:
    """Show the session's own data of the province that is open."""
    held = own_data(session.province.id)
    if not held and not can_put_back():
        return
    st.subheader(session.say("data.loaded"), anchor=False)
    for one in held:
        _item(session, one)
    if can_put_back():
        st.button(
            session.say("data.put_back"),
            key="data.put_back",
            on_click=put_back,
            icon=":material/undo:",
        )


def _item(session: Session, one: Held) -> None:
    with st.container(border=True, key=f"own-{one.id}"):
        sites = isinstance(one.data, OwnSites)
        count = len(one.data.sites) if isinstance(one.data, OwnSites) else len(one.data.register)
        words = session.say(
            "data.item_sites" if sites else "data.item_points",
            count=number(count, session.language),
        )
        mark = session.say("own.marker")
        date = day(one.data.date, session.language)
        st.markdown(f":red-badge[{mark}] **{escape(one.data.file)}** · {date} · {words}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                session.say("data.to_map"), key=f"data.map.{one.id}", icon=":material/map:"
            ):
                if not sites:
                    show_points(one.id)
                st.switch_page(st.session_state[PAGES]["map"])
            st.button(
                session.say("data.remove"),
                key=f"data.remove.{one.id}",
                icon=":material/delete:",
                on_click=lambda: remove_own(one.province, one.id),
            )
            save_box(session, one)
        if one.aside is not None and (len(one.aside.rejected) or one.aside.faults):
            st.caption(
                session.say("data.aside", count=number(len(one.aside.rejected), session.language))
            )
            downloads(session, one.data.file, one.aside, one.id)
