"""Streamlit is inside what the atlas takes it for: what moved is named, and what hangs on it.

A small page is served as ``app.py`` serves the atlas, and asked as a browser asks it.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.waiting import run_apart, until

ROOT = Path(__file__).parents[2]
INSIDE = ROOT / "ui" / "streamlit_inside.py"

TAKEN = {
    "streamlit.config": "a file of secrets that was named has to be there",
    "streamlit.net_util": "nobody outside is asked for this machine's address",
    "streamlit.runtime": "files of a session go with it",
    "streamlit.auth_util.get_origin_from_redirect_uri": "requests beside the pages know people",
    "streamlit.errors.StreamlitSecretNotFoundError": "broken secrets stop the server",
    "streamlit.proto.ClientState_pb2.ClientState": "a page that was left is not gone back to",
    "streamlit.runtime.memory_session_storage": "a session ends with its page",
    "streamlit.runtime.app_session.AppSession": "a session ends with its page",
    "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager": (
        "a file that is closed is forgotten"
    ),
    "streamlit.runtime.scriptrunner.add_script_run_ctx": "downloads stay until they are fetched",
    "streamlit.runtime.scriptrunner.get_script_run_ctx": "parts of the page are drawn alone",
    "streamlit.runtime.secrets.secrets_singleton": "secrets hold from the start to the end",
    "streamlit.runtime.session_manager.SessionInfo": "a lost session ends in its time",
    "streamlit.runtime.session_manager.SessionStorage": "a lost session ends in its time",
    "streamlit.web.server.server_util.is_url_from_allowed_origins": (
        "only pages of the atlas hear of the map's views"
    ),
    "streamlit.web.server.starlette.starlette_websocket": (
        "pages connect under every name of the server, and sign-in is known beside the pages"
    ),
}
"""What ``ui/streamlit_inside.py`` imports, and what hangs on it."""

SCRIPT = """
import streamlit as st
from ui import streamlit_inside as inside

@st.fragment
def part():
    st.text(f"part {inside.is_fragment_run()}")

asked = st.query_params.to_dict()
st.text(f"session {inside.current_session_id()}")
st.text(f"whole {inside.is_fragment_run()}")
st.text(f"step {inside.is_step_in_history()}")
st.session_state["kept"] = True
if "keep" in asked:
    inside.media_keeper()(b"synthetic", "text/plain", "atlas.place", "synthetic.txt")
if "remove" in asked:
    inside.remove_upload(asked["remove"])
part()
"""


@contextmanager
def relied_on(what: str, hangs: str) -> Iterator[None]:
    """Tell, where the block fails, what has moved in Streamlit and what the atlas has lost."""
    try:
        yield
    except (Exception, pytest.fail.Exception) as error:
        told = f"Streamlit {st.__version__} is another inside: {what}. On it hangs: {hangs}."
        raise AssertionError(f"{told} Mend it in ui/streamlit_inside.py") from error


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
    named = {
        node.attr
        for source in (Path(__file__).read_text(encoding="utf-8"), SCRIPT)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "inside"
    }
    assert {name for name in public if not name.startswith("_")} - named == {"BrowserSession"}


@pytest.fixture(scope="module")
def inside() -> ModuleType:
    with relied_on("ui.streamlit_inside cannot be imported", "the atlas as a whole"):
        return importlib.import_module("ui.streamlit_inside")


class Page:
    """A page of the served script, as a browser has it: what it is told, and how it asks."""

    def __init__(self, socket: Any) -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        self._socket, self._asks, self._tells = socket, BackMsg, ForwardMsg
        self.texts: dict[str, str] = {}
        self.page = self.part = ""

    def ask(self, query: str = "", **state: object) -> Page:
        """Ask for a run and wait for its end; ``state`` is what a browser says of itself."""
        asked = self._asks()
        asked.rerun_script.query_string = query
        for name, value in state.items():
            setattr(asked.rerun_script, name, value)
        self._socket.send_bytes(asked.SerializeToString())
        self.texts = {}
        while (told := self._next()).WhichOneof("type") != "script_finished":
            if told.WhichOneof("type") == "new_session":
                self.page = told.new_session.page_script_hash
            first, _, rest = told.delta.new_element.text.body.partition(" ")
            self.texts[first] = rest
            self.part = told.delta.fragment_id or self.part
        return self

    def place_for_a_file(self) -> Any:
        """Ask where a file can be put."""
        asked = self._asks()
        asked.file_urls_request.request_id = "1"
        asked.file_urls_request.session_id = self.session
        asked.file_urls_request.file_names.append("synthetic.txt")
        self._socket.send_bytes(asked.SerializeToString())
        while (told := self._next()).WhichOneof("type") != "file_urls_response":
            pass
        return told.file_urls_response.file_urls[0]

    def _next(self) -> Any:
        return self._tells.FromString(self._socket.receive_bytes())

    @property
    def session(self) -> str:
        return self.texts["session"]


@dataclass
class Served:
    """A served script: who ``asked`` for what, which sessions are ``kept`` and have ``ended``."""

    stream: str
    client: Any = None
    asked: list[tuple[Any, str, bool]] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=lambda: {"localhost"})

    @contextmanager
    def page(self, session: str = "", host: str = "localhost") -> Iterator[Page]:
        """Open a page that was in a session before, and draw it."""
        protocols = ["streamlit", "token", *filter(None, [session])]
        with self.client.websocket_connect(
            self.stream, subprotocols=protocols, headers={"host": host}
        ) as socket:
            yield Page(socket).ask()

    def session_of(self, page: Page) -> Any:
        return next(one for one, *_ in self.asked if one.id == page.session)


@pytest.fixture(scope="module")
def served(inside: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page that is served with all that is exchanged in Streamlit; it is put back then."""
    from streamlit.runtime import Runtime

    script = tmp_path_factory.mktemp("served") / "page.py"
    script.write_text(SCRIPT, encoding="utf-8")
    told = Served(inside.STREAM)

    class Storage(inside.SessionStorage):
        def __init__(self, ttl_seconds: float) -> None: ...

        def get(self, session_id: str) -> Any:
            return told.kept.get(session_id)

        def save(self, session_info: Any) -> None:
            told.kept[session_info.session.id] = session_info

        def delete(self, session_id: str) -> None:
            told.kept.pop(session_id, None)

        def list(self) -> list[Any]:
            return list(told.kept.values())

    def within(session: Any, page: str, is_part: bool) -> str:
        told.asked.append((session, page, is_part))
        return page

    with pytest.MonkeyPatch.context() as patch:
        for owner, names in (
            (inside.AppSession, ("request_rerun", "shutdown")),
            (inside.memory_session_storage, ("MemorySessionStorage",)),
            (inside.starlette_websocket, ("is_host_allowed",)),
            (inside.config, ("_main_script_path", "_server_mode")),
        ):
            for name in names:
                # What is not there is told by its own test.
                patch.setattr(owner, name, getattr(owner, name, None), raising=False)
        patch.setattr(Runtime, "_instance", None)
        inside.patch_session_storage(Storage)
        inside.patch_page_asked_for(within)
        inside.patch_session_end(lambda session: told.ended.append(session.id))
        inside.connect_under(lambda host: host in told.known)
        with TestClient(st.App(str(script)), base_url="http://localhost") as client:
            told.client = client
            yield told


