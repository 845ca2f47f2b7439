"""The panel beside the map: a city's profile, or the province at a glance."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

import geopandas as gpd
import pandas as pd
import streamlit as st

from clusters.evidence import latest_figures, segment_counts, site_sources, sites_of
from clusters.profile import CityProfile, city_profile
from data.model import Role, Sector
from data.text import join, number
from layers.brief.briefs import subject_of
from layers.specification.view import View
from ui.components.brief_button import brief_button
from ui.components.markdown_text import escape
from ui.components.record.answer import answer, answers
from ui.components.record.county_record import county_record, county_sites, county_sources
from ui.components.record.figures import figure_value
from ui.components.record.matching_list import matching_list
from ui.components.record.matching_sites import matching_of, say_how_many_match
from ui.components.record.overview import overview, overview_sources
from ui.components.record.prose import figures, heading, notice, record_head, remark, show_prose
from ui.components.record.signs import role_icon, role_sign
from ui.components.record.site_record import site_record
from ui.components.record.source_notes import source_line, source_list
from ui.state.opened_company import PAGE_OF_COMPANIES, open_company
from ui.state.session import Session, go, open_record


def profile_panel(session: Session) -> None:
    """Show the site, the county or the city that is open, or else the province.

    What else there is to tell is for ``profile_details``: name and roles come first, in one piece
    that takes the place of the one before, which a browser draws without making anything anew.
    """
    show_prose(*_record(session), record=_opened(session.view))


def profile_details(session: Session) -> None:
    """Show the rest of what is open: figures, sites, counties, sources.

    It ends with a mark of what it tells of: the map's frame keeps it out of sight below the
    record of another (``ui/assets/drill.js``).
    """
    with st.container(key="profile-details"):
        _details(session)
        st.html(f'<i data-atlas-told="{_opened(session.view)}"></i>')


def _opened(view: View) -> str:
    """Return a number for what is open and asked for, of which the panel's two parts tell."""
    return str(hash((view.site, view.county, view.profile, view.selection)))


def _record(session: Session) -> Iterator[str]:
    view = session.view
    if view.site is not None:
        return site_record(session, view.site)
    if view.county is not None:
        return county_record(session, view.county)
    if view.profile is None:
        return answer(session) if answers(session) else overview(session)
    return _profile(session, city_profile(session.province, view.profile))


def _details(session: Session) -> None:
    view = session.view
    if view.site is not None:
        _company_link(session, view.site)
        source_list(session, site_sources(session.province, view.site), expanded=True)
    elif view.county is not None:
        county_sites(session, view.county)
        source_list(session, county_sources(session, view.county), key="widget.county.sources")
    elif view.profile is not None:
        _city_details(session, city_profile(session.province, view.profile))
    elif answers(session):
        brief_button(session, subject_of(session.view))
        matching_list(session)
    else:
        overview_sources(session)


def _company_link(session: Session, site: str) -> None:
    """Lead from a site to the company that owns it."""
    company = session.province.sites.at[site, "company"]
    if company is None or pd.isna(company):
        return
    name = escape(str(session.province.companies.at[company, session.name_field]))
    if st.button(
        session.say("companies.of_site", name=name),
        key="widget.site.company",
        icon=":material/domain:",
    ):
        open_company(str(company))
        go(PAGE_OF_COMPANIES)


def _city_details(session: Session, profile: CityProfile) -> None:
    if st.button(
        session.say("profile.open"), key="widget.profile.open", icon=":material/open_in_full:"
    ):
        go("city")
    _figures(session, profile.adcode)
    _sites(session, profile.adcode)
    _counties(session, profile)
    source_list(session, profile.sources, key="widget.profile.sources")


def _profile(session: Session, profile: CityProfile) -> Iterator[str]:
    language = session.language
    yield record_head(
        profile.name.say(language),
        profile.name.say("en" if language == "zh" else "zh"),
        session.say("profile.close"),
        None,
    )
    yield heading(session.say("profile.roles"), level=6)
    if profile.roles:
        yield role_cards(session, profile.roles)
    else:
        yield notice(session.say("profile.no_role"))
    area = session.say("profile.area_value", area=number(profile.area_km2, language))
    yield figures([(session.say("profile.area"), area)])
    yield remark(session.say("profile.area_note", rank=profile.area_rank, count=profile.city_count))


def role_cards(session: Session, roles: Iterable[Role]) -> str:
    """Return, as HTML, what the plan asks of a city that holds ``roles``."""
    cards = "".join(_role_card(session, role) for role in roles)
    return f'<div class="atlas-role-cards">{cards}</div>'


