"""The page of companies: the list, what is searched in it, and the record of one."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from clusters.companies import capacity_of_companies, company_profile
from clusters.selection import Selection
from data.text import say
from layers.specification.view import View
from layers.web.gazetteer import pinyin_of
from tests.pages.test_pages import VIEW, open_app, open_screen, words
from ui.components.map.map_controls import carry_out
from ui.state.opened_company import go_to_asked_company, opened_company

OPENED = "atlas.company"
LIST = "companies.search"


def open_record(company: str, language: str = "en") -> AppTest:
    page = "from ui.screens.companies_screen import show\nshow()"
    app = AppTest.from_string(page, default_timeout=30)
    app.query_params["lang"] = language
    app.session_state[OPENED] = company
    app.run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def related(province) -> str:
    """A company that others belong to, and others name as a partner."""
    groups = list(dict.fromkeys(province.companies["group"].dropna()))
    return next(one for one in groups if company_profile(province, one).ventures)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_lists_every_company(language, province):
    app = open_screen("companies", lang=language)
    table = app.dataframe[0].value
    names = set(province.companies["name_zh" if language == "zh" else "name_en"])
    assert set(table[say("companies.name", language)]) == names
    assert table[say("companies.sites", language)].sum() == province.sites["company"].notna().sum()
    without = province.sites["company"].isna().sum()
    assert str(without) in words(app)


def test_a_company_is_searched_by_its_names_pinyin_and_what_it_has(province):
    app = open_screen("companies", lang="en")
    named = (row for row in province.companies.itertuples() if len(pinyin_of(row.name_zh)) > 12)
    row = next(one for one in named if pinyin_of(one.name_zh).replace(" ", "").isalpha())
    city = province.cities.at[
        company_profile(province, row.id).sites["city_adcode"].iloc[0], "name_zh"
    ]
    letters = "".join(part[0] for part in pinyin_of(row.name_zh).split())
    for asked in (row.name_zh, row.name_en.upper(), pinyin_of(row.name_zh), letters, city):
        app.text_input(key=LIST).set_value(asked).run()
        shown = app.dataframe[0].value
        assert row.name_en in set(shown[say("companies.name", "en")]), asked
        assert len(shown) < len(province.companies)
    app.text_input(key=LIST).set_value("no such company").run()
    assert say("companies.none", "en") in [one.value for one in app.info]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_tells_all_that_is_known(language, province, related):
    profile = company_profile(province, related)
    app = open_record(related, language)
    assert profile.name.say(language) in app.title[0].value.replace("\\", "")
    labels = {button.label.replace("\\", "") for button in app.button}
    field = "name_zh" if language == "zh" else "name_en"
    assert profile.members
    assert profile.ventures
    for other in (*profile.members, *profile.ventures):
        assert province.companies.at[other, field] in labels
    sites = app.dataframe[0].value
    assert list(sites[say("site.name", language)]) == list(profile.sites[field])
    shown = words(app).replace("\\", "")
    for source in profile.sources:
        assert source.publisher in shown


def test_capacities_stand_apart_and_are_told_to(province):
    rows = capacity_of_companies(province.sites).groupby("company").size()
    company = str(rows.idxmax())
    app = open_record(company)
    assert say("companies.capacity_lead", "en") in words(app)
    assert len(app.table[0].value) == rows[company] > 1


def test_every_record_opens(province):
    for company in list(province.companies.index)[::80]:
        open_record(company)


def test_a_related_company_opens_and_the_list_comes_back(province, related):
    member = company_profile(province, related).members[0]
    app = open_record(related)
    app.button(key=f"widget.companies.members.0.{member}").click().run()
    assert app.session_state[OPENED] == member
    assert province.companies.at[member, "name_en"] in app.title[0].value.replace("\\", "")
    app.button(key="widget.companies.back").click().run()
    assert len(app.dataframe[0].value) == len(province.companies)


def test_a_company_that_is_not_there_any_more_leaves_the_list():
    app = open_record("nobody")
    assert app.title[0].value == say("companies.title", "en")


def test_a_province_without_owners_says_so(monkeypatch, province):
    empty = replace(province, sites=province.sites.assign(company=None, owner=None))
    monkeypatch.setattr("ui.state.session.session_province", lambda _: empty)
    app = open_screen("companies", lang="en")
    assert [one.value for one in app.info] == [say("companies.empty", "en")]


def test_a_site_leads_to_its_company(province):
    site = province.sites.dropna(subset="company").iloc[0]
    name = province.companies.at[site["company"], "name_zh"]
    app = open_app(lang="zh", site=site["id"])
    assert html.escape(name) in words(app)
    label = app.button(key="widget.site.company").label
    assert label == say("companies.of_site", "zh", name=name)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_hit_of_the_search_leads_to_the_page_once_and_nonsense_nowhere(
    monkeypatch, province, is_known
):
    led: list[str] = []
    monkeypatch.setattr("ui.state.opened_company.go", led.append)
    state = {VIEW: View(province.id)}
    monkeypatch.setattr("streamlit.session_state", state)
    company = str(province.companies.index[0]) if is_known else "nobody"
    carry_out([{"do": "company", "id": company, "n": 1}])
    go_to_asked_company()
    go_to_asked_company()
    assert led == (["companies"] if is_known else [])
    assert opened_company(province, Selection()) == (company if is_known else None)
