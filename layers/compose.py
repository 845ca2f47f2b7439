"""Compose a view of a province into a map specification."""

from __future__ import annotations

from dataclasses import replace

from clusters.measures import measure_named
from clusters.selection import Selection, selected_cities
from data.loader import Province
from data.own.own_grade import own_sources
from data.text import join
from layers.catalogue import all_layers, overlays_of
from layers.specification.ground_tables import GROUND
from layers.specification.map_spec import Extent, LegendEntry, LegendGroup, MapLayer, MapSpec
from layers.specification.scene import LEGEND_GROUPS, CatalogueLayer, Drawn, Scene
from layers.specification.view import SCORE, View
from layers.words.matching_words import describe_selection, matching_sentence
from layers.words.measure_words import measure_name
from layers.words.plan_words import map_note, map_title


def compose(view: View, province: Province) -> MapSpec:
    """Return everything that the view shows: layers lowest first, legend, title, sources."""
    view = replace(view, overlays=overlays_of(view, province))
    scene = Scene(province, view, selected_cities(_asked_cities(view), province))
    shown = [
        (layer, drawn)
        for layer in all_layers(province)
        if not layer.switchable or scene.has_overlay(layer.id)
        if (drawn := layer.draw(scene)).classes or drawn.keep_empty
    ]
    source_ids = dict.fromkeys(source for _, drawn in shown for source in drawn.sources)
    outside = scene.selected.index[~scene.selected]
    return MapSpec(
        province=province.id,
        language=view.language,
        title=map_title(province, view.language),
        subtitle=subtitle(scene),
        layers=_map_layers(shown, scene),
        legend=_legend(shown, scene),
        dimmed=tuple(int(adcode) for adcode in outside),
        extent=_extent(view, province),
        basemap=view.basemap,
        sources=tuple(province.sources[source] for source in source_ids),
        notes=(map_note(province, view.language), *_own_note(scene)),
        focus=view.site or view.county or view.profile,
        selection=view.selection,
        theme=view.theme,
        weights=view.weights,
    )


def _own_note(scene: Scene) -> tuple[str, ...]:
    """Say that a person's own files are among what the view rests on, drawn or counted."""
    own = own_sources(scene.province)
    files = join([f"{one.publisher} ({one.date})" for one in own], scene.language)
    return (scene.say("own.note", files=files),) if own else ()


def _asked_cities(view: View) -> Selection:
    """Return what narrows the cities: under a theme, facets of sites narrow what is measured."""
    return view.selection if view.theme is None else view.selection.of_cities()


def _map_layers(shown: list[tuple[CatalogueLayer, Drawn]], scene: Scene) -> tuple[MapLayer, ...]:
    has_ground = any(layer.geometry in GROUND for layer, _ in shown)
    return tuple(
        _map_layer(layer, drawn, scene, fades=layer.fades and has_ground) for layer, drawn in shown
    )


def _map_layer(layer: CatalogueLayer, drawn: Drawn, scene: Scene, *, fades: bool) -> MapLayer:
    return MapLayer(
        id=layer.id,
        title=layer.title_in(scene),
        geometry=layer.geometry,
        classes=drawn.classes,
        min_zoom=layer.min_zoom if drawn.min_zoom is None else drawn.min_zoom,
        screen_from_zoom=drawn.screen_from_zoom,
        interactive=layer.interactive,
        in_tooltip=layer.in_tooltip,
        groupings=layer.groupings,
        sources=drawn.sources,
        values=drawn.values,
        decorative=layer.decorative,
        columns=layer.columns,
        marked=drawn.marked,
        deferred=layer.deferred,
        fades=fades,
    )


def _legend(shown: list[tuple[CatalogueLayer, Drawn]], scene: Scene) -> tuple[LegendGroup, ...]:
    entries: dict[str, list[LegendEntry]] = {group: [] for group in LEGEND_GROUPS}
    titles = {group: scene.say(group) for group in LEGEND_GROUPS}
    for layer, drawn in sorted(shown, key=lambda item: item[0].legend_rank):
        entries[layer.legend_group] += [
            replace(entry, toggle=f"overlay.{layer.id}")
            if layer.switchable and not entry.toggle
            else entry
            for entry in drawn.legend
        ]
        if drawn.legend_title:
            titles[layer.legend_group] = drawn.legend_title
    return tuple(
        LegendGroup(titles[group], tuple(lines)) for group, lines in entries.items() if lines
    )


def _extent(view: View, province: Province) -> Extent:
    west, south, east, north = (float(value) for value in province.cities.total_bounds)
    return Extent((west, south, east, north), view.center, view.zoom)


def subtitle(scene: Scene) -> str:
    """Say in one line what colours the cities, which roles are drawn, and what is filtered."""
    plan = scene.province.plan
    shown = [scene.text(role.name) for role in plan.roles if scene.has_overlay(role.id)]
    parts = [theme_name(scene)] if scene.view.theme else []
    parts += [scene.say("list.separator").join(shown)] if shown else []
    filters = describe_selection(scene.view.selection, scene.province, scene.language)
    if filters:
        parts.append(scene.say("map.filtered", filters=filters))
        parts.append(matching_sentence(scene.view.selection, scene.province, scene.language))
    return scene.say("clause.separator").join(parts)


def theme_name(scene: Scene) -> str:
    """Return the name of what colours the cities; an empty string where nothing does."""
    theme = scene.view.theme
    if theme is None or theme == SCORE:
        return scene.say("theme.score") if theme else ""
    measure = measure_named(scene.province, theme)
    return measure_name(scene.province, measure, scene.language)
