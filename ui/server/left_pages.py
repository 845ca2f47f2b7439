"""Answer what a page asks at the moment when it is left within the page that is open by then.

A request names the page that the browser shows. What the map asks by itself may arrive after the
request for another page: Streamlit would go back to the page that it names, of which nothing is
left, and the browser would show an empty page.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

_asked: WeakKeyDictionary[AppSession, str] = WeakKeyDictionary()
_request_rerun = AppSession.request_rerun


def keep_to_open_page() -> None:
    """Have sessions answer requests for parts of a page within the page that is open."""
    AppSession.request_rerun = _request_in_open_page  # type: ignore[assignment, method-assign]


def _request_in_open_page(session: AppSession, client_state: ClientState | None) -> None:
    if client_state is not None:
        if client_state.fragment_id:
            client_state.page_script_hash = _open_page(session, client_state.page_script_hash)
        else:
            _asked[session] = client_state.page_script_hash
            _forget_begun(session)
    _request_rerun(session, client_state)


def _open_page(session: AppSession, named: str) -> str:
    """Return the page that was asked for last: by the browser, or by a page that led to it."""
    _forget_begun(session)
    pages = session._pages_manager
    page = _asked.get(session) or pages.current_page_script_hash
    return page if page in pages.get_pages() else named


def _forget_begun(session: AppSession) -> None:
    # A page that has begun may lead to another one by itself.
    if _asked.get(session) == session._pages_manager.current_page_script_hash:
        del _asked[session]
