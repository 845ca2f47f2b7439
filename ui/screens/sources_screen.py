"""List every source with what was taken from it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pandas as pd
import streamlit as st

from data.loader import Province
from data.model import GRADES, Instrument, Role, Sector, Source, Target
from data.province_cache import cached_on_province
from data.text import Language, number
from layers.words.evidence_words import edition_day, evidence_markdown
from ui.components.table_grid import data_table
from ui.state.library import province as library_province
from ui.state.session import Session, current

_WIDTHS = {"title": 330, "publisher": 170, "date": 95, "grade": 90, "used": 330, "address": 200}
"""Widths of the columns, in CSS pixels."""


def show() -> None:
    """Show the page."""
    session = current()
    with st.container(key="reading-page-wide"):
        st.title(session.say("sources.title"))
        st.markdown(session.say("sources.lead", count=len(session.province.sources)))
        listed = library_province(session.province.id)
        if len(listed.sites) or listed.settings.evidence_bars:
            with st.expander(session.say("evidence_state.title")):
                # What a person brought is no part of the list.
                st.markdown(_state_of_the_list(listed, session.language, edition_day(listed)))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            words = st.text_input(session.say("sources.search"), key="sources.search")
            grades = st.pills(
                session.say("sources.grade"),
                GRADES,
                selection_mode="multi",
                format_func=lambda grade: session.say(f"grade.{grade}"),
                key="sources.grade",
            )
        table = source_table(session)
        if grades:
            chosen = [session.say(f"grade.{grade}") for grade in grades]
            table = table[table["grade"].isin(chosen)]
        if words:
            text = table.fillna("").agg(" ".join, axis="columns")
            table = table[text.str.contains(words, case=False, regex=False)]
        if table.empty:
            st.info(session.say("sources.none"))
            return
        data_table(
            session,
            table.fillna({"link": ""}),
            "sources",
            height=640,
            row_height=44,
            order=("title", "publisher", "date", "grade", "link", "used", "address"),
            config={
                name: st.column_config.TextColumn(session.say(f"sources.{name}"), width=width)
                for name, width in _WIDTHS.items()
            }
            | {
                "link": st.column_config.LinkColumn(
                    session.say("sources.link"), display_text=session.say("sources.open"), width=70
                )
            },
        )


@cached_on_province(4)
def _state_of_the_list(province: Province, language: Language, day: dt.date) -> str:
    return evidence_markdown(province, language, day)


def source_table(session: Session) -> pd.DataFrame:
    """Return one row a source: title, publisher, date, grade, what was taken, address, link."""
    used = _uses(session)
    rows = [_row(session, source, used[source.id]) for source in session.province.sources.values()]
    return pd.DataFrame(rows)


def _row(session: Session, source: Source, uses: list[str]) -> dict[str, str | None]:
    return {
        "title": source.title.say(session.language),
        "publisher": source.publisher,
        "date": source.date or session.say("source.undated"),
        "grade": session.say(f"grade.{source.grade}"),
        "used": session.say("list.separator").join(uses),
        "address": source.address,
        "link": source.address if source.has_page else None,
    }


def _uses(session: Session) -> defaultdict[str, list[str]]:
    """Name what each source was taken for: sites, companies, figures, the plan, boundaries."""
    province, plan, language = session.province, session.province.plan, session.language
    uses: defaultdict[str, list[str]] = defaultdict(list)
    uses[province.settings.boundary_source].append(session.say("layer.land"))
    for layer, source in province.ground.sources.items():
        uses[source.id].append(session.say(f"ground.{layer}"))
    if plan.document is not None:
        for name in plan.document.sources:
            uses[name].append(plan.document.title.say(language))
    sourced: tuple[Role | Sector | Target | Instrument, ...] = (
        *plan.roles,
        *plan.sectors,
        *plan.targets,
        *plan.instruments,
    )
    for name, words in ((name, one.name) for one in sourced for name in one.sources):
        uses[name].append(words.say(language))
    for row in province.companies.dropna(subset="sources").itertuples():
        for name in str(row.sources).split(";"):
            uses[name].append(str(getattr(row, session.name_field)))
    of_counties = province.figures["adcode"].isin(province.counties.index)
    counted = province.figures[of_counties].groupby(["source", "indicator", "year"]).size()
    for (name, indicator, year), count in counted.items():
        told = province.indicators[indicator].name.say(language)
        uses[name].append(session.say("sources.counties", indicator=told, year=year, count=count))
    for row in province.figures[~of_counties].itertuples():
        area = (
            province.settings.name.say(language)
            if row.adcode == province.settings.adcode
            else str(province.cities.at[row.adcode, session.name_field])
        )
        indicator = province.indicators[row.indicator].name.say(language)
        decimals = 0 if float(row.value).is_integer() else 2
        amount = number(row.value, language, decimals=decimals)
        uses[row.source].append(f"{area} {indicator} {row.year}: {amount}")
    for row in province.sites.itertuples():
        for name in row.sources.split(";"):
            uses[name].append(str(getattr(row, session.name_field)))
    return uses
