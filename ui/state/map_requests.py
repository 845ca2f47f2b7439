"""Know what a person has asked for on the map, and what of it was not done yet.

The browser sends its last few requests, each with a number that only grows, so that none is
lost when two follow quickly and none is done twice.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

MAP = "atlas-map"
"""The key of the map in the state of the session."""
_DONE = "atlas.requests"
_BEGAN = "atlas.requests.began"


def take_requests(requests: object) -> list[dict[str, Any]]:
    """Return the requests that were not done before, in their order, and note them as done."""
    fresh = _undone(requests)
    if fresh:
        st.session_state[_DONE] = _number(fresh[-1])
        st.session_state[_BEGAN] = True
    return fresh


def began_on_map() -> bool:
    """Tell, in a callback, whether the run that begins was asked for on the map.

    Whatever a widget reports with it was not chosen now: a person does one thing at a time.
    """
    report = st.session_state.get(MAP)
    asked = report.get("requests") if isinstance(report, dict) else None
    return bool(st.session_state.get(_BEGAN)) or bool(_undone(asked))


def callbacks_are_over() -> None:
    """Forget how the run began: its page is drawn now."""
    st.session_state.pop(_BEGAN, None)


def _undone(requests: object) -> list[dict[str, Any]]:
    done = float(st.session_state.get(_DONE, 0))
    told = [one for one in requests if isinstance(one, dict)] if isinstance(requests, list) else []
    return sorted((one for one in told if _number(one) > done), key=_number)


def _number(request: dict[str, Any]) -> float:
    number = request.get("n")
    return float(number) if isinstance(number, (int, float)) else 0.0
