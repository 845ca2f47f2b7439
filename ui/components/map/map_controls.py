"""Do what a person asks for with the controls on the map, and tell the map what is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from clusters.area_of_interest import read_area
from data.errors import UnknownChoiceError
from data.loader import Province
from layers.address.view_changes import of_preset, opened, toggled, without_filter
from layers.specification.map_spec import MapSpec
from layers.specification.view import View
from layers.words.matching_words import filter_chips, matching_sentence
from ui.components.map.empty import clear, empty_state
from ui.components.map.snapshot import view_address
from ui.kept.print_sheet import print_address
from ui.kept.resource_addresses import map_resources_address
from ui.state.embed import is_embedded
from ui.state.map_requests import take_requests
from ui.state.opened_company import ask_for_company
from ui.state.own_data import session_province
from ui.state.session import (
    Session,
    change_selection,
    history,
    look_again,
    present,
    redo,
    reset,
    show_own,
    show_view,
    undo,
    view_now,
)


def toolbar_payload(session: Session, spec: MapSpec) -> dict[str, Any]:
    """Return what the controls on the map need to know of a view."""
    steps = history()
    return {
        "resources": map_resources_address(session.province, session.language),
        "open": [session.view.profile, session.view.county, session.view.site],
        "title": spec.subtitle,
        **_filters(session),
        "steps": [len(steps.past), len(steps.future)],
        "print": print_address(spec, session.province, view_address(session)),
        **({"embedded": True} if is_embedded() else {}),
        **({"empty": empty} if (empty := empty_state(session)) else {}),
    }


def _filters(session: Session) -> dict[str, Any]:
    """Return what filters, value by value, and what it finds; nothing where nothing filters."""
    selection, province, language = session.view.selection, session.province, session.language
    if selection.is_empty:
        return {}
    filters = [asdict(one) for one in filter_chips(selection, province, language)]
    return {"filters": filters, "answer": matching_sentence(selection, province, language)}


def carry_out(requests: list[dict[str, Any]]) -> frozenset[str]:
    """Do those requests that were not done before, and return the kinds of those there were.

    One that makes no sense is passed over.
    """
    fresh = take_requests(requests)
    for request in fresh:
        act = _ACTS.get(str(request.get("do")))
        if act is None:
            continue
        try:
            act(request)
        except (UnknownChoiceError, TypeError, ValueError, OverflowError):
            continue
    return frozenset(str(request.get("do")) for request in fresh)


def open_place(place: int | str | None) -> None:
    """Open the record of a city, a county or a site; raise ``UnknownChoiceError`` for others."""
    view, home = _now()
    show_view(opened(view, home, place))


def _now() -> tuple[View, Province]:
    view = view_now()
    return view, session_province(view.province)


def _open(request: dict[str, Any]) -> None:
    place = request.get("place")
    open_place(place if place is None or isinstance(place, str) else int(place))


def _company(request: dict[str, Any]) -> None:
    _, home = _now()
    company = str(request.get("id"))
    if company not in home.companies.index:
        raise UnknownChoiceError("company", company[:60], tuple(home.companies.index[:20]))
    ask_for_company(company)


def _toggle(request: dict[str, Any]) -> None:
    view, home = _now()
    show_view(toggled(view, home, str(request.get("what")), only=request.get("only") is True))


def _preset(request: dict[str, Any]) -> None:
    view, home = _now()
    show_view(of_preset(view, home, str(request.get("id"))))
    look_again(view_now())


def _present(request: dict[str, Any]) -> None:
    """Show a preset in a presentation, with an empty id the own view; no id ends it."""
    preset = request.get("id")
    if preset is None:
        show_own()
        return
    view, home = _now()
    present(of_preset(view, home, str(preset)) if preset else None)


def _area(request: dict[str, Any]) -> None:
    _, home = _now()
    change_selection(area=read_area(str(request.get("area")), home.settings.window))


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
    "company": _company,
    "toggle": _toggle,
    "preset": _preset,
    "present": _present,
    "years": _years,
    "area": _area,
    "leave": lambda _: None,
    "drop": lambda request: show_view(
        without_filter(view_now(), str(request.get("field")), str(request.get("value") or ""))
    ),
    "clear": lambda request: clear(str(request.get("facet"))),
    "undo": lambda _: undo(),
    "redo": lambda _: redo(),
    "reset": lambda _: reset(),
}
