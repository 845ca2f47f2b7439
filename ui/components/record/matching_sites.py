"""Leave those of an area's sites that match the filters, and say so beside their list."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from clusters.selection import selected_sites
from ui.state.session import Session


def matching_of(session: Session, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return those of ``sites``, of one area, that the filters of sites leave.

    As many as the area's ring counts, unless the city itself is filtered out.
    """
    wanted = session.view.selection.of_measures()
    return sites[selected_sites(wanted, session.province).loc[sites.index]]


def say_how_many_match(session: Session, shown: gpd.GeoDataFrame, known: gpd.GeoDataFrame) -> None:
    """Say how many of the sites that are known of an area match, where filters leave some out."""
    if len(shown) < len(known):
        st.caption(session.say("profile.sites_matching", shown=len(shown), known=len(known)))
