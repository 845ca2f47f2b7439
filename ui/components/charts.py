"""Show charts with the data that they are drawn from, to look at and to download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from layers.cells import harmless_table
from ui.components.sources import source_list
from ui.downloads import download
from ui.state import Session

BLUE = "#2C7FB8"
PALE = "#A9B4BE"
INK = "#20252D"
STATE_COLORS = {
    "here": "#1B7837",
    "within 50 km": "#7FBF7B",
    "within 100 km": "#D9F0D3",
    "lacking": "#F4F2ED",
}


def chart(drawn: Any, key: str, *, on_select: Any = "ignore") -> Any:
    """Show a chart over the whole width; with ``on_select`` it tells what was clicked."""
    dark = st.context.theme.type == "dark"
    words, lines = ("#C3CAD3", "#2F3843") if dark else ("#454C56", "#E9E7E1")
    styled = (
        drawn.configure_axis(
            labelLimit=220,
            labelOverlap=False,
            labelFlush=False,
            labelColor=words,
            labelFontSize=12,
            titleColor=words,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=lines,
        )
        .configure_legend(labelLimit=240, labelColor=words, labelFontSize=12)
        .configure_bar(cornerRadiusEnd=2)
    )
    return st.altair_chart(styled, key=key, on_select=on_select)


def data_of(
    session: Session, table: pd.DataFrame, name: str, sources: Iterable[str], *, shown: bool = False
) -> None:
    """Offer the data of a chart as CSV with its sources, and show it as a table.

    ``table`` has headings in the language of the session; ``name`` is that of the file.
    """
    ids = list(dict.fromkeys(sources))
    known = [session.province.sources[one] for one in ids]
    words = "; ".join(f"{one.title.say(session.language)} ({one.date or '-'})" for one in known)
    if shown:
        st.dataframe(table, hide_index=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            session.say("measures.download"),
            lambda: _csv(table.assign(**{session.say("measures.sources"): words})),
            file_name=f"{session.province.id}-{name}.csv",
            media_type="text/csv",
            key=f"widget.data.{name}",
            kind="tertiary",
        )
    source_list(session, known)


def _csv(table: pd.DataFrame) -> bytes:
    text: str = harmless_table(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def colored(words: Mapping[str, str]) -> alt.Color:
    """Return the colour of the states of links: ``words`` gives each its name."""
    scale = alt.Scale(
        domain=[words[state] for state in STATE_COLORS], range=list(STATE_COLORS.values())
    )
    return alt.Color(
        "state:N",
        scale=scale,
        legend=alt.Legend(
            title=None,
            orient="top",
            symbolType="square",
            symbolSize=220,
            symbolStrokeColor=PALE,
            symbolStrokeWidth=1,
        ),
    )


def listed_source(session: Session) -> tuple[str, ...]:
    """Return the id of the source of the curated list of sites, if the province names one."""
    named = session.province.settings.site_source
    return (named,) if named else ()
