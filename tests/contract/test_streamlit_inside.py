"""Streamlit is inside what the atlas takes it for: what moved is named, and what hangs on it.

What needs a served page stands in ``test_streamlit_served.py``.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from tests.contract.relied_on import relied_on
from tests.contract.test_streamlit_served import SCRIPT
from tests.waiting import run_apart

ROOT = Path(__file__).parents[2]
INSIDE = ROOT / "ui" / "streamlit_inside.py"
LOOKED_FOR = (Path(__file__), Path(__file__).with_name("test_streamlit_served.py"))

TAKEN = {
    "streamlit.config": "a file of secrets that was named has to be there",
    "streamlit.net_util": "nobody outside is asked for this machine's address",
    "streamlit.runtime": "files of a session go with it",
    "streamlit.auth_util.get_origin_from_redirect_uri": "requests beside the pages know people",
    "streamlit.delta_generator.DeltaGenerator": "the type of a part of the page",
    "streamlit.navigation.page.StreamlitPage": "the type of a page of the menus",
    "streamlit.errors.StreamlitSecretNotFoundError": "broken secrets stop the server",
    "streamlit.proto.ClientState_pb2.ClientState": "a page that was left is not gone back to",
    "streamlit.runtime.memory_session_storage": "a session ends with its page",
    "streamlit.runtime.app_session.AppSession": "a session ends with its page",
    "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager": (
        "a file that is closed is forgotten"
    ),
    "streamlit.runtime.media_file_manager.MediaFileManager": (
        "a file is made that was asked for while the page ran anew"
    ),
    "streamlit.runtime.scriptrunner.add_script_run_ctx": "downloads stay until they are fetched",
    "streamlit.runtime.scriptrunner.get_script_run_ctx": "parts of the page are drawn alone",
    "streamlit.runtime.secrets.secrets_singleton": "secrets hold from the start to the end",
    "streamlit.runtime.session_manager.SessionInfo": "a lost session ends in its time",
    "streamlit.runtime.session_manager.SessionStorage": "a lost session ends in its time",
    "streamlit.runtime.state.safe_session_state.SafeSessionState": (
        "what a person changed as the connection was lost is not lost with it"
    ),
    "streamlit.web.server.server_util.is_url_from_allowed_origins": (
        "only pages of the atlas hear of the map's views"
    ),
    "streamlit.web.server.starlette.starlette_websocket": (
        "pages connect under every name of the server, and sign-in is known beside the pages"
    ),
}
"""What ``ui/streamlit_inside.py`` imports, and what hangs on it."""


def found(name: str) -> object:
    """Return a module, or what stands in one."""
    try:
        return importlib.import_module(name)
    except ImportError:
        module, _, last = name.rpartition(".")
        return getattr(importlib.import_module(module), last)


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_there(name):
    with relied_on(f"there is no {name}", TAKEN[name]):
        assert found(name) is not None


def test_all_that_is_taken_is_looked_for_here():
    """Every import stands in the table, everything else of the module in a test."""
    tree = ast.parse(INSIDE.read_text(encoding="utf-8"))
    imports = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit")
        for alias in node.names
    }
    assert imports == set(TAKEN)
    public = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            public |= {one.id for one in targets if isinstance(one, ast.Name)}
    sources = [path.read_text(encoding="utf-8") for path in LOOKED_FOR] + [SCRIPT]
    named = {
        node.attr
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "inside"
    }
    assert {name for name in public if not name.startswith("_")} - named == {"BrowserSession"}


def test_nothing_is_kept_outside_of_a_session(inside):
    assert inside.media_keeper()(b"synthetic", "text/plain", "place", "synthetic.txt") is None
    assert inside.remove_upload("synthetic") is None


@pytest.mark.parametrize("is_patched", [False, True])
def test_a_file_is_made_that_was_offered_before_the_page_ran_anew(inside, monkeypatch, is_patched):
    """Without the patch there is none: the fault that it is there for."""
    manager_type = inside.MediaFileManager
    name = "_remove_orphaned_deferred_callables"
    monkeypatch.setattr(manager_type, name, getattr(manager_type, name))
    ended: list[bool] = []
    known = SimpleNamespace(get_session_info=lambda name: None if ended else name)
    served = SimpleNamespace(_session_mgr=known)
    monkeypatch.setattr(inside.runtime, "exists", lambda: True)
    monkeypatch.setattr(inside.runtime, "get_instance", lambda: served)
    if is_patched:
        inside.keep_offered_files()

    files = manager_type(MemoryMediaFileStorage("/media"))

    def run(content: bytes, button: str = "button") -> str:
        files.clear_session_refs()
        name = files.add_deferred(
            lambda: content, "text/plain", "0.1", file_name="a.txt", element_id=button
        )
        files.remove_orphaned_files()
        return name

    with relied_on("what pages offer to make is kept elsewhere", "downloads"):
        offered = [run(bytes([number])) for number in range(6)]
        made = [has_made(files, name) for name in offered]
        assert made == ([False] * 2 + [True] * 4 if is_patched else [False] * 5 + [True])
        if is_patched:
            # However many buttons a session has seen, some pages of them are kept.
            for number in range(inside._OFFERS_OF_SESSION + 10):
                run(b"synthetic", f"button {number}")
            assert len(files._deferred_callables) == inside._OFFERS_OF_SESSION
        # Nothing of it is left once the session has ended.
        ended.append(True)
        files.clear_session_refs()
        files.remove_orphaned_files()
        assert not any(has_made(files, name) for name in offered)
        assert files._deferred_callables == {}


def has_made(files, name: str) -> bool:
    try:
        return files.execute_deferred(name).startswith("/media/")
    except MediaFileStorageError:
        return False


@pytest.mark.parametrize("is_patched", [False, True])
def test_a_callback_comes_to_its_end_though_its_run_is_to_stop(inside, monkeypatch, is_patched):
    """Without the patch the callback is left in its midst: the fault that it is there for."""
    state_type = inside.SafeSessionState
    monkeypatch.setattr(state_type, "on_script_will_rerun", state_type.on_script_will_rerun)
    if is_patched:
        inside.finish_callbacks()
    stopping: list[bool] = []

    class StopError(Exception):
        pass

    def stop_if_asked() -> None:
        if stopping:
            raise StopError

    class Inner(dict):
        def on_script_will_rerun(self, *_states, **_named) -> None:
            stopping.append(True)
            state["first"] = 1
            state["second"] = 2

    inner = Inner()
    state = state_type(inner, stop_if_asked)
    with relied_on("the state of a session asks elsewhere whether to stop", "a lost connection"):
        if is_patched:
            state.on_script_will_rerun(None)
            assert inner == {"first": 1, "second": 2}
        else:
            with pytest.raises(StopError):
                state.on_script_will_rerun(None)
            assert inner == {}
        # After the callback a run stops as it was asked to.
        with pytest.raises(StopError):
            state["third"] = 3
        with pytest.raises(StopError):
            state.on_script_will_rerun(None)


def test_origins_are_told_without_asking_outside(inside, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(inside.net_util, "get_external_ip", lambda: asked.append("outside"))
    with relied_on("net_util.get_external_ip is not asked", "nobody outside is asked"):
        assert not inside.is_allowed_origin("http://outside.example")
        assert asked == ["outside"]
        inside.ask_nobody_outside()
        assert not inside.is_allowed_origin("http://outside.example")
        assert asked == ["outside"]
    with relied_on("origins are allowed otherwise", "the map's own connection"):
        assert inside.is_allowed_origin("http://localhost:8501")


@pytest.fixture
def secrets(inside, tmp_path, monkeypatch) -> Iterator[Path]:
    """The file of secrets, which is not there yet."""
    path = tmp_path / "secrets.toml"
    before = st.get_option("secrets.files")
    inside.config.set_option("secrets.files", [str(path)])
    inside.secrets_singleton._reset()
    with relied_on("_file_watchers_installed is gone", "sign-in stays on"):
        # Whoever has read secrets before in this process has them watched.
        monkeypatch.setattr(inside.secrets_singleton, "_file_watchers_installed", False)
    yield path
    inside.config.set_option("secrets.files", before)
    inside.secrets_singleton._reset()


def test_secrets_are_read_once(inside, secrets):
    with relied_on("no secrets have another error_id", "an atlas without sign-in starts"):
        assert inside.parsed_secrets() == {}
    with relied_on("broken secrets are told otherwise", "they stop the server"):
        secrets.write_text("[auth", encoding="utf-8")
        with pytest.raises((LookupError, ValueError)):
            inside.parsed_secrets()
    with relied_on("_file_watchers_installed says nothing", "sign-in stays on"):
        inside.keep_secrets_as_read()
        secrets.write_text('[auth]\nclient_id = "atlas"\n', encoding="utf-8")
        assert inside.parsed_secrets() == {"auth": {"client_id": "atlas"}}
        assert inside.secrets_singleton._file_watchers_installed is True
    with relied_on("options do not say who set them", "a named file of secrets must be there"):
        inside.config.set_option("secrets.files", [str(secrets)], "command-line argument or so")
        assert inside.is_set_by_hand("secrets.files")


def cookies_of(claims: dict[str, Any]) -> dict[str, str]:
    """Return the cookies that Streamlit gives whoever has signed in: in pieces where it is long."""
    from streamlit.web.server.starlette import starlette_auth_routes

    given = PlainTextResponse("")
    run_apart(starlette_auth_routes._set_auth_cookie(given, claims, {}))
    headers = given.headers.getlist("set-cookie")
    pairs = [one.partition(";")[0].partition("=") for one in headers if "Max-Age=0" not in one]
    return {name: value.strip('"') for name, _, value in pairs}


@pytest.mark.parametrize("length", [10, 9_000])
def test_who_signed_in_is_known_by_the_cookie(inside, secrets, length):
    secrets.write_text(
        '[auth]\nredirect_uri = "http://localhost/oauth2callback"\ncookie_secret = "synthetic"\n',
        encoding="utf-8",
    )
    claims = {"origin": "http://localhost", "is_logged_in": True, "sub": "s" * length}
    with relied_on("the cookie of who signed in is another", "requests beside the pages"):
        cookies = cookies_of(claims)
        assert inside.USER_COOKIE in cookies
        known = inside.signed_in_claims(cookies)
        assert known is not None
        assert known["sub"] == claims["sub"]
        assert inside.signed_in_claims({}) is None
        forged = {name: f"{value}x" for name, value in cookies.items()}
        assert inside.signed_in_claims(forged) is None
        assert inside.signed_in_claims(cookies_of(claims | {"is_logged_in": False})) is None


@cache
def browser_code() -> str:
    """Return all code of Streamlit's page."""
    folder = Path(st.__file__).parent / "static"
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.js")))


