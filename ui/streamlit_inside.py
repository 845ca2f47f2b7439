"""All that the atlas takes from inside Streamlit, where the next release may move it.

Public, and not named here, is what ``import streamlit as st`` documents, ``streamlit.testing``
and ``streamlit.components.v1``. Inside is all else: the modules below it, also for the types of
what it returns, names with a leading underscore, functions that are exchanged for others, the
server's addresses, cookies and protocols, and what its page in the browser is made of.

Nothing else in ``app.py`` and ``ui`` names any of it (``tests/unit/test_streamlit_outside.py``).
Each has a test that says what hangs on it (``tests/contract/test_streamlit_inside.py`` and
``test_streamlit_served.py``, and ``tests/browser/test_streamlit_inside.py`` for the page).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

import streamlit
from streamlit import config, net_util, runtime
from streamlit.auth_util import get_origin_from_redirect_uri
from streamlit.delta_generator import DeltaGenerator as DeltaGenerator
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.navigation.page import StreamlitPage as StreamlitPage
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import memory_session_storage
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.secrets import secrets_singleton
from streamlit.runtime.session_manager import SessionInfo as SessionInfo
from streamlit.runtime.session_manager import SessionStorage as SessionStorage
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.web.server.server_util import is_url_from_allowed_origins
from streamlit.web.server.starlette import starlette_websocket

# Addresses of the server.

HEALTH = "/_stcore/health"
"""Says whether the server runs: answered under any name of it, and to everybody."""

HOST_CONFIG = "/_stcore/host-config"
"""Tells a page how to begin: whoever has yet to sign in needs it too."""

STREAM = "/_stcore/stream"
"""The connection of a page: sessions are given to their own browsers there."""

UPLOADS = "/_stcore/upload_file/"
"""Takes files, ``SESSION/FILE``: only from the browser of the session, and only from editors."""

MEDIA = "/media/"
"""Pictures and downloads of sessions: no cache between may keep them."""

CODE = "/static/"
"""The code of the page, the same for everybody."""

ICON = "/favicon.png"
"""The sign of the page, the same for everybody."""

SIGN_IN = ("/auth/login", "/auth/logout", "/oauth2callback")
"""The way to the provider and back: for whoever has yet to sign in."""

PROTOCOLS = "sec-websocket-protocol"
"""What the page names itself by as it connects: its name, a token, the session that it was."""

SESSION_AT = 2
"""Which of the protocols is the session, so that a stranger's is not given back."""

USER_COOKIE = "_streamlit_user"
"""Who has signed in, signed by the server: requests beside the pages are known by it too."""

# What the page in the browser is made of.

END_OF_TITLE = b"</title>"
"""What our first scripts are put behind, so that they come before those of the page."""

TEST_IDS = {
    "stBaseButton-primary": "its words are legible in dark",
    "stButton": "is not printed",
    "stCaptionContainer": "has enough contrast",
    "stCheckbox": "its words keep their size among filters",
    "stDataFrame": "is not printed where its table is printed in words",
    "stDownloadButton": "is not printed",
    "stElementContainer": "a table is printed in words beside its grid",
    "stElementToolbar": "is not printed",
    "stException": "the map that comes first gives way to a fault",
    "stExpander": "is printed where it is open",
    "stFileUploaderDropzoneInstructions": "names kinds of files, not endings",
    "stHeader": "height, colour, the line of progress; gone when presenting, embedded or printed",
    "stHeaderLogo": "leaves room on a narrow screen",
    "stHeading": "is in the middle of the page for sign-in",
    "stImage": "a picture is named by its caption for those who cannot see it",
    "stLayoutWrapper": "panels are dense",
    "stMain": "is printed whole",
    "stMainBlockContainer": "the map has the window's full width; is printed whole",
    "stMarkdown": "is in the middle of the page for sign-in",
    "stMarkdownContainer": "panels are dense",
    "stMetric": "cards have one height, and do not break across sheets",
    "stMetricDelta": "long words of a card are shown whole",
    "stMetricLabel": "long words of a card are shown whole",
    "stMetricValue": "size of the figures of a card",
    "stMultiSelectTagsContainer": "what was chosen is legible",
    "stPopover": "is not printed; low in the header",
    "stPopoverBody": "keeps its height until it is filled",
    "stSidebar": "is not printed",
    "stTable": "its rows do not break across sheets",
    "stToolbar": "is not printed",
    "stVegaLiteChart": "does not break across sheets",
    "stVerticalBlock": "no gap around the map, dense panels",
    "stWidgetLabel": "small among filters",
}
"""The ``data-testid`` that our style sheets and scripts find parts of the page by, and for what."""

