"""The panel beside the map: a city's profile, or the province at a glance."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from clusters.plan import role_membership
from clusters.profile import CityProfile, city_profile
from data.model import Role, Source
from data.text import join, number
from ui.components.words import escape
from ui.state import Session, change


def profile_panel(session: Session) -> None:
    """Show the profile of the city that is open, or else the province."""
    if session.view.profile is None:
        _overview(session)
    else:
        _profile(session, city_profile(session.province, session.view.profile))


def _profile(session: Session, profile: CityProfile) -> None:
    language = session.language
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {escape(profile.name.say(language))}")
        st.button(
            session.say("profile.close"),
            key="widget.profile.close",
            type="tertiary",
            icon=":material/close:",
            on_click=lambda: change(profile=None),
        )
    st.caption(escape(profile.name.say("en" if language == "zh" else "zh")))
    st.markdown(f"###### {session.say('profile.roles')}")
    if not profile.roles:
        st.info(session.say("profile.no_role"))
    for role in profile.roles:
        _role(session, role)
    area = session.say("profile.area_value", area=number(profile.area_km2, language))
    st.metric(session.say("profile.area"), area)
    st.caption(session.say("profile.area_note", rank=profile.area_rank, count=profile.city_count))
    _counties(session, profile)
    source_list(session, profile.sources)


def _role(session: Session, role: Role) -> None:
    language = session.language
    sectors = [session.province.plan.sector(name).name.say(language) for name in role.sectors]
    remarks = [session.label("profile.sectors", join(sectors, language))]
    if role.note:
        remarks.append(role.note.say(language))
    if role.open_list:
        remarks.append(session.say("profile.open_list"))
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{escape(role.name.say(language))}**  \n{escape(role.aim.say(language))}")
        st.caption("  \n".join(escape(remark) for remark in remarks))


def _counties(session: Session, profile: CityProfile) -> None:
    language = session.language
    field = "name_zh" if language == "zh" else "name_en"
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


def _overview(session: Session) -> None:
    province = session.province
    language = session.language
    st.markdown(f"### {escape(province.settings.name.say(language))}")
    st.caption(session.say("profile.hint"))
    named = role_membership(province).any(axis="columns")
    figures = (
        ("overview.cities", len(province.cities)),
        ("overview.counties", len(province.counties)),
        ("overview.roles_held", int(named.sum())),
        ("overview.no_role", int((~named).sum())),
    )
    with st.container(key="overview-figures", horizontal=True, gap="small"):
        for key, value in figures:
            st.metric(session.say(key), value, width=140)
    field = "name_zh" if language == "zh" else "name_en"
    for role in province.plan.roles:
        names = [str(province.cities.at[adcode, field]) for adcode in role.cities]
        st.markdown(f"**{escape(role.name.say(language))}**  \n{escape(join(names, language))}")
    names = [str(name) for name in province.cities.loc[~named, field]]
    if names:
        st.markdown(f"**{session.say('legend.no_role')}**  \n{escape(join(names, language))}")
    source_ids = dict.fromkeys(name for role in province.plan.roles for name in role.sources)
    own = [province.sources[name] for name in source_ids]
    source_list(session, [*own, province.sources[province.settings.boundary_source]])


def source_list(session: Session, sources: Iterable[Source]) -> None:
    """List sources with publisher, date, grade and address."""
    with st.expander(session.say("profile.sources")):
        for source in sources:
            st.markdown(source_line(session, source))


def source_line(session: Session, source: Source) -> str:
    """Return one source as Markdown: title as link text, publisher, date, grade."""
    title = escape(source.title.say(session.language))
    linked = f"[{title}]({source.address})" if source.address.startswith("http") else title
    parts = [escape(source.publisher), source.date or "", session.say(f"grade.{source.grade}")]
    return f"{linked}  \n{' · '.join(part for part in parts if part)}"
