"""What sessions hold is set apart from the search for garbage, and comes back now and then."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from tests.waiting import until
from ui.state import garbage


class Knot:
    """An object that only the search for garbage can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def searches() -> Iterator[None]:
    before = list(gc.callbacks)
    garbage.keep_searches_short()
    yield
    gc.callbacks[:] = before
    gc.unfreeze()


@pytest.mark.usefixtures("searches")
def test_a_long_search_sets_apart_what_is_in_use(monkeypatch):
    held = [Knot() for _ in range(1000)]
    before = gc.get_freeze_count()
    gc.collect()
    monkeypatch.setattr(garbage, "LONG_S", -1.0)
    gc.collect()
    assert gc.get_freeze_count() >= before + len(held)


@pytest.mark.usefixtures("searches")
def test_what_was_set_apart_is_searched_again(monkeypatch):
    knot = Knot()
    seen = weakref.ref(knot)
    monkeypatch.setattr(garbage, "LONG_S", -1.0)
    gc.collect()
    del knot
    gc.collect()
    assert seen() is not None
    monkeypatch.setattr(garbage, "LONG_S", 1e9)
    monkeypatch.setattr(garbage, "THAW_S", -1.0)
    gc.collect()
    gc.collect()
    assert seen() is None


def test_it_is_arranged_once():
    before = list(gc.callbacks)
    try:
        for _ in range(3):
            garbage.keep_searches_short()
        assert len(gc.callbacks) <= len(before) + 1
    finally:
        gc.callbacks[:] = before
        gc.unfreeze()


class Soon:
    """Stands for the server's loop: it keeps what it was told to do."""

    def __init__(self) -> None:
        self.asked = []

    def call_later(self, _: float, act) -> None:
        self.asked.append(act)


@pytest.mark.usefixtures("searches")
def test_what_sessions_have_left_is_searched_once_for_all_of_them(monkeypatch):
    knot = Knot()
    seen = weakref.ref(knot)
    gc.freeze()
    del knot
    gc.collect()
    assert seen() is not None
    loop = Soon()
    for _ in range(3):
        garbage.sweep_later(loop)
    (sweep,) = loop.asked
    sweep()
    until(lambda: seen() is None)
    garbage.sweep_later(loop)
    assert len(loop.asked) == 2
    loop.asked[-1]()
