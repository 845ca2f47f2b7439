"""Do what a person asks for with the controls on the map, and tell the map what is open.

The browser sends its last few requests, each with a number that only grows, so that none is
lost when two follow quickly and none is done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from data.errors import UnknownChoiceError
from data.loader import Province
from layers.address.view_changes import of_preset, opened, toggled
from layers.specification.map_spec import MapSpec
from layers.specification.view import View
from ui.components.map.empty import clear, empty_state
from ui.components.map.snapshot import view_address
from ui.kept.companions import companion_address
from ui.kept.print_sheet import print_address
from ui.state.embed import is_embedded
from ui.state.own_data import session_province
from ui.state.session import (
    Session,
    change_selection,
    history,
    look_again,
    redo,
    reset,
    show_view,
    undo,
    view_now,
)

_DONE = "atlas.requests"


def desk_payload(session: Session, spec: MapSpec) -> dict[str, Any]:
    """Return what the controls on the map need to know of a view."""
    steps = history()
    return {
        "companion": companion_address(session.province, session.language),
        "open": [session.view.profile, session.view.county, session.view.site],
        "title": spec.subtitle,
        "steps": [len(steps.past), len(steps.future)],
        "print": print_address(spec, session.province, view_address(session)),
        **({"embedded": True} if is_embedded() else {}),
        **({"empty": empty} if (empty := empty_state(session)) else {}),
    }


def carry_out(requests: list[dict[str, Any]]) -> frozenset[str]:
    """Do those requests that were not done before, and return the kinds of those there were.

    One that makes no sense is passed over.
    """
    done = float(st.session_state.get(_DONE, 0))
    fresh = [request for request in requests if _number(request) > done]
    for request in sorted(fresh, key=_number):
        st.session_state[_DONE] = _number(request)
        act = _ACTS.get(str(request.get("do")))
        if act is None:
            continue
        try:
            act(request)
        except (UnknownChoiceError, TypeError, ValueError):
            continue
    return frozenset(str(request.get("do")) for request in fresh)


def open_place(place: int | str | None) -> None:
    """Open the record of a city, a county or a site; raise ``UnknownChoiceError`` for others."""
    view, home = _now()
    show_view(opened(view, home, place))


def _number(request: dict[str, Any]) -> float:
    number = request.get("n")
    return float(number) if isinstance(number, (int, float)) else 0.0


def _now() -> tuple[View, Province]:
    view = view_now()
    return view, session_province(view.province)


def _open(request: dict[str, Any]) -> None:
    place = request.get("place")
    open_place(place if place is None or isinstance(place, str) else int(place))


def _toggle(request: dict[str, Any]) -> None:
    view, home = _now()
    show_view(toggled(view, home, str(request.get("what")), only=request.get("only") is True))


def _preset(request: dict[str, Any]) -> None:
    view, home = _now()
    show_view(of_preset(view, home, str(request.get("id"))))
    look_again(view_now())


def _years(request: dict[str, Any]) -> None:
    years = request.get("years")
    if years is None:
        change_selection(years=None)
        return
    first, last = (int(year) for year in years)
    if not 1900 <= first <= last <= 2100:
        raise ValueError(years)
    change_selection(years=(first, last))


_ACTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "open": _open,
    "toggle": _toggle,
    "preset": _preset,
    "years": _years,
    "rest": lambda _: None,
    "clear": lambda request: clear(str(request.get("facet"))),
    "undo": lambda _: undo(),
    "redo": lambda _: redo(),
    "reset": lambda _: reset(),
}
