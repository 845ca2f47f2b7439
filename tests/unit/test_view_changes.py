"""What is asked for on the map turns one view into another, and can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.selection import Selection, selected_cities
from data.errors import DataError, UnknownChoiceError
from data.loader import load_folder
from layers.address.query import parse_query, write_query
from layers.address.view_changes import (
    known_view,
    lacks_roles,
    of_preset,
    opened,
    toggled,
    with_roles,
    with_theme,
    without_facet,
)
from layers.catalogue import default_overlays, overlay_ids, overlays_of
from layers.specification.view import View
from ui.state.history import MOST_STEPS, History, is_step


@pytest.fixture
def view(province) -> View:
    return View(province.id, language="en")


def test_a_county_opens_with_its_city_and_closes_to_it(view, province):
    county = int(province.counties.index[-1])
    city = int(province.counties.at[county, "city_adcode"])
    down = opened(view, province, county)
    assert (down.profile, down.county, down.site) == (city, county, None)
    assert opened(down, province, city) == replace(view, profile=city)
    assert opened(down, province, None) == view


def test_a_site_opens_over_what_is_open(view, province):
    city = int(province.cities.index[0])
    site = str(province.sites.index[0])
    found = opened(opened(view, province, city), province, site)
    assert (found.profile, found.site) == (city, site)


@pytest.mark.parametrize("place", [0, 999999, "nowhere", ""])
def test_an_unknown_place_is_refused(view, province, place):
    with pytest.raises(UnknownChoiceError):
        opened(view, province, place)


def test_an_open_county_stands_in_the_address(view, province):
    county = int(province.counties.index[3])
    down = opened(view, province, county)
    query = write_query(down, province)
    assert f"county={county}" in query
    assert parse_query(query, province).view == down


@pytest.mark.parametrize("value", ["1", "999999", "²", "x" * 50])
def test_an_unknown_county_is_ignored_and_said(province, value):
    parsed = parse_query({"county": [value]}, province)
    assert parsed.view.county is None
    assert [one.key for one in parsed.ignored] == ["county"]


def test_a_toggled_sector_is_left_out_and_comes_back(view, province):
    sectors = [sector.id for sector in province.plan.sectors]
    less = toggled(view, province, f"sector.{sectors[0]}")
    assert less.selection.sectors == frozenset(sectors[1:])
    assert toggled(less, province, f"sector.{sectors[0]}") == view


def test_only_one_sector_and_then_all_again(view, province):
    name = province.plan.sectors[1].id
    alone = toggled(view, province, f"sector.{name}", only=True)
    assert alone.selection.sectors == {name}
    assert toggled(alone, province, f"sector.{name}", only=True) == view
    assert toggled(alone, province, f"sector.{name}") == view


def test_only_one_overlay_leaves_the_other_groups_alone(view, province):
    roles = {role.id for role in province.plan.roles}
    name = province.plan.roles[0].id
    alone = toggled(view, province, f"overlay.{name}", only=True)
    assert set(overlays_of(alone, province)) & roles == {name}
    assert set(overlays_of(alone, province)) - roles == set(overlays_of(view, province)) - roles
    assert roles <= set(
        overlays_of(toggled(alone, province, f"overlay.{name}", only=True), province)
    )


@given(st.data())
def test_overlays_stay_in_order_and_two_toggles_are_none(province, data):
    known = overlay_ids(province)
    names = data.draw(st.lists(st.sampled_from(known), max_size=6))
    start = View("p")
    view = start
    for name in [*names, *reversed(names)]:
        view = toggled(view, province, f"overlay.{name}")
        shown = overlays_of(view, province)
        assert list(shown) == [one for one in known if one in shown]
    assert view == start


@pytest.mark.parametrize("what", ["sector.none", "overlay.none", "city.1", "", "sector"])
def test_an_unknown_toggle_is_refused(view, province, what):
    with pytest.raises(UnknownChoiceError):
        toggled(view, province, what)


@pytest.fixture
def roles(province) -> set[str]:
    """The roles of the plan, all of which are drawn at first."""
    found = {role.id for role in province.plan.roles}
    assert found <= set(default_overlays(province))
    return found


def test_a_theme_puts_the_roles_away_and_gives_them_back(view, province, roles):
    coloured = with_theme(view, province, "sites")
    assert set(overlays_of(coloured, province)) == set(default_overlays(province)) - roles
    assert lacks_roles(coloured, province)
    assert parse_query(write_query(coloured, province), province).view == coloured
    other = with_theme(coloured, province, "score")
    assert other == replace(coloured, theme="score")
    assert with_theme(other, province, None) == view


def test_roles_that_are_asked_for_again_stay_over_every_theme(view, province):
    both = with_roles(with_theme(view, province, "sites"), province)
    assert both == replace(view, theme="sites")
    assert not lacks_roles(both, province)
    assert with_theme(both, province, "score") == replace(view, theme="score")
    assert parse_query(write_query(both, province), province).view == both


def test_a_theme_leaves_alone_the_roles_that_somebody_chose(view, province, roles):
    one = min(roles)
    chosen = toggled(view, province, f"overlay.{one}", only=True)
    coloured = with_theme(chosen, province, "sites")
    assert coloured == replace(chosen, theme="sites")
    assert not lacks_roles(coloured, province)
    assert with_theme(coloured, province, None) == chosen


def test_without_a_theme_no_roles_are_missed(view, province, roles):
    bare = replace(view, overlays=tuple(set(overlays_of(view, province)) - roles))
    assert not lacks_roles(bare, province)


def test_presets_open_without_a_fault_and_show_something(view, province):
    assert [preset.id for preset in province.presets] == [
        "plan",
        "battery-chain",
        "hydrogen-corridor",
        "gaps",
        "refuelling-gaps",
    ]
    for preset in province.presets:
        parsed = parse_query(preset.query, province)
        assert parsed.ignored == (), preset.id
        found = of_preset(view, province, preset.id)
        assert found.language == "en"
        assert selected_cities(found.selection, province).any()
    with pytest.raises(UnknownChoiceError):
        of_preset(view, province, "nothing")


def test_a_preset_twice_is_a_fault(province_copy):
    path = province_copy / "presets.toml"
    path.write_text(path.read_text("utf-8").replace('id = "gaps"', 'id = "plan"'), "utf-8")
    with pytest.raises(DataError, match="stands in presets 2 times"):
        load_folder(province_copy)


def test_a_province_needs_no_presets(province_copy):
    (province_copy / "presets.toml").unlink()
    assert load_folder(province_copy).presets == ()


def test_a_facet_is_emptied(view):
    narrow = replace(view, selection=Selection(roles=frozenset({"a"}), years=(2000, 2001)))
    assert without_facet(narrow, "years").selection == Selection(roles=frozenset({"a"}))
    with pytest.raises(UnknownChoiceError):
        without_facet(view, "colour")


def test_steps_go_back_and_forth(view):
    first = replace(view, profile=320100)
    second = replace(first, site="JS001")
    steps = History().step(view, first).step(first, second)
    steps, shown = steps.undo(second)
    assert shown == first
    steps, shown = steps.undo(shown)
    assert shown == view
    assert steps.undo(shown) == (steps, view)
    steps, shown = steps.redo(shown)
    steps, shown = steps.redo(shown)
    assert shown == second
    assert steps.redo(shown) == (steps, second)


def test_a_new_step_forgets_what_was_undone(view):
    first = replace(view, profile=320100)
    steps, shown = History().step(view, first).undo(first)
    assert steps.step(shown, replace(view, profile=320200)).future == ()


def test_moves_and_language_are_no_steps_but_a_step_keeps_its_place(view):
    moved = replace(view, center=(32.0, 119.0), zoom=9.0)
    assert not is_step(view, moved)
    assert not is_step(view, replace(view, language="zh"))
    after = replace(moved, profile=320100, center=(31.0, 120.0))
    _, back = History().step(moved, after).undo(replace(after, language="zh"))
    assert back == replace(moved, language="zh")


def test_the_history_is_bounded(view):
    steps = History()
    for number in range(MOST_STEPS + 30):
        before, after = (replace(view, profile=number), replace(view, profile=number + 1))
        steps = steps.step(before, after)
    assert len(steps.past) == MOST_STEPS


def test_what_a_province_lacks_goes_from_the_view_and_is_told(view, province):
    known = replace(
        view,
        selection=Selection(sectors=frozenset({"battery"})),
        theme="gdp",
        weights=(("gdp", 2),),
        site=str(province.sites.index[0]),
    )
    assert known_view(known, province) == (known, ())
    assert known_view(known, province)[0] is known
    held = replace(
        known,
        selection=replace(known.selection, owners=frozenset({"named-synthetic"})),
        theme="synthetic",
        weights=(("gdp", 2), ("synthetic", 1)),
        site="SY001",
    )
    found, lacking = known_view(held, province)
    assert found == replace(known, theme=None, site=None)
    assert [(one.key, one.value) for one in lacking] == [
        ("owner", "named-synthetic"),
        ("theme", "synthetic"),
        ("weights", "synthetic"),
        ("site", "SY001"),
    ]
    coloured = replace(with_theme(view, province, "gdp"), theme="synthetic")
    assert known_view(coloured, province)[0] == view
