"""Pages, sessions and files are inside Streamlit what the atlas takes them for.

A small page is served as ``app.py`` serves the atlas, and asked as a browser asks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.contract.relied_on import relied_on
from tests.waiting import until

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


def test_pages_connect_under_our_names(served):
    with relied_on(
        "starlette_websocket.is_host_allowed does not say who connects", "names of the server"
    ):
        with pytest.raises(WebSocketDisconnect), served.page(host="other.example"):
            pass
        served.known.add("other.example")
        with served.page(host="other.example") as page:
            assert page.session
