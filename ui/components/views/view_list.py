"""The list of saved views: open one, call it otherwise, copy, replace, share or delete it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from data.errors import AtlasError
from data.loader import province_ids
from data.own.datasets import LONGEST_NAME
from data.own.saved_views import SavedView, ViewsError, ViewStore
from data.own.view_files import KeptView, views_file
from data.text import join, moment
from layers.address.query import parse_query
from layers.address.view_summary import view_summary
from layers.words.telling_names import file_name_of
from ui.access.owner import may_save
from ui.components.markdown_text import escape
from ui.components.views.save_view import problem
from ui.page_names import VIEW_PAGES
from ui.state.library import province
from ui.state.own_data import session_province
from ui.state.saved_view import kept_address, last_page, open_kept, view_to_keep
from ui.state.session import Session, session_now

JSON = "application/json"
_SHOWN_FIRST = 20
_SEARCHED_FROM = 8
_SHOWN = "atlas.views.shown"
_DONE = "atlas.views.done"
_PROBLEM = "atlas.views.problem"


@dataclass(frozen=True)
class _Done:
    """What was done last, as a phrase with a name, and what takes it back."""

    phrase: str
    name: str
    undo: Callable[[], None]


def view_list(session: Session, store: ViewStore, views: Sequence[SavedView]) -> None:
    """List the person's own views and those that others share, with what can be done to each."""
    _what_was_done(session)
    if not views:
        st.info(session.say("views.none"), icon=":material/bookmark:")
        return
    found = _sought(session, views)
    shown: int = st.session_state.get(_SHOWN, _SHOWN_FIRST)
    for one in found[:shown]:
        _row(session, store, one)
    if not found:
        st.caption(session.say("views.none_found"))
    if len(found) > shown:
        st.button(
            session.say("views.more", count=len(found) - shown),
            key="views.more",
            icon=":material/expand_more:",
            on_click=lambda: st.session_state.update({_SHOWN: shown + _SHOWN_FIRST}),
        )


def _sought(session: Session, views: Sequence[SavedView]) -> Sequence[SavedView]:
    """Return the views that have each of the words that are asked for in their name."""
    if len(views) < _SEARCHED_FROM:
        return views
    asked = st.text_input(session.say("views.find"), key="views.find", icon=":material/search:")
    words = asked.casefold().split()
    return [one for one in views if all(word in one.name.casefold() for word in words)]


