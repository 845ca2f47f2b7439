"""Take saved views away in a file, and bring those of a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from data.errors import Fault
from data.own.saved_views import SavedView, ViewsError, ViewStore
from data.own.view_files import LARGEST_FILE, KeptView, read_views, views_file
from ui.components.markdown_text import escape
from ui.components.views.save_view import problem
from ui.components.views.view_list import JSON, summary, views_file_name
from ui.state.saved_view import open_kept
from ui.state.session import Session

_TURN = "atlas.views.turn"
_BROUGHT = "atlas.views.brought"
_SHOWN_FAULTS = 20
_SHOWN_VIEWS = 20


def take_away(session: Session, views: Sequence[SavedView]) -> None:
    """Offer the person's own views as one file."""
    mine = [one.content for one in views if one.mine]
    if mine:
        st.download_button(
            session.say("views.take_all", count=len(mine)),
            data=partial(views_file, mine),
            file_name=views_file_name(session),
            mime=JSON,
            key="views.take",
            on_click="ignore",
            icon=":material/download:",
        )


def bring(session: Session, store: ViewStore | None) -> None:
    """Read a file of views: add them to one's own, or without a ``store`` open them from here."""
    turn: int = st.session_state.get(_TURN, 0)
    brought: int = st.session_state.pop(_BROUGHT, 0)
    if brought:
        st.success(session.say("views.brought", count=brought))
    with st.expander(session.say("views.bring"), icon=":material/upload:", key="views.bring"):
        file = st.file_uploader(
            session.say("views.bring_file"),
            type=["json"],
            max_upload_size=LARGEST_FILE >> 20,
            key=f"views.file.{turn}",
        )
        st.caption(session.say("views.bring_help" if store else "views.bring_to_open"))
        if file is None:
            return
        views, faults = read_views(file.getvalue(), file.name)
        _faults(session, faults)
        if not views:
            return
        if store is None:
            _open_one(session, views)
        elif st.button(
            session.say("views.add", count=len(views)),
            key="views.add",
            type="primary",
            icon=":material/library_add:",
        ):
            _add(session, store, views, turn)


def _add(session: Session, store: ViewStore, views: Sequence[KeptView], turn: int) -> None:
    try:
        store.save_all(views)
    except ViewsError as error:
        problem(session, error)
        return
    st.session_state.update({_TURN: turn + 1, _BROUGHT: len(views)})
    st.rerun()


def _open_one(session: Session, views: Sequence[KeptView]) -> None:
    for place, one in enumerate(views[:_SHOWN_VIEWS]):
        with st.container(border=True, gap="small"):
            st.markdown(f"**{escape(one.name)}**")
            st.caption(summary(session, one))
            if st.button(session.say("views.open"), key=f"views.open-file.{place}"):
                open_kept(one)


def _faults(session: Session, faults: Sequence[Fault]) -> None:
    """Name what of a file is not understood, place by place."""
    if not faults:
        return
    st.warning(session.say("views.faults", count=len(faults)))
    st.code("\n".join(map(str, faults[:_SHOWN_FAULTS])), language=None)
