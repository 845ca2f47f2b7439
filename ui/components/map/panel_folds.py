"""Fold the panels beside the map on screens where it would be narrow: each has a switch.

The style sheet says on which screens; a script of the page turns the switches, so that a panel
comes and goes at once.
"""

from __future__ import annotations

import html
from dataclasses import fields

import streamlit as st

from clusters.selection import Selection
from ui.page_scripts import FOLDS
from ui.state.session import Session

_OPEN_AT_FIRST = {"filters": "false", "record": "true"}


def panel_folds(session: Session) -> None:
    """Show the switches of the filters, which are folded at first, and of the record."""
    count = _filters(session.view.selection)
    filters = session.say("drawer.open_count" if count else "drawer.open", count=count)
    record = session.say("drawer.record_open"), session.say("drawer.record_close")
    switches = _switch("filters", filters, session.say("drawer.close")) + _switch("record", *record)
    st.html(f'<div class="atlas-folds">{switches}</div>')
    st.html(FOLDS, unsafe_allow_javascript=True)


def _switch(panel: str, unfold: str, fold: str) -> str:
    """Return the button of a panel, which says what it does next."""
    return (
        f'<button type="button" data-atlas-fold="{panel}" aria-expanded="{_OPEN_AT_FIRST[panel]}">'
        f"<span>{html.escape(unfold)}</span><span>{html.escape(fold)}</span></button>"
    )


def _filters(selection: Selection) -> int:
    empty = Selection()
    names = [field.name for field in fields(empty)]
    return sum(getattr(selection, name) != getattr(empty, name) for name in names)
