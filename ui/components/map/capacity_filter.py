"""Narrow the sites by the capacity that they state, in one unit at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from clusters.facets import CAPACITY_DECIMALS, MOST_CAPACITY, CapacityRange
from layers.words.plan_words import unit_name
from ui.state.redraw import FILTERS, SELECTED
from ui.state.session import Session, bound, change_selection, view_now

_NONE = ""


def capacity_filter(session: Session) -> None:
    """Ask for a unit, and from how much to how much; capacities of two units do not compare."""
    stated = session.province.sites["capacity_unit"].dropna().value_counts()
    held = session.view.selection.capacity
    if stated.empty and held is None:
        return
    units = {str(unit): int(count) for unit, count in stated.items()}
    if held is not None:
        units.setdefault(held.unit, 0)
    names = {_NONE: session.say("filter.all")} | {
        unit: f"{unit_name(session.province, unit, session.language)} ({count})"
        for unit, count in units.items()
    }
    unit = held.unit if held else _NONE
    parts = (*SELECTED, FILTERS)
    st.selectbox(
        session.say("filter.capacity"),
        list(names),
        format_func=lambda name: names[name],
        **bound("widget.capacity.unit", unit, _choose, parts=parts, among=names),
    )
    if held is None:
        return
    least, most = st.columns(2)
    with least:
        _bound_input(session, held, "least")
    with most:
        _bound_input(session, held, "most")


def _choose(unit: str) -> None:
    change_selection(capacity=CapacityRange(unit) if unit else None)


def _bound_input(session: Session, held: CapacityRange, end: str) -> None:
    def write(value: float | None) -> None:
        told = None if value is None else round(value, CAPACITY_DECIMALS)
        ends: dict[str, Any] = {end: told}
        # Both ends may change before the page is drawn anew.
        changed = replace(view_now().selection.capacity or held, **ends)
        if changed.least is not None and changed.most is not None and changed.least > changed.most:
            # The end that was typed last holds.
            other: dict[str, Any] = {"most" if end == "least" else "least": None}
            changed = replace(changed, **other)
        change_selection(capacity=changed)

    st.number_input(
        session.say(f"filter.{end}"),
        min_value=0.0,
        max_value=MOST_CAPACITY,
        step=None,
        format="%g",
        placeholder=session.say("filter.open_end"),
        **bound(f"widget.capacity.{end}", getattr(held, end), write, parts=(*SELECTED, FILTERS)),
    )
