"""Turn a map specification into tables: what the view shows, row by row, with its sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clusters.area_of_interest import site_positions
from data.crs import GEOGRAPHIC
from data.loader import Province
from data.own.own_grade import own_sources
from data.text import join, say
from layers.specification.derived import geometry_of, geometry_table
from layers.specification.ground_tables import GROUND
from layers.specification.map_spec import GeometryId, MapSpec
from layers.tables.analysis_tables import (
    analysis_sources,
    chain_table,
    city_columns,
    measures_table,
)
from layers.tables.companies_sheet import companies_sheet
from layers.tables.findings import finding_sources, findings
from layers.tables.layer_columns import class_labels, layer_columns, stating_layers
from layers.tables.raw_rows import site_rows, source_rows

COMBINED_COLUMNS = ("layer", "id", "name_zh", "name_en", "longitude", "latitude")

_COLUMNS: dict[GeometryId, list[str]] = {
    "neighbours": ["adcode", "name_zh", "name_en"],
    "cities": ["adcode", "name_zh", "name_en"],
    "counties": ["adcode", "city_adcode", "name_zh", "name_en", "kind"],
    "catchments": ["id", "distance_km"],
    "road_catchments": ["id", "distance_km"],
    "area_of_interest": ["id", "area_km2"],
    "footprints": ["id", "sector", "sites", "cities", "main_sector"],
    "hexagons": ["id", "count"],
    "water": ["id", "name_zh", "name_en", "kind"],
    "roads": ["id", "name_zh", "name_en"],
    "railways": ["id", "name_zh", "name_en"],
    "towns": ["id", "name_zh", "name_en", "county_adcode", "population"],
    "ports": ["id", "name_zh", "name_en", "kind"],
}
"""What the tables hold of each geometry, whatever is drawn on it."""

_WHOLE = ("cities", "counties")
"""Areas of the province: each has a row, also one that no layer marks."""


@dataclass(frozen=True, eq=False)
class ViewTables:
    """What a view shows, as tables in EPSG:4326.

    ``spatial``: the cities, and every other geometry that a layer of the map states something
    on, in the order of the layers. Their columns: those of the geometry, then those of each
    layer (``layers.tables.layer_columns``) in the order of the layers. Cities have ``selected``,
    ``area_km2`` and what is measured of them (``city_columns``) too; sites ``confidence``, and
    ``in_area`` (``inside`` or ``perhaps``) where an area is asked about.
    ``own_data`` names file and day in cities and sites where own data is part. ``measures``,
    ``chain``, ``findings`` (those of ``layers.tables.findings`` by name): tables without
    geometry. ``sources``: id, title, publisher, date, grade, address of all that the tables
    rest on.
    """

    spec: MapSpec
    province: Province

    @cached_property
    def by_layer(self) -> dict[str, pd.DataFrame]:
        """The columns of each layer that states something, by its id, lowest first."""
        spec, province = self.spec, self.province
        return {one.id: layer_columns(one, spec, province) for one in stating_layers(spec)}

    @cached_property
    def spatial(self) -> dict[str, gpd.GeoDataFrame]:
        """The tables with geometry, by its name; one whose layers draw nothing has no rows."""
        names: list[GeometryId] = ["cities", *(one.geometry for one in stating_layers(self.spec))]
        return {name: self._table(name) for name in dict.fromkeys(names)}

    @cached_property
    def ground(self) -> dict[str, gpd.GeoDataFrame]:
        """What lies under the map, by the name of its geometry: nothing that the view states."""
        shown = dict.fromkeys(one.geometry for one in self.spec.layers if one.geometry in GROUND)
        return {name: ground_features(self.province, name) for name in shown}

    @property
    def cities(self) -> gpd.GeoDataFrame:
        """The cities of the province."""
        return self.spatial["cities"]

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites that are drawn."""
        return self.spatial.get("sites", feature_table(self.spec, self.province, "sites"))

    def _table(self, geometry: GeometryId) -> gpd.GeoDataFrame:
        table = feature_table(self.spec, self.province, geometry)
        said = [self.by_layer[one.id] for one in stating_layers(self.spec, geometry)]
        table = _joined(table, said)
        if geometry == "cities":
            return _marked(table, self.spec, self.province)
        if geometry == "sites":
            return _marked(table, self.spec, self.province, table["sources"])
        return table

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The measures of the selected cities."""
        return measures_table(self.spec, self.province)

    @cached_property
    def chain(self) -> pd.DataFrame:
        """The links of the chain in the selected cities."""
        return chain_table(self.spec, self.province)

    @cached_property
    def companies(self) -> pd.DataFrame:
        """The companies that own the sites."""
        return companies_sheet(self.province, self.sites, self.spec.language)

    @cached_property
    def findings(self) -> dict[str, pd.DataFrame]:
        """What was found, by name."""
        return findings(self.spec, self.province)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources of all of this."""
        found = (*_named_sources(self.companies), *finding_sources(self.findings))
        return _sources(self.spec, self.province, self.sites, found)

    @property
    def plain(self) -> dict[str, pd.DataFrame]:
        """The tables without geometry, by name: measures, chain, companies, findings, sources."""
        known = {"measures": self.measures, "chain": self.chain}
        if len(self.companies):
            known["companies"] = self.companies
        return {**known, **self.findings, "sources": self.sources}


def view_tables(spec: MapSpec, province: Province) -> ViewTables:
    """Return the tables of what ``spec`` draws; each is made when it is first asked for."""
    return ViewTables(spec, province)


