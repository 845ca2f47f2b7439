"""Keep which register of own points the map shows, and how; make of it what the map needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

import pyarrow as pa
import streamlit as st

from clusters.register_counts import count_by_area, count_by_hexagon
from clusters.register_filter import Chosen, RegisterFilter, choose, filter_of
from data.loader import Province
from data.own_counts import OwnPoints
from data.register.store import Label
from layers.own_points import OwnCounts, hexagon_table, with_counts, with_tiles
from layers.spec import MapSpec
from layers.tiles import TileStyle, identify
from layers.web_map import MAX_ZOOM, TileSource
from ui.own import own_data
from ui.state import Session
from ui.tiles import TileView, shelf

PointsMode = Literal["tiles", "cities", "counties", "hexagons"]
MODES: tuple[PointsMode, ...] = get_args(PointsMode)

_WISH = "atlas.points"
_TOKENS = "atlas.points.tokens"
_PLACE = "atlas.points.place"
_ZOOM = "atlas.points.zoom"
_HEXAGONS = "atlas.points.hexagons"
_FIRST_ZOOM = 8
_CLICK_PX = 6
_METRES_A_PIXEL = 156_543.0
HIDDEN = ""


@dataclass(frozen=True)
class PointsWish:
    """What a person wants to see of own points; ``source`` is ``HIDDEN`` for none of them."""

    source: str | None = None
    mode: PointsMode = "tiles"
    color_by: str | None = None
    values: tuple[tuple[str, tuple[Label, ...]], ...] = ()
    ranges: tuple[tuple[str, int, int], ...] = ()
    resolution: int = 6


@dataclass(frozen=True, eq=False)
class ShownPoints:
    """Own points that the map shows: the register, what is chosen of it, and how it is drawn.

    ``lacking`` are facets of the view's selection that the register cannot be asked.
    """

    own: OwnPoints
    wish: PointsWish
    chosen: Chosen
    view: TileView
    lacking: tuple[str, ...]


def points_of(session: Session) -> dict[str, OwnPoints]:
    """Return the session's registers of the open province, by the ids of their sources."""
    held = own_data(session.province.id)
    return {one.id: one.data for one in held if isinstance(one.data, OwnPoints)}


def wish() -> PointsWish:
    """Return what the person wants to see."""
    found: PointsWish = st.session_state.get(_WISH, PointsWish())
    return found


def change_wish(**changes: object) -> None:
    """Change fields of the wish; another register starts without filters."""
    st.session_state[_WISH] = replace(wish(), **changes)  # type: ignore[arg-type]


def show_points(source_id: str) -> None:
    """Show another register, without filters."""
    st.session_state[_WISH] = PointsWish(source=source_id)
    st.session_state.pop(_PLACE, None)


def keep_place(latitude: float, longitude: float) -> None:
    """Remember where the map was clicked."""
    st.session_state[_PLACE] = (latitude, longitude)


def keep_zoom(zoom: float) -> None:
    """Remember at which zoom the map stands, also where nobody has moved it."""
    st.session_state[_ZOOM] = zoom


def forget_place() -> None:
    """Forget where the map was clicked."""
    st.session_state.pop(_PLACE, None)


def shown_points(session: Session) -> ShownPoints | None:
    """Return what the map shows of own points; ``None`` where there are none."""
    known = points_of(session)
    asked = wish()
    tokens: dict[str, str] = st.session_state.setdefault(_TOKENS, {})
    for gone in set(tokens) - set(known):
        shelf.drop(tokens.pop(gone))
    if asked.source == HIDDEN or not known:
        return None
    source_id = asked.source if asked.source in known else next(iter(known))
    own = known[source_id]
    asked = _fitting(asked, own)
    tokens[source_id] = shelf.put(own.register, tokens.get(source_id))
    base, lacking = filter_of(session.view.selection, session.province, own.register)
    wanted = RegisterFilter(
        cities=base.cities,
        values=(*base.values, *asked.values),
        ranges=(*base.ranges, *asked.ranges),
    )
    view = shelf.view(tokens[source_id], wanted, TileStyle(color_by=asked.color_by))
    return ShownPoints(own, asked, choose(own.register, wanted), view, lacking)


def _fitting(asked: PointsWish, own: OwnPoints) -> PointsWish:
    """Return the wish without what the register does not have."""
    categories = own.register.categories
    return replace(
        asked,
        color_by=asked.color_by if asked.color_by in categories else None,
        values=tuple(
            (name, tuple(value for value in values if value in categories[name].labels))
            for name, values in asked.values
            if name in categories
        ),
        ranges=tuple(one for one in asked.ranges if one[0] in categories),
    )


def dressed(
    spec: MapSpec, session: Session, shown: ShownPoints | None
) -> tuple[MapSpec, Province, TileSource | None]:
    """Return the specification with own points, its province, and the tiles to show."""
    if shown is None:
        return spec, session.province, None
    own, asked = shown.own, shown.wish
    if asked.mode == "tiles":
        density = shown.view.legend(tile_zoom(session))
        dressed_spec = with_tiles(spec, own.source, own.register, asked.color_by, density)
        return dressed_spec, session.province, TileSource(shown.view.address, max_zoom=MAX_ZOOM)
    if asked.mode == "hexagons":
        counts = count_by_hexagon(own.register, shown.chosen, asked.resolution)
        counted = OwnCounts(own.source, "hexagons", counts)
        return with_counts(spec, counted), _with_hexagons(session.province, shown, counted), None
    by: Literal["city", "county"] = "city" if asked.mode == "cities" else "county"
    counts = count_by_area(own.register, shown.chosen, by)
    return with_counts(spec, OwnCounts(own.source, asked.mode, counts)), session.province, None


def _with_hexagons(province: Province, shown: ShownPoints, counted: OwnCounts) -> Province:
    key = (id(province), shown.view.address, shown.wish.resolution)
    held = st.session_state.get(_HEXAGONS)
    if held is None or held[0] != key:
        made = replace(province, hexagons=hexagon_table(counted.counts))
        held = (key, made, province)
        st.session_state[_HEXAGONS] = held
    found: Province = held[1]
    return found


def tile_zoom(session: Session) -> int:
    """Return the zoom of the tiles on the map: Leaflet takes the nearest whole one."""
    return int(_zoom(session) + 0.5)


def _zoom(session: Session) -> float:
    zoom: float = st.session_state.get(_ZOOM) or session.view.zoom or _FIRST_ZOOM
    return zoom


def found_here(session: Session, shown: ShownPoints) -> pa.Table | None:
    """Return the points where the map was clicked last, nearest first; ``None`` without a click."""
    place = st.session_state.get(_PLACE)
    if place is None:
        return None
    latitude, longitude = place
    shrunk = math.cos(math.radians(latitude)) / 2 ** _zoom(session)
    radius_m = _CLICK_PX * _METRES_A_PIXEL * shrunk
    return identify(shown.own.register, shown.chosen, longitude, latitude, radius_m)
