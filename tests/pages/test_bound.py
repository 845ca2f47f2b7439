"""A widget hands on what is one of its choices; a browser may send words that are none."""

from __future__ import annotations

import pytest

from data.loader import default_province_id
from layers.specification.view import View
from ui.state import session as state
from ui.state.map_requests import MAP, callbacks_are_over, take_requests


@pytest.fixture
def session(monkeypatch) -> dict[str, object]:
    held: dict[str, object] = {state._VIEW: View(default_province_id())}
    monkeypatch.setattr(state.st, "session_state", held)
    return held


@pytest.mark.parametrize(
    ("chosen", "handed_on"),
    [
        ("sites", True),
        (None, True),
        (["sites", ""], True),
        ([], True),
        ("None", False),
        (["sites", "Sites"], False),
    ],
)
def test_only_choices_are_handed_on(session, chosen, handed_on):
    written = []
    arguments = state.bound("widget", "", written.append, among=("", "sites"))
    session["widget"] = chosen
    arguments["on_change"]()
    assert written == ([chosen] if handed_on else [])


def test_a_widget_without_choices_hands_on_everything(session):
    written = []
    arguments = state.bound("widget", 1, written.append)
    session["widget"] = 1.5
    arguments["on_change"]()
    assert written == [1.5]


def test_what_a_quick_click_on_the_map_sends_along_is_no_choice(session):
    """A browser that has not heard of the last request still sends what a widget showed before."""
    written = []
    state.bound("widget", ["a", "b"], written.append)
    on_change = state.bound("widget", ["b"], written.append)["on_change"]
    request = {"requests": [{"do": "drop", "n": 5}]}

    def sent(value: list[str]) -> list[list[str]]:
        written.clear()
        session["widget"] = value
        on_change()
        return list(written)

    session[MAP] = request
    assert sent(["a", "b"]) == []
    take_requests(request["requests"])
    assert sent(["a", "b"]) == []
    callbacks_are_over()
    assert take_requests(request["requests"]) == []
    assert sent(["a", "b"]) == [["a", "b"]]


def test_a_choice_that_waited_with_a_click_on_the_map_is_handed_on(session):
    written = []
    on_change = state.bound("widget", ["a"], written.append)["on_change"]
    session[MAP] = {"requests": [{"do": "drop", "n": 5}]}
    session["widget"] = ["a", "c"]
    on_change()
    assert written == [["a", "c"]]