def _marked(
    table: gpd.GeoDataFrame, spec: MapSpec, province: Province, of: pd.Series | None = None
) -> gpd.GeoDataFrame:
    """Return ``table`` with ``own_data`` where a person's own files are part of it.

    With ``of`` (source ids) the rows that come from such a file have the mark, else all:
    what is counted for cities counts own sites too. Without own data there is no column.
    """
    own = {
        one.id: say("own.mark", spec.language, file=one.publisher, date=one.date)
        for one in own_sources(province)
    }
    if not own or table.empty:
        return table
    whole = join(list(own.values()), spec.language)
    marks = whole if of is None else of.map(own).astype(object)
    marked = table.copy()
    marked.insert(len(marked.columns) - 1, "own_data", marks)
    return marked


def layer_table(spec: MapSpec, province: Province, layer_id: str) -> gpd.GeoDataFrame:
    """Return the features that one layer of ``spec`` draws, in EPSG:4326, by their ids.

    The columns of the layer's geometry, those that the layer itself names, and ``class``: what
    the legend calls how a feature is drawn. Empty where the layer draws nothing.
    """
    layer = next((one for one in spec.layers if one.id == layer_id), None)
    if layer is None:
        return feature_table(spec, province, "cities").iloc[:0].assign(**{"class": None})
    labels = class_labels(layer)
    table = feature_table(spec, province, layer.geometry)
    own = [] if layer.columns is None else [layer.columns(spec, province)]
    joined = _joined(table, [*own, labels.to_frame("class")])
    return joined[joined.index.isin(labels.index)]


def feature_table(spec: MapSpec, province: Province, geometry: GeometryId) -> gpd.GeoDataFrame:
    """Return the features of a geometry that ``spec`` draws, without what its layers say of them.

    Cities and counties are all there; EPSG:4326, by feature id.
    """
    whole = geometry_of(spec, province, geometry)
    drawn = {
        name
        for layer in stating_layers(spec, geometry)
        for found in layer.classes
        for name in found.features
    }
    table = whole if geometry in _WHOLE else whole[whole.index.isin(list(drawn))]
    if geometry == "sites":
        sites = site_rows(table, province)
        area = spec.selection.area
        said = [] if area is None else [site_positions(province, area).to_frame("in_area")]
        return _joined(sites, said)
    plain = table[[*_COLUMNS[geometry], "geometry"]]
    return _joined(plain, [_of_cities(spec, province)] if geometry == "cities" else [])


def ground_features(province: Province, name: GeometryId) -> gpd.GeoDataFrame:
    """Return a layer of the ground for files: EPSG:4326, by feature id."""
    table = geometry_table(province, name)[[*_COLUMNS[name], "geometry"]]
    if name == "towns":
        # On maps a town without a Chinese name has its other one; files tell names as they are.
        table = table.assign(name_zh=province.ground.towns["name_zh"].to_numpy())
    named = table[["name_zh", "name_en"]]
    return table.assign(**named.where(named.notna() & (named != ""), None))


def _joined(table: gpd.GeoDataFrame, added: Sequence[pd.DataFrame]) -> gpd.GeoDataFrame:
    """Return ``table`` with more columns, by feature id, before its geometry.

    Raises ``ValueError`` where two columns share a name.
    """
    columns = [table.drop(columns="geometry"), *(one.reindex(table.index) for one in added)]
    joined = pd.concat(columns, axis="columns")
    doubles = sorted(set(joined.columns[joined.columns.duplicated()]))
    if doubles:
        raise ValueError(f"two columns of a layer share the name {', '.join(doubles)}")
    return gpd.GeoDataFrame(joined, geometry=table.geometry, crs=GEOGRAPHIC)


def _of_cities(spec: MapSpec, province: Province) -> pd.DataFrame:
    index = province.cities.index
    area = province.city_areas_km2.round(1)
    asked = pd.DataFrame({"selected": ~index.isin(spec.dimmed), "area_km2": area}, index=index)
    return asked.join(city_columns(spec, province))


def _named_sources(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids in the column ``sources`` of a table, each once."""
    names = (name for names in table["sources"].dropna() for name in str(names).split(";"))
    return tuple(dict.fromkeys(names))


def _sources(
    spec: MapSpec, province: Province, sites: gpd.GeoDataFrame, found: tuple[str, ...]
) -> pd.DataFrame:
    used = dict.fromkeys(source.id for source in spec.sources)
    used |= dict.fromkeys(found)
    used |= dict.fromkeys(analysis_sources(spec, province))
    used |= dict.fromkeys(name for names in sites["sources"] for name in names.split(";"))
    return source_rows(used, province, spec.language)


def combined(tables: ViewTables) -> gpd.GeoDataFrame:
    """Return all features of the view in one table, told apart by the column ``layer``.

    ``id`` is the adcode or the site's id; ``longitude`` and ``latitude`` are those of a
    site, or of a point inside an area; they are empty, as the geometry is, for a site without a
    place of its own. Columns that a layer lacks are empty in its rows.
    """
    parts = []
    for name, table in tables.spatial.items():
        part = table.copy()
        points = table.geometry.representative_point()
        part["longitude"], part["latitude"] = points.x.round(6), points.y.round(6)
        part["layer"] = name
        part["id"] = table["id"] if "id" in table else table["adcode"].astype(str)
        parts.append(part.drop(columns=["adcode"], errors="ignore"))
    said = [str(name) for table in tables.by_layer.values() for name in table.columns]
    ground = [name for part in parts for name in part.columns if name not in said]
    columns = dict.fromkeys([*COMBINED_COLUMNS, *ground, *said])
    columns.pop("geometry")
    whole = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return gpd.GeoDataFrame(whole.reindex(columns=[*columns, "geometry"]), crs=GEOGRAPHIC)
