"""The record of one county: what it is, how large, and the sites known in it."""

from __future__ import annotations

import streamlit as st

from data.crs import area_km2
from data.text import number
from ui.components.words import escape
from ui.state import Session, open_record


def county_panel(session: Session, adcode: int) -> None:
    """Show the record of a county beside the map."""
    province, language, field = session.province, session.language, session.name_field
    county = province.counties.loc[adcode]
    city = province.cities.at[county["city_adcode"], field]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"### {escape(str(county[field]))}")
        st.button(
            str(city),
            key="widget.county.close",
            type="tertiary",
            icon=":material/arrow_upward:",
            on_click=open_record,
            kwargs={"county": None},
        )
    other = "name_en" if language == "zh" else "name_zh"
    st.caption(escape(f"{county[other]} · {session.say('profile.kind_' + county['kind'])}"))
    area = float(area_km2(province.counties.loc[[adcode]], province.settings.area_crs).iloc[0])
    value = session.say("profile.area_value", area=number(area, language))
    st.metric(session.say("profile.area"), value)
    sites = province.sites[province.sites["county_adcode"] == adcode]
    st.markdown(f"###### {session.say('profile.sites', count=len(sites))}")
    st.caption(session.say("profile.sample"))
    for sector in province.plan.sectors:
        rows = sites[sites["sector"] == sector.id]
        if rows.empty:
            continue
        st.markdown(f"**{escape(sector.name.say(language))}** ({len(rows)})")
        for row in rows.itertuples():
            st.button(
                str(getattr(row, field)),
                key=f"widget.site.{row.Index}",
                type="tertiary",
                on_click=open_record,
                kwargs={"site": row.Index},
            )