def test_the_addresses_answer(inside, served):
    first = served.client.get("/").text
    with relied_on("the server says elsewhere that it runs", "health checks, and names of hosts"):
        assert served.client.get(inside.HEALTH).text == "ok"
    with relied_on("a page is told elsewhere how to begin", "sign-in: its page stays empty"):
        assert "allowedOrigins" in served.client.get(inside.HOST_CONFIG).json()
    with relied_on("the page's sign is elsewhere", "sign-in: its page has no sign"):
        answered = served.client.get(inside.ICON)
        assert answered.headers["content-type"].startswith("image/")
    with relied_on("the page's code is elsewhere", "sign-in: its page stays empty"):
        codes = re.findall(r'src="\.(/[^"]+\.js)"', first)
        assert codes
        assert all(one.startswith(inside.CODE) for one in codes)
        answered = served.client.get(codes[0])
        assert "javascript" in answered.headers["content-type"]
    for address in inside.SIGN_IN:
        with relied_on(f"{address} is not of sign-in", "the way to the provider and back"):
            assert served.client.get(address, follow_redirects=False).status_code == 302


def test_the_first_page_is_the_file_that_is_served(inside, served):
    with relied_on("the first page is made otherwise", "the policy of scripts: no page starts"):
        assert served.client.get("/").text == inside.first_page()
    with relied_on("its title does not come first", "the map comes first; steps back"):
        before, end, after = inside.first_page().partition(inside.END_OF_TITLE.decode())
        assert end
        assert "<script type" not in before
        assert "<script type" in after
        assert f'id="{inside.ROOT}"' in after


def test_a_run_says_what_it_is_of(inside, served):
    with served.page() as page:
        with relied_on("a run has no session_id", "own data, tiles, shelves"):
            assert inside.current_session_id() == ""
            assert page.session in {one.id for one, *_ in served.asked}
        with relied_on("a run has no fragment_ids_this_run", "redrawing parts alone"):
            assert (page.texts["whole"], page.texts["part"]) == ("False", "False")
            assert page.ask(fragment_id=page.part).texts["part"] == "True"
            assert not inside.is_fragment_run()
        with relied_on("a run has no is_history_navigation", "steps back in the browser"):
            assert page.ask().texts["step"] == "False"
            assert page.ask(is_history_navigation=True).texts["step"] == "True"
            assert not inside.is_step_in_history()


