"""Change a view as somebody asks for on the map: open, go up, toggle, keep only one.

Pure functions from a view to a view. An id that the province does not know raises
``UnknownChoiceError``: what comes from a browser is not trusted.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from clusters.selection import Selection
from data.errors import UnknownChoiceError
from data.loader import Province
from layers.address.query import parse_query
from layers.catalogue import all_layers, overlay_ids, overlays_asked, overlays_of
from layers.specification.map_spec import FeatureId
from layers.specification.view import View

_FACETS = {"role": "roles", "sector": "sectors", "segment": "segments"}


def opened(view: View, province: Province, place: FeatureId | None) -> View:
    """Open the record of a city or county (adcode) or a site (id); ``None`` opens none."""
    if place is None:
        return replace(view, profile=None, county=None, site=None)
    if isinstance(place, str):
        if place not in province.sites.index:
            raise UnknownChoiceError("site", place[:60], tuple(province.sites.index[:20]))
        return replace(view, site=place)
    if place in province.counties.index:
        city = int(province.counties.at[place, "city_adcode"])
        return replace(view, profile=city, county=place, site=None)
    if place in province.cities.index:
        return replace(view, profile=place, county=None, site=None)
    raise UnknownChoiceError("place", str(place), tuple(province.city_slugs.values()))


def toggled(view: View, province: Province, what: str, *, only: bool = False) -> View:
    """Switch one thing of the view, named ``overlay.<id>``, ``role.<id>``, ``sector.<id>``...

    An overlay goes or comes. A value of a facet is left out or let in again; where that would
    leave all of them or none, the facet filters nothing. ``only`` leaves this one alone; asked
    for once more, it gives all back.
    """
    kind, _, name = what.partition(".")
    if kind == "overlay":
        return _overlay(view, province, name, only=only)
    choices = _choices(kind, province)
    if name not in choices:
        raise UnknownChoiceError(kind[:20], name[:60], choices)
    field = _FACETS[kind]
    held: frozenset[str] = getattr(view.selection, field)
    if only:
        wanted = frozenset() if held == {name} else frozenset({name})
    else:
        wanted = (held or frozenset(choices)) ^ {name}
    if len(wanted) == len(choices):
        wanted = frozenset()
    changes: dict[str, Any] = {field: wanted}
    return replace(view, selection=replace(view.selection, **changes))


def _choices(kind: str, province: Province) -> tuple[str, ...]:
    plan = province.plan
    if kind == "role":
        return tuple(role.id for role in plan.roles)
    if kind == "sector":
        return tuple(sector.id for sector in plan.sectors)
    if kind == "segment":
        return tuple(segment.id for segment in plan.segments())
    raise UnknownChoiceError("toggle", kind[:20], ("overlay", *_FACETS))


def _overlay(view: View, province: Province, name: str, *, only: bool) -> View:
    """Switch an overlay; ``only`` leaves it alone among those of its group of the legend."""
    known = overlay_ids(province)
    if name not in known:
        raise UnknownChoiceError("overlay", name[:60], known)
    groups = {layer.id: layer.legend_group for layer in all_layers(province)}
    held = set(overlays_of(view, province))
    if only:
        group = {other for other in known if groups[other] == groups[name]}
        alone = held & group == {name}
        wanted = held | group if alone else (held - group) | {name}
    else:
        wanted = held ^ {name}
    return replace(view, overlays=overlays_asked(wanted, province))


def of_preset(view: View, province: Province, preset_id: str) -> View:
    """Return the view that a preset of the province declares, in the language of ``view``."""
    for preset in province.presets:
        if preset.id == preset_id:
            return parse_query(preset.query, province, language=view.language).view
    raise UnknownChoiceError(
        "preset", preset_id[:60], tuple(preset.id for preset in province.presets)
    )


def without_facet(view: View, facet: str) -> View:
    """Return the view with one facet of its selection (a field of ``Selection``) emptied."""
    empty = Selection()
    names = tuple(field.name for field in fields(empty))
    if facet not in names:
        raise UnknownChoiceError("facet", facet[:60], names)
    return replace(view, selection=replace(view.selection, **{facet: getattr(empty, facet)}))