PAGE_CLASSES = {
    "stApp": "the page: it says whether a run is under way",
    "stElementContainer": "what holds one thing: of those without height no gap is left",
    "stHtml": "what holds our own HTML: of that without height no gap is left",
}
"""Classes, found as the above."""

PAGE_ATTRIBUTES = {
    "data-test-script-state": "the line of progress shows that a run is under way",
    "data-test-connection-state": "the page is drawn anew once its connection is back",
    "data-tag": "what was chosen in a list is legible",
}
"""Attributes, found as the above; those that begin with ``data-test`` are of ``stApp``."""

ROOT = "root"
"""The ``id`` of what holds the page: it is printed whole, or gives way to the map's own sheet."""

THEME_KEY = "stActiveTheme-"
"""What the browser keeps the chosen theme under: the map that comes first has its colours."""

SERVER_NAMED = ("__streamlit", "BACKEND_BASE_URL")
"""What the page reads where the server is: what of the window, and what of that."""

FRAME_MESSAGES = ("streamlit:componentReady", "streamlit:setComponentValue", "streamlit:render")
"""What the page and the map's frame say to one another, each with ``isStreamlitMessage``."""


def first_page() -> str:
    """Return the page that every address answers; the script in it is among those that may run."""
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


# The run that draws a page.


def is_fragment_run() -> bool:
    """Tell whether this run draws parts of the page, not all of it."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def is_step_in_history() -> bool:
    """Tell whether a person asked for this run by a step back or forward in the browser."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def current_session_id() -> str:
    """Return Streamlit's name of the session; nothing outside of one."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


# The server.


def ask_nobody_outside() -> None:
    """Have nobody outside asked for this machine's address.

    When a page of another origin knocks, Streamlit asks an outside server for it (at the start
    too: see ``.streamlit/config.toml``).
    """
    net_util.get_external_ip = lambda: None


def connect_under(is_known: Callable[[str], bool]) -> None:
    """Have pages connect under every name that ``is_known``.

    Where further names are told, Streamlit's pages connect under those alone: not under the
    first one, nor under numbers.
    """
    starlette_websocket.is_host_allowed = lambda host: is_known(host or "")


def is_allowed_origin(origin: str) -> bool:
    """Tell whether a page of another origin may connect, by the rule of Streamlit's connection."""
    return is_url_from_allowed_origins(origin)


