"""Hold what a layer of the catalogue needs to know to draw itself, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from data.loader import Province
from data.model import Text
from data.text import Language, say
from layers.specification.map_spec import (
    FeatureId,
    GeometryId,
    Grouping,
    LayerColumns,
    LegendEntry,
    Symbol,
    SymbolClass,
    TextField,
)
from layers.specification.symbology import faded
from layers.specification.view import View

LEGEND_GROUPS = (
    "legend.theme",
    "legend.roles",
    "legend.sites",
    "legend.analysis",
    "legend.ground",
    "legend.base",
)
"""The groups of the legend, from top to bottom: keys of the catalogue of phrases."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A province, a view of it, and which cities the view selects (boolean, by adcode)."""

    province: Province
    view: View
    selected: pd.Series

    @classmethod
    def of_words(cls, province: Province, view: View) -> Scene:
        """Return a scene for titles only: every city counts as selected."""
        return cls(province, view, pd.Series(True, index=province.cities.index))

    @property
    def language(self) -> Language:
        """The language of the view."""
        return self.view.language

    @property
    def name_field(self) -> TextField:
        """The column that holds names in the language of the view."""
        return "name_zh" if self.language == "zh" else "name_en"

    def has_overlay(self, layer_id: str) -> bool:
        """Tell whether the view names a layer among those that are on."""
        return layer_id in (self.view.overlays or ())

    def classes(
        self, label: str, symbol: Symbol, features: Iterable[int]
    ) -> tuple[SymbolClass, ...]:
        """Return ``features`` (city adcodes) as up to two classes: selected, and faded."""
        adcodes = tuple(int(adcode) for adcode in features)
        inside = tuple(adcode for adcode in adcodes if self.selected.at[adcode])
        outside = tuple(adcode for adcode in adcodes if not self.selected.at[adcode])
        both = (
            SymbolClass(label, symbol, inside),
            SymbolClass(label, faded(symbol), outside),
        )
        return tuple(found for found in both if found.features)

    def say(self, key: str, /, **values: object) -> str:
        """Return a phrase of the catalogue in the language of the view."""
        return say(key, self.language, **values)

    def text(self, text: Text) -> str:
        """Return a phrase of the data in the language of the view."""
        return text.say(self.language)


@dataclass(frozen=True)
class Drawn:
    """What a layer draws in a scene: classes, legend entries, sources, values for tooltips.

    ``legend_title`` replaces the heading of the layer's group in the legend. A layer without
    classes is not shown, unless ``keep_empty`` says that its emptiness is a finding. ``min_zoom``
    replaces the layer's own; a screen draws the layer from ``screen_from_zoom`` on, while paper,
    whose lines are finer, draws it at every scale. Rings that count one of the ``marked``
    features have a rim.
    """

    classes: tuple[SymbolClass, ...]
    legend: tuple[LegendEntry, ...] = ()
    sources: tuple[str, ...] = ()
    values: tuple[tuple[FeatureId, str], ...] = ()
    legend_title: str = ""
    keep_empty: bool = False
    min_zoom: float | None = None
    screen_from_zoom: float = 0.0
    marked: tuple[FeatureId, ...] = ()


@dataclass(frozen=True)
class CatalogueLayer:
    """A layer that the atlas can draw. A file in ``layers/catalogue`` defines one as ``LAYER``.

    ``order`` says what lies above what (larger is higher). A layer with ``switchable`` is an
    overlay that views turn on and off; it is on at first when ``default``. Within a group of
    the legend, layers of a lower ``legend_rank`` stand first. What the layer draws is in every
    data file, with ``columns`` of its own, unless it is ``decorative``: a border, a name, a mark
    of what is open, which states nothing by itself. What is ``deferred`` a screen fetches after the
    rest; what ``fades`` makes way, close up, for the ground that is on.
    """

    id: str
    title: str | Callable[[Scene], str]
    order: int
    geometry: GeometryId
    draw: Callable[[Scene], Drawn]
    legend_group: str = "legend.base"
    legend_rank: int = 0
    switchable: bool = False
    default: bool = True
    min_zoom: float = 0.0
    interactive: bool = False
    in_tooltip: bool = False
    groupings: tuple[Grouping, ...] = ()
    decorative: bool = False
    columns: LayerColumns | None = None
    deferred: bool = False
    fades: bool = False

    def title_in(self, scene: Scene) -> str:
        """Return the layer's title in the language of the scene."""
        return scene.say(self.title) if isinstance(self.title, str) else self.title(scene)
