"""Show how far the targets have come: the aim, and what happened where a source tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import altair as alt
import pandas as pd
import streamlit as st

from clusters.evidence import (
    TargetProgress,
    progress,
    reconciliation,
    segments_without_sites,
    years_without_figure,
)
from data.model import Target
from data.text import join, number
from ui.components.charts import chart, data_download
from ui.components.markdown_text import escape
from ui.components.record.figures import figure_value, target_value
from ui.components.record.prose import (
    figures,
    paragraph,
    remark,
    show_prose,
    source_reference,
)
from ui.components.record.source_notes import source_line
from ui.state.session import Session, current


def show() -> None:
    """Show the page."""
    session = current()
    plan = session.province.plan
    with st.container(key="reading-page-wide"):
        st.title(session.say("progress.title"))
        st.markdown(session.say("progress.lead"))
        if not plan.targets:
            st.info(session.say("progress.empty"))
        else:
            _verdicts(session)
        if plan.targets and plan.document is not None:
            _group(session, plan.document.title.say(session.language), None)
        for document in plan.other_documents:
            _group(session, document.title.say(session.language), document.id)
            if document.note:
                st.caption(escape(document.note.say(session.language)))
        _missing_segments(session)
        _reconciliation(session)


def _verdicts(session: Session) -> None:
    """Count the targets by how far they have come."""
    targets = session.province.plan.targets
    found: list[str] = [progress(session.province, one).verdict for one in targets]
    told = (
        (
            session.say("verdict." + verdict.replace(" ", "_")),
            number(found.count(verdict), session.language),
        )
        for verdict in _BADGES
    )
    st.html(figures(told, wide=True))


def _group(session: Session, title: str, document: str | None) -> None:
    st.header(escape(title))
    with st.container(key=f"cards-targets-{document or 'plan'}"):
        for target in session.province.plan.targets:
            if target.document == document:
                _target(session, target)


def _target(session: Session, target: Target) -> None:
    found = progress(session.province, target)
    year = str(target.year) if target.year else session.say("plan.no_year")
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**{escape(target.name.say(session.language))}**")
            _badge(session, found)
        aim = session.say("progress.aim", value=target_value(session, target), year=year)
        st.markdown(escape(aim))
        if found.share is None:
            st.caption(session.say("progress.no_source"))
        else:
            share = number(100 * found.share, session.language)
            st.progress(
                min(found.share, 1.0),
                text=session.say("progress.share", share=share, year=found.latest_year),
            )
            _latest(session, found)
            _distance(session, found)
            _series(session, found)
            _missing_years(session, found)
        with st.expander(session.say("progress.sources")):
            show_prose(*_figure_lines(session, found), *_target_sources(session, target))


def _latest(session: Session, found: TargetProgress) -> None:
    """Write the figure that the distance is taken from, with its year and source."""
    if found.indicator is None:
        return
    newest = found.figures[found.figures["year"] == found.latest_year]
    for row in newest[newest["value"] == found.latest].head(1).itertuples():
        value = figure_value(session, found.indicator, row.value, row.qualifier)
        source = session.province.sources[row.source]
        words = session.say("progress.latest", value=value, year=row.year)
        line = source_line(session, source).replace("  \n", " · ")
        st.markdown(f"**{escape(words)}**")
        st.caption(line)


def _distance(session: Session, found: TargetProgress) -> None:
    """Say how far the latest figure is from the target, in its unit."""
    if found.latest is None or found.indicator is None:
        return
    short = found.target.value_low - found.latest
    amount = number(abs(short), session.language, decimals=found.indicator.decimals)
    value = f"{amount} {found.target.unit.say(session.language)}"
    words = session.say("progress.distance" if short > 0 else "progress.beyond", value=value)
    st.caption(escape(words))


_Badge = tuple[Literal["green", "red", "blue", "gray"], str]
_BADGES: dict[str, _Badge] = {
    "reached": ("green", ":material/check:"),
    "missed": ("red", ":material/close:"),
    "open": ("blue", ":material/schedule:"),
    "no data": ("gray", ":material/help:"),
}


def _badge(session: Session, found: TargetProgress) -> None:
    color, icon = _BADGES[found.verdict]
    words = session.say(f"verdict.{found.verdict.replace(' ', '_')}")
    st.badge(words, color=color, icon=icon)


def _figure_lines(session: Session, found: TargetProgress) -> Iterator[str]:
    """Write every figure with its source; two sources of one year are both shown."""
    if found.indicator is None:
        return
    for row in found.figures.itertuples():
        value = figure_value(session, found.indicator, row.value, row.qualifier)
        source = session.province.sources[row.source]
        yield paragraph(lead=f"{row.year}: {value}")
        yield f'<p class="atlas-remark">{source_reference(session, source)}</p>'
        note = getattr(row, f"note_{session.language}")
        if isinstance(note, str):
            yield remark(session.label("site.note", note))


def _target_sources(session: Session, target: Target) -> Iterator[str]:
    yield paragraph(session.say("progress.target_source"))
    for name in target.sources:
        yield f"<p>{source_reference(session, session.province.sources[name])}</p>"


def _missing_years(session: Session, found: TargetProgress) -> None:
    """Name the years, from the one before the document on, that no source was found for."""
    plan = session.province.plan
    published = str(plan.document.published) if plan.document else "9999"
    for document in plan.other_documents:
        if document.id == found.target.document:
            published = document.published
    years = years_without_figure(found, int(published[:4]) - 1)
    if years:
        listed = join([str(year) for year in years], session.language)
        st.caption(session.say("progress.years_without", years=listed))


def _series(session: Session, found: TargetProgress) -> None:
    if len(found.figures) < 2 or found.indicator is None:
        return
    unit = found.indicator.unit.say(session.language)
    year, value, source = (
        session.say(key) for key in ("progress.year", "measures.value", "progress.figure_source")
    )
    value = session.say("measures.with_unit", name=value, unit=unit)
    table = pd.DataFrame(
        {
            year: found.figures["year"].astype(int),
            value: found.figures["value"].astype(float),
            source: [session.province.sources[name].publisher for name in found.figures["source"]],
        }
    )
    # A field's name may hold what the drawing library takes for a path.
    drawn = table.set_axis(["year", "value", "source"], axis="columns")
    tooltip = [
        alt.Tooltip("year:O", title=year),
        alt.Tooltip("value:Q", title=value, format=","),
        alt.Tooltip("source:N", title=source),
    ]
    bars = (
        alt.Chart(drawn)
        .mark_bar(color="#1F5F8B", opacity=0.85)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", title=unit, axis=alt.Axis(format=",.0f", tickCount=4)),
            tooltip=tooltip,
        )
    )
    goal = alt.Chart(pd.DataFrame({"value": [found.target.value_low]})).mark_rule(
        color="#B3400E", strokeDash=[5, 3], strokeWidth=2
    )
    drawn = (bars + goal.encode(y=alt.Y("value:Q"))).properties(height=170)
    chart(drawn, f"chart.target.{found.target.id}")
    st.caption(session.say("progress.chart"))
    data_download(
        session,
        table,
        "target",
        found.figures["source"],
        of=found.target.name.say(session.language),
        key=f".{found.target.id}",
    )


def _missing_segments(session: Session) -> None:
    st.header(session.say("progress.gaps"))
    missing = segments_without_sites(session.province)
    names = [session.province.plan.segment(name).name.say(session.language) for name in missing]
    words = join(names, session.language) if names else session.say("progress.no_gaps")
    st.markdown(escape(words))


def _reconciliation(session: Session) -> None:
    st.header(session.say("progress.reconciliation"))
    st.markdown(session.say("progress.reconciliation_lead"))
    table = reconciliation(session.province)
    if table.empty:
        st.caption(session.say("progress.nothing_to_reconcile"))
        return
    rows = []
    for row in table.itertuples():
        indicator = session.province.indicators[row.indicator]
        decimals = indicator.decimals
        rows.append(
            {
                session.say("progress.indicator"): indicator.name.say(session.language),
                session.say("progress.year"): str(row.year),
                session.say("progress.province"): number(
                    row.province, session.language, decimals=decimals
                ),
                session.say("progress.cities"): number(
                    row.cities, session.language, decimals=decimals
                ),
                session.say("progress.difference"): number(
                    row.difference, session.language, decimals=decimals
                ),
            }
        )
    st.table(pd.DataFrame(rows), hide_index=True)
