"""Parts of a page are asked for within the page that is open, whatever page the browser names."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.pages_manager import PagesManager

from ui.server import left_pages

PAGES = {name: {"page_script_hash": name} for name in ("map", "ranking", "city")}


class Session(SimpleNamespace):
    """As much of a session as is looked at."""

    __hash__ = object.__hash__

    def asks(self, page: str, part: str = "") -> str:
        """Ask for a page, or a part of it; return the page that is run."""
        return left_pages._page_to_run(self, page, bool(part))

    def begins(self, page: str) -> None:
        """Begin what was asked for."""
        self._pages_manager.set_current_page_script_hash(page)


@pytest.fixture
def session(tmp_path) -> Session:
    pages = PagesManager(str(tmp_path / "main.py"))
    pages.set_pages_and_resolve(PAGES)
    one = Session(_pages_manager=pages)
    one.asks("map")
    one.begins("map")
    return one


def test_a_part_of_the_open_page_is_asked_for_there(session):
    assert session.asks("map", "profile") == "map"


def test_a_part_of_a_page_just_left_stays_in_the_page_asked_for(session):
    assert session.asks("ranking") == "ranking"
    assert session.asks("map", "profile") == "ranking"
    session.begins("ranking")
    assert session.asks("map", "profile") == "ranking"
    assert session.asks("ranking", "table") == "ranking"


@pytest.mark.parametrize("part", ["details", ""])
def test_a_page_that_leads_to_another_is_left_too(session, part):
    session.asks("map", part)
    session.begins("city")
    assert session.asks("map", "profile") == "city"
    assert session.asks("city", "figures") == "city"


def test_a_page_that_was_asked_for_may_lead_to_another(session):
    session.asks("ranking")
    session.begins("ranking")
    session.asks("ranking")
    session.begins("city")
    assert session.asks("city", "figures") == "city"


def test_a_page_that_is_not_known_is_left_to_streamlit(session):
    session.asks("nowhere")
    assert session.asks("map", "profile") == "map"
