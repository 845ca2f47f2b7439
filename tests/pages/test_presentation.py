"""A presentation shows presets in place of the view, which is given back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clusters.selection import Selection
from data.loader import Province
from layers.address.view_changes import of_preset
from layers.specification.view import View
from ui.components.map.map_controls import carry_out
from ui.state.session import history, is_presenting, look_again, show_own, show_view, view_now


@pytest.fixture
def own(monkeypatch, province) -> View:
    """What is shown before, by a step that can be undone."""
    monkeypatch.setattr("streamlit.session_state", {"atlas.view": View(province.id)})
    look_again(view_now())
    roles = frozenset({province.plan.roles[0].id})
    show_view(View(province.id, Selection(roles=roles), center=(32.0, 120.0), zoom=9.0))
    return view_now()


def present(n: int, preset: str | None) -> None:
    carry_out([{"do": "present", "id": preset, "n": n}])


def test_presets_are_shown_and_the_view_comes_back_with_its_steps(own: View, province: Province):
    steps = history()
    for n, preset in enumerate(province.presets[:2], start=1):
        present(n, preset.id)
        assert view_now() == of_preset(own, province, preset.id)
    show_view(replace(view_now(), profile=int(province.cities.index[0])))
    assert is_presenting()
    present(3, None)
    assert not is_presenting()
    assert (view_now(), history()) == (own, steps)
    show_own()
    assert (view_now(), history()) == (own, steps)


def test_what_is_done_to_the_own_view_meanwhile_is_given_back_too(own: View, province: Province):
    steps = history()
    present(1, "")
    assert view_now() == own
    assert is_presenting()
    show_view(replace(view_now(), profile=int(province.cities.index[0]), zoom=10.0))
    present(2, province.presets[0].id)
    present(3, "")
    assert view_now() == own
    show_view(replace(view_now(), zoom=8.0))
    present(4, None)
    assert (view_now(), history()) == (own, steps)


def test_the_view_comes_back_in_the_language_of_the_page(own: View, province: Province):
    present(1, province.presets[0].id)
    show_view(replace(view_now(), language="en"))
    present(2, None)
    assert view_now() == replace(own, language="en")


def test_a_preset_that_is_unknown_changes_nothing(own: View):
    present(1, "nothing")
    present(2, None)
    assert view_now() == own
