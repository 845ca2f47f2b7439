"""Take the view that is open as one to be saved, and open one that was."""

from __future__ import annotations

import streamlit as st

from data.loader import default_province_id
from data.own.datasets import LONGEST_NAME
from data.own.saved_views import ViewsError, kept_name
from data.own.view_files import LONGEST_QUERY, MOST_OWN_DATA, KeptView
from layers.address.query import Ignored, write_query
from layers.address.view_summary import view_title
from ui.page_names import FIRST_PAGE, PAGE_NAMES, VIEW_PAGES
from ui.state.own_data import own_data
from ui.state.session import Session, go, open_query
from ui.words.messages import OWN_DATA

_LAST_PAGE = "atlas.views.page"
_CUT = "…"


def note_page(page: str) -> None:
    """Note which page is open, by the last part of its address."""
    page = page or FIRST_PAGE
    if page in VIEW_PAGES:
        st.session_state[_LAST_PAGE] = page


def last_page() -> str:
    """Return the page on which the view that is open was looked at last."""
    page: str = st.session_state.get(_LAST_PAGE, FIRST_PAGE)
    return page


def view_name(session: Session) -> str:
    """Return what the view that is open may be called."""
    name = view_title(session.view, session.province)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + _CUT


def view_to_keep(session: Session, name: str, page: str) -> KeptView:
    """Return the view that is open, to be saved; raises ``ViewsError`` where it cannot be."""
    query = write_query(session.view, session.province)
    if len(query) > LONGEST_QUERY:
        raise ViewsError("long")
    return KeptView(
        name=kept_name(name),
        province=session.province.id,
        page=page,
        query=query,
        own_data=tuple(one.data.file for one in own_data(session.province.id))[:MOST_OWN_DATA],
    )


def open_kept(kept: KeptView) -> None:
    """Open a view on its page; what is no longer there is told. Only for the body of a page."""
    loaded = {one.data.file for one in own_data(kept.province)}
    lacking = (Ignored(OWN_DATA, name) for name in kept.own_data if name not in loaded)
    # Of another province than the default one of today, too.
    open_query(f"province={kept.province}&{_query_within(kept)}", lacking)
    go(kept.page if kept.page in VIEW_PAGES else FIRST_PAGE)


def kept_address(kept: KeptView) -> str:
    """Return the address that opens a view, on this server as the browser reaches it."""
    here = (st.context.url or "").partition("?")[0].rstrip("/")
    base, _, last = here.rpartition("/")
    start = base if last in PAGE_NAMES else here
    page = kept.page if kept.page in VIEW_PAGES and kept.page != FIRST_PAGE else ""
    elsewhere = kept.province != default_province_id()
    province = f"province={kept.province}&" if elsewhere else ""
    return f"{start}/{page}?{province}{_query_within(kept)}"


def _query_within(kept: KeptView) -> str:
    """Return the query of a view without a province: its own says which one it is of."""
    parts = kept.query.split("&")
    return "&".join(part for part in parts if part.partition("=")[0] != "province")
