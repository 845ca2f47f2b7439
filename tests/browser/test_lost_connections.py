"""A connection that is lost, a server that falls: the page comes back with what was asked for."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from playwright.sync_api import Browser, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.chromium import settle, until
from tests.serving import RESULTS, free_port, started

from .atlas_page import AtlasPage

LOG = RESULTS / "lost-connections-server.log"


def test_a_websocket_lost_in_the_middle_of_a_filter_comes_back_with_it(
    browser: Browser, server: str
):
    """The connection is cut as soon as the filter has been sent: its answer never arrives."""
    page = browser.new_context(locale="en-GB").new_page()
    cut: list[WebSocketRoute] = []
    armed = False

    def carry(socket: WebSocketRoute) -> None:
        beyond = socket.connect_to_server()

        def send(message: str | bytes) -> None:
            nonlocal armed
            beyond.send(message)
            if armed:
                armed = False
                cut.append(socket)
                beyond.close()
                socket.close(code=1011)

        socket.on_message(send)

    page.route_web_socket("**/_stcore/stream", carry)
    try:
        atlas = AtlasPage(page, server).open("lang=en")
        armed = True
        page.locator(".st-key-filter-panel").get_by_text("Hot spots (counties)").click()
        legend = atlas.map.locator(".atlas-legend")
        expect(legend).to_contain_text("Hot neighbourhood")
        assert len(cut) == 1
        expect(page).to_have_url(re.compile("hotspots"))
    finally:
        page.context.close()


def test_a_file_waits_for_who_asked_for_it_whatever_others_do(browser: Browser, server: str):
    """Between the making of the file and its fetching, pages of somebody else run."""
    page, other = (browser.new_context(locale="en-GB").new_page() for _ in range(2))
    held: list[tuple[WebSocketRoute, bytes, str]] = []

    def carry(socket: WebSocketRoute) -> None:
        beyond = socket.connect_to_server()

        def receive(message: str | bytes) -> None:
            told = ForwardMsg()
            told.ParseFromString(message if isinstance(message, bytes) else message.encode())
            if told.WhichOneof("type") == "backend_operation_response":
                file = told.backend_operation_response.deferred_file.url
                held.append((socket, told.SerializeToString(), file))
            else:
                socket.send(message)

        beyond.on_message(receive)

    page.route_web_socket("**/_stcore/stream", carry)
    try:
        AtlasPage(page, server).open("lang=en")
        page.get_by_role("button", name="Snapshot").click()
        page.get_by_role("button", name="Download", exact=True).click()
        until(page, lambda: held)
        for name in ("plan", "progress", "plan", "sources"):
            other.goto(f"{server}/{name}?lang=en")
            settle(other)
        socket, message, file = held[0]
        with page.expect_download() as waited:
            socket.send(message)
        assert Path(waited.value.path()).read_bytes().startswith(b"\x89PNG")
        assert file.startswith("/media/")
    finally:
        page.context.close()
        other.context.close()


def test_a_server_killed_while_a_filter_waits_comes_back_with_the_view(browser: Browser):
    """The websocket is lost, a filter is changed meanwhile, the server comes back."""
    port = free_port()
    server = started(LOG, port=port)
    page = browser.new_context(locale="en-GB").new_page()
    try:
        atlas = AtlasPage(page, f"http://127.0.0.1:{port}").open("lang=en&sector=battery&zoom=8")
        address = page.url
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        page.get_by_text("Catchments by straight line (assembly hub)").first.dispatch_event(
            "click"
        )  # nobody answers it
        server = started(LOG, port=port)
        atlas.wait_for_map()
        expect(page.get_by_text("Power battery").first).to_be_visible()
        assert "sector=battery" in page.url
        page.goto(address)
        atlas.wait_for_map()
        assert atlas.query["sector"] == "battery"
        page.screenshot(path=RESULTS / "after-restart.png")
    finally:
        page.context.close()
        server.kill()
        server.wait()
