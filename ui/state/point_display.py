"""Keep which register of points the map shows, and how; make of it what the map needs.

Registers are a session's own points, and the tables that the province names; those are read
when they are first asked for, and kept for all sessions for a while.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa
import streamlit as st

from clusters.registers.register_filter import Chosen, RegisterFilter, choose
from data.loader import Province
from data.model import PointTable
from data.own.own_counts import OwnPoints
from data.tables.point_tables import Points, table_points
from layers.points.point_classes import whole_zoom
from layers.points.point_layer import PointCounts, hexagon_table, with_counts, with_legend
from layers.points.point_tiles import identify
from layers.points.points_asked import PointsAsked, counted_points, fitting, wanted_of
from layers.specification.map_spec import DrawnPoints, MapSpec
from layers.specification.plan_signs import sector_colors
from layers.specification.point_style import PointStyle
from layers.web.folium_map import MAX_ZOOM, TileSource
from ui.kept.register_tiles import TileView, shelf
from ui.kept.session_shelf import session_shelf
from ui.state.own_data import own_data
from ui.state.session import Session

_WISH = "atlas.points"
_TOKENS = "atlas.points.tokens"
_PLACE = "atlas.points.place"
_ZOOM = "atlas.points.zoom"
_HEXAGONS = "atlas.points.hexagons"
_FIRST_ZOOM = 8
_CLICK_PX = 6
_METRES_A_PIXEL = 156_543.0
HIDDEN = ""
_KEPT = "1h"
_MOST_TABLES = 8


@dataclass(frozen=True)
class PointsChoice(PointsAsked):
    """What a person wants to see; ``source`` is ``HIDDEN`` for no points, ``None`` for own ones."""

    source: str | None = None


@dataclass(frozen=True, eq=False)
class PointsOnMap:
    """Points that the map shows: the register, what is chosen of it, and how it is drawn.

    ``lacking`` are facets of the view's selection that the register cannot be asked.
    """

    points: Points
    choice: PointsChoice
    wanted: RegisterFilter
    chosen: Chosen
    view: TileView
    lacking: tuple[str, ...]


def points_of(session: Session) -> dict[str, str]:
    """Return what can be shown in the open province: titles by id, the person's own first."""
    titles = {name: own.title(session.language) for name, own in _own(session).items()}
    tables = session.province.settings.tables
    return titles | {table.id: table.name.say(session.language) for table in tables}


def _own(session: Session) -> dict[str, OwnPoints]:
    held = own_data(session.province.id)
    return {one.id: one.data for one in held if isinstance(one.data, OwnPoints)}


def _points(session: Session, name: str) -> Points:
    own = _own(session)
    if name in own:
        return own[name]
    tables = session.province.settings.tables
    table = next(table for table in tables if table.id == name)
    with st.spinner(session.say("points.reading", name=table.name.say(session.language))):
        return _table(session.province, table.model_dump_json(), table)


@st.cache_resource(ttl=_KEPT, max_entries=_MOST_TABLES, show_spinner=False)
def _table(_province: Province, key: str, _table: PointTable) -> Points:
    """Read a table of a province; again after a while, or when what is said of it changes."""
    del key
    return table_points(_province, _table)


def points_choice() -> PointsChoice:
    """Return what the person wants to see."""
    found: PointsChoice = st.session_state.get(_WISH, PointsChoice())
    return found


def change_points_choice(**changes: object) -> None:
    """Change fields of the choice; another register starts without filters."""
    st.session_state[_WISH] = replace(points_choice(), **changes)  # type: ignore[arg-type]


def show_points(source_id: str) -> None:
    """Show another register, without filters."""
    st.session_state[_WISH] = PointsChoice(source=source_id)
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


def points_on_map(session: Session) -> PointsOnMap | None:
    """Return what the map shows of points; ``None`` where nothing is chosen or to choose.

    Raises what reading a province's table raises.
    """
    asked = points_choice()
    tokens: dict[str, str] = st.session_state.setdefault(_TOKENS, {})
    for gone in set(tokens) - set(points_of(session)):
        shelf.drop(tokens.pop(gone))
    name = asked_source(session)
    if name == HIDDEN:
        return None
    points = _points(session, name)
    register = points.register
    asked = fitting(asked, register)
    own = session_shelf()
    tokens[name] = shelf.put(register, tokens.get(name), session=own.session)
    wanted, lacking = wanted_of(asked, session.view.selection, session.province, register)
    style = PointStyle(color_by=asked.color_by, value_colors=sector_colors(session.province))
    view = shelf.view(tokens[name], wanted, style)
    # Last: where the session has ended meanwhile, it leaves the shelf now.
    own.at_end(f"tiles {name}", partial(shelf.drop, tokens[name]))
    return PointsOnMap(points, asked, wanted, choose(register, wanted), view, lacking)


def asked_source(session: Session) -> str:
    """Return the id of the points to show: those asked for, else the first own ones."""
    asked = points_choice().source
    if asked == HIDDEN or asked in points_of(session):
        return str(asked)
    return next(iter(_own(session)), HIDDEN)


def dressed(
    spec: MapSpec, session: Session, shown: PointsOnMap | None
) -> tuple[MapSpec, Province, TileSource | None]:
    """Return the specification with points, its province, and the tiles to show."""
    if shown is None:
        return spec, session.province, None
    points, asked = shown.points, shown.choice
    if asked.mode == "tiles":
        drawn = DrawnPoints(points, shown.wanted, shown.view.style)
        dressed_spec = with_legend(spec, drawn, shown.view.legend(tile_zoom(session)))
        return dressed_spec, session.province, TileSource(shown.view.address, max_zoom=MAX_ZOOM)
    counted = counted_points(points, asked, shown.chosen)
    hexagons = counted.by == "hexagons"
    province = _with_hexagons(session.province, shown, counted) if hexagons else session.province
    return with_counts(spec, counted), province, None


def _with_hexagons(province: Province, shown: PointsOnMap, counted: PointCounts) -> Province:
    key = (id(province), shown.view.address, shown.choice.resolution)
    held = st.session_state.get(_HEXAGONS)
    if held is None or held[0] != key:
        made = replace(province, hexagons=hexagon_table(counted.counts))
        held = (key, made, province)
        st.session_state[_HEXAGONS] = held
    found: Province = held[1]
    return found


def tile_zoom(session: Session) -> int:
    """Return the zoom of the tiles on the map: Leaflet takes the nearest whole one."""
    return whole_zoom(_zoom(session))


def _zoom(session: Session) -> float:
    zoom: float = st.session_state.get(_ZOOM) or session.view.zoom or _FIRST_ZOOM
    return zoom


def found_here(session: Session, shown: PointsOnMap) -> pa.Table | None:
    """Return the points where the map was clicked last, nearest first; ``None`` without a click."""
    place = st.session_state.get(_PLACE)
    if place is None:
        return None
    latitude, longitude = place
    shrunk = math.cos(math.radians(latitude)) / 2 ** _zoom(session)
    radius_m = _CLICK_PX * _METRES_A_PIXEL * shrunk
    return identify(shown.points.register, shown.chosen, longitude, latitude, radius_m)
