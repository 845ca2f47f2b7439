"""Show charts with the data that they are drawn from, to look at and to download."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from clusters.counts import counted_sources
from clusters.distances.nearest import link_sources
from layers.tables.spreadsheet_text import csv_of
from ui.components.record.source_notes import source_list
from ui.components.table_grid import data_table
from ui.kept.downloads import download
from ui.state.session import Session, view_now

BLUE = "#2C7FB8"
PALE = "#A9B4BE"
INK = "#20252D"
_MOST_ROWS = 25
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
    # Vega describes axes and legends in English only; marks say their values in any language.
    described = view_now().language == "en"
    styled = (
        drawn.configure_axis(
            aria=described,
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
        .configure_legend(aria=described, labelLimit=240, labelColor=words, labelFontSize=12)
        .configure_bar(cornerRadiusEnd=2)
    )
    return st.altair_chart(styled, key=key, on_select=on_select)


def told(names: Iterable[str]) -> list[alt.Tooltip]:
    """Return the columns that a mark tells; given as words, altair takes 4 ms for each."""
    return [alt.Tooltip(name) for name in names]


@contextmanager
def scrolling(key: str, least_px: int) -> Iterator[None]:
    """Give what is drawn inside at least a width; on a narrower screen it scrolls sideways."""
    with st.container(key=f"scrolling-{key}"):
        st.html(
            f"<style>.st-key-scrolling-{key} {{ overflow-x: auto; }} "
            f".st-key-scrolling-{key} > * {{ min-width: {least_px}px; }}</style>"
        )
        yield


def data_of(
    session: Session,
    table: pd.DataFrame,
    name: str,
    sources: Iterable[str],
    *,
    shown: bool = False,
    config: Mapping[str, Any] | None = None,
    of: str = "",
) -> None:
    """Offer the data of a chart as CSV with its sources, and show it as a table.

    ``table`` has headings in the language of the session; ``name`` says which data it is,
    ``config`` how columns are shown. The file is called by ``name`` and what it is ``of``.
    """
    ids = list(dict.fromkeys(sources))
    if shown:
        data_table(session, table, name, config=config, height=table_height(len(table)))
    data_download(session, table, name, ids, of=of)
    source_list(session, [session.province.sources[one] for one in ids])


def table_height(rows: int) -> int:
    """Return the height in pixels at which a table of so many rows needs no scrolling."""
    return 38 + 35 * min(max(rows, 1), _MOST_ROWS)


def data_download(
    session: Session,
    table: pd.DataFrame,
    name: str,
    sources: Iterable[str],
    *,
    of: str = "",
    key: str = "",
) -> None:
    """Offer ``table`` as CSV with its sources, as ``data_of`` does, without more around it.

    ``key`` tells apart tables of one ``name`` on one page.
    """
    known = [session.province.sources[one] for one in dict.fromkeys(sources)]
    words = "; ".join(f"{one.title.say(session.language)} ({one.date or '-'})" for one in known)
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            session.say("measures.download"),
            lambda: csv_of(table.assign(**{session.say("measures.sources"): words})),
            file_name=session.file_name("csv", of, session.say(f"data_file.{name}")),
            media_type="text/csv",
            key=f"widget.data.{name}{key}",
            kind="tertiary",
        )


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


def measured_source(session: Session) -> tuple[str, ...]:
    """Return the ids of what the counted sites, and distances to them, come from."""
    return link_sources(session.province, by_line=session.view.selection.by_line)


def listed_source(session: Session) -> tuple[str, ...]:
    """Return the ids of what the counted sites come from: the curated list, own files."""
    return counted_sources(session.province)
