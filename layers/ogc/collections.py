"""List the collections of features of a province, each in one place.

Roles of the plan and the overlays of the catalogue are collections by themselves. To add
another one, add an entry to ``_COLLECTIONS``, and its words (``ogc.<id>``) to the catalogue of
phrases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import shapely

from clusters.companies import company_names
from clusters.measures import measures_of, take
from clusters.selection import Selection, selected_cities, selected_sites
from data.crs import GEOGRAPHIC
from data.loader import Province, default_province_id
from data.province_cache import cached_on_province
from data.text import Language, say
from layers.catalogue import all_layers
from layers.compose import compose
from layers.specification.derived import geometry_table
from layers.specification.ground_tables import GROUND, is_there
from layers.specification.map_spec import GeometryId
from layers.specification.scene import Scene
from layers.specification.view import SCORE, View
from layers.tables.analysis_tables import city_columns, column_name
from layers.tables.companies_sheet import companies_sheet
from layers.tables.view_tables import ground_features, layer_table

_Taken = Callable[[Province, View], gpd.GeoDataFrame]


@dataclass(frozen=True)
class Collection:
    """A collection of features in EPSG:4326; ``features(view)`` takes them.

    Its table is indexed by feature id. Columns ``source`` and ``source_year`` say of each
    feature where it comes from. ``geometry`` names what its features are drawn on.
    """

    id: str
    title: str
    description: str
    province: Province
    take: _Taken
    geometry: GeometryId

    def features(self, view: View) -> gpd.GeoDataFrame:
        """Return the features that a view selects."""
        return self.take(self.province, view)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its table without geometry, whatever a view selects."""
        return _columns(self.province, self.take)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The box around all its features: west, south, east, north in decimal degrees.

        That of the province where there is none, or one has no place of its own.
        """
        table = geometry_table(self.province, self.geometry)
        if table.empty or table.geometry.isna().any():
            table = self.province.cities
        west, south, east, north = (round(float(value), 6) for value in table.total_bounds)
        return west, south, east, north

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of its features; ``None`` where they have none."""
        if "year" not in self.columns or self.province.sites["year"].isna().all():
            return None
        years = self.province.sites["year"]
        return int(years.min()), int(years.max())


@cached_on_province(64)
def _columns(province: Province, take: _Taken) -> tuple[str, ...]:
    table = take(province, View(province.id))
    return tuple(str(name) for name in table.columns if name != "geometry")


@cached_on_province(2)
def collections_of(province: Province, language: Language) -> tuple[Collection, ...]:
    """Return every collection of a province.

    Other provinces than the default one have their id before a collection's: ``id.cities``.
    """
    own = province.id == default_province_id()
    before = "" if own else f"{province.id}."
    name = province.settings.name.say(language)
    fixed = [
        Collection(
            f"{before}{key}",
            f"{name}: {say(f'ogc.{key}', language)}",
            say(f"ogc.{key}_note", language),
            province,
            taken,
            geometry,
        )
        for key, (taken, geometry) in _COLLECTIONS.items()
    ]
    roles = [
        Collection(
            f"{before}role-{role.id}",
            f"{name}: {role.name.say(language)}",
            role.aim.say(language),
            province,
            _role(role.id),
            "cities",
        )
        for role in province.plan.roles
    ]
    return (*fixed, *roles, *_drawn(province, language, before))


def _drawn(province: Province, language: Language, before: str) -> list[Collection]:
    """Return a collection for each overlay whose features are not among the others."""
    scene = Scene.of_words(province, View(province.id, language=language))
    name = province.settings.name.say(language)
    return [
        Collection(
            f"{before}{layer.id}",
            f"{name}: {layer.title_in(scene)}",
            say("ogc.layer_note", language),
            province,
            _ground(layer.geometry) if layer.geometry in GROUND else _layer(layer.id),
            layer.geometry,
        )
        for layer in all_layers(province)
        if layer.switchable
        and (not layer.decorative or is_there(province, layer.geometry))
        and layer.legend_group != "legend.roles"
        and layer.id not in _COLLECTIONS
    ]


def _sources_words(province: Province, ids: Iterable[str]) -> tuple[str, str | None]:
    """Return publishers and titles of sources, and the newest of their years."""
    found = [province.sources[name] for name in ids if name in province.sources]
    words = "; ".join(f"{one.publisher}: {one.title.en}" for one in found)
    return words, max((one.year for one in found if one.year), default=None)


_WHOLE = ("adcode", "year", "rank", "rank_low", "rank_high")


def _with_source(
    table: gpd.GeoDataFrame, province: Province, ids: Iterable[Iterable[str]]
) -> gpd.GeoDataFrame:
    """Return ``table`` with its sources; codes, years and ranks are whole though some miss."""
    whole = [
        name
        for name in table.columns
        if str(name).endswith(_WHOLE) and pd.api.types.is_float_dtype(table[name])
    ]
    table = table.astype(dict.fromkeys(whole, "Int64"))
    words = [_sources_words(province, names) for names in ids]
    place = len(table.columns) - 1
    table.insert(place, "source", [one[0] for one in words])
    table.insert(place + 1, "source_year", [one[1] for one in words])
    return table


