"""A session cannot be taken over with its name, which stands in the addresses of its uploads."""

from __future__ import annotations

import urllib.error
import urllib.request
from socket import SHUT_RDWR

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from data.text import LANGUAGES, say
from tests.waiting import until
from ui.access.session_cookie import COOKIE

from . import data_files
from .data_page import DataPage


@pytest.fixture
def upload(page, server, province, tmp_path) -> str:
    """The address that took a file of the page."""
    data = DataPage(page, server).open()
    with page.expect_request(lambda one: "/upload_file/" in one.url and one.method == "PUT") as put:
        data.upload(data_files.write_csv(data_files.synthetic_list(province), tmp_path))
    data.pictures().first.wait_for()
    return str(put.value.url)


def session_given(server: str, wanted: str, cookie: str = "", *, closes: bool = False) -> str:
    """Connect as somebody who was in a session; return the session that the server gives.

    The page then ``closes``, which it says, or it loses its connection without a word.
    """
    with connect(
        server.replace("http", "ws") + "/_stcore/stream",
        subprotocols=["streamlit", "token", wanted],
        additional_headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else None,
        max_size=None,
    ) as socket:
        asked = BackMsg()
        asked.rerun_script.query_string = "lang=en"
        socket.send(asked.SerializeToString())
        given, told = "", ForwardMsg()
        while told.WhichOneof("type") != "script_finished":
            told.ParseFromString(socket.recv())
            given = told.new_session.initialize.session_id or given
        if not closes:
            socket.socket.shutdown(SHUT_RDWR)
    return given


def page_says(server: str, words: str, origin: str | None) -> bool:
    """Connect as somebody does who opens the page of own data; tell whether it says ``words``."""
    with connect(
        server.replace("http", "ws") + "/_stcore/stream",
        subprotocols=["streamlit"],
        origin=origin,
        max_size=None,
    ) as socket:
        asked = BackMsg()
        asked.rerun_script.query_string = "lang=en"
        asked.rerun_script.page_name = "data"
        socket.send(asked.SerializeToString())
        says, told = False, ForwardMsg()
        while told.WhichOneof("type") != "script_finished":
            told.ParseFromString(message := socket.recv())
            says = says or words.encode() in message
    return says


def test_at_home_is_whoever_connects_from_the_servers_own_page(server):
    home, strangers = say("dataset.home", "en", folder=""), say("dataset.strangers", "en")
    assert page_says(server, home, server)
    for origin in (None, "http://localhost:1"):
        assert page_says(server, strangers, origin)
        assert not page_says(server, home, origin)


def test_nobody_else_puts_a_file_into_a_session(upload):
    for method in ("PUT", "DELETE"):
        request = urllib.request.Request(upload, b"name,city\nx,y\n", method=method)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_another_browser_says_that_it_is_to_be_reloaded(
    page, server, province, tmp_path, language
):
    data = DataPage(page, server, language).open()
    data.settle()
    page.context.add_cookies([{"name": COOKIE, "value": "another", "url": server}])
    path = data_files.write_csv(data_files.synthetic_list(province), tmp_path)
    data.upload(path)
    expect(page.get_by_text(say("builtin.other_session", language)).first).to_be_visible()
    page.context.clear_cookies()
    data.open().upload(path)
    data.pictures().first.wait_for()


def test_a_cookie_that_no_script_reads_knows_the_session(page, upload):
    (cookie,) = (one for one in page.context.cookies() if one["name"] == COOKIE)
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert COOKIE not in page.evaluate("() => document.cookie")


def test_a_session_whose_connection_is_lost_comes_back_to_its_own_browser_alone(server):
    name = session_given(server, "none", "synthetic")
    until(lambda: session_given(server, name, "synthetic") == name)
    assert session_given(server, name) != name
    assert session_given(server, name, "another") != name
    until(lambda: session_given(server, name, "synthetic") == name)


def test_a_session_whose_page_was_closed_is_gone(server):
    name = session_given(server, "none", "synthetic")
    until(lambda: session_given(server, name, "synthetic") == name)
    assert session_given(server, name, "synthetic", closes=True) == name
    until(lambda: session_given(server, name, "synthetic", closes=True) != name)
