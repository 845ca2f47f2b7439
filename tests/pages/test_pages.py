"""Every page runs, in both languages, and its widgets change the view."""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from clusters.distances.road_access import county_access
from data.loader import default_province_id
from data.text import say
from layers.catalogue import overlays_of
from tests.places import PLACES

MAIN = str(Path(__file__).parents[2] / "ui" / "main.py")
VIEW = "atlas.view"


def open_app(**query: str) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def open_screen(screen: str, **query: str) -> AppTest:
    page = f"from ui.screens.{screen}_screen import show\nshow()"
    app = AppTest.from_string(page, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def words(app: AppTest) -> str:
    said = [str(item.value) for item in (*app.markdown, *app.caption, *app.title)]
    return "\n".join([*said, *(item.proto.body for item in app.get("html"))])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_map_page_speaks_the_language(language):
    app = open_app(lang=language)
    assert say("filter.title", language) in words(app)
    assert [box.label for box in app.multiselect] == [
        say(f"filter.{facet}", language)
        for facet in ("sector", "segment", "role", "city", "status")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_plan_page_shows_the_plan(language, province):
    app = open_screen("plan", lang=language)
    plan = province.plan
    shown = words(app)
    assert f"<h1>{html.escape(plan.document.title.say(language))}</h1>" in shown
    tables = shown.split("<tbody>")[1:]
    assert [table.partition("</tbody>")[0].count("<tr>") for table in tables] == [
        len(plan.roles),
        len(plan.sectors),
        sum(target.document is None for target in plan.targets),
    ]
    for instrument in plan.instruments:
        assert html.escape(instrument.name.say(language)) in shown


def test_a_filter_changes_the_view_and_the_address():
    app = open_app(lang="en")
    app.multiselect(key="widget.sector").set_value(["battery"]).run()
    assert app.session_state[VIEW].selection.sectors == {"battery"}
    assert app.query_params["sector"] == "battery"
    assert " of 13 cities; the plan names 4 cities for Power battery" in words(app)
    assert "it does not say which city has which" not in words(app)
    app.segmented_control(key="widget.by").set_value(True).run()
    assert app.query_params["by"] == "plan"
    assert "the plan names 4 of 13 cities for Power battery" in words(app)
    assert "it does not say which city has which" in words(app)


@pytest.mark.parametrize("page", ["chain", "city", "compare", "measures"])
def test_distances_are_by_road_unless_straight_lines_are_chosen(page):
    cities = (PLACES.parts_pilot.slug, PLACES.hub.slug)
    app = open_screen(page, lang="en", profile=cities[0], compare=",".join(cities))
    key = {"measures": "hubs"}.get(page, page)
    assert "the shortest way on main roads" in words(app)
    app.segmented_control(key=f"widget.distance.{key}").set_value(True).run()
    assert app.query_params["distance"] == "line"
    assert app.session_state[VIEW].selection.by_line
    assert "the straight line from the city's border" in words(app)
    assert "the shortest way on main roads" not in words(app)


def test_an_area_is_asked_about_and_dropped():
    app = open_app(lang="en")
    app.session_state["widget.area"] = True
    app.run()
    app.text_input(key="widget.area.places.circle").set_value("120.16, 33.35")
    button(app, "Ask about this area").click().run()
    assert "look whether latitude stands before longitude" in "".join(
        one.value for one in app.error
    )
    app.text_input(key="widget.area.places.circle").set_value("33.35，120.16")
    button(app, "Ask about this area").click().run()
    assert app.query_params["area"] == "circle:33.35,120.16,40"
    assert "Perhaps inside" in words(app)
    assert "Segments without a listed site inside, and the nearest" in words(app)
    app.button(key="widget.area.drop").click().run()
    assert "area" not in app.query_params


def test_a_county_tells_how_far_it_is_from_what(province):
    access = county_access(province)
    adcode = access.index[30]
    app = open_app(lang="en", county=str(adcode))
    name = province.ground.ports.at[access.at[adcode, "port-code"], "name_en"]
    assert f"{name}, {access.at[adcode, 'port']:.0f} km by road" in words(app)
    assert "without streets" in words(app)


def test_an_overlay_is_switched_off(province):
    app = open_app(lang="en")
    app.checkbox(key="widget.overlay.parts").uncheck().run()
    assert "parts" not in overlays_of(app.session_state[VIEW], province)
    assert "parts" not in app.query_params["overlay"].split(",")


def test_segments_follow_the_sector():
    app = open_app(lang="en", sector="battery")
    assert "Cathode" in app.multiselect(key="widget.segment").options
    assert "Sensors" not in app.multiselect(key="widget.segment").options


def test_an_empty_result_says_what_to_do():
    app = open_app(lang="en", role="assembly", sector="battery", by="plan")
    assert "No city matches all filters" in words(app)
    app.button(key="widget.empty.sectors").click().run()
    assert app.session_state[VIEW].selection.roles == {"assembly"}
    assert app.session_state[VIEW].selection.sectors == frozenset()
    assert "No city matches" not in words(app)


def test_reset_keeps_the_language_only():
    app = open_app(lang="en", role="assembly", profile=PLACES.hub.slug, overlay="parts")
    app.button(key="widget.reset").click().run()
    view = app.session_state[VIEW]
    assert view.selection.is_empty
    assert view.profile is None
    assert view.language == "en"
    assert dict(app.query_params) == {"lang": "en"}


def test_profile_of_a_city_with_roles_and_of_one_without():
    with_roles = words(open_app(lang="en", profile=PLACES.capital.slug))
    assert "Consolidation city" in with_roles
    assert "rank 9 of 13" in with_roles
    app = open_app(lang="en", profile=PLACES.other_without_role.slug)
    assert "names no role" in words(app)


def test_the_address_names_what_it_ignores():
    app = open_app(lang="en", sector="batery", planet="mars")
    assert app.warning[0].value == say("error.ignored_title", "en")
    assert "sector = batery" in app.code[0].value
    assert "planet = mars" in app.code[0].value


def test_language_switch():
    app = open_app(lang="en", sector="battery")
    app.button_group(key="widget.language").set_value("zh").run()
    assert app.session_state[VIEW].language == "zh"
    assert app.session_state[VIEW].selection.sectors == {"battery"}
    assert say("filter.title", "zh") in words(app)


def test_broken_data_is_explained(monkeypatch, province_copy):
    import data.loader

    (province_copy / "plan.toml").write_text("schema = 9", encoding="utf-8")
    target = province_copy.parent / default_province_id()
    province_copy.rename(target)
    monkeypatch.setattr(data.loader, "PROVINCES_FOLDER", target.parent)
    monkeypatch.setattr("ui.state.library.PROVINCES_FOLDER", target.parent)
    data.loader.default_province_id.cache_clear()
    try:
        app = open_app(lang="en")
    finally:
        data.loader.default_province_id.cache_clear()
    assert "cannot be used" in app.error[0].value
    assert "plan.toml" in app.code[0].value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_progress_page_shows_every_target(language, province):
    app = open_screen("progress", lang=language)
    shown = words(app).replace("\\", "")
    for target in province.plan.targets:
        assert target.name.say(language) in shown
    assert say("progress.no_source", language) in shown
    assert say("progress.gaps", language) in [header.value for header in app.header]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sources_page_lists_every_source(language, province):
    app = open_screen("sources", lang=language)
    table = app.dataframe[0].value
    assert len(table) == len(province.sources)
    unused = table[table["used"] == ""]
    assert set(unused["publisher"]) <= {say("app.name", "en")}


def test_sources_are_searched():
    app = open_screen("sources", lang="en")
    app.text_input(key="sources.search").set_value("SMM").run()
    assert 1 <= len(app.dataframe[0].value) < 20
    app.text_input(key="sources.search").set_value("no such words").run()
    assert "No source matches" in app.info[0].value


def test_site_record(province):
    site = province.sites.iloc[0]
    app = open_app(lang="en", site=site["id"], profile=PLACES.battery_base.slug)
    shown = words(app).replace("\\", "")
    assert site["name_en"] in shown
    told = say(f"precision.{site['precision']}", "en")
    assert html.escape(told) in shown
    assert f'data-atlas-back="{PLACES.battery_base.adcode}"' in shown


def test_a_site_of_the_list_opens():
    app = open_app(lang="en", profile=PLACES.hub.slug)
    assert not any(button.key.startswith("widget.site.JS") for button in app.button)
    app.session_state["widget.sites.battery"] = True
    app.run()
    button = next(button for button in app.button if button.key.startswith("widget.site.JS"))
    button.click().run()
    assert app.session_state[VIEW].site == button.key.removeprefix("widget.site.")


def test_status_filter_counts_sites(province):
    app = open_app(lang="en", status="insolvent")
    count = (province.sites["status"] == "insolvent").sum()
    assert f"{count} matching sites in " in words(app)


def test_year_slider():
    app = open_app(lang="en")
    app.slider(key="widget.years").set_range(2015, 2018).run()
    assert app.session_state[VIEW].selection.years == (2015, 2018)
    assert app.query_params["years"] == "2015-2018"


def open_snapshot() -> AppTest:
    """Open the panel that takes the view away; what it holds is drawn only then."""
    app = open_app(lang="en")
    assert "widget.snapshot.words" not in {box.key for box in app.text_input}
    app.session_state["widget.snapshot"] = True
    return app.run()


def test_the_whole_atlas_is_printed_with_progress(monkeypatch):
    def write(province_id, language, folder, total):
        assert total > 2
        for done in (1, 2):
            (folder / f"map-{done}.pdf").write_bytes(b"%PDF")
            yield done, 2

    monkeypatch.setattr("ui.components.map.snapshot.write_batch_apart", write)
    app = open_snapshot()
    app.button(key="widget.snapshot.batch").click().run()
    assert not app.exception
    archive = zipfile.ZipFile(io.BytesIO(app.session_state["atlas.archive"][1]))
    assert archive.namelist() == ["map-1.pdf", "map-2.pdf"]


def test_formats_ask_for_what_they_can_take():
    app = open_snapshot()
    assert {box.key for box in app.text_input} >= {"widget.snapshot.words"}
    app.button_group(key="widget.snapshot.format").set_value("csv").run()
    assert "widget.snapshot.words" not in {box.key for box in app.text_input}
    assert "attributes and sources" in words(app)


def test_an_address_that_lags_behind_does_not_undo_a_change():
    """The browser sends a change with the address of before: the change counts."""
    app = open_app(lang="en")
    old = dict(app.query_params)
    app.multiselect(key="widget.sector").set_value(["battery"]).run()
    app.query_params.clear()
    for key, value in old.items():
        app.query_params[key] = value[0] if isinstance(value, list) else value
    app.multiselect(key="widget.role").set_value(["hydrogen"]).run()
    selection = app.session_state[VIEW].selection
    assert selection.sectors == {"battery"}
    assert selection.roles == {"hydrogen"}


@pytest.mark.parametrize("is_step", [True, False])
def test_an_address_of_before_is_read_when_somebody_steps_back_to_it(monkeypatch, is_step):
    app = open_app(lang="en")
    old = dict(app.query_params)
    app.multiselect(key="widget.sector").set_value(["battery"]).run()
    app.query_params.clear()
    for key, value in old.items():
        app.query_params[key] = value[0] if isinstance(value, list) else value
    monkeypatch.setattr("ui.state.session.is_step_in_history", lambda: is_step)
    app.run()
    assert app.session_state[VIEW].selection.is_empty == is_step


def test_a_theme_puts_the_roles_away_and_one_click_brings_them_back(province):
    roles = {role.id for role in province.plan.roles}
    app = open_app(lang="en")
    assert "widget.theme.roles" not in {button.key for button in app.button}
    app.selectbox(key="widget.picker.theme").set_value("sites").run()
    assert not roles & set(overlays_of(app.session_state[VIEW], province))
    assert not app.checkbox(key=f"widget.overlay.{min(roles)}").value
    app.button(key="widget.theme.roles").click().run()
    assert app.query_params["theme"] == "sites"
    assert "overlay" not in app.query_params
    assert roles <= set(overlays_of(app.session_state[VIEW], province))
    assert "widget.theme.roles" not in {button.key for button in app.button}
    assert len(app.session_state["atlas.history"].past) == 2


def test_a_link_that_names_a_theme_alone_shows_the_roles_too(province):
    app = open_app(lang="en", theme="sites")
    assert {role.id for role in province.plan.roles} <= set(
        overlays_of(app.session_state[VIEW], province)
    )
    assert "overlay" not in app.query_params
