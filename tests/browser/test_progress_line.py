"""The line under the header: there while a run goes on, gone when it has ended."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LINE = """([name, value]) => {
    const header = document.querySelector("[data-testid='stHeader']");
    return getComputedStyle(header, "::after")[name] === value;
}"""


class Held:
    """The end of a run, which the server has told and the page does not hear until ``let_go``."""

    def __init__(self, page: Page) -> None:
        self._holds = False
        self._waiting: list[str | bytes] = []
        page.route_web_socket("**/_stcore/stream", self._between)

    def _between(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.connect_to_server().on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        if self._holds and (self._waiting or self._is_end(message)):
            self._waiting.append(message)
        else:
            self._socket.send(message)

    @staticmethod
    def _is_end(message: str | bytes) -> bool:
        found = ForwardMsg.FromString(message if isinstance(message, bytes) else message.encode())
        kind = found.WhichOneof("type")
        ended = (
            kind == "session_status_changed" and not found.session_status_changed.script_is_running
        )
        return ended or kind == "script_finished"

    def hold(self) -> None:
        self._holds = True

    def let_go(self) -> None:
        self._holds = False
        for message in self._waiting:
            self._socket.send(message)
        self._waiting.clear()


def is_line(page: Page, name: str, value: str) -> None:
    """Wait until a property of the line has this value."""
    page.wait_for_function(LINE, arg=[name, value])


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_run_that_takes_long_is_told_under_the_header_until_it_ends(
    page: Page, server: str, motion: Literal["no-preference", "reduce"]
):
    page.emulate_media(reduced_motion=motion)
    held = Held(page)
    page.goto(f"{server}/sources?lang=en")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    state = page.locator("[data-test-script-state]").first
    expect(state).to_have_attribute("data-test-script-state", "notRunning")
    is_line(page, "content", "none")
    held.hold()
    page.get_by_test_id("stButtonGroup").get_by_role("button").first.click()
    expect(state).to_have_attribute("data-test-script-state", "running")
    is_line(page, "content", '""')
    is_line(page, "opacity", "1")
    is_line(page, "height", "2px")
    is_line(page, "animationName", "atlas-running" if motion == "no-preference" else "none")
    width = page.viewport_size["width"] if page.viewport_size else 0
    is_line(page, "width", f"{width}px")
    held.let_go()
    expect(state).to_have_attribute("data-test-script-state", "notRunning")
    is_line(page, "content", "none")
