"""Datasets that are kept on the server under a name, only when a person asks for it."""

from __future__ import annotations

import streamlit as st

from data.dataset_content import load_own, save_own
from data.datasets import Dataset, DatasetError, DatasetStore
from data.errors import AtlasError
from ui.components.words import escape
from ui.messages import sentences
from ui.own import Held, add_own
from ui.owner import dataset_store, may_save
from ui.state import Session


def save_box(session: Session, one: Held) -> None:
    """Offer to save own data under a name."""
    store = dataset_store()
    if store is None or not may_save():
        return
    with st.popover(session.say("dataset.save"), icon=":material/save:"):
        name = st.text_input(
            session.say("dataset.name"), value=one.data.file, key=f"dataset.name.{one.id}"
        )
        st.caption(_who(session, store))
        if name.strip() in {kept.name for kept in store.every()}:
            st.warning(session.say("dataset.replaces"))
        if st.button(session.say("dataset.save_now"), key=f"dataset.save.{one.id}", type="primary"):
            try:
                with st.spinner(session.say("dataset.saving")):
                    saved = save_own(store, name, session.province, one.data)
            except AtlasError as error:
                _problem(session, error)
            else:
                st.success(session.say("dataset.saved", name=escape(saved.name)))


def dataset_panel(session: Session) -> None:
    """List the datasets of this user, to load or to delete."""
    st.subheader(session.say("dataset.title"), anchor=False)
    store = dataset_store()
    if store is None:
        st.caption(session.say("dataset.off"))
        return
    st.caption(_who(session, store))
    every = [one for one in store.every() if one.province == session.province.id]
    if not every:
        st.caption(session.say("dataset.none"))
    for one in every:
        _row(session, store, one)


def _who(session: Session, store: DatasetStore) -> str:
    if store.owner is None:
        return session.say("dataset.open")
    return session.say("dataset.private", owner=escape(store.owner))


def _row(session: Session, store: DatasetStore, one: Dataset) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{escape(one.name)}**  \n{escape(one.file)} · {one.date} · "
            + session.say(f"dataset.kind_{one.kind}")
            + " · "
            + escape(session.say("dataset.saved_at", time=one.saved.replace("T", " ")))
        )
        if st.button(
            session.say("dataset.load"), key=f"dataset.load.{one.name}", icon=":material/upload:"
        ):
            _load(session, store, one)
        if not may_save():
            return
        with st.popover(session.say("dataset.delete"), icon=":material/delete:"):
            st.markdown(session.say("dataset.delete_sure", name=escape(one.name)))
            if st.button(session.say("dataset.delete_now"), key=f"dataset.delete.{one.name}"):
                _delete(session, store, one)


def _load(session: Session, store: DatasetStore, one: Dataset) -> None:
    try:
        with st.spinner(session.say("dataset.loading")):
            add_own(Held(session.province.id, load_own(store, one.name, session.province)))
    except AtlasError as error:
        _problem(session, error)
    else:
        st.rerun()


def _delete(session: Session, store: DatasetStore, one: Dataset) -> None:
    try:
        store.delete(one.name)
    except AtlasError as error:
        _problem(session, error)
    else:
        st.rerun()


def _problem(session: Session, error: AtlasError) -> None:
    if isinstance(error, DatasetError):
        st.error(session.say(f"dataset.error_{error.code}", **error.details))
        return
    heading, *details = sentences(error, session.language)
    st.error(heading)
    if details:
        st.code("\n".join(details[:20]), language=None)
