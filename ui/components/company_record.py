"""The record of one company: its sites on a map, links, capacities, years, partners, sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import altair as alt
import pandas as pd
import streamlit as st

from clusters.companies import CompanyProfile
from clusters.selection import Selection
from data.loader import Province
from data.text import join, say
from layers.compose import compose
from layers.specification.map_spec import LegendEntry, LegendGroup, MapLayer, MapSpec
from layers.specification.view import View
from ui.components.brief_button import brief_button
from ui.components.charts import BLUE, chart, data_download
from ui.components.map.map_frame import web_map
from ui.components.markdown_text import escape
from ui.components.pickers import city_names
from ui.components.record.figures import capacity_value
from ui.components.record.prose import figures, notice, paragraph, remark, show_prose
from ui.components.record.source_notes import source_list
from ui.components.table_grid import data_table
from ui.state.opened_company import open_company
from ui.state.session import Session, change, go

_MAP_HEIGHT = 420
_LEAST_FOR_CHART = 2
_TURN = "atlas.company.turn"


def company_record(session: Session, profile: CompanyProfile) -> None:
    """Show all that is known of a company, below the way back to the list."""
    name = profile.name.say(session.language)
    other = profile.name.say("en" if session.language == "zh" else "zh")
    st.button(
        session.say("companies.back"),
        key="widget.companies.back",
        icon=":material/arrow_back:",
        on_click=open_company,
        args=(None,),
    )
    st.title(escape(name) + (f" :gray[{escape(other)}]" if other != name else ""))
    show_prose(*_facts(session, profile))
    _related(session, profile)
    if profile.sites.empty:
        st.info(session.say("companies.no_sites"))
    else:
        st.header(session.say("companies.map"))
        web_map(
            session,
            company_map(session.view, session.province, profile),
            key="company-map",
            height=_MAP_HEIGHT,
        )
        own = Selection(owners=frozenset({profile.id}))
        with st.container(horizontal=True):
            brief_button(session, "selection", replace(session.view, selection=own))
            on_map = st.button(session.say("companies.on_map"), icon=":material/map:")
        if on_map:
            change(selection=own)
            go("map")
        _sites(session, profile)
        _capacity(session, profile)
        _timeline(session, profile)
    source_list(session, profile.sources, expanded=True)


def company_map(view: View, province: Province, profile: CompanyProfile) -> MapSpec:
    """Return the map of a company's sites alone, over the whole province."""
    every = View(province.id, overlays=("sites",), basemap=view.basemap, language=view.language)
    spec = compose(every, province)
    layers = tuple(_only(layer, set(profile.sites.index)) for layer in spec.layers)
    entries = {
        one.label: LegendEntry(one.label, one.symbol)
        for layer in layers
        if layer.geometry == "sites"
        for one in layer.classes
    }
    title = say("legend.sites", view.language)
    others = (group for group in spec.legend if group.title != title)
    legend = (LegendGroup(title, tuple(entries.values())), *others)
    name = profile.name.say(view.language)
    return replace(spec, layers=layers, legend=legend, subtitle=name)


def _only(layer: MapLayer, sites: set[str]) -> MapLayer:
    """Return a layer of sites with these alone; another layer as it is."""
    if layer.geometry != "sites":
        return layer
    classes = (
        replace(one, features=tuple(name for name in one.features if name in sites))
        for one in layer.classes
    )
    return replace(layer, classes=tuple(one for one in classes if one.features))


def _facts(session: Session, profile: CompanyProfile) -> Iterable[str]:
    sites, plan, language = profile.sites, session.province.plan, session.language
    segments = [one for one in plan.segments() if one.id in _segments(sites)]
    pairs = [
        (session.say("companies.sites"), str(len(sites))),
        (session.say("companies.city_count"), str(sites["city_adcode"].nunique())),
        (session.say("companies.segment_count"), str(len(segments))),
    ]
    yield figures(pairs, wide=True)
    if profile.listed_code:
        yield paragraph(session.label("companies.code", profile.listed_code))
    if segments:
        names = join([one.name.say(language) for one in segments], language)
        yield paragraph(session.label("companies.segments", names))
    known = (profile.name.zh, profile.name.en)
    written = [one for one in profile.spellings if one not in known]
    if written:
        yield paragraph(session.label("companies.spelt", join(written, language)))
    if profile.note is not None:
        yield remark(session.label("site.note", profile.note.say(language)))
    if session.province.companies.at[profile.id, "sources"] is None:
        yield notice(session.say("companies.not_listed"))


def _segments(sites: pd.DataFrame) -> set[str]:
    return {name for names in sites["segments"].dropna() for name in str(names).split(";")}


def _related(session: Session, profile: CompanyProfile) -> None:
    """Name its group, its members, its partners and its joint ventures; a click opens one."""
    told: list[tuple[str, list[tuple[str, str | None]]]] = [
        ("group", [("", profile.group)] if profile.group else []),
        ("members", [("", one) for one in profile.members]),
        ("partners", list(profile.partners)),
        ("ventures", [("", one) for one in profile.ventures]),
    ]
    companies = session.province.companies
    for kind, found in told:
        if not found:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{session.say(f'companies.{kind}')}**", width="content")
            for place, (written, company) in enumerate(found):
                if company is None or company == profile.id:
                    st.markdown(escape(written), width="content")
                    continue
                st.button(
                    escape(str(companies.at[company, session.name_field])),
                    key=f"widget.companies.{kind}.{place}.{company}",
                    on_click=open_company,
                    args=(company,),
                )


