"""Datasets that are kept on the server under a name, only when a person asks for it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import streamlit as st

from data.errors import AtlasError
from data.own.dataset_content import load_own, save_own
from data.own.datasets import Dataset, DatasetError, DatasetStore
from data.text import day, moment
from ui.access.owner import dataset_store, is_at_home, is_open_to_strangers, may_save
from ui.access.sign_in import person
from ui.components.markdown_text import escape
from ui.state.own_data import Held, add_own, forget_saved, mark_saved
from ui.state.session import Session
from ui.words.messages import sentences


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
        shared = _share_choice(session, store, one, name)
        if st.button(session.say("dataset.save_now"), key=f"dataset.save.{one.id}", type="primary"):
            try:
                with st.spinner(session.say("dataset.saving")):
                    saved = save_own(
                        store, name, session.province, one.data, owner=_my_name(), shared=shared
                    )
            except AtlasError as error:
                _problem(session, error)
            else:
                mark_saved(one, saved.name)
                st.success(session.say("dataset.saved", name=escape(saved.name)))


def dataset_panel(session: Session) -> None:
    """List the datasets of this user, to load or to delete."""
    st.subheader(session.say("dataset.title"), anchor=False)
    store = dataset_store()
    if store is None:
        st.caption(session.say("dataset.strangers" if is_open_to_strangers() else "dataset.off"))
        return
    st.caption(_who(session, store))
    mine, faults = store.read()
    if faults:
        st.warning(session.say("dataset.faulty"))
        st.code("\n".join(map(str, faults[:20])), language=None)
    every = [
        (place, one)
        for place, one in (*((store, one) for one in mine), *store.shared_by_others())
        if one.province == session.province.id
    ]
    if not every:
        st.caption(session.say("dataset.none"))
    for place, one in every:
        _row(session, place, one)


def _who(session: Session, store: DatasetStore) -> str:
    if is_open_to_strangers():
        return session.say("dataset.strangers")
    if is_at_home():
        return session.say("dataset.home", folder=escape(str(store.folder)))
    if store.owner is None:
        return session.say("dataset.open")
    return session.say("dataset.private", owner=escape(_my_name()))


def _my_name() -> str:
    known = person()
    return "" if known is None else known.name


def _share_choice(session: Session, store: DatasetStore, one: Held, name: str) -> bool:
    """Ask whether others may read what is saved, where people sign in."""
    if store.owner is None:
        return False
    before = any(kept.shared for kept in store.every() if kept.name == name.strip())
    return bool(
        st.checkbox(
            session.say("dataset.share"), value=before, key=f"dataset.share.{one.id}.{name}"
        )
    )


def _row(session: Session, store: DatasetStore, one: Dataset) -> None:
    others = store.place is not None
    key = f"{store.place or ''}.{one.name}"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{escape(one.name)}**  \n{escape(one.file)} · "
            + escape(day(one.date, session.language))
            + " · "
            + session.say(f"dataset.kind_{one.kind}")
            + " · "
            + escape(session.say("dataset.saved_at", time=moment(one.saved, session.language)))
            + _sharing(session, one, others=others)
        )
        if st.button(
            session.say("dataset.load"), key=f"dataset.load.{key}", icon=":material/upload:"
        ):
            _load(session, store, one)
        if others or not may_save():
            return
        if store.owner is not None:
            st.button(
                session.say("dataset.unshare" if one.shared else "dataset.share_now"),
                key=f"dataset.share.{one.name}",
                icon=":material/lock:" if one.shared else ":material/group:",
                on_click=partial(_share, store, one),
            )
        with st.popover(session.say("dataset.delete"), icon=":material/delete:"):
            st.markdown(session.say("dataset.delete_sure", name=escape(one.name)))
            if st.button(session.say("dataset.delete_now"), key=f"dataset.delete.{one.name}"):
                _delete(session, store, one)


def _sharing(session: Session, one: Dataset, *, others: bool) -> str:
    if others:
        return " · " + escape(session.say("dataset.shared_by", owner=one.owner))
    return " · " + session.say("dataset.shared") if one.shared else ""


def _share(store: DatasetStore, one: Dataset) -> None:
    """Share a dataset or take it back; one that has gone meanwhile is told by the list."""
    with suppress(DatasetError):
        store.share(one.name, shared=not one.shared)


def _load(session: Session, store: DatasetStore, one: Dataset) -> None:
    try:
        with st.spinner(session.say("dataset.loading")):
            held = Held(session.province.id, load_own(store, one.name, session.province))
            add_own(held)
            mark_saved(held, one.name)
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
        forget_saved(one.name)
        st.rerun()


def _problem(session: Session, error: AtlasError) -> None:
    if isinstance(error, DatasetError):
        words = {name: escape(value) for name, value in error.details.items()}
        st.error(session.say(f"dataset.error_{error.code}", **words))
        if error.code == "unreadable":
            st.code(error.details["problem"], language=None)
        return
    heading, *details = sentences(error, session.language)
    st.error(heading)
    if details:
        st.code("\n".join(details[:20]), language=None)
