"""Keep which sites a person has ticked in lists, until own data change."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

_TICKED = "atlas.ticked"


def ticked_sites() -> tuple[str, ...]:
    """Return the ids of the sites that are ticked, in the order in which they were."""
    return tuple(st.session_state.get(_TICKED, ()))


def tick_sites(ids: Iterable[str]) -> None:
    """Have these sites ticked, and no others."""
    st.session_state[_TICKED] = tuple(dict.fromkeys(ids))


def forget_ticks() -> None:
    """Have no site ticked: ids of own sites tell others once own data change."""
    st.session_state.pop(_TICKED, None)