def signed_in_claims(cookies: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Return what the provider said of who is signed in; ``None`` where nobody is.

    It is read of the signed cookie, cut in pieces where it is long, as the connection reads it.
    """
    decoded = starlette_websocket._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE)
    if decoded is None:
        return None
    origin = get_origin_from_redirect_uri() or ""
    claims = starlette_websocket._parse_decoded_user_cookie(decoded, origin)
    return claims if claims.get("is_logged_in") else None


# Secrets.


def is_set_by_hand(option: str) -> bool:
    """Tell whether an option was named by whoever runs the server: its file has to be there."""
    return config.is_manually_set(option)


def keep_secrets_as_read() -> None:
    """Have a changed file of secrets not read again, whatever state it would be found in."""
    secrets_singleton._file_watchers_installed = True


def parsed_secrets() -> Mapping[str, Any]:
    """Return what the files of secrets say; nothing where there are none.

    Raises ``LookupError`` where Streamlit refuses one, ``OSError`` and ``ValueError`` otherwise.
    """
    try:
        return secrets_singleton.to_dict()
    except StreamlitSecretNotFoundError as error:
        if error.error_id == "no-secrets-found":
            return {}
        raise LookupError(str(error)) from None


# Sessions, and the pages that they show.

BrowserSession: TypeAlias = AppSession
"""One page that is open in a browser; ``id`` is its name."""

_request_rerun = AppSession.request_rerun
_shut_down = AppSession.shutdown
_call_back = SafeSessionState.on_script_will_rerun


def finish_callbacks() -> None:
    """Have callbacks of widgets come to their end, whatever happens to the connection meanwhile.

    A run that is to stop does so wherever it looks at the state of its session: in the midst of a
    callback too, of which the widget's new value is kept all the same, and the change is lost.
    """

    def on_script_will_rerun(state: SafeSessionState, *states: Any, **named: Any) -> None:
        stop_if_asked = state._yield_callback
        stop_if_asked()
        object.__setattr__(state, "_yield_callback", lambda: None)
        try:
            _call_back(state, *states, **named)
        finally:
            object.__setattr__(state, "_yield_callback", stop_if_asked)

    SafeSessionState.on_script_will_rerun = on_script_will_rerun  # type: ignore[assignment, method-assign]


_OFFERS_KEPT, _OFFERS_OF_SESSION = 4, 200


def keep_offered_files() -> None:
    """Let a browser ask for a file that a page offered a little while ago.

    Each run of a page offers its files under new ids and drops the old ones, which a browser
    that has not been told yet still asks for: it got none. Of each button the last ids of its
    session stay, of all buttons the last few pages of them, until the session ends.
    """

    def drop_old_offers(files: MediaFileManager) -> None:
        sessions = runtime.get_instance()._session_mgr if runtime.exists() else None
        kept: Counter[tuple[str, str]] = Counter()
        of_session: Counter[str] = Counter()
        for name, offer in [*reversed(files._deferred_callables.items())]:
            session = offer["session_id"]
            kept[session, offer["element_id"]] += 1
            of_session[session] += 1
            has_ended = sessions is None or sessions.get_session_info(session) is None
            is_old = kept[session, offer["element_id"]] > _OFFERS_KEPT
            if has_ended or is_old or of_session[session] > _OFFERS_OF_SESSION:
                files._drop_deferred_id(name)

    MediaFileManager._remove_orphaned_deferred_callables = drop_old_offers  # type: ignore[assignment, method-assign]


def patch_page_asked_for(answer: Callable[[BrowserSession, str, bool], str]) -> None:
    """Have ``answer`` say within which page a browser's request is run.

    It gets the session, the page that the browser names, and whether a part of it is asked for.
    """

    def request_rerun(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None:
            client_state.page_script_hash = answer(
                session, client_state.page_script_hash, bool(client_state.fragment_id)
            )
        _request_rerun(session, client_state)

    AppSession.request_rerun = request_rerun  # type: ignore[assignment, method-assign]


def open_page(session: BrowserSession) -> str:
    """Return the page that was begun last."""
    return session._pages_manager.current_page_script_hash


def has_page(session: BrowserSession, page: str) -> bool:
    """Tell whether a session has a page."""
    return page in session._pages_manager.get_pages()


def patch_session_storage(storage: type[SessionStorage]) -> None:
    """Have ``storage`` keep the sessions whose connection has gone; it gets ``ttl_seconds``."""
    memory_session_storage.MemorySessionStorage = storage  # type: ignore[assignment, misc]


def patch_session_end(then: Callable[[BrowserSession], None]) -> None:
    """Have ``then`` called when a session has ended; also more than once."""

    def shutdown(session: AppSession) -> None:
        try:
            _shut_down(session)
        finally:
            then(session)

    AppSession.shutdown = shutdown  # type: ignore[assignment, method-assign]


def is_running(session: BrowserSession) -> bool:
    """Tell whether a run of a session is under way, or the next one may begin."""
    return session._scriptrunner is not None


def loop_of(session: BrowserSession) -> asyncio.AbstractEventLoop:
    """Return the loop of the server that a session is of."""
    return session._event_loop


def empty_session(session: BrowserSession) -> None:
    """Let go of what a session that has ended holds itself: state, fragments, messages."""
    session._session_state.clear()
    session._fragment_storage.clear()
    session._browser_queue.clear()


# Files that the server keeps for sessions.


def remove_upload(file: str) -> None:
    """Forget a file that was brought to the session that runs, by its ``file_id``."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file)


def remove_session_uploads(session_id: str) -> None:
    """Forget all files that were brought to a session."""
    if runtime.exists():
        runtime.get_instance().uploaded_file_mgr.remove_session_files(session_id)


def remove_session_media(session_id: str) -> None:
    """Forget the pictures and downloads of a session that nobody else shows."""
    if runtime.exists():
        made = runtime.get_instance().media_file_mgr
        made.clear_session_refs(session_id)
        # What can be downloaded is marked first, and goes then.
        for _ in range(2):
            made.remove_orphaned_files()


def media_keeper() -> Callable[[bytes, str, str, str], None]:
    """Return what keeps a download for the session that runs now, from whatever thread.

    It takes content, media type, a name of the place (another file there takes its place) and
    the file's name.
    """
    context = get_script_run_ctx()

    def keep(content: bytes, media_type: str, place: str, file_name: str) -> None:
        if context is None or not runtime.exists():
            return
        # The manager takes the session from the thread that asks.
        note = Thread(
            target=runtime.get_instance().media_file_mgr.add,
            args=(content, media_type, place),
            kwargs={"file_name": file_name, "is_for_static_download": True},
        )
        add_script_run_ctx(note, context)
        note.start()
        note.join()

    return keep
