"""Ask for a sector, a city, or a measure: the same way on every page."""

from __future__ import annotations

import streamlit as st

from clusters.measures import measures_of
from layers.specification.view import SCORE
from layers.words.measure_words import measure_name
from ui.state.session import Session, bound, change, change_selection, choose_theme

_NONE = ""


def sector_picker(session: Session) -> None:
    """Ask for one sector, or all; the segments that were filtered are let go."""
    sectors = {one.id: one.name.say(session.language) for one in session.province.plan.sectors}
    chosen = session.view.selection.effective_sectors(session.province)
    shown = next(iter(chosen)) if len(chosen) == 1 else _NONE

    def write(sector: str | None) -> None:
        wanted = frozenset({sector}) if sector else frozenset()
        change_selection(sectors=wanted, segments=frozenset())

    st.pills(
        session.say("ranking.sector"),
        [_NONE, *sectors],
        format_func=lambda name: sectors.get(name, session.say("ranking.all_sectors")),
        required=True,
        **bound("widget.picker.sector", shown, write, among=(_NONE, *sectors)),
    )


def segment_picker(session: Session) -> None:
    """Ask for segments of the sectors that are asked for; none chosen stands for all of them."""
    selection = session.view.selection
    wanted = selection.effective_sectors(session.province)
    segments = {
        segment.id: segment.name.say(session.language)
        for sector in session.province.plan.sectors
        if sector.id in wanted
        for segment in sector.segments
    }
    if not segments:
        return
    chosen = [name for name in segments if name in selection.segments]

    def write(names: list[str]) -> None:
        change_selection(segments=frozenset(names))

    # Another sector brings other choices: a widget of its own.
    key = f"widget.picker.segment.{'.'.join(sorted(wanted))}"
    st.pills(
        session.say("ranking.segment"),
        list(segments),
        format_func=lambda name: segments.get(name, str(name)),
        selection_mode="multi",
        help=session.say("ranking.all_segments"),
        **bound(key, chosen, write, among=segments),
    )


def city_names(session: Session) -> dict[int, str]:
    """Return the cities' names by adcode, in the language of the session."""
    column = session.province.cities[session.name_field]
    return {int(adcode): str(name) for adcode, name in column.items()}


def city_picker(session: Session, adcode: int) -> None:
    """Ask for the city whose profile is open."""
    names = city_names(session)
    st.selectbox(
        session.say("city.choose"),
        list(names),
        format_func=lambda name: names[name],
        **bound(
            "widget.picker.city",
            adcode,
            lambda value: change(profile=value, site=None),
            among=names,
        ),
    )


def theme_picker(session: Session, *, optional: bool = True, parts: tuple[str, ...] = ()) -> None:
    """Ask for the measure that colours the cities; ``optional`` adds none and the score.

    ``parts`` are what it concerns, as for ``bound``.
    """
    province = session.province
    names = {
        measure.id: measure_name(province, measure, session.language)
        for measure in measures_of(province)
    }
    if optional:
        names = {
            _NONE: session.say("theme.none"),
            SCORE: session.say("theme.score"),
            **names,
        }
    shown = session.view.theme or _NONE
    st.selectbox(
        session.say("theme.label" if optional else "measures.choose"),
        list(names),
        format_func=lambda name: names[name],
        **bound(
            "widget.picker.theme",
            shown if shown in names else next(iter(names)),
            lambda value: choose_theme(value or None),
            parts=parts,
            among=names,
        ),
    )
