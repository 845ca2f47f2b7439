"""List the views that were saved, save the one that is open, and carry them away and back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data.own.saved_views import ViewsError
from data.own.view_files import views_file
from layers.address.view_summary import view_summary
from ui.access.owner import may_save, view_store
from ui.access.sign_in import may_edit
from ui.components.markdown_text import escape
from ui.components.views.carry import bring, take_away
from ui.components.views.save_view import problem, save_form, where_kept
from ui.components.views.view_list import JSON, view_list, views_file_name
from ui.state.saved_view import kept_address, last_page, view_name, view_to_keep
from ui.state.session import Session, current


def show() -> None:
    """Show the page."""
    session = current()
    with st.container(key="reading-page-wide"):
        st.title(session.say("views.title"))
        st.markdown(session.say("views.lead"))
        st.caption(where_kept(session, view_store()))
        if not may_edit():
            st.info(session.say("views.only_editors"), icon=":material/lock:")
        _open_now(session)
        _list(session)


def _list(session: Session) -> None:
    """Show what is saved; where it cannot be read, say so, and go on with what needs no list."""
    st.subheader(session.say("views.list"), anchor=False)
    store = view_store()
    try:
        views = store.every() if store else ()
    except ViewsError as error:
        problem(session, error)
        return
    if store is not None:
        view_list(session, store, views)
    if may_edit():
        take_away(session, views)
        bring(session, store if may_save() else None)


def _open_now(session: Session) -> None:
    """Say which view is open, and offer to save it or to take it away as a file."""
    st.subheader(session.say("views.now"), anchor=False)
    page = last_page()
    where = session.say(f"page.{page}")
    st.markdown(f"{where} · {escape(view_summary(session.view, session.province))}")
    with st.container(horizontal=True, gap="small"):
        store = view_store()
        if store is not None and may_save():
            with st.popover(
                session.say("views.save"), icon=":material/bookmark_add:", key="views.save-now"
            ):
                save_form(session, store, page, "list")
        _take_this(session, page)


def _take_this(session: Session, page: str) -> None:
    try:
        kept = view_to_keep(session, view_name(session), page)
    except ViewsError as error:
        problem(session, error)
        return
    st.download_button(
        session.say("views.take_this"),
        data=partial(views_file, [kept]),
        file_name=views_file_name(session, kept.name),
        mime=JSON,
        key="views.take-now",
        on_click="ignore",
        icon=":material/download:",
    )
    with st.popover(session.say("views.link"), icon=":material/link:", key="views.link-now"):
        st.code(kept_address(kept), language=None, wrap_lines=True)
