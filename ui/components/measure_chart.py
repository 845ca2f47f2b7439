"""Show one measure of cities as a table and as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from clusters.measures import MeasureValues
from layers.words.measure_words import measure_decimals, measure_title
from ui.components.charts import BLUE, PALE, chart, told
from ui.components.pickers import city_names
from ui.state.session import Session


def measure_table(
    session: Session, taken: MeasureValues, cities: Sequence[int] = ()
) -> pd.DataFrame:
    """Return the values from the best city on, with headings in words.

    ``cities`` are the rows; all of the province where none is given.
    """
    names = city_names(session)
    values = taken.values.loc[list(cities)] if cities else taken.values
    order = values.sort_values(ascending=not taken.measure.higher_is_better).index
    columns: dict[str, object] = {
        session.say("measures.city"): [names[int(adcode)] for adcode in order],
        session.say("measures.value"): taken.values[order].to_numpy(),
    }
    if taken.basis.notna().any():
        weak = session.say("measures.weak_mark")
        columns[session.say("measures.basis")] = taken.basis[order].to_numpy()
        columns[session.say("measures.weak")] = [weak if one else "" for one in taken.weak[order]]
    if taken.years.notna().any():
        columns[session.say("measures.year")] = taken.years[order].astype("Int64").to_numpy()
    return pd.DataFrame(columns)


def measure_bars(
    session: Session, taken: MeasureValues, key: str, cities: Sequence[int] = ()
) -> None:
    """Draw a measure as bars from the best city on; weak values are pale."""
    table = measure_table(session, taken, cities)
    city, value = session.say("measures.city"), session.say("measures.value")
    title = measure_title(session.province, taken.measure, session.language)
    decimals = measure_decimals(session.province, taken.measure)
    weak = session.say("measures.weak")
    color: Any = alt.ColorValue(BLUE)
    if weak in table:
        is_firm = f"datum['{weak}'] === ''"
        color = alt.ColorValue(**alt.condition(is_firm, alt.value(BLUE), alt.value(PALE)))
    bars = (
        alt.Chart(table.dropna(subset=[value]))
        .mark_bar()
        .encode(
            x=alt.X(f"{value}:Q", title=title, axis=alt.Axis(tickCount=8)),
            y=alt.Y(f"{city}:N", sort=list(table[city]), title=None),
            color=color,
            tooltip=[
                *told([city]),
                alt.Tooltip(f"{value}:Q", format=f",.{decimals}f"),
                *told(table.columns[2:]),
            ],
        )
        .properties(height=26 * len(table) + 60)
    )
    layers = bars
    if taken.measure.unit == "quotient":
        one = alt.Chart(pd.DataFrame({"one": [1]})).mark_rule(strokeDash=[4, 3])
        layers = bars + one.encode(x=alt.X("one:Q"))
    chart(layers, key)
