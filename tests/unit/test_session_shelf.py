"""What stands on a session's shelf: found by its address alone, and gone when the session ends."""

from __future__ import annotations

import gc
import weakref
from functools import partial

from starlette.responses import PlainTextResponse

from ui.kept.session_shelf import SessionShelf


def answer() -> PlainTextResponse:
    return PlainTextResponse("synthetic")


def test_a_name_keeps_its_address_and_shelves_share_none():
    one, other = SessionShelf("one"), SessionShelf("other")
    assert one.put("a", answer) == one.put("a", answer)
    assert one.put("a", answer) != other.put("a", answer)
    assert one.find("a") is answer
    one.remove("a")
    assert one.find("a") is None
    assert other.find("a") is answer


def test_the_oldest_gives_way():
    shelf = SessionShelf("one")
    for place in range(1000):
        shelf.put(f"sites.{place}", answer)
    assert shelf.find("sites.999") is answer
    assert shelf.find("sites.0") is None


def test_a_closed_shelf_has_nothing_and_takes_nothing():
    shelf, ended = SessionShelf("one"), []
    shelf.put("a", answer)
    shelf.at_end("x", lambda: ended.append("x"))
    shelf.at_end("x", lambda: ended.append("x again"))
    shelf.close()
    shelf.put("b", answer)
    assert shelf.find("a") is None
    assert shelf.find("b") is None
    assert ended == ["x again"]
    # A run that is not over yet when its session has ended.
    shelf.at_end("y", lambda: ended.append("y"))
    assert ended == ["x again", "y"]


def test_of_each_kind_the_oldest_gives_way_alone():
    shelf = SessionShelf("one")
    shelf.put("sites.0.json", answer)
    for place in range(1000):
        shelf.put(f"hexagons.{place}.json", answer)
    assert shelf.find("sites.0.json") is answer
    assert shelf.find("hexagons.0.json") is None


def test_an_ending_that_fails_keeps_no_other_from_being_done(caplog):
    shelf, ended = SessionShelf("one"), []

    def fall() -> None:
        raise ValueError

    shelf.at_end("falls", fall)
    shelf.at_end("follows", lambda: ended.append("follows"))
    shelf.close()
    assert ended == ["follows"]
    assert "falls" in caplog.text


def test_nothing_holds_what_was_on_it():
    shelf, thing = SessionShelf("one"), PlainTextResponse("synthetic")
    gone = weakref.ref(thing)
    shelf.put("a", partial(getattr, thing, "body"))
    del thing
    shelf.close()
    gc.collect()
    assert gone() is None
