"""Show a measure of all cities with its formula and sample, and what the sites tell together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from clusters.chain import plan_segments
from clusters.change import latest_change
from clusters.hot_spots import county_hot_spots
from clusters.measures import measures_of, take
from clusters.point_clusters import point_clusters
from clusters.reach import hub_cities, nearest_suppliers
from clusters.relatedness import proximity
from clusters.specialisation import gini, herfindahl
from clusters.study import WEAK_BELOW_SITES, Study, study_of
from data.text import number
from layers.measure_words import (
    measure_formula,
    sample_words,
)
from layers.view import SCORE
from ui.components.charts import data_of, listed_source
from ui.components.measure_chart import measure_bars, measure_table
from ui.components.pickers import city_names, sector_picker, theme_picker
from ui.components.words import escape
from ui.state import Session, change, current, go

_MOST_PAIRS = 12


@st.fragment
def show() -> None:
    """Show the page."""
    session = current()
    if session.view.theme in (None, SCORE):
        change(theme=measures_of(session.province)[0].id)
        session = current()
    study = study_of(session.province, session.view.selection)
    with st.container(key="reading-page"):
        st.title(session.say("measures.title"))
        st.markdown(session.say("measures.lead"))
        sector_picker(session)
        _measure(session)
        _concentration(session, study)
        _space(session, study)
        _hubs(session, study)
        _related(session, study)
        _change(session)


def _measure(session: Session) -> None:
    theme_picker(session, optional=False)
    province, language = session.province, session.language
    taken = take(province, session.view.selection, str(session.view.theme))
    measure = taken.measure
    with st.container(border=True):
        st.markdown(f"**{session.say('measures.formula')}**")
        st.markdown(escape(measure_formula(measure, language)))
        st.caption(escape(sample_words(province, measure, language)))
    if measure.needs_sector and not session.view.selection.effective_sectors(province):
        st.info(session.say("measures.needs_sector"))
        return
    if taken.values.isna().all():
        st.info(session.say("measures.none"))
        return
    table = measure_table(session, taken)
    measure_bars(session, taken, "chart.measure")
    if st.button(session.say("measures.on_map"), icon=":material/map:"):
        go("map")
    data_of(session, table, measure.id, taken.sources, shown=True)


def _concentration(session: Session, study: Study) -> None:
    st.header(session.say("measures.concentration"))
    st.markdown(session.say("measures.concentration_lead"))
    counts = study.counts(every=True)
    names = {one.id: one.name.say(session.language) for one in session.province.plan.sectors}
    sites = counts.sum()
    table = pd.DataFrame(
        {
            session.say("ranking.sector"): [names[str(one)] for one in counts.columns],
            session.say("measures.basis"): sites.to_numpy(),
            session.say("measures.herfindahl"): herfindahl(counts).round(3).to_numpy(),
            session.say("measures.gini"): gini(counts).round(3).to_numpy(),
            session.say("measures.weak"): [
                session.say("measures.weak_mark") if count < WEAK_BELOW_SITES else ""
                for count in sites
            ],
        }
    )
    data_of(session, table, "concentration", listed_source(session), shown=True)


def _space(session: Session, study: Study) -> None:
    """Tell how many hot spots and groups there are; the map shows them."""
    st.header(session.say("measures.space"))
    found = county_hot_spots(session.province, session.view.selection)
    kinds = found["hot_spot"].value_counts()
    groups = point_clusters(session.province, study.sites)
    st.markdown(
        session.say(
            "measures.space_lead",
            sure=kinds.get("hot", 0),
            unsure=kinds.get("hot, unsure", 0),
            counties=len(found),
            groups=groups.max() + 1 if len(groups) else 0,
        )
    )
    shapes = found.loc[found["moran_p"] <= 0.05, "quadrant"].value_counts()
    kinds_of = {"hh": "high-high", "ll": "low-low", "hl": "high-low", "lh": "low-high"}
    counted = {name: int(shapes.get(kind, 0)) for name, kind in kinds_of.items()}
    st.markdown(session.say("measures.space_moran", **counted))
    left_out = int(study.sites["county_adcode"].isna().sum())
    if left_out:
        st.caption(session.say("measures.space_left_out", count=left_out))
    if st.button(session.say("measures.on_map"), icon=":material/map:", key="widget.space.map"):
        overlays = dict.fromkeys([*session.view.overlays, "hotspots", "groups"])
        change(overlays=tuple(overlays), theme=None)
        go("map")


def _hubs(session: Session, study: Study) -> None:
    province, names = session.province, city_names(session)
    hubs = hub_cities(province)
    if not hubs:
        return
    st.header(session.say("measures.hubs"))
    st.markdown(session.say("measures.hubs_lead"))
    segments = plan_segments(province, study.sectors)
    ids = [segment.id for segment in segments]
    found = nearest_suppliers(province, study.every_site, hubs, ids).set_index(["segment", "hub"])
    titles = province.sites[session.name_field]

    def words(segment: str, hub: int) -> str:
        row = found.loc[(segment, hub)]
        if row["site"] is None or pd.isna(row["site"]):
            return session.say("measures.hub_none")
        if row["in_hub"]:
            return session.say("measures.hub_inside", count=row["in_hub"])
        site, distance = str(titles[row["site"]]), number(row["distance_km"], session.language)
        return session.say("measures.hub_away", site=site, distance=distance)

    table = pd.DataFrame(
        {
            session.say("measures.segment"): [one.name.say(session.language) for one in segments],
            **{names[hub]: [words(one, hub) for one in ids] for hub in hubs},
        }
    )
    data_of(session, table, "nearest-suppliers", listed_source(session), shown=True)


def _related(session: Session, study: Study) -> None:
    st.header(session.say("measures.related"))
    st.markdown(session.say("measures.related_lead"))
    names = {one.id: one.name.say(session.language) for one in session.province.plan.segments()}
    near = proximity(study.segment_counts())
    wanted = {
        segment.id
        for sector in session.province.plan.sectors
        if not study.sectors or sector.id in study.sectors
        for segment in sector.segments
    }
    pairs = [
        (float(near.at[one, other]), one, other)
        for place, one in enumerate(near.index)
        for other in near.index[place + 1 :]
        if not pd.isna(near.at[one, other]) and wanted & {one, other}
    ]
    pairs.sort(key=lambda pair: -pair[0])
    table = pd.DataFrame(
        {
            session.say("measures.segment"): [names[one] for _, one, _ in pairs],
            session.say("measures.other"): [names[other] for _, _, other in pairs],
            session.say("measures.proximity"): [round(value, 2) for value, _, _ in pairs],
        }
    )
    data_of(session, table.head(_MOST_PAIRS), "related", listed_source(session), shown=True)


def _change(session: Session) -> None:
    """Show the newest shift-share for which every city has figures of two years."""
    found = latest_change(session.province)
    if found is None:
        st.caption(session.say("measures.no_change"))
        return
    indicator = session.province.indicators[found.indicator]
    name = indicator.name.say(session.language)
    st.header(session.say("measures.change", name=name, earlier=found.earlier, later=found.later))
    st.markdown(session.say("measures.change_lead"))
    names = city_names(session)
    unit = indicator.unit.say(session.language)
    table = pd.DataFrame(
        {session.say("measures.city"): [names[int(adcode)] for adcode in found.table.index]}
        | {
            session.say("measures.with_unit", name=session.say(key), unit=unit): found.table[column]
            .round(indicator.decimals)
            .to_numpy()
            for column, key in (
                ("change", "measures.change_total"),
                ("national", "measures.change_national"),
                ("competitive", "measures.change_competitive"),
            )
        }
    )
    data_of(session, table, "change", found.sources, shown=True)
