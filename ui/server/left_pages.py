"""Answer what a page asks at the moment when it is left within the page that is open by then.

A request names the page that the browser shows. What the map asks by itself may arrive after the
request for another page: Streamlit would go back to the page that it names, of which nothing is
left, and the browser would show an empty page.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from ui.streamlit_inside import BrowserSession, has_page, open_page, patch_page_asked_for

_asked: WeakKeyDictionary[BrowserSession, str] = WeakKeyDictionary()


def keep_to_open_page() -> None:
    """Have sessions answer requests for parts of a page within the page that is open."""
    patch_page_asked_for(_page_to_run)


def _page_to_run(session: BrowserSession, named: str, is_part: bool) -> str:
    """Return the page that was asked for last: by the browser, or by a page that led to it."""
    if not is_part:
        _asked[session] = named
    _forget_begun(session)
    if not is_part:
        return named
    page = _asked.get(session) or open_page(session)
    return page if has_page(session, page) else named


def _forget_begun(session: BrowserSession) -> None:
    # A page that has begun may lead to another one by itself.
    if _asked.get(session) == open_page(session):
        del _asked[session]
