"""Offer the layers of a province as collections of features that other tools can read live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import geopandas as gpd
import pandas as pd

from clusters.evidence import confidence
from clusters.plan import role_membership
from clusters.selection import selected_cities, selected_sites
from data.crs import GEOGRAPHIC
from data.loader import Province, default_province_id
from data.model import Source
from data.text import Language, say
from layers.derived import group_footprints, hub_catchments
from layers.view import View

FILTER_KEYS = ("sector", "segment", "role", "city", "status", "years")
"""The keys of a view's query that narrow a collection, as they narrow the map."""
_DRAWN_ONLY = ["label_lon", "label_lat"]
_ROLE = "role-"
_WHOLE_NUMBERS = ["county_adcode", "year", "source_year"]


@dataclass(frozen=True)
class Collection:
    """A layer as other tools see it.

    ``id`` is unique in the installation: that of the layer, after the province's id and a dot
    where the province is not the default one. ``layer`` is the layer's own id.
    """

    id: str
    layer: str
    title: str
    has_years: bool


def collections(province: Province, language: Language) -> tuple[Collection, ...]:
    """Return the collections of a province: its areas, sites, roles, and derived polygons."""
    before = "" if province.id == default_province_id() else f"{province.id}."
    titles = {
        name: say(f"ogc.{name}", language)
        for name in ("cities", "counties", "neighbours", "sites", "catchments", "footprints")
    }
    titles |= {f"{_ROLE}{role.id}": role.name.say(language) for role in province.plan.roles}
    place = province.settings.name.say(language)
    return tuple(
        Collection(
            f"{before}{name}",
            name,
            say("label.value", language, label=place, value=title),
            name == "sites",
        )
        for name, title in titles.items()
    )


@lru_cache(maxsize=64)
def _whole(province: Province, layer: str) -> gpd.GeoDataFrame:
    """Return all features of a layer, each with ``sources`` (ids) and ``source_year``."""
    found: gpd.GeoDataFrame
    if layer == "sites":
        found = province.sites.copy()
        found["confidence"] = [confidence(province, str(name)) for name in found.index]
        found["source_year"] = [_years(province, str(ids)) for ids in found["sources"]]
    elif layer in ("catchments", "footprints"):
        table = hub_catchments(province) if layer == "catchments" else group_footprints(province)
        found = table.drop(columns=["name_zh", "name_en"])
        used = province.settings.site_source if layer == "footprints" else None
        _mark(found, province, used or province.settings.boundary_source)
    elif layer.startswith(_ROLE):
        role = next(one for one in province.plan.roles if one.id == layer.removeprefix(_ROLE))
        found = _cities(province).loc[role_membership(province)[role.id]]
        ids = ";".join(dict.fromkeys([province.settings.boundary_source, *role.sources]))
        _mark(found, province, ids)
    else:
        found = _cities(province) if layer == "cities" else getattr(province, layer).copy()
        _mark(found, province, province.settings.boundary_source)
    found = found.drop(columns=[*_DRAWN_ONLY, "id"], errors="ignore")
    for name in found.columns.intersection(_WHOLE_NUMBERS):
        found[name] = found[name].astype("Int64")
    found.index = found.index.astype(str)
    return found.to_crs(GEOGRAPHIC)


def _cities(province: Province) -> gpd.GeoDataFrame:
    table = province.cities.copy()
    table["area_km2"] = province.city_areas_km2.round(1)
    roles = role_membership(province)
    table["roles"] = [";".join(roles.columns[row]) for row in roles.to_numpy()]
    return table


def _mark(table: gpd.GeoDataFrame, province: Province, ids: str) -> None:
    table["sources"] = ids
    table["source_year"] = _years(province, ids)


def _years(province: Province, ids: str) -> int | None:
    """Return the year of the latest of some sources; ``None`` where none states one."""
    years = [province.sources[name].year for name in ids.split(";")]
    return max((int(year) for year in years if year), default=None)


def layer_sources(province: Province, layer: str) -> tuple[Source, ...]:
    """Return the sources that the features of a layer name, each once."""
    names = ";".join(_whole(province, layer)["sources"].unique()).split(";")
    return tuple(province.sources[name] for name in dict.fromkeys(names) if name)


def features(province: Province, layer: str, view: View | None = None) -> gpd.GeoDataFrame:
    """Return the features of a layer that a view selects, in EPSG:4326, indexed by text ids.

    ``layer`` is one of those that ``collections`` names. Without ``view``: all of them. A
    view narrows sites as the map does, and areas to those of the selected cities.
    """
    table = _whole(province, layer)
    if view is None or view.selection.is_empty:
        return table
    if layer == "sites":
        return table[selected_sites(view.selection, province).to_numpy()]
    of_cities = replace(view.selection, statuses=frozenset(), years=None)
    chosen = selected_cities(of_cities, province)
    names = chosen.index[chosen]
    if layer == "counties":
        return table[table["city_adcode"].isin(names)]
    if layer == "cities" or layer.startswith(_ROLE):
        return table[table["adcode"].isin(names)]
    if layer == "footprints" and view.selection.sectors:
        return table[table["sector"].isin(list(view.selection.sectors))]
    return table


def properties(row: pd.Series) -> dict[str, object]:
    """Return a row's columns without the geometry as JSON can hold them; none is NaN."""
    found: dict[str, object] = {}
    for name, value in row.drop("geometry").items():
        plain = value.item() if hasattr(value, "item") else value
        missing = plain is None or (not isinstance(plain, str | list | tuple) and pd.isna(plain))
        found[str(name)] = None if missing else plain
    return found
