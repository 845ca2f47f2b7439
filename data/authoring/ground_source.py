"""Find the packages that ground layers are derived from, and say where a layer ends.

The packages are those of the group ``ground`` of ``pyproject.toml``. They are read as files:
importing the tables of roads would build a graph of the whole world.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import shapely

from data.crs import GEOGRAPHIC, transformer
from data.errors import AtlasError, DataError
from data.model import ProvinceSettings
from data.schema import AreaRow, CityRow, CountyRow, read_areas, read_toml

Shapes = TypeVar("Shapes", bound=Any)
"""One geometry, or an array of them."""

MARGIN_DEG = 0.15
"""How far beyond the province its ground goes, in decimal degrees."""


class MissingSourceError(AtlasError):
    """A package that ground layers are derived from is not installed; says how to get it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"`{name}` is not installed: `make ground` installs it and derives anew")


def package_folder(name: str) -> Path:
    """Return the folder of an installed package, which is not imported.

    Raises ``MissingSourceError`` where it is not installed.
    """
    try:
        found = find_spec(name)
    except ModuleNotFoundError:
        found = None
    if found is None or not found.submodule_search_locations:
        raise MissingSourceError(name)
    return Path(next(iter(found.submodule_search_locations)))


@dataclass(frozen=True)
class StudyGround:
    """The province whose ground is derived: its folder, its settings, its areas in EPSG:4326."""

    folder: Path
    settings: ProvinceSettings
    cities: gpd.GeoDataFrame
    counties: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame

    @classmethod
    def open(cls, folder: Path) -> StudyGround:
        """Open a province's folder; its boundaries must have been derived already.

        Raises ``DataError`` with every fault of its settings and boundaries.
        """
        settings, faults = read_toml(folder / "province.toml", ProvinceSettings)
        tables = []
        for name, row in (("cities", CityRow), ("counties", CountyRow), ("neighbours", AreaRow)):
            table, table_faults = read_areas(folder / f"{name}.geojson", row)
            tables.append(table)
            faults += table_faults
        if settings is None or faults:
            raise DataError(faults)
        return cls(folder, settings, *tables)

    @cached_property
    def land(self) -> shapely.Geometry:
        """The province and its neighbours, as far as the boundary files have them."""
        areas = [*self.counties.geometry, *self.neighbours.geometry]
        return shapely.union_all(areas)

    @cached_property
    def reach(self) -> shapely.Geometry:
        """The province and ``MARGIN_DEG`` around it: nothing of the ground lies beyond."""
        return shapely.union_all(self.counties.geometry.to_numpy()).buffer(MARGIN_DEG)

    def metric(self, shapes: Shapes) -> Shapes:
        """Return shapes of EPSG:4326 in the province's CRS of distances, in metres."""
        return _moved(shapes, GEOGRAPHIC, self.settings.metric_crs)

    def geographic(self, shapes: Shapes) -> Shapes:
        """Return shapes of the province's CRS of distances in EPSG:4326."""
        return _moved(shapes, self.settings.metric_crs, GEOGRAPHIC)


def _moved(shapes: Shapes, source: str, target: str) -> Shapes:
    move = transformer(source, target).transform
    moved: Shapes = shapely.transform(shapes, move, interleaved=False)
    return moved
