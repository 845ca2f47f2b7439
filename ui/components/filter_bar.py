"""What filters, at the head of a page on which it acts: a chip for each value, taken away there."""

from __future__ import annotations

from functools import partial

import streamlit as st

from layers.address.view_changes import without_filter
from layers.words.matching_words import filter_chips, matching_sentence
from ui.components.markdown_text import escape
from ui.state.session import Session, change, show_view, view_now


def filter_bar(session: Session, *, measures: bool = False) -> None:
    """Show what filters and what it finds; nothing where nothing does.

    ``measures``: the page measures every city against the province, so that cities and their
    roles narrow nothing on it.
    """
    selection = session.view.selection
    acting = selection.of_measures() if measures else selection
    chips = filter_chips(acting, session.province, session.language)
    if not chips:
        return
    with st.container(key="filter-bar", horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(escape(session.say("filter.title")), width="content")
        for chip in chips:
            st.button(
                escape(chip.told),
                icon=":material/close:",
                icon_position="right",
                help=session.say(
                    "toolbar.drop_filter", filter=escape(f"{chip.label}: {chip.words}")
                ),
                key=f"widget.chip.{chip.field}.{chip.value}",
                on_click=partial(_drop, chip.field, chip.value),
            )
        st.button(
            session.say("empty.all"),
            key="widget.chip.all",
            type="tertiary",
            on_click=partial(_drop_all, tuple((chip.field, chip.value) for chip in chips)),
        )
    st.caption(escape(matching_sentence(acting, session.province, session.language)))


def _drop(field: str, value: str) -> None:
    show_view(without_filter(view_now(), field, value))


def _drop_all(filters: tuple[tuple[str, str], ...]) -> None:
    view = view_now()
    for field, value in filters:
        view = without_filter(view, field, value)
    change(selection=view.selection)
