"""The list of the sites that match: sorted, searched, collected, taken away."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from clusters.matching import matching
from data.evidence_rows import PLACED
from layers.exports.site_files import SITE_FILES, site_file
from layers.tables.site_list import headed, site_list
from ui.components.map.snapshot import view_address
from ui.components.table_grid import data_table
from ui.kept.downloads import download
from ui.state.own_data import session_province
from ui.state.redraw import OPENED, redraw
from ui.state.session import Session, change, go, look_again, show_view, view_now
from ui.state.ticked_sites import forget_ticks, tick_sites, ticked_sites

_GRID = "widget.matching.grid"
_HEIGHT = 420
_AREA_ZOOM, _SITE_ZOOM = 10.0, 11.5
_MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def matching_list(session: Session) -> None:
    """List the sites that match; a click flies to one, a tick collects it."""
    found = matching(session.province, session.view.selection)
    if found.sites.empty:
        return
    st.markdown(f"###### {session.say('answer.list', count=len(found.sites))}")
    area = session.view.selection.area
    table = site_list(found.sites, session.province, session.language, area)
    sought = st.text_input(
        session.say("answer.find"),
        placeholder=session.say("answer.find_hint"),
        key="widget.matching.find",
    )
    shown = _sought(table, sought)
    if shown.empty:
        st.caption(session.say("answer.none_found"))
    else:
        st.caption(session.say("answer.hint"))
        _grid(session, shown)
    _files(session)


def _sought(table: pd.DataFrame, words: str) -> pd.DataFrame:
    """Return the rows in which each of the words stands in some cell."""
    texts = table.drop(columns=["capacity", "year"])
    said = pd.Series([" ".join(row).casefold() for row in texts.to_numpy()], index=table.index)
    found = pd.Series(True, index=table.index)
    for word in words.casefold().split():
        found &= said.str.contains(word, regex=False)
    return table[found]


def _ticked(session: Session) -> tuple[str, ...]:
    """Return the ids of those sites that match and are ticked."""
    listed = matching(session.province, session.view.selection).sites.index
    return tuple(name for name in ticked_sites() if name in listed)


def _grid(session: Session, shown: pd.DataFrame) -> None:
    ids = [str(name) for name in shown.index]
    collected = set(_ticked(session))
    key = f"{_GRID}.{hash(tuple(ids))}"
    data_table(
        session,
        headed(shown, session.language),
        "matching",
        height=min(_HEIGHT, 38 + 35 * len(ids)),
        key=key,
        on_select=partial(_chosen, key, ids),
        selection_mode=["multi-row", "single-cell"],
        selection_default={
            "selection": {"rows": [at for at, name in enumerate(ids) if name in collected]}
        },
    )


def _chosen(key: str, ids: list[str]) -> None:
    """Note which rows are ticked; a cell that was clicked opens its site."""
    chosen: dict[str, Any] = st.session_state[key]["selection"]
    elsewhere = [name for name in ticked_sites() if name not in set(ids)]
    tick_sites([*elsewhere, *(ids[row] for row in chosen["rows"])])
    cells = chosen.get("cells") or []
    if cells:
        _fly(ids[cells[0][0]])


def _fly(site_id: str) -> None:
    """Fly to a site, or to the county or city that it is known to be in, and open its record."""
    view = view_now()
    province = session_province(view.province)
    if site_id not in province.sites.index:
        return
    site = province.sites.loc[site_id]
    is_placed = site["precision"] in PLACED
    if is_placed:
        longitude, latitude = site.geometry.x, site.geometry.y
    else:
        county = site["county_adcode"]
        area = (
            province.cities.loc[site["city_adcode"]]
            if pd.isna(county)
            else province.counties.loc[int(county)]
        )
        longitude, latitude = area["label_lon"], area["label_lat"]
    center = (round(float(latitude), 4), round(float(longitude), 4))
    show_view(
        replace(view, site=site_id, center=center, zoom=_SITE_ZOOM if is_placed else _AREA_ZOOM)
    )
    look_again(view_now())
    redraw(*OPENED)


def _files(session: Session) -> None:
    """Offer the ticked sites, or all that match, as files, and their cities to other pages."""
    collected = _ticked(session)
    wanted = collected or None
    count = len(collected)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for form in SITE_FILES:
            download(
                form.upper(),
                partial(
                    site_file,
                    session.view,
                    session.province,
                    form,
                    wanted,
                    link=view_address(session),
                ),
                file_name=session.file_name(form, session.say("answer.file")),
                media_type=_MEDIA[form],
                key=f"widget.matching.{form}",
            )
        if st.button(session.say("answer.to_compare"), key="widget.matching.compare"):
            change(compare=_cities(session, collected))
            go("compare")
        if st.button(session.say("answer.to_ranking"), key="widget.matching.ranking"):
            go("ranking")
    if count:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(session.say("answer.ticked", count=count))
            st.button(
                session.say("answer.clear"),
                key="widget.matching.clear",
                type="tertiary",
                on_click=_clear,
            )


def _cities(session: Session, collected: tuple[str, ...]) -> tuple[int, ...]:
    """Return the cities of the ticked sites, or of all that match, those with the most first."""
    found = matching(session.province, session.view.selection)
    sites = session.province.sites.loc[list(collected)] if collected else found.sites
    return tuple(int(adcode) for adcode in sites["city_adcode"].value_counts().index)


def _clear() -> None:
    forget_ticks()
    for key in [name for name in st.session_state if str(name).startswith(_GRID)]:
        del st.session_state[key]
