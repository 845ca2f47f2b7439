"""Rank the cities by criteria and weights that a person chooses, and show how firm it is."""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import pandas as pd
import streamlit as st

from clusters.measures import measure_named, measures_of
from clusters.scores import CityRanking, Weights, city_ranking, weights_in_use
from data.text import join
from layers.compose import compose
from layers.specification.symbology import series_colors
from layers.specification.view import SCORE
from layers.words.measure_words import measure_name, measure_title, measure_value, sample_words
from layers.words.ranking_words import band_words, bound_words
from ui.components.charts import BLUE, INK, chart, data_of, told
from ui.components.filter_bar import filter_bar
from ui.components.map.map_frame import web_map
from ui.components.markdown_text import escape
from ui.components.pickers import city_names, sector_picker, segment_picker
from ui.components.table_grid import data_table
from ui.state.session import Session, bound, change, choose_theme, current, go

_WEIGHT_RANGE = (1, 10)
_MAP_HEIGHT = 460


@st.fragment
def show() -> None:
    """Show the page."""
    session = current()
    with st.container(key="reading-page-wide"):
        st.title(session.say("ranking.title"))
        st.markdown(session.say("ranking.lead"))
        filter_bar(session, measures=True)
        sector_picker(session)
        segment_picker(session)
        asked, result = st.columns([1, 2.6], gap="large")
        with asked:
            weights = _weights(session)
        with result:
            if not weights:
                st.info(session.say("ranking.no_criteria"))
                return
            ranking = city_ranking(session.province, session.view.selection, session.view.weights)
            _map(session)
            _table(session, ranking)
        _contributions(session, ranking)
        _sensitivity(session, ranking)
        _normalisation(session, ranking)


def _weights(session: Session) -> Weights:
    """Ask for the criteria and their weights; return those in use."""
    province, language = session.province, session.language
    used = dict(weights_in_use(province, session.view.selection, session.view.weights))
    names = {one.id: measure_name(province, one, language) for one in measures_of(province)}

    def choose(chosen: list[str]) -> None:
        change(weights=tuple((name, used.get(name, 1)) for name in names if name in chosen))

    st.subheader(session.say("ranking.criteria"))
    st.multiselect(
        session.say("ranking.add"),
        list(names),
        format_func=lambda name: names[name],
        **bound("widget.ranking.criteria", list(used), choose, among=names),
    )
    for name in used:
        measure = measure_named(province, name)
        label = escape(names[name])
        if not measure.higher_is_better:
            label = session.say("ranking.lower_better", name=label)

        def weigh(weight: int, changed: str = name) -> None:
            now = dict(weights_in_use(province, session.view.selection, session.view.weights))
            change(weights=tuple({**now, changed: weight}.items()))

        st.slider(label, *_WEIGHT_RANGE, **bound(f"widget.weight.{name}", used[name], weigh))
    if session.view.weights:
        st.button(
            session.say("ranking.usual"), type="tertiary", on_click=change, kwargs={"weights": ()}
        )
    return tuple(used.items())


def _map(session: Session) -> None:
    view = replace(session.view, theme=SCORE, overlays=(), site=None, center=None, zoom=None)
    web_map(session, compose(view, session.province), key="ranking-map", height=_MAP_HEIGHT)


def _table(session: Session, ranking: CityRanking) -> None:
    names = city_names(session)
    table = ranking.table
    words = {
        "rank": session.say("ranking.rank"),
        "city": session.say("ranking.city"),
        "score": session.say("ranking.score"),
        "band": session.say("ranking.band"),
        "known": session.say("ranking.confidence"),
    }
    rows = pd.DataFrame(
        {
            words["rank"]: table["rank"],
            words["city"]: [names[int(adcode)] for adcode in table.index],
            words["score"]: table["score"],
            words["band"]: [
                band_words(ranking, int(adcode), session.language) for adcode in table.index
            ],
            words["known"]: 100 * table["confidence"],
            session.say("ranking.weak_criteria"): _weak_criteria(session, ranking),
        }
    )
    data_table(
        session,
        rows,
        "ranking",
        height=38 + 35 * len(rows),
        config={
            words["score"]: st.column_config.ProgressColumn(
                format="%.1f", min_value=0, max_value=100, color=BLUE
            ),
            words["known"]: st.column_config.NumberColumn(format="%.0f %%"),
        },
    )
    with st.container(horizontal=True):
        if st.button(session.say("ranking.on_map"), icon=":material/map:"):
            choose_theme(SCORE)
            go("map")
        if st.button(session.say("ranking.compare_best"), icon=":material/compare_arrows:"):
            change(compare=tuple(int(adcode) for adcode in table.index[:4]))
            go("compare")


