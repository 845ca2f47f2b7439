"""Show a measure of all cities with its formula and sample, and what the sites tell together."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from clusters.chain import plan_segments
from clusters.change import latest_change
from clusters.concentration import sector_concentration
from clusters.distances.site_points import FEW_PLACES, enough_places, with_place
from clusters.local_statistics import county_hot_spots
from clusters.measures import measures_of, take
from clusters.plan import hub_cities
from clusters.point_clusters import point_clusters
from clusters.relatedness import related_pairs
from clusters.study import Study, study_of
from data.text import number
from layers.address.view_changes import with_theme
from layers.catalogue import overlays_asked, overlays_of
from layers.specification.view import SCORE
from layers.words.measure_words import (
    measure_decimals,
    measure_formula,
    measure_name,
    sample_words,
)
from layers.words.plan_words import hub_name
from ui.components.charts import (
    data_download,
    data_of,
    listed_source,
    measured_source,
    table_height,
)
from ui.components.distance_switch import distance_switch, how_measured
from ui.components.filter_bar import filter_bar
from ui.components.markdown_text import escape
from ui.components.measure_chart import measure_bars, measure_table
from ui.components.pickers import city_names, sector_picker, segment_picker, theme_picker
from ui.components.table_grid import data_table
from ui.state.session import Session, choose_theme, current, go, show_view

_MOST_PAIRS = 12


@st.fragment
def show() -> None:
    """Show the page."""
    session = current()
    if session.view.theme in (None, SCORE):
        choose_theme(measures_of(session.province)[0].id)
        session = current()
    study = study_of(session.province, session.view.selection)
    with st.container(key="reading-page"):
        st.title(session.say("measures.title"))
        st.markdown(session.say("measures.lead"))
        filter_bar(session, measures=True)
        sector_picker(session)
        segment_picker(session)
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
    decimals = measure_decimals(province, measure)
    config = {session.say("measures.value"): st.column_config.NumberColumn(format=f"%.{decimals}f")}
    of = measure_name(province, measure, language)
    data_of(session, table, "measure", taken.sources, shown=True, config=config, of=of)


def _concentration(session: Session, study: Study) -> None:
    st.header(session.say("measures.concentration"))
    st.markdown(session.say("measures.concentration_lead"))
    counted = measures_of(session.province)[0]
    st.caption(escape(sample_words(session.province, counted, session.language)))
    found = sector_concentration(study)
    names = {one.id: one.name.say(session.language) for one in session.province.plan.sectors}
    table = pd.DataFrame(
        {
            session.say("ranking.sector"): found["sector"].map(names),
            session.say("measures.basis"): found["sites"],
            session.say("measures.herfindahl"): found["herfindahl"].round(3),
            session.say("measures.gini"): found["gini"].round(3),
            session.say("measures.weak"): _weak_marks(session, found["weak"]),
        }
    )
    data_of(session, table, "concentration", listed_source(session), shown=True)


def _weak_marks(session: Session, weak: pd.Series) -> list[str]:
    return [session.say("measures.weak_mark") if one else "" for one in weak]


def _space(session: Session, study: Study) -> None:
    """Tell how many hot spots and groups there are; the map shows them."""
    st.header(session.say("measures.space"))
    found = county_hot_spots(session.province, session.view.selection)
    kinds = found["hot_spot"].value_counts()
    st.markdown(
        session.say(
            "measures.space_lead",
            sure=kinds.get("hot", 0),
            unsure=kinds.get("hot, unsure", 0),
            counties=len(found),
        )
    )
    grouped = _groups(session, study)
    shapes = found.loc[found["moran_p"] <= 0.05, "quadrant"].value_counts()
    kinds_of = {"hh": "high-high", "ll": "low-low", "hl": "high-low", "lh": "low-high"}
    counted = {name: int(shapes.get(kind, 0)) for name, kind in kinds_of.items()}
    st.markdown(session.say("measures.space_moran", **counted))
    _counties(session, found)
    left_out = int(study.sites["county_adcode"].isna().sum())
    if left_out:
        st.caption(session.say("measures.space_left_out", count=left_out))
    if st.button(session.say("measures.on_map"), icon=":material/map:", key="widget.space.map"):
        view = with_theme(session.view, session.province, None)
        overlays = {*overlays_of(view, session.province), "hotspots"}
        overlays |= {"groups"} if grouped else set()
        show_view(replace(view, overlays=overlays_asked(overlays, session.province)))
        go("map")


def _groups(session: Session, study: Study) -> bool:
    """Tell how many groups of sites there are, or why none are sought; return whether they are."""
    counts = {"count": len(with_place(study.sites)), "total": len(study.sites)}
    if not enough_places(study.sites):
        st.markdown(session.say("footprints.off", least=FEW_PLACES, **counts))
        return False
    groups = point_clusters(session.province, study.sites)
    st.markdown(session.say("measures.space_groups", groups=groups.max() + 1, **counts))
    return True


def _counties(session: Session, found: pd.DataFrame) -> None:
    """List the counties that stand out, and offer the statistics of all."""
    counties = session.province.counties.loc[found.index]
    table = pd.DataFrame(
        {
            session.say("measures.county"): counties[session.name_field],
            session.say("measures.city"): counties["city_adcode"].map(city_names(session)),
            session.say("measures.basis"): found["sites"],
            session.say("measures.gi_star"): found["gi_star"].round(2),
            session.say("measures.gi_p"): found["gi_p"].round(4),
            session.say("measures.hot_spot"): [
                session.say(f"hot_spots.{kind.replace(', ', '_')}") for kind in found["hot_spot"]
            ],
            session.say("measures.moran"): found["moran"].round(2),
            session.say("measures.moran_p"): found["moran_p"].round(4),
        }
    )
    standing_out = (found["hot_spot"] != "none") | (found["moran_p"] <= 0.05)
    shown = table[standing_out].sort_values(session.say("measures.gi_star"), ascending=False)
    if len(shown):
        data_table(session, shown, "counties", height=table_height(len(shown)))
    data_download(session, table, "counties", listed_source(session))


def _hubs(session: Session, study: Study) -> None:
    province, names = session.province, city_names(session)
    hubs = hub_cities(province)
    if not hubs:
        return
    st.header(session.say("measures.hubs", hub=hub_name(province, session.language)))
    st.markdown(
        session.say(
            "measures.hubs_lead",
            measured=how_measured(session),
        )
    )
    distance_switch(session, "hubs")
    segments = plan_segments(province, study.sectors)
    ids = [segment.id for segment in segments]
    found = study.suppliers().set_index(["segment", "hub"])
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
    data_of(session, table, "nearest-suppliers", measured_source(session), shown=True)


def _related(session: Session, study: Study) -> None:
    st.header(session.say("measures.related"))
    st.markdown(session.say("measures.related_lead"))
    names = {one.id: one.name.say(session.language) for one in session.province.plan.segments()}
    found = related_pairs(study.segment_counts())
    wanted = {
        segment.id
        for sector in session.province.plan.sectors
        if not study.sectors or sector.id in study.sectors
        for segment in sector.segments
    }
    pairs = found[found["segment"].isin(wanted) | found["other"].isin(wanted)]
    table = pd.DataFrame(
        {
            session.say("measures.segment"): pairs["segment"].map(names),
            session.say("measures.other"): pairs["other"].map(names),
            session.say("measures.proximity"): pairs["proximity"].round(2),
            session.say("measures.basis"): pairs["sites"],
            session.say("measures.weak"): _weak_marks(session, pairs["weak"]),
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
