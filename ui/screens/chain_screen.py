"""Show which city has which link of the chain, which it has near, and which it lacks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from clusters.chain import completeness, plan_segments
from clusters.counts import WEAK_BELOW_SITES
from clusters.measures import measure_named
from clusters.study import Study, study_of
from data.text import day, join
from layers.words.measure_words import sample_words
from ui.components.brief_button import brief_button
from ui.components.chain_link import open_link
from ui.components.chain_matrix import chain_matrix, chain_words
from ui.components.charts import data_of, measured_source
from ui.components.distance_switch import distance_switch, how_measured
from ui.components.filter_bar import filter_bar
from ui.components.markdown_text import escape
from ui.components.pickers import city_names, sector_picker, segment_picker
from ui.components.table_grid import data_table
from ui.state.session import Session, current


@st.fragment
def show() -> None:
    """Show the page."""
    session = current()
    study = study_of(session.province, session.view.selection)
    links = study.links()
    asked = session.view.selection.segments
    if asked:
        links = links[links["segment"].isin(list(asked))].reset_index(drop=True)
    with st.container(key="reading-page-wide"):
        st.title(session.say("chain.title"))
        st.markdown(
            session.say(
                "chain.lead",
                measured=how_measured(session),
            )
        )
        filter_bar(session, measures=True)
        sector_picker(session)
        segment_picker(session)
        distance_switch(session, "chain")
        if session.view.selection.sectors or asked:
            brief_button(session, "sector")
        if links.empty:
            st.info(session.say("chain.no_segments"))
            return
        st.caption(session.say("chain.open"))
        if study.is_narrowed:
            st.caption(session.say("chain.narrowed"))
        clicked = chain_matrix(session, links, "chart.chain")
        if clicked is not None:
            open_link(session, *clicked)
        _pick(session)
        measure = measure_named(session.province, "completeness")
        st.caption(sample_words(session.province, measure, session.language))
        _unfilled(session, study, links)
        _gaps(session, study, links)
        data_of(session, chain_words(session, links), "chain", measured_source(session))


def _pick(session: Session) -> None:
    """Offer the same as a click on a cell to whoever uses the keyboard."""
    names = city_names(session)
    segments = {
        one.id: one.name.say(session.language)
        for one in plan_segments(
            session.province, session.view.selection.effective_sectors(session.province)
        )
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        city = st.selectbox(
            session.say("chain.city"),
            list(names),
            format_func=lambda adcode: names[adcode],
            key="widget.chain.city",
            width=220,
        )
        segment = st.selectbox(
            session.say("chain.segment"),
            list(segments),
            format_func=lambda name: segments.get(name, name),
            key="widget.chain.segment",
            width=280,
        )
        if st.button(session.say("measures.on_map"), icon=":material/map:", key="widget.chain.map"):
            open_link(session, city, segment)


def _unfilled(session: Session, study: Study, links: pd.DataFrame) -> None:
    """Name the segments that no listed site of the province has, of those that are left."""
    counts = links.groupby("segment", sort=False)["sites"].sum()
    lacking = [session.province.plan.segment(name) for name in counts.index[counts == 0]]
    if lacking:
        names = join([one.name.say(session.language) for one in lacking], session.language)
        phrase = "chain.unfilled_narrowed" if study.is_narrowed else "chain.unfilled"
        st.warning(escape(session.say(phrase, segments=names)))
    else:
        phrase = "chain.complete_narrowed" if study.is_narrowed else "chain.complete"
        st.success(session.say(phrase))
    for name in counts.index:
        segment = session.province.plan.segment(name)
        if segment.searched is not None:
            told = session.say(
                "chain.searched",
                segment=segment.name.say(session.language),
                date=day(segment.searched.date, session.language),
                words=segment.searched.words,
            )
            st.caption(escape(told))


def _gaps(session: Session, study: Study, links: pd.DataFrame) -> None:
    """Say of each city how complete it is, on how many sites that rests, and what it lacks."""
    st.header(session.say("chain.gaps"))
    shares = completeness(links)
    names = city_names(session)
    here = session.say("chain.state_here")
    basis = study.basis()
    rows = []
    for adcode, share in shares.sort_values("here", ascending=False).iterrows():
        own = links[links["city_adcode"] == adcode]
        lacking = own.loc[own["sites"] == 0, "segment"]
        words = [session.province.plan.segment(one).name.say(session.language) for one in lacking]
        rows.append(
            {
                session.say("chain.city"): names[int(str(adcode))],
                here: 100 * share["here"],
                session.say("chain.up_to_50"): 100 * share["within_50_km"],
                session.say("chain.up_to_100"): 100 * share["within_100_km"],
                session.say("chain.sites"): int(basis[adcode]),
                session.say("measures.weak"): session.say("measures.weak_mark")
                if basis[adcode] < WEAK_BELOW_SITES
                else "",
                session.say("chain.lacks"): join(words, session.language),
            }
        )
    percent = {
        name: st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100)
        for name in (here, session.say("chain.up_to_50"), session.say("chain.up_to_100"))
    }
    data_table(session, pd.DataFrame(rows), "gaps", config=percent, height=38 + 35 * len(rows))
