"""Draw which city has which link of the chain, and take a click on a cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from clusters.chain import LINK_STATES
from layers.tables.comparison_tables import link_words
from ui.components.charts import INK, chart, colored, scrolling, told
from ui.components.pickers import city_names
from ui.state.session import Session

_ROW = 26
_HEAD_SLANTED, _HEAD_LEVEL = 240, 90
_CELL = 54
_ROW_NAMES = 130
_CLICK = "cell"
_MOST_LEVEL = 8


def state_words(session: Session) -> dict[str, str]:
    """Return the names of the states of links."""
    return {name: session.say(f"chain.state_{name.replace(' ', '_')}") for name in LINK_STATES}


def chain_words(session: Session, links: pd.DataFrame) -> pd.DataFrame:
    """Return the links as a table in the language of the session.

    ``links`` is what ``clusters.chain.chain_links`` returns; its rows stay in their order.
    """
    plan, names = session.province.plan, city_names(session)
    titles = session.province.sites[session.name_field]
    sectors = {one.id: one.name.say(session.language) for one in plan.sectors}
    segments = {one.id: one.name.say(session.language) for one in plan.segments()}
    return pd.DataFrame(
        {
            session.say("chain.city"): links["city_adcode"].map(names),
            session.say("chain.sector"): links["sector"].map(sectors),
            session.say("chain.segment"): links["segment"].map(segments),
            session.say("chain.sites"): links["sites"],
            session.say("chain.nearest"): links["nearest"].map(titles),
            session.say("chain.distance"): links["distance_km"].round(0),
            session.say("chain.state"): links["state"].map(state_words(session)),
        }
    )


def chain_matrix(
    session: Session,
    links: pd.DataFrame,
    key: str,
    cities: Sequence[int] = (),
    *,
    upright: bool = False,
) -> tuple[int, str] | None:
    """Draw the matrix; return the city and the segment of a cell that was just clicked.

    ``cities`` are its rows, in this order; all of the province where none is given. In an
    ``upright`` one they are the columns: for few cities, or a narrow screen.
    """
    order = list(cities) or [int(adcode) for adcode in session.province.cities.index]
    shown = links[links["city_adcode"].isin(order)]
    if shown.empty:
        return None
    # A click that was followed must not be followed again: each one opens a new chart.
    turn = f"{key}.turn"
    columns = len(order) if upright else shown["segment"].nunique()
    drawn = _drawn(session, shown, order, upright=upright)
    # A matrix is not squeezed below what can be read: it scrolls.
    with scrolling(key.replace(".", "-"), _ROW_NAMES + _CELL * columns):
        event = chart(drawn, f"{key}.{st.session_state.get(turn, 0)}", on_select="rerun")
    picked = event.selection.get(_CLICK, []) if event else []
    if not picked:
        return None
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    return int(picked[0]["city_adcode"]), str(picked[0]["segment"])


def _drawn(session: Session, links: pd.DataFrame, order: Sequence[int], *, upright: bool) -> Any:
    words = chain_words(session, links)
    city, words_segment, state = (
        session.say(f"chain.{name}") for name in ("city", "segment", "state")
    )
    table = words.assign(
        city_adcode=links["city_adcode"].astype(int),
        segment=links["segment"],
        state=words[state],
        text=[
            link_words(row.sites, row.distance_km, session.language) for row in links.itertuples()
        ],
    )
    names = city_names(session)
    of_cities = (f"{city}:N", [names[adcode] for adcode in order])
    of_segments = (f"{words_segment}:N", list(dict.fromkeys(table[words_segment])))
    across, down = (of_cities, of_segments) if upright else (of_segments, of_cities)
    angle = 0 if upright and len(order) <= _MOST_LEVEL else -40
    x = alt.X(
        across[0],
        sort=across[1],
        title=None,
        axis=alt.Axis(orient="top", labelAngle=angle, labelLimit=210, ticks=False, domain=False),
    )
    y = alt.Y(down[0], sort=down[1], title=None, axis=alt.Axis(ticks=False, domain=False))
    click = alt.selection_point(_CLICK, fields=["city_adcode", "segment"], empty=False)
    base = alt.Chart(table)
    cells = (
        base.mark_rect(stroke="#FFFFFF", strokeWidth=2, cursor="pointer")
        .encode(x=x, y=y, color=colored(state_words(session)), tooltip=told(words.columns))
        .add_params(click)
    )
    # Dark cells carry light text.
    light = alt.datum.state == state_words(session)["here"]
    ink = alt.ColorValue(**alt.condition(light, alt.value("#FFFFFF"), alt.value(INK)))
    text = base.mark_text(fontSize=11, cursor="pointer").encode(
        x=x, y=y, text=alt.Text("text:N"), color=ink
    )
    head = _HEAD_SLANTED if angle else _HEAD_LEVEL
    return (cells + text).properties(height=_ROW * len(down[1]) + head)