def _weak_criteria(session: Session, ranking: CityRanking) -> list[str]:
    """Name for each city the criteria whose values rest on fewer than five sites."""
    province, language = session.province, session.language
    named = [
        (measure_name(province, one.measure, language), one.taken.weak) for one in ranking.criteria
    ]
    return [
        join([name for name, weak in named if weak[adcode]], language)
        for adcode in ranking.table.index
    ]


def _contributions(session: Session, ranking: CityRanking) -> None:
    """Decompose the scores by criterion."""
    names, language = city_names(session), session.language
    city, criterion, weight, points, value, weak = (
        session.say(key)
        for key in (
            "ranking.city",
            "ranking.criterion",
            "ranking.weight",
            "ranking.contribution",
            "measures.value",
            "measures.weak",
        )
    )
    rows = []
    for one in ranking.criteria:
        measure, taken = one.measure, one.taken
        rows += [
            {
                city: names[int(adcode)],
                criterion: measure_name(session.province, measure, language),
                weight: one.weight,
                value: measure_value(session.province, measure, taken.values.at[adcode], language),
                weak: session.say("measures.weak_mark") if taken.weak.at[adcode] else "",
                points: added,
            }
            for adcode, added in one.points.items()
        ]
    table = pd.DataFrame(rows)
    place = table[criterion].map(
        {name: at for at, name in enumerate(dict.fromkeys(table[criterion]))}
    )
    order = [names[int(adcode)] for adcode in ranking.table.index]
    st.subheader(session.say("ranking.contributions"))
    bars = (
        alt.Chart(table.assign(order=place).dropna(subset=[points]))
        .mark_bar()
        .encode(
            x=alt.X(
                f"{points}:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 100]),
                axis=alt.Axis(values=list(range(0, 101, 10))),
            ),
            y=alt.Y(f"{city}:N", sort=order, title=None),
            color=alt.Color(
                f"{criterion}:N",
                scale=alt.Scale(range=list(series_colors(table[criterion].nunique()))),
                sort=None,
                legend=alt.Legend(orient="top", title=None, columns=3),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                *told([city, criterion, weight, value, weak]),
                alt.Tooltip(f"{points}:Q", format=".1f"),
            ],
        )
        .properties(height=26 * len(order) + 130)
    )
    chart(bars, "chart.contributions")
    data_of(session, table, "ranking", ranking.sources)
    counting = [one.measure for one in ranking.criteria if one.measure.counts_sites]
    if counting:
        st.caption(sample_words(session.province, counting[0], language))


def _sensitivity(session: Session, ranking: CityRanking) -> None:
    names = city_names(session)
    city, rank = session.say("ranking.city"), session.say("ranking.rank")
    best, lowest = session.say("ranking.best_rank"), session.say("ranking.worst_rank")
    table = pd.DataFrame(
        {
            city: [names[int(one)] for one in ranking.table.index],
            rank: ranking.table["rank"].to_numpy(),
            best: ranking.table["rank_low"].to_numpy(),
            lowest: ranking.table["rank_high"].to_numpy(),
        }
    )
    y = alt.Y(f"{city}:N", sort=list(table[city]), title=None)
    scale = alt.Scale(domain=[0.5, len(table) + 0.5], nice=False)
    axis = alt.Axis(values=list(range(1, len(table) + 1)), format="d")
    base = alt.Chart(table)
    bands = base.mark_rule(strokeWidth=7, opacity=0.35, color=BLUE, strokeCap="round").encode(
        x=alt.X(f"{best}:Q", scale=scale, axis=axis, title=rank), x2=alt.X2(f"{lowest}:Q"), y=y
    )
    points = base.mark_point(filled=True, size=90, color=INK, opacity=1).encode(
        x=alt.X(f"{rank}:Q", scale=scale, axis=axis),
        y=y,
        tooltip=told(table.columns),
    )
    st.subheader(session.say("ranking.sensitivity"))
    chart((bands + points).properties(height=26 * len(table) + 60), "chart.sensitivity")
    data_of(session, table, "ranking-bands", ranking.sources)


def _normalisation(session: Session, ranking: CityRanking) -> None:
    """Show the bounds of each criterion, and which cities lack a value."""
    province, language = session.province, session.language
    names = city_names(session)
    st.subheader(session.say("ranking.normalisation"))
    st.markdown(session.say("ranking.normalisation_lead"))
    rows, lines = [], []
    for one in ranking.criteria:
        title = measure_title(province, one.measure, language)
        worst, best = bound_words(one, language, province)
        rows.append(
            {
                session.say("ranking.criterion"): title,
                session.say("ranking.worst"): worst,
                session.say("ranking.best"): best,
            }
        )
        lacking = one.normalised.index[one.normalised.isna()]
        if len(lacking):
            cities = join([names[int(adcode)] for adcode in sorted(lacking)], language)
            missing = session.say("ranking.missing", cities=cities)
            lines.append(session.say("label.value", label=title, value=missing))
    st.table(pd.DataFrame(rows), hide_index=True)
    for line in lines:
        st.caption(escape(line))
