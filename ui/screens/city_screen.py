"""Show all that is known of one city: roles, chain, sites, indicators, neighbours, sources."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from clusters.city_figures import figures_against_province, neighbouring_cities
from clusters.counts import WEAK_BELOW_SITES
from clusters.evidence import sites_of
from clusters.measures import measures_of, take
from clusters.plan import role_membership, sector_membership
from clusters.profile import CityProfile, city_profile
from clusters.relatedness import most_similar, similarity, weak_likeness
from clusters.specialisation import area_shares, location_quotient
from clusters.study import Study, study_of
from data.text import join, number
from layers.address.view_changes import city_map_view
from layers.compose import compose
from layers.exports import all_exporters
from layers.paper.sheet import PaperOptions
from layers.words.measure_words import measure_name, measure_value, sample_words
from ui.components.brief_button import brief_button
from ui.components.chain_link import open_link
from ui.components.chain_matrix import chain_matrix, chain_words
from ui.components.charts import data_of, listed_source, measured_source
from ui.components.distance_switch import distance_switch, how_measured
from ui.components.filter_bar import filter_bar
from ui.components.markdown_text import escape
from ui.components.pickers import city_names, city_picker
from ui.components.record.figures import figure_value
from ui.components.record.matching_sites import matching_of, say_how_many_match
from ui.components.record.prose import show_prose
from ui.components.record.record_panel import role_cards
from ui.components.record.source_notes import source_list
from ui.components.table_grid import data_table
from ui.state.session import Session, change, current, go, look_again, view_now

_SIMILAR = 3


@st.fragment
def show() -> None:
    """Show the page."""
    session = current()
    if session.view.profile is None:
        held = role_membership(session.province).sum(axis="columns")
        change(profile=int(held.idxmax()))
        session = current()
    profile = city_profile(session.province, int(session.view.profile or 0))
    study = study_of(session.province, session.view.selection)
    with st.container(key="reading-page-wide"):
        _heading(session, profile)
        filter_bar(session, measures=True)
        _at_a_glance(session, profile)
        _roles(session, profile)
        _sectors(session, study, profile)
        _chain(session, study, profile)
        _indicators(session, profile)
        _measures(session, profile)
        _sites(session, profile)
        _neighbours(session, study, profile)
        source_list(session, profile.sources)


def _heading(session: Session, profile: CityProfile) -> None:
    name, other = (
        profile.name.say(session.language),
        profile.name.say("en" if session.language == "zh" else "zh"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(f"{escape(name)} :gray[{escape(other)}]", width="stretch")
        city_picker(session, profile.adcode)
    with st.container(horizontal=True):
        if st.button(session.say("city.on_map"), icon=":material/map:", key="widget.city.map"):
            change(profile=profile.adcode, site=None, center=None, zoom=None)
            look_again(view_now())
            go("map")
        similar = most_similar(
            study_of(session.province, session.view.selection).segment_counts(),
            profile.adcode,
            _SIMILAR,
        )
        if not similar.empty and st.button(
            session.say("city.compare"), icon=":material/compare_arrows:", key="widget.city.compare"
        ):
            change(compare=(profile.adcode, *(int(adcode) for adcode in similar.index)))
            go("compare")
        _print_button(session, profile)
        brief_button(session, "city")


def _name(session: Session, profile: CityProfile) -> str:
    return profile.name.say(session.language)


def _print_button(session: Session, profile: CityProfile) -> None:
    province, view = session.province, session.view

    def drawn() -> bytes:
        spec = compose(city_map_view(view, province, profile.adcode), province)
        title = profile.name.say(view.language)
        options = PaperOptions(extent="selection", title=title)
        return all_exporters()["pdf"].write(spec, province, options)

    st.download_button(
        session.say("city.print"),
        data=drawn,
        file_name=session.file_name("pdf", _name(session, profile), session.say("page.map")),
        mime="application/pdf",
        key="widget.city.print",
        on_click="ignore",
        icon=":material/print:",
    )


def _at_a_glance(session: Session, profile: CityProfile) -> None:
    language, province = session.language, session.province
    area = session.say("profile.area_value", area=number(profile.area_km2, language))
    with st.container(key="cards-at-a-glance"):
        for name in ("sites", "completeness", "diversity"):
            taken = take(province, session.view.selection, name)
            value = taken.values[profile.adcode]
            weak = bool(taken.weak[profile.adcode])
            rank = taken.values.rank(ascending=False, method="min")[profile.adcode]
            of = session.say("city.rank_of", rank=_whole(rank), count=int(taken.values.count()))
            if weak:
                of = session.say("theme.weak_value", value=of)
            st.metric(
                measure_name(province, taken.measure, language),
                measure_value(province, taken.measure, value, language),
                delta=of if not pd.isna(rank) else None,
                delta_color="off",
                delta_arrow="off",
                border=True,
            )
        st.metric(
            session.say("profile.area"),
            area,
            delta=session.say("city.rank_of", rank=profile.area_rank, count=profile.city_count),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
    st.caption(
        sample_words(province, take(province, session.view.selection, "sites").measure, language)
    )


def _whole(value: float) -> str:
    return "" if pd.isna(value) else str(int(value))


def _roles(session: Session, profile: CityProfile) -> None:
    st.header(session.say("profile.roles"))
    if not profile.roles:
        st.info(session.say("profile.no_role"))
    show_prose(role_cards(session, profile.roles))


def _sectors(session: Session, study: Study, profile: CityProfile) -> None:
    """Say of each sector what the plan gives the city, what is listed, and how special that is."""
    province, language = session.province, session.language
    counts = study.counts(every=True)
    planned = sector_membership(province).loc[profile.adcode]
    shares, quotients = area_shares(counts), location_quotient(counts)
    rows = []
    for sector in province.plan.sectors:
        sites = int(counts.at[profile.adcode, sector.id])
        quotient = quotients.at[profile.adcode, sector.id]
        rows.append(
            {
                session.say("chain.sector"): sector.name.say(language),
                session.say("city.planned"): session.say("city.planned_yes")
                if planned[sector.id]
                else "",
                session.say("measures.basis"): sites,
                session.say("city.sector_share"): 100 * shares.at[profile.adcode, sector.id],
                session.say("measure.location-quotient.name"): session.say("measures.missing")
                if pd.isna(quotient)
                else number(quotient, language, decimals=2),
                session.say("measures.weak"): session.say("measures.weak_mark")
                if sites < WEAK_BELOW_SITES
                else "",
            }
        )
    st.header(session.say("city.sectors"))
    st.caption(session.say("city.sectors_lead"))
    table = pd.DataFrame(rows)
    percent = st.column_config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100)
    columns = {session.say("city.sector_share"): percent}
    data_table(session, table, "sectors", config=columns)
    data_of(session, table, "city-sectors", listed_source(session), of=_name(session, profile))


def _chain(session: Session, study: Study, profile: CityProfile) -> None:
    """Draw each link as here, near or lacking, beside the neighbouring cities."""
    links = study.links()
    own = links[links["city_adcode"] == profile.adcode]
    if own.empty:
        return
    st.header(session.say("city.chain"))
    st.caption(
        session.say(
            "city.chain_lead",
            measured=how_measured(session),
        )
    )
    distance_switch(session, "city")
    if study.is_narrowed:
        st.caption(session.say("chain.narrowed"))
    near = neighbouring_cities(session.province, profile.adcode)
    clicked = chain_matrix(
        session, links, "chart.city.chain", (profile.adcode, *near), upright=True
    )
    if clicked is not None:
        open_link(session, *clicked)
    lacking = own.loc[own["state"] == "lacking", "segment"]
    if len(lacking):
        names = [session.province.plan.segment(one).name.say(session.language) for one in lacking]
        words = join(names, session.language)
        phrase = "chain.missing_here_narrowed" if study.is_narrowed else "chain.missing_here"
        st.markdown(escape(session.say(phrase, segments=words)))
    shown = links[links["city_adcode"].isin((profile.adcode, *near))]
    words, sources = chain_words(session, shown), measured_source(session)
    data_of(session, words, "city-chain", sources, of=_name(session, profile))


def _indicators(session: Session, profile: CityProfile) -> None:
    """Set the newest figures against the province's of the same year."""
    st.header(session.say("city.indicators"))
    found = figures_against_province(session.province, profile.adcode)
    if found.empty:
        st.info(session.say("profile.no_figures"))
        return
    rows = []
    for row in found.itertuples():
        indicator = session.province.indicators[row.indicator]
        share = number(100 * row.share, session.language, decimals=1)
        rows.append(
            {
                session.say("city.indicator"): indicator.name.say(session.language),
                session.say("measures.year"): str(row.year),
                session.say("measures.value"): figure_value(
                    session, indicator, row.value, row.qualifier
                ),
                session.say("city.share"): session.say("measures.missing")
                if pd.isna(row.share)
                else f"{share} %",
                session.say("ranking.rank"): session.say(
                    "city.rank_of", rank=row.rank, count=row.of
                ),
            }
        )
    table = pd.DataFrame(rows)
    st.table(table.map(escape), hide_index=True)
    sources = [*found["source"], *found["province_source"].dropna()]
    data_of(session, table, "city-indicators", sources, of=_name(session, profile))


