"""Turn a map specification into tables: what the view shows, row by row, with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from clusters.evidence import confidence
from data.crs import GEOGRAPHIC
from data.loader import Province
from data.own.own_source import own_sources
from data.text import join, say
from layers.specification.derived import geometry_table
from layers.specification.map_spec import GeometryId, MapLayer, MapSpec
from layers.tables.analysis_tables import (
    analysis_sources,
    chain_table,
    city_columns,
    county_columns,
    measures_table,
)
from layers.tables.findings import finding_sources, findings

COMBINED_COLUMNS = ("layer", "id", "name_zh", "name_en", "longitude", "latitude")


@dataclass(frozen=True, eq=False)
class ViewTables:
    """What a view shows, as tables in EPSG:4326.

    ``cities``: adcode, names, ``selected``, one boolean column a role that is drawn,
    ``area_km2``, and what colours them (``city_columns``). ``counties``: adcode, city, names,
    kind, and hot spots where they are drawn; empty where the layer is off. ``sites``: the
    columns of ``SiteRow`` and ``confidence``; empty where the layer is off. ``own_data`` names
    file and day in cities and sites where own data is part. ``catchments`` and ``footprints``:
    empty where the layers are off. ``measures``, ``chain``, ``findings`` (those of
    ``layers.tables.findings`` by name): tables without geometry. ``sources``: id, title, publisher,
    date, grade, address of all that the tables rest on.
    """

    spec: MapSpec
    province: Province

    @cached_property
    def cities(self) -> gpd.GeoDataFrame:
        """The cities of the province."""
        return _marked(_cities(self.spec, self.province), self.spec, self.province)

    @cached_property
    def counties(self) -> gpd.GeoDataFrame:
        """The counties, where they are drawn."""
        return _counties(self.spec, self.province)

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites, where they are drawn."""
        layers = {layer.id: layer for layer in self.spec.layers}
        sites = _sites(layers.get("sites"), self.province)
        return _marked(sites, self.spec, self.province, sites["sources"])

    @cached_property
    def catchments(self) -> gpd.GeoDataFrame:
        """What lies near hubs, where it is drawn."""
        return _drawn(self.spec, "catchments", self.province)

    @cached_property
    def footprints(self) -> gpd.GeoDataFrame:
        """The ground of groups of sites, where it is drawn."""
        return _drawn(self.spec, "footprints", self.province)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The measures of the selected cities."""
        return measures_table(self.spec, self.province)

    @cached_property
    def chain(self) -> pd.DataFrame:
        """The links of the chain in the selected cities."""
        return chain_table(self.spec, self.province)

    @cached_property
    def findings(self) -> dict[str, pd.DataFrame]:
        """What was found, by name."""
        return findings(self.spec, self.province)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources of all of this."""
        return _sources(self.spec, self.province, self.sites, finding_sources(self.findings))

    @property
    def plain(self) -> dict[str, pd.DataFrame]:
        """The tables without geometry, by name: measures, chain, findings, sources."""
        known = {"measures": self.measures, "chain": self.chain}
        return {**known, **self.findings, "sources": self.sources}

    @property
    def spatial(self) -> dict[str, gpd.GeoDataFrame]:
        """The tables with geometry that have rows, by name."""
        names = ("cities", "counties", "sites", "catchments", "footprints")
        tables = {name: getattr(self, name) for name in names}
        return {name: table for name, table in tables.items() if len(table)}


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


def _counties(spec: MapSpec, province: Province) -> gpd.GeoDataFrame:
    shown = any(layer.id in ("counties", "hotspots") for layer in spec.layers)
    counties = province.counties if shown else province.counties.iloc[:0]
    own = counties[["adcode", "city_adcode", "name_zh", "name_en", "kind"]]
    found = county_columns(spec, province).reindex(own.index)
    return gpd.GeoDataFrame(own.join(found), geometry=counties.geometry, crs=GEOGRAPHIC)


def layer_table(spec: MapSpec, province: Province, layer_id: str) -> gpd.GeoDataFrame:
    """Return the features that one layer of ``spec`` draws, in EPSG:4326, by their ids.

    The columns of ``ViewTables`` for the layer's geometry, and ``class``: what the legend calls
    how a feature is drawn. Empty where the layer draws nothing.
    """
    layer = next((one for one in spec.layers if one.id == layer_id), None)
    classes = layer.classes if layer else ()
    labels = {name: found.label for found in classes for name in found.features}
    whole = _geometry_columns(spec, province, layer)
    table = whole[whole.index.isin(list(labels))].copy()
    table.insert(len(table.columns) - 1, "class", [labels[name] for name in table.index])
    return table


