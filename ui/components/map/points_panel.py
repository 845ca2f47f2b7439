"""The panel of many points: how they are shown, filters over their columns, records, rows."""

from __future__ import annotations

from functools import partial

import streamlit as st

from clusters.registers.register_filter import without_place
from data.errors import AtlasError
from data.register.store import Category, CategoryLabel
from data.text import number
from layers.points.point_rows import rows_csv, rows_geoparquet
from layers.specification.point_style import POINT_MODES
from ui.components.markdown_text import escape
from ui.kept.downloads import download
from ui.state.point_display import (
    HIDDEN,
    PointsOnMap,
    asked_source,
    change_points_choice,
    forget_place,
    found_here,
    points_choice,
    points_of,
    show_points,
)
from ui.state.session import Session, bound
from ui.words.messages import sentences

_RESOLUTIONS = (5, 6, 7)
_MOST_RECORDS = 8
_MOST_PROBLEMS = 10


def points_panel(session: Session, shown: PointsOnMap | None) -> None:
    """Choose the register that the map shows, how, and which of its rows."""
    names = points_of(session)
    if not names:
        return
    st.markdown(f"##### {session.say('points.title')}")

    def choose_source(source: str) -> None:
        show_points(source)

    st.selectbox(
        session.say("points.which"),
        [*names, HIDDEN],
        format_func=lambda source: names.get(source, session.say("points.hidden")),
        **bound("widget.points", asked_source(session), choose_source, among=(*names, HIDDEN)),
    )
    if shown is None:
        return
    _how(session, shown)
    with st.expander(session.say("points.filters"), expanded=bool(points_choice().values)):
        for name, category in shown.points.register.categories.items():
            _facet(session, name, category)
    _outcome(session, shown)


def points_problem(session: Session, error: AtlasError | None) -> None:
    """Say why the points chosen cannot be shown, if they cannot."""
    if error is None:
        return
    with st.container(key="points-problem"):
        st.warning(session.say("points.problem"))
        details = sentences(error, session.language)[1:]
        st.code("\n".join(details[:_MOST_PROBLEMS]), language=None, wrap_lines=True)


def _how(session: Session, shown: PointsOnMap) -> None:
    st.selectbox(
        session.say("points.mode"),
        POINT_MODES,
        format_func=lambda mode: session.say(f"points.mode_{mode}"),
        **bound(
            "widget.points.mode",
            shown.choice.mode,
            lambda mode: change_points_choice(mode=mode),
            among=POINT_MODES,
        ),
    )
    if shown.choice.mode == "tiles":
        st.selectbox(
            session.say("points.color_by"),
            list(shown.points.register.categories),
            placeholder=session.say("points.one_color"),
            help=session.say("points.color_help"),
            **bound(
                "widget.points.color",
                shown.choice.color_by,
                lambda name: change_points_choice(color_by=name),
            ),
        )
    if shown.choice.mode == "hexagons":
        st.selectbox(
            session.say("points.resolution"),
            _RESOLUTIONS,
            format_func=lambda level: session.say(f"points.resolution_{level}"),
            **bound(
                "widget.points.resolution",
                shown.choice.resolution,
                lambda level: change_points_choice(resolution=level),
                among=_RESOLUTIONS,
            ),
        )


def _facet(session: Session, name: str, category: Category) -> None:
    """Offer the values of a column; a column of many whole numbers as a range."""
    numbers = [label for label in category.labels if isinstance(label, int)]
    if len(numbers) > 2 and len(numbers) >= len(category.labels) - 1:
        _range(name, numbers)
        return
    chosen = dict(points_choice().values).get(name, ())

    def write(values: list[CategoryLabel]) -> None:
        others = tuple(one for one in points_choice().values if one[0] != name)
        change_points_choice(values=(*others, (name, tuple(values))) if values else others)

    st.multiselect(
        name,
        list(category.labels),
        format_func=lambda label: session.say("own.no_value") if label is None else str(label),
        placeholder=session.say("filter.all"),
        **bound(
            f"widget.points.facet.{name}",
            [label for label in category.labels if label in chosen],
            write,
            among=category.labels,
        ),
    )


def _range(name: str, numbers: list[int]) -> None:
    whole = (min(numbers), max(numbers))
    held = {one: (first, last) for one, first, last in points_choice().ranges}
    first, last = held.get(name, whole)
    shown = (max(whole[0], min(first, whole[1])), min(whole[1], max(last, whole[0])))

    def write(ends: tuple[int, int]) -> None:
        others = tuple(one for one in points_choice().ranges if one[0] != name)
        change_points_choice(ranges=others if tuple(ends) == whole else (*others, (name, *ends)))

    st.slider(name, *whole, **bound(f"widget.points.range.{name}", shown, write))


def _outcome(session: Session, shown: PointsOnMap) -> None:
    register, chosen = shown.points.register, shown.chosen
    language = session.language
    st.markdown(
        session.say(
            "points.count",
            chosen=number(len(chosen), language),
            total=number(len(register), language),
        )
    )
    unplaced = without_place(register, chosen)
    if unplaced and shown.choice.mode in ("tiles", "hexagons"):
        st.caption(session.say("own.without_place", count=number(unplaced, language)))
    unasked = len(register) - register.placed
    if unasked and shown.wanted.area is not None:
        st.caption(session.say("points.area_unplaced", count=number(unasked, language)))
    if shown.lacking:
        st.caption(
            session.say(
                "points.lacking",
                facets=session.say("list.separator").join(
                    session.say(f"filter.{name}" if name != "year" else "filter.years")
                    for name in shown.lacking
                ),
            )
        )
    mark = shown.points.mark(session.language)
    with st.container(horizontal=True):
        for name, label, write, mime in (
            ("csv", "CSV", rows_csv, "text/csv"),
            ("parquet", "GeoParquet", rows_geoparquet, "application/vnd.apache.parquet"),
        ):
            download(
                label,
                partial(write, register, chosen, mark),
                file_name=session.file_name(
                    name, shown.points.title(session.language), str(len(chosen))
                ),
                media_type=mime,
                key=f"widget.points.download.{name}",
            )
    if shown.choice.mode == "tiles":
        st.caption(session.say("points.paper_note"))


def points_here(session: Session, shown: PointsOnMap | None) -> None:
    """Show the records of the points where the map was clicked."""
    found = (
        found_here(session, shown) if shown is not None and shown.choice.mode == "tiles" else None
    )
    if shown is None or found is None:
        return
    with st.container(border=True, key="points-here"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{session.say('points.here', count=len(found))}**")
            st.button(
                session.say("points.close"),
                key="widget.points.close",
                type="tertiary",
                on_click=forget_place,
            )
        if not len(found):
            st.caption(session.say("points.nobody"))
        st.caption(escape(shown.points.mark(session.language)))
        for row in found.slice(0, _MOST_RECORDS).to_pylist():
            lines = [
                f"**{escape(str(name))}** &nbsp;{escape(_cell(value))}"
                for name, value in row.items()
                if value is not None and name != "distance_m"
            ]
            st.markdown("  \n".join(lines))


def _cell(value: object) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
