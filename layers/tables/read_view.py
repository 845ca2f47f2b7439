"""Turn the tables of a view into tables to read, in the language of the view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from clusters.measures import measures_of
from data.text import say
from layers.specification.map_spec import MapLayer
from layers.tables.analysis_tables import SCORE_COLUMNS, column_name
from layers.tables.layer_columns import stating_layers
from layers.tables.read_columns import ColumnWords
from layers.tables.read_sites import sites_to_read
from layers.tables.read_sources import CitedSources
from layers.tables.read_table import ReadColumn, ReadTable, words_column
from layers.tables.view_tables import ViewTables
from layers.words.measure_words import measure_decimals, measure_name, measure_title
from layers.words.plan_words import hub_name

_SHOWN: dict[str, tuple[str, ...]] = {
    "cities": ("name", "selected", "area_km2"),
    "counties": ("name", "city_adcode", "kind"),
    "neighbours": ("name",),
    "catchments": ("distance_km",),
    "road_catchments": ("distance_km",),
    "area_of_interest": ("area_km2",),
    "footprints": ("sector", "sites", "cities", "main_sector"),
    "hexagons": ("count",),
    "measures": ("city", "title", "value", "sites", "weak", "year"),
    "chain": (
        *("city", "sector", "segment_name", "sites", "state", "nearest_name", "distance_km"),
        "measured_by",
    ),
    "companies": (
        *("name", "group", "partners", "listed_code", "sites", "cities", "segments"),
        *("first_year", "last_year"),
    ),
    "ranking": (
        *("rank", "city", "score", "rank_low", "rank_high", "score_known", "title", "weight"),
        *("value", "year", "sites", "weak", "worst", "best", "normalised", "added"),
    ),
    "concentration": ("sector_name", "sites", "herfindahl", "gini", "weak"),
    "suppliers": (
        *("hub_name", "segment_name", "site_name", "distance_km", "in_hub", "measured_by"),
    ),
    "related": ("segment_name", "other_name", "proximity", "sites", "weak"),
    "similar": ("city", "other", "similarity", "weak"),
    "access": (
        *("county", "city", "seat", "hub", "hub_km", "port", "port_km", "airport", "airport_km"),
        *("main_road_km", "railway_km"),
    ),
    "change": ("city", "title", "earlier", "later", "change", "national", "competitive"),
}
"""The columns of each table that people read; names and cities are those of the language."""

_OF_MEASURES = {"measures": "measure", "ranking": "criterion"}
"""Tables whose rows have the decimals of the measure that this column names."""

_IN_UNITS_OF_MEASURES = {"value", "worst", "best"}
_IN_UNITS_OF_FIGURES = {"change", "national", "competitive"}


@dataclass(frozen=True, eq=False)
class ViewReading:
    """The tables of a view as people read them."""

    tables: ViewTables

    @cached_property
    def words(self) -> ColumnWords:
        """How columns are read."""
        return ColumnWords(self.tables.province, self.tables.spec.language)

    @cached_property
    def cited(self) -> CitedSources:
        """The sources of all tables."""
        ids = tuple(self.tables.sources["id"]) if len(self.tables.sources) else ()
        return CitedSources(self.tables.province, ids, self.words.language)

    def read(self) -> tuple[ReadTable, ...]:
        """Return the tables that have rows, in the order of the data, the sources last."""
        plain = {name: one for name, one in self.tables.plain.items() if name != "sources"}
        spatial = (self._spatial(name, table) for name, table in self.tables.spatial.items())
        others = (self._table(name, table) for name, table in plain.items())
        return (*(one for one in (*spatial, *others) if one.rows), self.cited.table())

    def _spatial(self, name: str, table: pd.DataFrame) -> ReadTable:
        added = tuple(self._added(name, table))
        if name == "cities":
            return self._table(name, table, added, tuple(self._basis(table)))
        if name != "sites":
            return self._table(name, table, added)
        return sites_to_read(
            table,
            self.words.province,
            self.words.language,
            self.cited,
            lead="sheet_lead.sites",
            more=added,
        )

    def _table(
        self,
        name: str,
        table: pd.DataFrame,
        added: tuple[ReadColumn, ...] = (),
        beside: tuple[ReadColumn, ...] = (),
    ) -> ReadTable:
        language = self.words.language
        own = tuple(self._column(name, one, table) for one in self._found(name, table))
        numbers, links = self.cited.cited(table["sources"]) if "sources" in table else (None, ())
        columns = (*own, *added, *(() if numbers is None else (numbers,)))
        hub = hub_name(self.words.province, language)
        lead = say(f"sheet_lead.{name}", language, hub=hub)
        return ReadTable(name, say(f"sheet.{name}", language), lead, columns, (*beside, *links))

    def _found(self, name: str, table: pd.DataFrame) -> Iterator[str]:
        """Yield those columns of ``_SHOWN`` that the table has, as they are called there."""
        for one in _SHOWN[name]:
            spoken = f"{one}_{self.words.language}"
            if one in table or spoken in table:
                yield one if one in table else spoken

    def _column(self, name: str, column: str, table: pd.DataFrame) -> ReadColumn:
        unit, decimals = "", None
        if name in _OF_MEASURES and column in _IN_UNITS_OF_MEASURES:
            decimals = [self._decimals[one] for one in table[_OF_MEASURES[name]]]
        if name == "change" and column in _IN_UNITS_OF_FIGURES:
            indicators = self.words.province.indicators
            decimals = [indicators[one].decimals for one in table["indicator"]]
            unit = str(table["unit"].iloc[0])
        head = self.words.head(name, column, unit)
        return self.words.column(head, column, table[column], decimals)

    @cached_property
    def _decimals(self) -> dict[str, int]:
        province = self.words.province
        return {one.id: measure_decimals(province, one) for one in measures_of(province)}

    def _added(self, name: str, table: pd.DataFrame) -> Iterator[ReadColumn]:
        """Yield what is measured of cities, what layers state, and what concerns a session."""
        if name == "cities":
            yield from self._measured(table)
        for one in ("in_area", "own_data"):
            if one in table:
                yield self.words.column(self.words.head(name, one), one, table[one])
        for layer in stating_layers(self.tables.spec):
            if layer.geometry == name:
                yield from self._stated(name, layer, table)

    def _measured(self, cities: pd.DataFrame) -> Iterator[ReadColumn]:
        """Yield the score and the measures among the columns of ``city_columns``."""
        province, language = self.words.province, self.words.language
        for one in SCORE_COLUMNS.values():
            if one in cities:
                yield self._column("cities", one, cities)
        for measure in measures_of(province):
            column = column_name(measure.id)
            if column in cities:
                title = measure_title(province, measure, language)
                decimals = self._decimals[measure.id]
                yield self.words.column(title, column, cities[column], decimals)

    def _basis(self, cities: pd.DataFrame) -> Iterator[ReadColumn]:
        """Yield what each measure of ``city_columns`` rests on, and counts in the score."""
        province, language = self.words.province, self.words.language
        for measure in measures_of(province):
            column, name = column_name(measure.id), measure_name(province, measure, language)
            for part in ("sites", "year", "weight", "added"):
                if f"{column}_{part}" in cities:
                    head = say(f"column.of_measure_{part}", language, name=name)
                    yield self.words.column(head, part, cities[f"{column}_{part}"])

    def _stated(self, name: str, layer: MapLayer, table: pd.DataFrame) -> Iterator[ReadColumn]:
        """Yield what a layer states: columns of its own, or else how the map draws features."""
        stem = layer.id.replace("-", "_")
        drawn = f"class_{stem}", f"value_{stem}"
        own = [str(one) for one in self.tables.by_layer[layer.id] if one not in drawn]
        for place, column in enumerate(own, start=1):
            head = layer.title
            if self.words.knows(name, column):
                head = self.words.head(name, column)
            elif len(own) > 1:
                head = say(
                    "column.of_layer", self.words.language, title=layer.title, place=str(place)
                )
            yield self.words.column(head, column, table[column])
        if own:
            return
        yield from self._classed(layer, table[drawn[0]])
        if drawn[1] in table and layer.id != "theme":
            head = say("column.of_layer_value", self.words.language, title=layer.title)
            yield words_column(head, table[drawn[1]])

    def _classed(self, layer: MapLayer, labels: pd.Series) -> Iterator[ReadColumn]:
        """Yield how the legend calls features; yes and no where it has one name for some of them.

        Nothing where it says of all of them what the layer is called.
        """
        said: Sequence[str] = list(dict.fromkeys(labels.dropna()))
        if len(said) == 1 and labels.isna().any():
            yield self.words.column(said[0], "", labels.notna())
        elif said and said != [layer.title]:
            head = say("column.on_map", self.words.language, title=layer.title)
            yield words_column(head, labels)
