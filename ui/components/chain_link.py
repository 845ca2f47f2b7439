"""Open the map of one link of the chain: the sites of a segment, seen from a city."""

from __future__ import annotations

from layers.catalogue import overlays_asked, overlays_of
from layers.specification.view import SCORE
from ui.state.session import (
    Session,
    change,
    change_selection,
    choose_theme,
    go,
    look_again,
    view_now,
)


def open_link(session: Session, city: int, segment: str) -> None:
    """Go to the map with the segment's sites in the whole province and the city's profile."""
    sector = session.province.plan.sector_of_segment(segment).id
    change_selection(
        sectors=frozenset({sector}),
        segments=frozenset({segment}),
        cities=frozenset(),
        roles=frozenset(),
    )
    theme = None if session.view.theme == SCORE else session.view.theme
    choose_theme(theme)
    overlays = {*overlays_of(view_now(), session.province), "sites"}
    change(
        profile=city,
        site=None,
        center=None,
        zoom=None,
        overlays=overlays_asked(overlays, session.province),
    )
    look_again(view_now())
    go("map")
