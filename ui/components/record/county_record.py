"""The record of one county: what it is, how large, and the sites known in it."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from clusters.distances.road_access import access_sources
from clusters.evidence import latest_figures
from data.crs import area_km2
from data.model import Source
from data.text import number
from layers.words.access_words import access_words, measured_from
from ui.components.markdown_text import escape
from ui.components.record.figures import figure_value
from ui.components.record.matching_sites import matching_of, say_how_many_match
from ui.components.record.prose import fact_list, figures, heading, record_head, remark
from ui.state.session import Session, open_record


def county_record(session: Session, adcode: int) -> Iterator[str]:
    """Write the record of a county that stands beside the map."""
    province, language, field = session.province, session.language, session.name_field
    county = province.counties.loc[adcode]
    city_adcode = int(county["city_adcode"])
    city = str(province.cities.at[city_adcode, field])
    other = "name_en" if language == "zh" else "name_zh"
    kind = session.say(f"profile.kind_{county['kind']}")
    area = float(area_km2(province.counties.loc[[adcode]], province.settings.area_crs).iloc[0])
    value = session.say("profile.area_value", area=number(area, language))
    yield record_head(str(county[field]), f"{county[other]} · {kind}", city, city_adcode)
    yield figures([(session.say("profile.area"), value)])
    known = _figures(session, adcode)
    if known:
        yield fact_list(known)
    yield from _access(session, adcode)


def _figures(session: Session, adcode: int) -> list[tuple[str, str]]:
    """Return the newest figures of a county with their names and years."""
    told = []
    for row in latest_figures(session.province, adcode).itertuples():
        indicator = session.province.indicators[row.indicator]
        name, year = indicator.name.say(session.language), str(row.year)
        heading_words = session.say("label.note", text=name, note=year)
        told.append((heading_words, figure_value(session, indicator, row.value, row.qualifier)))
    return told


def _access(session: Session, adcode: int) -> Iterator[str]:
    """Tell how far the county is from hubs, ports, airports, main roads and railway lines."""
    told = access_words(session.province, adcode, session.language)
    if not told:
        return
    yield heading(session.say("accessibility.title"), level=6)
    yield fact_list(told)
    yield remark(measured_from(session.province, adcode, session.language))


def county_sources(session: Session, adcode: int) -> tuple[Source, ...]:
    """Return what the record of a county rests on, besides its sites."""
    province = session.province
    counted = latest_figures(province, adcode)["source"]
    boundaries = province.settings.boundary_source
    named = dict.fromkeys([boundaries, *counted, *access_sources(province)])
    return tuple(province.sources[name] for name in named)


def county_sites(session: Session, adcode: int) -> None:
    """List the sites of a county by sector; a click opens a site's record."""
    province, language, field = session.province, session.language, session.name_field
    known = province.sites[province.sites["county_adcode"] == adcode]
    sites = matching_of(session, known)
    st.markdown(f"###### {session.say('profile.sites', count=len(sites))}")
    say_how_many_match(session, sites, known)
    st.caption(session.say("profile.sample"))
    for sector in province.plan.sectors:
        rows = sites[sites["sector"] == sector.id]
        if rows.empty:
            continue
        st.markdown(f"**{escape(sector.name.say(language))}** ({len(rows)})")
        for row in rows.itertuples():
            st.button(
                escape(str(getattr(row, field))),
                key=f"widget.site.{row.Index}",
                type="tertiary",
                on_click=open_record,
                kwargs={"site": row.Index},
            )
