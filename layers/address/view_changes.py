"""Change a view as somebody asks for on the map: open, go up, toggle, keep only one.

Pure functions from a view to a view. An id that the province does not know raises
``UnknownChoiceError``: what comes from a browser is not trusted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clusters.facets import FACETS
from clusters.matching import matching
from clusters.measures import measures_of
from clusters.selection import FILTER_FIELDS, Selection
from data.errors import UnknownChoiceError
from data.loader import Province
from layers.address.query import Ignored, parse_query
from layers.catalogue import (
    all_layers,
    default_overlays,
    overlay_ids,
    overlays_asked,
    overlays_of,
)
from layers.specification.map_spec import FeatureId
from layers.specification.view import SCORE, View

_FACETS = {facet.key: facet for facet in FACETS}


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
    if kind not in _FACETS:
        raise UnknownChoiceError("toggle", kind[:20], ("overlay", *_FACETS))
    facet = _FACETS[kind]
    values = {str(value): value for value in facet.choices(province)}
    if name not in values:
        raise UnknownChoiceError(kind[:20], name[:60], tuple(values))
    value = values[name]
    held: frozenset[Any] = getattr(view.selection, facet.field)
    if only:
        wanted = frozenset() if held == {value} else frozenset({value})
    else:
        wanted = (held or frozenset(values.values())) ^ {value}
    if len(wanted) == len(values):
        wanted = frozenset()
    changes: dict[str, Any] = {facet.field: wanted}
    return replace(view, selection=replace(view.selection, **changes))


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


def with_theme(view: View, province: Province, theme: str | None) -> View:
    """Return the view with the cities coloured by a measure, or with ``None`` by none.

    Colours, hatches and bands at once cannot be read: the first theme puts the roles of the plan
    away, where all that are on at first are on; without a theme they are back, where none is.
    """
    roles = _roles_at_first(province)
    held = set(overlays_of(view, province))
    if theme and not view.theme and roles <= held:
        held -= roles
    elif view.theme and not theme and not roles & held:
        held |= roles
    return replace(view, theme=theme, overlays=overlays_asked(held, province))


def with_roles(view: View, province: Province) -> View:
    """Return the view with the roles of the plan that are on at first, whatever its theme."""
    held = {*overlays_of(view, province), *_roles_at_first(province)}
    return replace(view, overlays=overlays_asked(held, province))


def lacks_roles(view: View, province: Province) -> bool:
    """Tell whether a theme colours the cities and no role of the plan is drawn over it."""
    roles = _roles_at_first(province)
    return bool(view.theme and roles) and not roles & set(overlays_of(view, province))


def _roles_at_first(province: Province) -> set[str]:
    return {role.id for role in province.plan.roles} & set(default_overlays(province))


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
    if facet not in FILTER_FIELDS:
        raise UnknownChoiceError("facet", facet[:60], FILTER_FIELDS)
    return replace(view, selection=replace(view.selection, **{facet: getattr(empty, facet)}))


def without_filter(view: View, field: str, value: str) -> View:
    """Return the view with one value of a field of its selection left out; a range goes whole.

    ``value`` is written as in ``FilterChip``.
    """
    held = getattr(view.selection, field, None) if field in FILTER_FIELDS else None
    if not isinstance(held, frozenset):
        return without_facet(view, field)
    changes: dict[str, Any] = {field: frozenset(one for one in held if str(one) != value)}
    return replace(view, selection=replace(view.selection, **changes))


def known_view(view: View, province: Province) -> tuple[View, tuple[Ignored, ...]]:
    """Return the view without what a province lacks, as after own data went, and what that was.

    That are values of facets, the theme, criteria of the ranking, and the site that is open. The
    same view is returned where nothing is lacking.
    """
    changes: dict[str, Any] = {}
    lacking: list[Ignored] = []
    kept: dict[str, Any] = {}
    for facet in FACETS:
        held: frozenset[Any] = getattr(view.selection, facet.field)
        if held and (gone := held - frozenset(facet.choices(province))):
            kept[facet.field] = held - gone
            lacking += [Ignored(facet.key, str(value)) for value in sorted(gone, key=str)]
    if kept:
        changes["selection"] = replace(view.selection, **kept)
    measures = {SCORE, *(measure.id for measure in measures_of(province))}
    if view.theme is not None and view.theme not in measures:
        changes["overlays"] = with_theme(view, province, None).overlays
        changes["theme"] = None
        lacking.append(Ignored("theme", view.theme))
    weights = tuple(one for one in view.weights if one[0] in measures)
    if weights != view.weights:
        changes["weights"] = weights
        lacking += [Ignored("weights", name) for name, _ in view.weights if name not in measures]
    if view.site is not None and view.site not in province.sites.index:
        changes["site"] = None
        lacking.append(Ignored("site", view.site))
    return (replace(view, **changes) if changes else view), tuple(lacking)


def city_map_view(view: View, province: Province, adcode: int) -> View:
    """Return what the map of one city shows: the sites that match, or else the city alone.

    Its roles in the plan are drawn, no theme is.
    """
    city = Selection(cities=frozenset({adcode}))
    filtered = replace(view.selection.of_measures(), cities=city.cities)
    chosen = city if matching(province, filtered).sites.empty else filtered
    return with_theme(replace(view, selection=chosen, profile=None), province, None)
