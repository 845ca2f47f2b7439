"""Set cities side by side on the same scales, and suggest those that are most alike."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from clusters.measures import measures_of, take
from clusters.relatedness import most_similar, weak_likeness
from clusters.study import Study, study_of
from data.text import join
from layers.brief.brief_formats import BRIEF_FORMATS
from layers.brief.briefs import brief_file_name, brief_of
from layers.specification.plan_signs import sector_colors
from layers.specification.symbology import category_colors, series_colors
from layers.tables.comparison_tables import compared_measures, measures_compared, value_words
from layers.words.measure_words import (
    measure_formula,
    measure_name,
    sample_words,
)
from ui.components.brief_button import brief_button
from ui.components.chain_link import open_link
from ui.components.chain_matrix import chain_matrix, chain_words
from ui.components.charts import chart, data_of, listed_source, measured_source, told
from ui.components.distance_switch import distance_switch, how_measured
from ui.components.filter_bar import filter_bar
from ui.components.markdown_text import escape
from ui.components.measure_chart import measure_bars, measure_table
from ui.components.pickers import city_names, sector_picker, segment_picker, theme_picker
from ui.components.table_grid import data_table
from ui.kept.downloads import download
from ui.state.session import Session, bound, change, current

_CHOICE = "widget.compare.cities"
_MOST_CITIES = 13
_USUAL_COUNT = 3
_SUGGESTED = 3
_MARKS = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


@st.fragment
def show() -> None:
    """Show the page."""
    session = current()
    study = study_of(session.province, session.view.selection)
    # Cities are offered once; a person who clears them begins anew.
    if not session.view.compare and _CHOICE not in st.session_state:
        change(compare=_usual(study))
        session = current()
    with st.container(key="reading-page-wide"):
        st.title(session.say("compare.title"))
        st.markdown(session.say("compare.lead"))
        filter_bar(session, measures=True)
        sector_picker(session)
        segment_picker(session)
        _choose(session)
        cities = session.view.compare
        if len(cities) < 2:
            st.info(session.say("compare.too_few"))
            _suggest(session, study)
            return
        _suggest(session, study)
        _file(session)
        _positions(session, cities)
        _table(session, cities)
        _measure(session, cities)
        _sectors(session, study, cities)
        _chain(session, study, cities)


def _file(session: Session) -> None:
    """Offer the comparison as a brief: all of it as a PDF at once, or as a person chooses."""
    view, province, pdf = session.view, session.province, BRIEF_FORMATS["pdf"]
    with st.container(horizontal=True):
        download(
            session.say("compare.pdf"),
            lambda: pdf.written(brief_of(view, province, subject="comparison")),
            file_name=brief_file_name(view, province, pdf.extension, subject="comparison"),
            media_type=pdf.media_type,
            key="widget.compare.pdf",
            kind="primary",
        )
        brief_button(session, "comparison")


def _usual(study: Study) -> tuple[int, ...]:
    """Return the cities with the most sites of what is asked for."""
    counts = study.basis().sort_values(ascending=False, kind="stable")
    return tuple(int(adcode) for adcode in counts.index[:_USUAL_COUNT])


def _choose(session: Session) -> None:
    names = city_names(session)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            session.say("compare.cities"),
            list(names),
            format_func=lambda adcode: names[adcode],
            max_selections=_MOST_CITIES,
            **bound(
                _CHOICE,
                list(session.view.compare),
                lambda chosen: change(compare=tuple(chosen)),
                among=names,
            ),
        )
        st.button(
            session.say("compare.all"),
            type="tertiary",
            key="widget.compare.all",
            on_click=change,
            kwargs={"compare": tuple(names)},
        )


def _suggest(session: Session, study: Study) -> None:
    """Name the cities most like the first one by the mix of segments, and offer to add them."""
    if not session.view.compare:
        return
    first = session.view.compare[0]
    found = most_similar(study.segment_counts(), first, _SUGGESTED)
    if found.empty:
        return
    names = city_names(session)
    weak = weak_likeness(study.counts(every=True).sum(axis="columns"), first)
    others = [
        session.say(
            "compare.alike",
            city=names[int(adcode)],
            similarity=_likeness(session, value, weak[adcode]),
        )
        for adcode, value in found.items()
    ]
    added = tuple(int(adcode) for adcode in found.index if adcode not in session.view.compare)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = session.say(
            "compare.similar", city=names[first], others=join(others, session.language)
        )
        st.caption(escape(words), width="content")
        if added:
            st.button(
                session.say("compare.add_similar"),
                icon=":material/add:",
                type="tertiary",
                key="widget.compare.similar",
                on_click=change,
                kwargs={"compare": (*session.view.compare, *added)[:_MOST_CITIES]},
            )


def _likeness(session: Session, value: float, weak: bool) -> str:
    return session.say("compare.weak", value=f"{value:.2f}") if weak else f"{value:.2f}"


def _positions(session: Session, cities: tuple[int, ...]) -> None:
    """Draw where each city stands between the lowest and the highest city of the province."""
    names = city_names(session)
    city, measure, place, value = (
        session.say(f"compare.{name}") for name in ("city", "measure", "position", "value")
    )
    weak = session.say("measures.weak")
    rows: list[dict[str, object]] = []
    sources: list[str] = []
    for one in compared_measures(session.view.selection, session.province):
        taken = take(session.province, session.view.selection, one.id)
        low, high = taken.values.min(), taken.values.max()
        if pd.isna(low) or low == high:
            continue
        sources += taken.sources
        rows += [
            {
                city: names[adcode],
                measure: measure_name(session.province, one, session.language),
                place: (taken.values[adcode] - low) / (high - low),
                value: value_words(taken, adcode, session.province, session.language),
                weak: session.say("measures.weak_mark") if taken.weak[adcode] else "",
            }
            for adcode in cities
        ]
    if not rows:
        return
    table = pd.DataFrame(rows)
    order = list(dict.fromkeys(table[measure]))
    shown = [names[adcode] for adcode in cities]
    y = alt.Y(f"{measure}:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    x = alt.X(
        f"{place}:Q",
        title=session.say("compare.position_axis"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%"),
    )
    base = alt.Chart(table.dropna(subset=[place]))
    span = base.mark_rule(color="#D5D9DE").encode(
        y=y, x=alt.X(f"min({place}):Q"), x2=alt.X2(f"max({place}):Q")
    )
    firm = alt.condition(f"datum['{weak}'] === ''", alt.value(0.9), alt.value(0.35))
    dots = base.mark_point(filled=True, size=130).encode(
        opacity=alt.OpacityValue(**firm),
        y=y,
        x=x,
        color=alt.Color(
            f"{city}:N",
            sort=shown,
            scale=alt.Scale(domain=shown, range=list(series_colors(len(shown)))),
            legend=alt.Legend(orient="top", title=None, columns=7),
        ),
        shape=alt.Shape(
            f"{city}:N", sort=shown, scale=alt.Scale(domain=shown, range=list(_MARKS)), legend=None
        ),
        tooltip=told([city, measure, value]),
    )
    st.header(session.say("compare.positions"))
    st.caption(session.say("compare.positions_lead"))
    chart((span + dots).properties(height=26 * len(order) + 110), "chart.positions")
    counted = next(one for one in measures_of(session.province) if one.counts_sites)
    st.caption(sample_words(session.province, counted, session.language))
    data_of(session, table, "compare-positions", sources)


def _table(session: Session, cities: tuple[int, ...]) -> None:
    """Write every measure of every city, with its year; weak ones say so."""
    language, province = session.language, session.province
    words = measures_compared(session.view.selection, province, cities, language)
    st.header(words.title)
    table = pd.DataFrame(words.rows, columns=list(words.heads))
    data_table(session, table, "compare", height=38 + 35 * len(table))
    st.caption(words.lead)
    data_of(session, table, "compare", words.sources)


def _measure(session: Session, cities: tuple[int, ...]) -> None:
    st.header(session.say("compare.one_measure"))
    theme_picker(session, optional=False)
    known = [one.id for one in measures_of(session.province)]
    chosen = session.view.theme if session.view.theme in known else known[0]
    taken = take(session.province, session.view.selection, str(chosen))
    if taken.values.loc[list(cities)].isna().all():
        st.info(session.say("measures.none"))
        return
    st.caption(escape(measure_formula(taken.measure, session.language)))
    measure_bars(session, taken, "chart.compare.measure", cities)
    st.caption(escape(sample_words(session.province, taken.measure, session.language)))
    table = measure_table(session, taken, cities)
    of = measure_name(session.province, taken.measure, session.language)
    data_of(session, table, "compare-measure", taken.sources, of=of)


def _sectors(session: Session, study: Study, cities: tuple[int, ...]) -> None:
    """Draw the listed sites of each city by sector."""
    names = city_names(session)
    sectors = {one.id: one.name.say(session.language) for one in session.province.plan.sectors}
    city, sector, sites = (session.say(f"chain.{name}") for name in ("city", "sector", "sites"))
    counts = study.counts(every=True).loc[list(cities)]
    table = pd.DataFrame(
        [
            {city: names[int(adcode)], sector: sectors[name], sites: int(row[name])}
            for adcode, row in counts.iterrows()
            for name in counts.columns
        ]
    )
    if table.empty:
        return
    colors = category_colors(list(sectors), sector_colors(session.province))
    bars = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X(f"{sites}:Q", title=session.say("compare.sites_by_sector")),
            y=alt.Y(f"{city}:N", sort=[names[adcode] for adcode in cities], title=None),
            color=alt.Color(
                f"{sector}:N",
                sort=list(sectors.values()),
                scale=alt.Scale(domain=list(sectors.values()), range=list(colors)),
                legend=alt.Legend(orient="top", title=None),
            ),
            tooltip=told([city, sector, sites]),
        )
        .properties(height=28 * len(cities) + 110)
    )
    st.header(session.say("compare.sites_by_sector"))
    chart(bars, "chart.compare.sectors")
    data_of(session, table, "compare-sectors", listed_source(session))


def _chain(session: Session, study: Study, cities: tuple[int, ...]) -> None:
    st.header(session.say("compare.chain"))
    links = study.links()
    if links.empty:
        st.info(session.say("chain.no_segments"))
        return
    st.caption(f"{how_measured(session)} {session.say('chain.open')}")
    distance_switch(session, "compare")
    clicked = chain_matrix(session, links, "chart.compare.chain", cities)
    if clicked is not None:
        open_link(session, *clicked)
    shown = links[links["city_adcode"].isin(cities)]
    data_of(session, chain_words(session, shown), "compare-chain", measured_source(session))