def _areas(name: str, columns: list[str]) -> _Taken:
    def taken(province: Province, view: View) -> gpd.GeoDataFrame:
        del view
        table = getattr(province, name)[[*columns, "geometry"]].copy()
        return _with_source(table, province, [[province.settings.boundary_source]] * len(table))

    return taken


def _cities(province: Province, view: View) -> gpd.GeoDataFrame:
    chosen = selected_cities(view.selection, province)
    table = province.cities.loc[chosen, ["adcode", "name_zh", "name_en", "geometry"]].copy()
    area = province.city_areas_km2.reindex(table.index).round(1)
    table.insert(len(table.columns) - 1, "area_km2", area)
    return _with_source(table, province, [[province.settings.boundary_source]] * len(table))


def _measures(province: Province, view: View) -> gpd.GeoDataFrame:
    """Return the cities with every measure as a column, ``<measure>_year`` where it has one."""
    chosen = selected_cities(Selection(cities=view.selection.cities), province)
    table = province.cities.loc[chosen, ["adcode", "name_zh", "name_en", "geometry"]].copy()
    columns, ids = {}, [province.settings.boundary_source]
    for measure in measures_of(province):
        found = take(province, view.selection, measure.id)
        columns[column_name(measure.id)] = found.values
        if found.years.notna().any():
            columns[f"{column_name(measure.id)}_year"] = found.years
        ids += found.sources
    joined = table.drop(columns="geometry").join(pd.DataFrame(columns))
    whole = gpd.GeoDataFrame(joined, geometry=table.geometry, crs=GEOGRAPHIC)
    return _with_source(whole, province, [list(dict.fromkeys(ids))] * len(whole))


def _sites(province: Province, view: View) -> gpd.GeoDataFrame:
    table = province.sites[selected_sites(view.selection, province)].copy()
    ids = [str(names).split(";") for names in table["sources"]]
    for name, words in company_names(province, table).items():
        table.insert(len(table.columns) - 1, str(name), words)
    return _with_source(table, province, ids)


def _companies(province: Province, view: View) -> gpd.GeoDataFrame:
    """Return the companies that own some of the sites, at those of them that have a place."""
    sites = province.sites[selected_sites(view.selection, province)]
    told = companies_sheet(province, sites, view.language).set_index("id", drop=False)
    placed = sites[sites.geometry.notna()].groupby("company").geometry
    places = placed.agg(lambda points: shapely.MultiPoint([*points])).reindex(told.index)
    table = gpd.GeoDataFrame(told, geometry=gpd.GeoSeries(places, crs=GEOGRAPHIC))
    ids = [str(names).split(";") for names in table["sources"]]
    return _with_source(table, province, ids)


def _role(role_id: str) -> _Taken:
    def taken(province: Province, view: View) -> gpd.GeoDataFrame:
        role = province.plan.role(role_id)
        chosen = selected_cities(view.selection, province) & province.cities.index.isin(role.cities)
        table = province.cities.loc[chosen, ["adcode", "name_zh", "name_en", "geometry"]].copy()
        place = len(table.columns) - 1
        table.insert(place, "role_zh", role.name.zh)
        table.insert(place + 1, "role_en", role.name.en)
        return _with_source(table, province, [role.sources] * len(table))

    return taken


def _ranking(province: Province, view: View) -> gpd.GeoDataFrame:
    """Return the cities with score, rank, its band, and what each criterion adds."""
    view = replace(view, theme=SCORE)
    spec = compose(view, province)
    chosen = selected_cities(Selection(cities=view.selection.cities), province)
    table = province.cities.loc[chosen, ["adcode", "name_zh", "name_en", "geometry"]].copy()
    joined = table.drop(columns="geometry").join(city_columns(spec, province))
    whole = gpd.GeoDataFrame(joined, geometry=table.geometry, crs=GEOGRAPHIC)
    ids = dict.fromkeys([province.settings.boundary_source, *(one.id for one in spec.sources)])
    return _with_source(whole, province, [list(ids)] * len(whole))


def _ground(name: GeometryId) -> _Taken:
    def taken(province: Province, view: View) -> gpd.GeoDataFrame:
        del view
        table = ground_features(province, name)
        return _with_source(table, province, [province.ground.source_ids(name)] * len(table))

    return taken


def _layer(layer_id: str) -> _Taken:
    def taken(province: Province, view: View) -> gpd.GeoDataFrame:
        spec = compose(replace(view, overlays=(layer_id,)), province)
        table = layer_table(spec, province, layer_id)
        named = next((one.sources for one in spec.layers if one.id == layer_id), ())
        return _with_source(table, province, [[*named]] * len(table))

    return taken


_COLLECTIONS: dict[str, tuple[_Taken, GeometryId]] = {
    "cities": (_cities, "cities"),
    "counties": (
        _areas("counties", ["adcode", "city_adcode", "name_zh", "name_en", "kind"]),
        "counties",
    ),
    "neighbours": (_areas("neighbours", ["adcode", "name_zh", "name_en"]), "neighbours"),
    "sites": (_sites, "sites"),
    "companies": (_companies, "sites"),
    "measures": (_measures, "cities"),
    "ranking": (_ranking, "cities"),
}
