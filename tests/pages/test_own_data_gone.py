"""What a view held of own data goes with it, and is told: no page fails for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import streamlit as st

from clusters.selection import Selection
from data.text import say
from layers.specification.view import View
from tests.pages.test_pages import VIEW, open_app, open_screen
from ui.state.session import change, ignored_was_shown, look_again, session_now, view_now

LACKING = {
    "selection": Selection(owners=frozenset({"named-synthetic"})),
    "theme": "synthetic",
    "weights": (("synthetic", 3),),
    "site": "SY001",
}


@pytest.mark.parametrize("screen", ["ranking", "compare", "companies", "measures", "chain"])
def test_a_page_passes_over_what_went(screen):
    app = open_screen(screen, lang="en")
    app.session_state[VIEW] = replace(app.session_state[VIEW], **LACKING)
    app.run()
    assert not app.exception
    view = app.session_state[VIEW]
    assert (view.selection, view.weights, view.site) == (Selection(), (), None)
    assert view.theme != LACKING["theme"]


def test_what_went_is_told_once_the_map_is_seen_and_then_no_more(monkeypatch, province):
    monkeypatch.setattr("streamlit.session_state", {VIEW: View(province.id), "atlas.ignored": ()})
    look_again(view_now())
    monkeypatch.setitem(st.session_state, VIEW, replace(view_now(), **LACKING))
    went = session_now().ignored
    assert {one.key for one in went} == {"owner", "theme", "weights", "site"}
    change(language="en")
    assert session_now().ignored == went
    ignored_was_shown()
    assert session_now().ignored == went
    change(language="zh")
    assert session_now().ignored == ()


def test_the_map_says_what_went():
    app = open_app(lang="en")
    app.session_state[VIEW] = replace(app.session_state[VIEW], **LACKING)
    app.run()
    assert not app.exception
    assert say("error.ignored_title", "en") in [one.value for one in app.warning]
    assert "owner = named-synthetic" in app.code[0].value
    assert not {"owner", "theme", "site"} & set(app.query_params)