def _what_was_done(session: Session) -> None:
    """Tell once what went wrong, and what was done as long as it can be taken back."""
    error: ViewsError | None = st.session_state.pop(_PROBLEM, None)
    if error is not None:
        problem(session, error)
    done: _Done | None = st.session_state.get(_DONE)
    if done is None:
        return
    with st.container(key="views-done", border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(session.say(done.phrase, name=escape(done.name)), width="stretch")
        st.button(
            session.say("views.undo"),
            key="views.undo",
            icon=":material/undo:",
            on_click=partial(_act, done.undo),
        )


def _act(act: Callable[[], object], done: _Done | None = None) -> None:
    """Do something to a view, and note what came of it for the page that follows."""
    st.session_state.pop(_DONE, None)
    try:
        act()
    except ViewsError as error:
        st.session_state[_PROBLEM] = error
    else:
        if done is not None:
            st.session_state[_DONE] = done


def _row(session: Session, store: ViewStore, one: SavedView) -> None:
    mine = one.mine and may_save()
    with st.container(border=True, key=f"view-{one.id}", gap="small"):
        st.markdown(f"**{escape(one.name)}**  \n{_facts(session, one)}")
        st.caption(summary(session, one.content))
        with st.container(horizontal=True, gap="small"):
            if st.button(
                session.say("views.open"),
                key=f"views.open.{one.id}",
                icon=":material/open_in_new:",
                type="primary",
            ):
                open_kept(one.content)
            if mine:
                st.button(
                    session.say("views.delete"),
                    key=f"views.delete.{one.id}",
                    icon=":material/delete:",
                    on_click=partial(
                        _act,
                        partial(store.delete, one.id),
                        _Done("views.deleted", one.name, partial(store.restore, one.id)),
                    ),
                )
            more = st.popover(
                session.say("views.other"),
                icon=":material/more_horiz:",
                key=f"views.other.{one.id}",
                on_change="rerun",
            )
        if more.open:
            with more, st.container(key=f"view-more-{one.id}", gap="small"):
                _more(session, store, one, mine=mine)


def _more(session: Session, store: ViewStore, one: SavedView, *, mine: bool) -> None:
    """Offer what is done to a view less often."""
    st.markdown(f"**{session.say('views.link')}**")
    st.code(kept_address(one.content), language=None, wrap_lines=True)
    if mine:
        _rename(session, store, one)
    with st.container(horizontal=True, gap="small"):
        if may_save():
            st.button(
                session.say("views.duplicate"),
                key=f"views.duplicate.{one.id}",
                icon=":material/content_copy:",
                on_click=partial(_act, partial(store.duplicate, one.id)),
            )
        if mine:
            _replace(session, store, one)
        if mine and store.owner is not None:
            st.button(
                session.say("views.unshare" if one.shared else "views.share"),
                key=f"views.share.{one.id}",
                icon=":material/lock:" if one.shared else ":material/group:",
                on_click=partial(_act, partial(store.share, one.id, shared=not one.shared)),
            )
        st.download_button(
            session.say("views.take_one"),
            data=partial(views_file, [one.content]),
            file_name=views_file_name(session, one.name),
            mime=JSON,
            key=f"views.take.{one.id}",
            on_click="ignore",
            icon=":material/download:",
        )


def _rename(session: Session, store: ViewStore, one: SavedView) -> None:
    key = f"views.rename.{one.id}.{one.name}"

    def renamed() -> None:
        # What stands in the field as the button is pressed: it may not have been drawn yet.
        store.rename(one.id, st.session_state[f"{key}.name"])

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            session.say("views.name"), value=one.name, max_chars=LONGEST_NAME, key=f"{key}.name"
        )
        st.button(
            session.say("views.rename"),
            key=key,
            icon=":material/edit:",
            on_click=partial(_act, renamed),
        )


def _replace(session: Session, store: ViewStore, one: SavedView) -> None:
    def renew() -> None:
        store.replace(one.id, view_to_keep(session_now(), one.name, last_page()))

    back = partial(store.replace, one.id, one.content)
    st.button(
        session.say("views.replace"),
        key=f"views.replace.{one.id}",
        icon=":material/sync:",
        help=session.say("views.replace_help"),
        on_click=partial(_act, renew, _Done("views.replaced", one.name, back)),
    )


def _facts(session: Session, one: SavedView) -> str:
    """Return the page, the province where there are several, the time, and whose it is."""
    kept = one.content
    page = kept.page if kept.page in VIEW_PAGES else VIEW_PAGES[0]
    facts = [session.say(f"page.{page}")]
    if len(province_ids()) > 1 and kept.province in province_ids():
        facts.append(province(kept.province).settings.name.say(session.language))
    facts.append(session.say("views.changed", time=_local(kept.changed or "", session)))
    if not one.mine:
        facts.append(session.say("views.shared_by", owner=one.owner_name))
    elif one.shared:
        facts.append(session.say("views.shared"))
    if kept.own_data:
        files = join(kept.own_data, session.language)
        facts.append(session.say("views.with_own", files=files))
    return " · ".join(map(escape, facts))


def _local(time: str, session: Session) -> str:
    try:
        return moment(dt.datetime.fromisoformat(time).astimezone(), session.language)
    except (ValueError, OverflowError):
        return time


def views_file_name(session: Session, *names: str) -> str:
    """Return what a file of views is called: it has nothing to do with what is filtered now."""
    what = (session.say("views.file"), *names)
    return file_name_of(session.province, session.language, what, "json")


def summary(session: Session, kept: KeptView) -> str:
    """Say in the language of the page what a view shows, as far as it is still there."""
    try:
        home = session_province(kept.province)
    except AtlasError:
        return session.say("views.no_province", province=escape(kept.province))
    view = parse_query(kept.query, home).view
    # In the words of who reads the list, whatever language the view opens in.
    return escape(view_summary(replace(view, language=session.language), home))
