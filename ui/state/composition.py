"""Compose what the map page shows once for all its parts, and once for all who ask the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import streamlit as st

from data.errors import AtlasError
from data.loader import Province
from data.own.own_grade import own_sources
from layers.compose import compose
from layers.specification.map_spec import MapSpec
from layers.specification.view import View
from layers.web.folium_map import TileSource
from ui.state.point_display import PointsOnMap, dressed, points_choice, points_on_map, tile_zoom
from ui.state.session import Session

_SHOWN = "atlas.shown"
_MOST_SPECS = 256


@dataclass(frozen=True, eq=False)
class MapContent:
    """What is on the map: its specification, the province with what points add, and tiles.

    ``problem`` says why the points cannot be shown: the rest of the map goes on.
    """

    spec: MapSpec
    province: Province
    tiles: TileSource | None
    points: PointsOnMap | None
    problem: AtlasError | None


def map_content(session: Session) -> MapContent:
    """Return what the map shows, made anew."""
    points, problem = _points_now(session)
    spec, province, tiles = dressed(composed(session.view, session.province), session, points)
    shown = MapContent(spec, province, tiles, points, problem)
    st.session_state[_SHOWN] = (_key(session), session.province, shown)
    return shown


def kept_map_content(session: Session) -> MapContent:
    """Return what the map shows, as another part of the page made it if nothing has changed."""
    return _held(session) or map_content(session)


def kept_points(session: Session) -> PointsOnMap | None:
    """Return the points that the map shows, without composing it if it has changed."""
    shown = _held(session)
    return _points_now(session)[0] if shown is None else shown.points


def _points_now(session: Session) -> tuple[PointsOnMap | None, AtlasError | None]:
    try:
        return points_on_map(session), None
    except AtlasError as error:
        return None, error


def _held(session: Session) -> MapContent | None:
    """Return what the map shows, if nothing has changed since it was made."""
    key, province, shown = st.session_state.get(_SHOWN, (None, None, None))
    return shown if key == _key(session) and province is session.province else None


def _key(session: Session) -> tuple[object, ...]:
    return (session.view, points_choice(), tile_zoom(session))


def composed(view: View, province: Province) -> MapSpec:
    """Return ``compose``; where a view of a province without own data was asked before, that."""
    if own_sources(province):
        return compose(view, province)
    # Where the map stands changes nothing but the extent.
    spec = _composed(replace(view, center=None, zoom=None), province)
    return replace(spec, extent=replace(spec.extent, center=view.center, zoom=view.zoom))


@lru_cache(maxsize=_MOST_SPECS)
def _composed(view: View, province: Province) -> MapSpec:
    return compose(view, province)
