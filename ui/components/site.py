"""The record of one site: everything that is known of it, with its sources."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from clusters.evidence import confidence, site_sources
from data.text import day, join, number
from ui.components.sources import source_list
from ui.components.words import escape
from ui.state import Session, open_record


def site_panel(session: Session, site_id: str) -> None:
    """Show the record of a site beside the map."""
    site = session.province.sites.loc[site_id]
    other = "name_en" if session.language == "zh" else "name_zh"
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"### {escape(str(site[session.name_field]))}")
        st.button(
            session.say("site.back"),
            key="widget.site.close",
            type="tertiary",
            icon=":material/arrow_back:",
            on_click=open_record,
            kwargs={"site": None},
        )
    if site[other] != site[session.name_field]:
        st.caption(escape(str(site[other])))
    lines = [
        f"<dt>{html.escape(session.say(f'site.{key}'))}</dt><dd>{html.escape(value)}</dd>"
        for key, value in _facts(session, site)
    ]
    st.html(f'<dl class="atlas-facts">{"".join(lines)}</dl>')
    st.caption(session.say(f"precision.{site['precision']}"))
    if _known(site["notes"]):
        st.caption(escape(session.label("site.notes", str(site["notes"]))))
    source_list(session, site_sources(session.province, site_id), expanded=True)


def _facts(session: Session, site: pd.Series) -> list[tuple[str, str]]:
    """Return what is known of a site, field by field; what is not known is left out."""
    plan, language = session.province.plan, session.language
    facts = [("kind", session.say(f"kind.{site['kind']}"))]
    if _known(site["owner"]):
        facts.append(("owner", str(site["owner"])))
    facts.append(("where", _where(session, site)))
    facts.append(("sector", plan.sector(site["sector"]).name.say(language)))
    if _known(site["segments"]):
        names = [plan.segment(name).name.say(language) for name in site["segments"].split(";")]
        facts.append(("segments", join(names, language)))
    if _known(site["capacity"]):
        facts.append(("capacity", _capacity(session, site)))
    if _known(site["year"]):
        meaning = session.say(f"year.{site['year_meaning'] or 'unclear'}")
        facts.append(("year", session.say("label.note", text=int(site["year"]), note=meaning)))
    status = session.say(f"status.{site['status']}")
    if _known(site["status_date"]):
        status = session.say(
            "site.as_of", status=status, date=day(str(site["status_date"]), language)
        )
    facts.append(("status", status))
    grade = confidence(session.province, str(site["id"]))
    facts.append(("confidence", session.say(f"grade.{grade}")))
    return facts


def _where(session: Session, site: pd.Series) -> str:
    province, field = session.province, session.name_field
    parts = [str(province.cities.at[site["city_adcode"], field])]
    if _known(site["county_adcode"]):
        parts.append(str(province.counties.at[int(site["county_adcode"]), field]))
    if _known(site["place"]):
        parts.append(str(site["place"]))
    return " · ".join(parts)


def _capacity(session: Session, site: pd.Series) -> str:
    value = float(site["capacity"])
    amount = number(value, session.language, decimals=0 if value == int(value) else 2)
    meaning = session.say(f"capacity.{site['capacity_meaning'] or 'unclear'}")
    unit = session.say(f"unit.{site['capacity_unit']}")
    return session.say("label.note", text=f"{amount} {unit}", note=meaning)


def _known(value: object) -> bool:
    return value is not None and not pd.isna(value)
