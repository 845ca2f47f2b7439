"""Save the view that is open under a name, and say where it stays."""

from __future__ import annotations

import zlib

import streamlit as st

from data.own.datasets import LONGEST_NAME
from data.own.saved_views import ViewsError, ViewStore
from ui.access.owner import is_at_home, is_open_to_strangers, may_save, view_store
from ui.components.markdown_text import escape
from ui.page_names import FIRST_PAGE
from ui.state.redraw import SNAPSHOT, set_idle
from ui.state.saved_view import view_name, view_to_keep
from ui.state.session import PAGES, Session


def save_view_panel(session: Session) -> None:
    """Offer on the map to save the view, where views may be saved."""
    store = view_store()
    if store is None or not may_save():
        return
    panel = st.popover(
        session.say("views.save"),
        icon=":material/bookmark_add:",
        key="widget.save-view",
        width="stretch",
        on_change="rerun",
    )
    if panel.open:
        # The name that is proposed follows the view.
        set_idle(SNAPSHOT, False)
        with panel, st.container(key="save-view-panel", gap="small"):
            save_form(session, store, FIRST_PAGE, "map")
            list_link(session)


def save_form(session: Session, store: ViewStore, page: str, place: str) -> None:
    """Ask for a name and save the view under it, as one of ``page``; tell what came of it."""
    proposed = view_name(session)
    # Another view has another name proposed, in a field that nobody has typed in.
    key = f"views.name.{place}.{zlib.crc32(proposed.encode())}"
    name = st.text_input(session.say("views.name"), value=proposed, max_chars=LONGEST_NAME, key=key)
    st.caption(where_kept(session, store))
    if st.button(
        session.say("views.save_now"),
        key=f"views.save.{place}",
        type="primary",
        icon=":material/bookmark_add:",
    ):
        try:
            saved = store.save(view_to_keep(session, name, page))
        except ViewsError as error:
            problem(session, error)
        else:
            st.success(session.say("views.saved", name=escape(saved.name)))


def list_link(session: Session) -> None:
    """Lead to the list of saved views."""
    page = st.session_state.get(PAGES, {}).get("views")
    if page is not None:
        st.page_link(page, label=session.say("views.to_list"), icon=":material/bookmarks:")


def where_kept(session: Session, store: ViewStore | None) -> str:
    """Say where views are kept and who sees them, or why none are."""
    if is_open_to_strangers():
        return session.say("views.strangers")
    if store is None:
        return session.say("views.off")
    if is_at_home():
        return session.say("views.home", file=escape(str(store.path)))
    if store.owner is None:
        return session.say("views.open_to_all")
    return session.say("views.private", owner=escape(store.owner_name))


def problem(session: Session, error: ViewsError) -> None:
    """Say what kept a view from being saved, found or changed."""
    words = {name: escape(value) for name, value in error.details.items()}
    st.error(session.say(f"views.error_{error.code}", **words))