def _role_card(session: Session, role: Role) -> str:
    language, province = session.language, session.province
    sectors = [province.plan.sector(name).name.say(language) for name in role.sectors]
    remarks = [session.label("profile.sectors", join(sectors, language))]
    if role.note:
        remarks.append(role.note.say(language))
    if role.open_list:
        remarks.append(session.say("profile.open_list"))
    return (
        f'<div class="atlas-role-card"><div class="atlas-role-head">{role_sign(province, role.id)}'
        f"<b>{html.escape(role.name.say(language))}</b>{role_icon(province, role.id)}</div>"
        f"<p>{html.escape(role.aim.say(language))}</p>"
        f"<small>{'<br>'.join(html.escape(remark) for remark in remarks)}</small></div>"
    )


def _figures(session: Session, adcode: int) -> None:
    """Show the newest figures, each with its year and its source as a link."""
    figures = latest_figures(session.province, adcode)
    st.markdown(f"###### {session.say('profile.figures')}")
    if figures.empty:
        st.caption(session.say("profile.no_figures"))
    told = []
    for name, indicator in session.province.indicators.items():
        for row in figures[figures["indicator"] == name].itertuples():
            title = escape(indicator.name.say(session.language))
            value = escape(figure_value(session, indicator, row.value, row.qualifier))
            source = source_line(session, session.province.sources[row.source])
            words = source.replace("  \n", " · ")
            told.append(f"{title} {row.year}  \n**{value}**  \n:small[{words}]")
    if told:
        st.markdown("\n\n".join(told))


def _sites(session: Session, adcode: int) -> None:
    """Count the city's sites by sector; a list that is opened leads to their records."""
    province, language = session.province, session.language
    known = sites_of(province, adcode)
    sites = matching_of(session, known)
    st.markdown(f"###### {session.say('profile.sites', count=len(sites))}")
    say_how_many_match(session, sites, known)
    st.caption(session.say("profile.sample"))
    for sector in province.plan.sectors:
        rows = sites[sites["sector"] == sector.id]
        listed = st.expander(
            f"{escape(sector.name.say(language))} ({len(rows)})",
            key=f"widget.sites.{sector.id}",
            on_change="rerun",
        )
        # A city has up to seventy sites: they are drawn when somebody looks for them.
        if listed.open:
            with listed:
                _listed(session, sector, rows, segment_counts(sites))
    _known_to_city(session, sites[sites["precision"] == "city"])


def _known_to_city(session: Session, sites: gpd.GeoDataFrame) -> None:
    """List the sites of which no more than the city is known: those of the city's own ring."""
    if sites.empty:
        return
    label = session.say("legend.known_to", place=session.say("placed.city"))
    words = session.say("legend.with_count", label=label, count=len(sites))
    listed = st.expander(escape(words), key="widget.sites.known_to_city", on_change="rerun")
    if not listed.open:
        return
    with listed:
        for row in sites.itertuples():
            st.button(
                escape(str(getattr(row, session.name_field))),
                key=f"widget.site.city.{row.id}",
                type="tertiary",
                on_click=open_record,
                kwargs={"site": row.id},
            )


def _listed(session: Session, sector: Sector, rows: gpd.GeoDataFrame, counts: pd.Series) -> None:
    """Count a sector's sites by segment, and list them; a click opens a site's record."""
    words = [
        session.say(
            "label.value",
            label=segment.name.say(session.language),
            value=counts.get(segment.id, 0) or session.say("profile.none_known"),
        )
        for segment in sector.segments
        if segment.named or segment.id in counts.index
    ]
    st.caption("  \n".join(escape(word) for word in words))
    for row in rows.itertuples():
        st.button(
            escape(str(getattr(row, session.name_field))),
            key=f"widget.site.{row.id}",
            type="tertiary",
            on_click=open_record,
            kwargs={"site": row.id},
        )


def _counties(session: Session, profile: CityProfile) -> None:
    language = session.language
    field = session.name_field
    st.markdown(f"###### {session.say('profile.counties')}")
    st.caption(session.say("profile.county_count", count=len(profile.counties)))
    for kind in ("district", "city", "county"):
        names = profile.counties.loc[profile.counties["kind"] == kind, field]
        if len(names):
            title = session.say(f"profile.kind_{kind}")
            words = session.say(
                "label.value", label=f"{title} ({len(names)})", value=join(list(names), language)
            )
            st.markdown(escape(words))