def _sites(session: Session, profile: CompanyProfile) -> None:
    """List the sites, by city; a click on a row opens the site on the map."""
    province, language, sites = session.province, session.language, profile.sites
    cities = city_names(session)
    segments = {one.id: one.name.say(language) for one in province.plan.segments()}
    table = pd.DataFrame(
        {
            session.say("site.name"): sites[session.name_field],
            session.say("companies.city"): [cities[int(one)] for one in sites["city_adcode"]],
            session.say("site.sector"): [
                province.plan.sector(name).name.say(language) for name in sites["sector"]
            ],
            session.say("site.segments"): [
                join([segments[one] for one in str(names).split(";") if one in segments], language)
                for names in sites["segments"].fillna("")
            ],
            session.say("site.status"): [session.say(f"status.{one}") for one in sites["status"]],
            session.say("site.year"): [
                "" if pd.isna(year) else f"{year:.0f}" for year in sites["year"]
            ],
        }
    )
    st.header(session.say("companies.sites_here", count=len(sites)))
    st.caption(session.say("city.open_site"))
    event = data_table(
        session,
        table,
        "company-sites",
        on_select="rerun",
        selection_mode="single-row",
        key=f"widget.companies.sites.{profile.id}.{st.session_state.get(_TURN, 0)}",
    )
    if event.selection.rows:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        change(site=str(sites.index[event.selection.rows[0]]))
        go("map")


def capacity_words(session: Session, rows: pd.DataFrame) -> list[str]:
    """Write each row of ``capacity_of_companies``: amount, unit, what it means, and the status."""
    return [
        session.say(
            "companies.capacity_value",
            amount=capacity_value(session, row.capacity, row.unit),
            meaning=session.say(f"capacity.{row.meaning}"),
            status=session.say(f"status.{row.status}"),
        )
        for row in rows.itertuples()
    ]


def _capacity(session: Session, profile: CompanyProfile) -> None:
    st.header(session.say("companies.capacity"))
    if profile.capacity.empty:
        st.caption(session.say("companies.no_capacity"))
        return
    st.caption(session.say("companies.capacity_lead"))
    table = pd.DataFrame(
        {
            session.say("site.capacity"): [
                capacity_value(session, row.capacity, row.unit)
                for row in profile.capacity.itertuples()
            ],
            session.say("companies.meaning"): [
                session.say(f"capacity.{one}") for one in profile.capacity["meaning"]
            ],
            session.say("site.status"): [
                session.say(f"status.{one}") for one in profile.capacity["status"]
            ],
            session.say("companies.sites"): profile.capacity["sites"].astype(str),
        }
    )
    st.table(table.map(escape), hide_index=True)


def _timeline(session: Session, profile: CompanyProfile) -> None:
    """Draw the sites by the year that a source states, with what happened in it."""
    st.header(session.say("companies.timeline"))
    if profile.years.empty:
        st.caption(session.say("companies.no_years"))
        return
    names = profile.sites[session.name_field]
    words = {key: session.say(f"site.{key}") for key in ("name", "year")}
    meaning = session.say("companies.happened")
    drawn = pd.DataFrame(
        {
            "site": [str(names[one]) for one in profile.years["id"]],
            "year": profile.years["year"],
            "meaning": [session.say(f"year.{one}") for one in profile.years["meaning"]],
        }
    )
    undated = len(profile.sites) - len(drawn)
    if undated:
        st.caption(session.say("companies.undated", count=undated))
    table = drawn.set_axis([words["name"], words["year"], meaning], axis="columns")
    if len(drawn) < _LEAST_FOR_CHART:
        st.table(table.astype(str).map(escape), hide_index=True)
    else:
        chart(_dots(drawn, words, meaning), f"chart.company.{profile.id}")
    sources = [name for names in profile.sites["sources"] for name in str(names).split(";")]
    of = profile.name.say(session.language)
    data_download(session, table, "company", sources, of=of)


def _dots(drawn: pd.DataFrame, words: dict[str, str], meaning: str) -> alt.Chart:
    dots: alt.Chart = (
        alt.Chart(drawn)
        .mark_circle(size=110, color=BLUE, opacity=1)
        .encode(
            x=alt.X(
                "year:Q",
                title=None,
                scale=alt.Scale(zero=False, nice=True, padding=16),
                axis=alt.Axis(
                    format="d", tickMinStep=1, tickCount=6, labelFlush=True, labelOverlap=True
                ),
            ),
            y=alt.Y("site:N", title=None, sort=list(dict.fromkeys(drawn["site"]))),
            tooltip=[
                alt.Tooltip("site:N", title=words["name"]),
                alt.Tooltip("year:Q", title=words["year"], format="d"),
                alt.Tooltip("meaning:N", title=meaning),
            ],
        )
        .properties(height=40 + 30 * drawn["site"].nunique())
    )
    return dots
