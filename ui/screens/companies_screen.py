"""List the companies behind the sites, and show one with its sites, links, years and sources."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from clusters.companies import capacity_of_companies, companies_table, company_profile
from clusters.matching import matching
from clusters.measures import measure_named
from data.text import join
from layers.web.company_search import called_companies
from layers.words.measure_words import sample_words
from ui.components.charts import data_download, listed_source
from ui.components.company_record import capacity_words, company_record
from ui.components.filter_bar import filter_bar
from ui.components.pickers import city_names
from ui.components.table_grid import data_table
from ui.state.opened_company import open_company, opened_company
from ui.state.session import Session, current

_HEIGHT = 640
_WIDTHS = {"name": 190, "other": 190, "cities": 180, "segments": 260, "capacity": 330}
"""Widths of columns, in CSS pixels."""

_TURN = "atlas.companies.turn"


@st.fragment
def show() -> None:
    """Show the page: the company that is open, or else the list."""
    session = current()
    with st.container(key="reading-page-wide"):
        opened = opened_company(session.province, session.view.selection)
        if opened is not None:
            company_record(session, company_profile(session.province, opened))
            return
        st.title(session.say("companies.title"))
        filter_bar(session)
        sites = matching(session.province, session.view.selection).sites
        table = companies_table(session.province, sites)
        if table.empty:
            st.info(session.say("companies.empty"))
            return
        without = int(sites["company"].isna().sum())
        lead = session.say(
            "companies.lead", count=len(table), sites=int(table["sites"].sum()), without=without
        )
        st.markdown(lead)
        words = st.text_input(
            session.say("companies.search"),
            key="companies.search",
            help=session.say("companies.search_help"),
        )
        called = called_companies(words, session.province)
        _list(session, _written(session, table, sites), called.loc[table.index])
        measure = measure_named(session.province, "owners")
        st.caption(sample_words(session.province, measure, session.language))


def _written(session: Session, table: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the list as it is shown: names, counts, cities, links, capacities, years."""
    language, province = session.language, session.province
    cities, companies = city_names(session), province.companies[session.name_field]
    segments = {one.id: one.name.say(language) for one in province.plan.segments()}
    separator = session.say("clause.separator")
    capacities = {
        str(company): separator.join(capacity_words(session, rows))
        for company, rows in capacity_of_companies(sites).groupby("company")
    }
    other = "name_en" if language == "zh" else "name_zh"
    columns = {
        "name": table[session.name_field],
        "other": table[other].where(table[other] != table[session.name_field], ""),
        "sites": table["sites"],
        "cities": [join([cities[adcode] for adcode in one], language) for one in table["cities"]],
        "segments": [join([segments[name] for name in one], language) for one in table["segments"]],
        "capacity": [capacities.get(str(company), "") for company in table.index],
        "years": [
            _years(first, last)
            for first, last in zip(table["first_year"], table["last_year"], strict=True)
        ],
        "group": [companies.get(group, "") if group else "" for group in table["group"]],
        "code": table["listed_code"].fillna(""),
    }
    shown = pd.DataFrame(columns, index=table.index)
    return shown.rename(columns={name: session.say(f"companies.{name}") for name in columns})


def _years(first: float, last: float) -> str:
    if pd.isna(first):
        return ""
    return f"{first:.0f}" if first == last else f"{first:.0f}–{last:.0f}"


def _list(session: Session, written: pd.DataFrame, called: pd.Series) -> None:
    shown = written[called]
    if shown.empty:
        st.info(session.say("companies.none"))
        return
    st.caption(session.say("companies.open", count=len(shown)))
    event = data_table(
        session,
        shown,
        "companies",
        config={
            session.say(f"companies.{name}"): st.column_config.Column(width=width)
            for name, width in _WIDTHS.items()
        },
        height=min(_HEIGHT, 40 + 35 * len(shown)),
        on_select="rerun",
        selection_mode="single-row",
        key=f"widget.companies.list.{st.session_state.get(_TURN, 0)}",
    )
    data_download(session, shown, "companies", listed_source(session))
    if event.selection.rows:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        open_company(str(shown.index[event.selection.rows[0]]))
        st.rerun()