def _measures(session: Session, profile: CityProfile) -> None:
    """Write what was measured of the city, its rank, and whether it is weak."""
    province, language = session.province, session.language
    rows: list[dict[str, str]] = []
    sources: list[str] = []
    for measure in measures_of(province):
        if measure.indicator is not None or measure.needs_sector:
            continue
        taken = take(province, session.view.selection, measure.id)
        value = taken.values[profile.adcode]
        ranks = taken.values.rank(ascending=not measure.higher_is_better, method="min")
        sources += taken.sources
        rank = session.say(
            "city.rank_of", rank=_whole(ranks[profile.adcode]), count=int(taken.values.count())
        )
        rows.append(
            {
                session.say("compare.measure"): measure_name(province, measure, language),
                session.say("measures.value"): measure_value(province, measure, value, language),
                session.say("ranking.rank"): "" if pd.isna(value) else rank,
                session.say("measures.weak"): session.say("measures.weak_mark")
                if taken.weak[profile.adcode]
                else "",
            }
        )
    st.header(session.say("city.measures"))
    table = pd.DataFrame(rows)
    st.table(table.map(escape), hide_index=True)
    data_of(session, table, "city-measures", sources, of=_name(session, profile))


def _sites(session: Session, profile: CityProfile) -> None:
    province, language = session.province, session.language
    known = sites_of(province, profile.adcode)
    sites = matching_of(session, known)
    st.header(session.say("profile.sites", count=len(sites)))
    if known.empty:
        st.info(session.say("city.no_sites"))
        return
    say_how_many_match(session, sites, known)
    if sites.empty:
        return
    counties = province.counties[session.name_field].to_dict()
    segments = {one.id: one.name.say(language) for one in province.plan.segments()}
    table = pd.DataFrame(
        {
            session.say("site.name"): sites[session.name_field],
            session.say("site.sector"): [
                province.plan.sector(name).name.say(language) for name in sites["sector"]
            ],
            session.say("site.segments"): [
                join([segments[one] for one in str(names).split(";") if one in segments], language)
                for names in sites["segments"].fillna("")
            ],
            session.say("site.status"): [session.say(f"status.{one}") for one in sites["status"]],
            session.say("site.county"): sites["county_adcode"].map(counties).fillna(""),
        }
    )
    st.caption(session.say("city.open_site"))
    event = data_table(
        session,
        table,
        "sites",
        on_select="rerun",
        selection_mode="single-row",
        key=f"widget.city.sites.{profile.adcode}.{st.session_state.get(_TURN, 0)}",
    )
    picked = event.selection.rows
    if picked:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        change(site=str(sites.index[picked[0]]))
        go("map")


_TURN = "atlas.city.turn"


def _neighbours(session: Session, study: Study, profile: CityProfile) -> None:
    """Name the cities with a common border, and how alike they are."""
    st.header(session.say("city.neighbours"))
    st.caption(session.say("city.neighbours_lead"))
    names = city_names(session)
    counts = study.counts(every=True).sum(axis="columns")
    alike = similarity(study.segment_counts())[profile.adcode]
    weak = weak_likeness(counts, profile.adcode)
    with st.container(horizontal=True):
        for adcode in neighbouring_cities(session.province, profile.adcode):
            near = "–" if pd.isna(alike[adcode]) else f"{alike[adcode]:.2f}"
            if weak[adcode]:
                near = session.say("theme.weak_value", value=near)
            words = session.say(
                "city.neighbour_line",
                city=names[adcode],
                sites=int(counts[adcode]),
                similarity=near,
            )
            st.button(
                escape(words),
                key=f"widget.city.neighbour.{adcode}",
                on_click=change,
                kwargs={"profile": adcode, "site": None},
            )