def test_requests_go_through_our_hands(inside, served):
    with (
        relied_on("AppSession.request_rerun or _pages_manager", "a page that was left stays left"),
        served.page() as page,
    ):
        session = served.session_of(page)
        page.ask(page_script_hash=page.page)
        page.ask(page_script_hash=page.page, fragment_id=page.part)
        asked = [(name, is_part) for one, name, is_part in served.asked if one is session]
        assert asked[-2:] == [(page.page, False), (page.page, True)]
        assert inside.open_page(session) == page.page
        assert inside.has_page(session, page.page)
        assert not inside.has_page(session, "nowhere")
        session.request_rerun(None)


def test_a_session_ends_as_we_say(inside, served):
    with relied_on("MemorySessionStorage keeps no lost session", "it ends in its time"):
        with served.page() as page:
            name, session = page.session, served.session_of(page)
            until(lambda: not inside.is_running(session))
            assert inside.loop_of(session).is_running()
        until(lambda: name in served.kept)
        assert isinstance(served.kept[name], inside.SessionInfo)
    with relied_on("the third protocol is not the session", "nobody takes it over"):
        assert inside.PROTOCOLS == "sec-websocket-protocol"
        assert ["streamlit", "token", name].index(name) == inside.SESSION_AT
        with served.page(session=name) as page:
            assert page.session == name
        until(lambda: name in served.kept)
    with relied_on("AppSession.shutdown ends no session", "what it held is let go of"):
        inside.loop_of(session).call_soon_threadsafe(session.shutdown)
        until(lambda: name in served.ended)
    with relied_on("AppSession holds other things", "their memory is given back"):
        assert "kept" in session._session_state
        assert session._fragment_storage.lookup(page.part)
        inside.empty_session(session)
        assert "kept" not in session._session_state
        with pytest.raises(KeyError):
            session._fragment_storage.lookup(page.part)
        assert session._browser_queue.is_empty()
    del served.kept[name]


def test_a_run_under_way_is_seen(inside, served):
    from streamlit.runtime.app_session import AppSession

    with relied_on("AppSession._scriptrunner is no more", "it is emptied after its run"):
        assert "_scriptrunner" in AppSession.__init__.__code__.co_names
        assert inside.is_running(SimpleNamespace(_scriptrunner=object()))


def put_file(served: Served, place: Any) -> int:
    served.client.get("/_stcore/health")
    return served.client.put(
        place.upload_url,
        files={"file": ("synthetic.txt", b"synthetic")},
        headers={"X-Xsrftoken": served.client.cookies.get("_streamlit_xsrf", "")},
    ).status_code


def test_files_that_were_brought_are_forgotten(inside, served):
    files = inside.runtime.get_instance().uploaded_file_mgr

    def held(page: Page, place: Any) -> int:
        return len(files.get_files(page.session, [place.file_id]))

    with served.page() as page:
        place = page.place_for_a_file()
        with relied_on("files are brought elsewhere", "only their owner brings files"):
            assert place.upload_url == f"{inside.UPLOADS}{page.session}/{place.file_id}"
            assert put_file(served, place) == 204
            assert held(page, place) == 1
        with relied_on("remove_file forgets no file", "a file that is closed is forgotten"):
            page.ask(f"remove={place.file_id}")
            assert held(page, place) == 0
        with relied_on("remove_session_files forgets none", "they go with the session"):
            place = page.place_for_a_file()
            put_file(served, place)
            inside.remove_session_uploads(page.session)
            assert held(page, place) == 0


def test_downloads_stay_and_go_with_their_session(inside, served):
    made = inside.runtime.get_instance().media_file_mgr
    with served.page() as page:
        page.ask("keep=1")
        with relied_on("media_file_mgr.add keeps nothing", "downloads stay until fetched"):
            (file,) = made._files_by_session_and_coord[page.session].values()
            address = made._storage.get_url(file)
            # What a session holds outlasts the searches for what nobody holds.
            for _ in range(3):
                made.remove_orphaned_files()
            assert served.client.get(address).content == b"synthetic"
        with relied_on("downloads are fetched elsewhere", "no cache between keeps them"):
            assert address.startswith(inside.MEDIA)
        with relied_on("media_file_mgr forgets nothing", "downloads go with their session"):
            inside.remove_session_media(page.session)
            assert served.client.get(address).status_code == 404


def test_nothing_is_kept_outside_of_a_session(inside):
    assert inside.media_keeper()(b"synthetic", "text/plain", "place", "synthetic.txt") is None
    assert inside.remove_upload("synthetic") is None


def test_pages_connect_under_our_names(served):
    with relied_on(
        "starlette_websocket.is_host_allowed does not say who connects", "names of the server"
    ):
        with pytest.raises(WebSocketDisconnect), served.page(host="other.example"):
            pass
        served.known.add("other.example")
        with served.page(host="other.example") as page:
            assert page.session


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
        | dict.fromkeys((*inside.FRAME_MESSAGES, "isStreamlitMessage"), "the map as a whole")
    )


@pytest.mark.parametrize("name", names_in_the_page())
def test_the_page_has_what_is_found_in_it(inside, name):
    with relied_on(f"its page in the browser names no {name}", names_of_page(inside)[name]):
        assert is_named(COMPOSED.get(name, name))
