"""A widget hands on what is one of its choices; a browser may send words that are none."""

from __future__ import annotations

import pytest

from data.loader import default_province_id
from layers.specification.view import View
from ui.state import session as state


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
