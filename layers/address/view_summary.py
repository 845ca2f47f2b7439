"""Say in a line what a view shows, without drawing it."""

from __future__ import annotations

from dataclasses import replace

from data.loader import Province
from layers.catalogue import overlays_of
from layers.compose import subtitle, theme_name
from layers.specification.scene import Scene
from layers.specification.view import View
from layers.words.matching_words import describe_selection
from layers.words.plan_words import map_title


def view_summary(view: View, province: Province) -> str:
    """Return the subtitle of the view's map; its title where it has none."""
    return subtitle(_scene(view, province)) or map_title(province, view.language)


def view_title(view: View, province: Province) -> str:
    """Return what to call a view: what colours its cities and what is filtered, or its title."""
    theme = theme_name(_scene(view, province))
    filters = describe_selection(view.selection, province, view.language)
    parts = [part for part in (theme, filters) if part]
    scene = _scene(view, province)
    return scene.say("clause.separator").join(parts) or map_title(province, view.language)


def _scene(view: View, province: Province) -> Scene:
    return Scene.of_words(province, replace(view, overlays=overlays_of(view, province)))