def _geometry_columns(
    spec: MapSpec, province: Province, layer: MapLayer | None
) -> gpd.GeoDataFrame:
    if layer is None or layer.geometry == "cities":
        return _cities(spec, province)
    if layer.geometry in _DERIVED_COLUMNS:
        return _drawn(spec, layer.geometry, province)
    return _sites(layer, province) if layer.geometry == "sites" else _counties(spec, province)


_DERIVED_COLUMNS: dict[GeometryId, list[str]] = {
    "catchments": ["id", "distance_km"],
    "footprints": ["id", "sector", "sites", "cities", "main_sector"],
}


def _drawn(spec: MapSpec, geometry: GeometryId, province: Province) -> gpd.GeoDataFrame:
    """Return the features of a derived geometry that the view draws; none where it is off."""
    columns = _DERIVED_COLUMNS[geometry]
    drawn = {
        name
        for layer in spec.layers
        if layer.geometry == geometry
        for found in layer.classes
        for name in found.features
    }
    if not drawn:
        return gpd.GeoDataFrame(columns=columns, geometry=[], crs=GEOGRAPHIC)
    table = geometry_table(province, geometry)
    return table.loc[table.index.isin(drawn), [*columns, "geometry"]]


def _cities(spec: MapSpec, province: Province) -> gpd.GeoDataFrame:
    cities = province.cities[["adcode", "name_zh", "name_en", "geometry"]].copy()
    cities.insert(3, "selected", ~cities.index.isin(spec.dimmed))
    roles = {role.id for role in province.plan.roles}
    for layer in spec.layers:
        if layer.id in roles:
            held = {name for found in layer.classes for name in found.features}
            cities.insert(len(cities.columns) - 1, f"role_{layer.id}", cities.index.isin(held))
    cities.insert(len(cities.columns) - 1, "area_km2", province.city_areas_km2.round(1))
    for name, values in city_columns(spec, province).items():
        cities.insert(len(cities.columns) - 1, str(name), values)
    return cities


def _sites(layer: MapLayer | None, province: Province) -> gpd.GeoDataFrame:
    if layer is None:
        return province.sites.iloc[:0]
    drawn = {name for found in layer.classes for name in found.features}
    sites = province.sites[province.sites.index.isin(drawn)].copy()
    sites["longitude"], sites["latitude"] = sites.geometry.x, sites.geometry.y
    grades = [confidence(province, str(name)) for name in sites.index]
    sites.insert(len(sites.columns) - 1, "confidence", grades)
    return sites


def _sources(
    spec: MapSpec, province: Province, sites: gpd.GeoDataFrame, found: tuple[str, ...]
) -> pd.DataFrame:
    used = dict.fromkeys(source.id for source in spec.sources)
    used |= dict.fromkeys(found)
    used |= dict.fromkeys(analysis_sources(spec, province))
    used |= dict.fromkeys(name for names in sites["sources"] for name in names.split(";"))
    rows = [
        {
            "id": source.id,
            "title": source.title.say(spec.language),
            "publisher": source.publisher,
            "date": source.date or "",
            "grade": source.grade,
            "address": source.address,
        }
        for source in (province.sources[name] for name in used)
    ]
    return pd.DataFrame(rows)


def combined(tables: ViewTables) -> gpd.GeoDataFrame:
    """Return all features of the view in one table, told apart by the column ``layer``.

    ``id`` is the adcode or the site's id; ``longitude`` and ``latitude`` are those of a
    site, or of a point inside an area. Columns that a layer lacks are empty in its rows.
    """
    parts = []
    for name, table in tables.spatial.items():
        part = table.copy()
        points = table.geometry if name == "sites" else table.geometry.representative_point()
        part["longitude"], part["latitude"] = points.x.round(6), points.y.round(6)
        part["layer"] = name
        part["id"] = table["id"] if "id" in table else table["adcode"].astype(str)
        parts.append(part.drop(columns=["adcode"], errors="ignore"))
    whole = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=GEOGRAPHIC)
    others = [name for name in whole.columns if name not in (*COMBINED_COLUMNS, "geometry")]
    return whole[[*COMBINED_COLUMNS, *others, "geometry"]]
