"""The wizard reads a large file while it asks, and stops when nobody wants the file any more."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import psutil
import pytest
from streamlit.testing.v1 import AppTest

from data.text import say
from data.uploads.sandbox.walls import Walls
from tests.pages.test_pages import MAIN, open_screen, words
from tests.readers import readers

ROWS = 110_000
CONTENT = b"id,longitude,latitude\n" + b"".join(
    b"%d,119.6%06d,32.5\n" % (row, row) for row in range(ROWS)
)
HELD = "atlas.upload"


def app_with_file(content: bytes = CONTENT, name: str = "big.csv") -> AppTest:
    app = open_screen("data", lang="en")
    choose(app, content, name)
    return app


def choose(app: AppTest, content: bytes, name: str) -> None:
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    gc.collect()
    psutil.wait_procs(readers(), timeout=60)
    assert readers() == []


def test_a_file_is_read_while_its_columns_are_named():
    app = app_with_file()
    assert say("data.large_note_ahead", "en") in words(app)
    held = app.session_state[HELD]
    app.radio(key=f"data.datum.{held.key}").set_value("wgs84").run()
    assert app.session_state[HELD] is held
    app.button(key=f"data.accept.{held.key}").click().run(timeout=120)
    assert not app.exception
    assert not app.error
    assert HELD not in app.session_state
    assert held.ahead.held_bytes == 0
    assert f"{ROWS:,}" in app.toast[0].value


def test_one_that_is_larger_is_read_when_it_is_taken(monkeypatch):
    monkeypatch.setattr("data.uploads.sandbox.ahead.MOST_BYTES", len(CONTENT) - 1)
    app = app_with_file()
    assert app.session_state[HELD].ahead is None
    assert say("data.large_note", "en") in words(app)


def test_another_encoding_is_another_reading():
    app = app_with_file()
    first = app.session_state[HELD]
    app.selectbox(key=f"data.encoding.{first.key}").set_value("gb18030").run()
    second = app.session_state[HELD]
    assert second is not first
    assert first.ahead.held_bytes == 0
    assert second.ahead.held_bytes == len(CONTENT)
    app.selectbox(key=f"data.encoding.{first.key}").set_value("utf-16").run()
    assert app.error
    assert app.session_state[HELD] is second
    app.selectbox(key=f"data.encoding.{first.key}").set_value("gb18030").run()
    assert app.session_state[HELD] is second
    assert second.ahead.held_bytes == len(CONTENT)


@pytest.mark.parametrize("content", [CONTENT, b"\x00"])
def test_another_file_takes_the_place_of_the_first(content):
    app = app_with_file()
    first = app.session_state[HELD].ahead
    choose(app, content, "other.csv")
    assert first.held_bytes == 0


def test_a_file_that_is_taken_back_is_forgotten():
    app = app_with_file()
    first = app.session_state[HELD].ahead
    app.file_uploader[0].set_value(None).run()
    assert first.held_bytes == 0
    assert HELD not in app.session_state


def test_whoever_goes_to_another_page_leaves_the_file():
    first = app_with_file().session_state[HELD]
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.session_state[HELD] = first
    app.run()
    assert not app.exception
    assert first.ahead.held_bytes == 0
    assert HELD not in app.session_state


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_walls_that_a_system_lacks_are_named(monkeypatch, lang):
    monkeypatch.setattr("data.uploads.sandbox.walls._found", Walls(memory=False, calls=True))
    said = words(open_screen("data", lang=lang))
    named = [say(f"data.wall_{name}", lang) for name in ("memory", "network", "files")]
    missing = say("list.separator", lang).join(named)
    assert say("data.walls_missing", lang, missing=missing) in said
    assert say("data.wall_calls", lang) not in said


def test_where_all_walls_stand_nothing_is_said_of_them(monkeypatch):
    stand = Walls(memory=True, network=True, files=True, calls=True)
    monkeypatch.setattr("data.uploads.sandbox.walls._found", stand)
    start = say("data.walls_missing", "en").partition("{")[0]
    assert start not in words(open_screen("data", lang="en"))