def is_named(name: str) -> bool:
    """Tell whether the page's code has a text, a part of an address or a property of that name."""
    return re.search(rf"[\"'`.\[#{{]{re.escape(name)}", browser_code()) is not None


COMPOSED = {"stBaseButton-primary": "stBaseButton-"}
"""Names that the page puts together: what of them stands in its code."""


def names_in_the_page() -> dict[str, str]:
    """Return what the page's code must name, and what for."""
    try:
        module = importlib.import_module("ui.streamlit_inside")
    except Exception:  # noqa: BLE001  (other tests say so)
        return {}
    return names_of_page(module)


def names_of_page(inside: ModuleType) -> dict[str, str]:
    return (
        inside.TEST_IDS
        | inside.PAGE_CLASSES
        | inside.PAGE_ATTRIBUTES
        | {inside.THEME_KEY: "the map that comes first has the colours of the page"}
        | dict.fromkeys(inside.SERVER_NAMED, "pages do not look for the server where it is not")
        | dict.fromkeys((*inside.FRAME_MESSAGES, "isStreamlitMessage"), "the map as a whole")
    )


@pytest.mark.parametrize("name", names_in_the_page())
def test_the_page_has_what_is_found_in_it(inside, name):
    with relied_on(f"its page in the browser names no {name}", names_of_page(inside)[name]):
        assert is_named(COMPOSED.get(name, name))
