"""Write the view as a GeoPackage: its layers, sources, metadata, and styles for QGIS.

Sites without a place of their own have no geometry; ``sites_by_area`` has their counts at the
label points of their areas, as maps do.
A GeoPackage is a database file, so it is written to a folder of its own that goes away.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

import geopandas as gpd
import pyogrio

from data.loader import Province
from data.work_folder import work_folder
from layers.exports.exporter import Exporter
from layers.exports.qgis_style import layer_style, stack_style
from layers.paper.sheet import PaperOptions
from layers.specification.map_spec import MapSpec
from layers.tables.unplaced_sites import sites_by_area
from layers.tables.view_tables import ViewTables, view_tables

STACKS = "sites_by_area"
"""The layer of the counts of what is known to its area only."""

Spatial: TypeAlias = "dict[str, gpd.GeoDataFrame]"

_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
    styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT CURRENT_TIMESTAMP
)
"""


def _write(spec: MapSpec, province: Province, options: PaperOptions) -> bytes:
    del options
    tables = view_tables(spec, province)
    stacks = sites_by_area(spec, province)
    drawn = {STACKS: stacks} if len(stacks) else {}
    spatial = {**tables.spatial, **drawn, **tables.ground}
    with work_folder("export") as folder:
        path = folder / "view.gpkg"
        _write_layers(path, spatial, tables, spec)
        with closing(sqlite3.connect(path)) as database:
            _write_styles(database, spatial, spec)
            database.commit()
        return path.read_bytes()


def _write_layers(path: Path, spatial: Spatial, tables: ViewTables, spec: MapSpec) -> None:
    for place, (name, table) in enumerate(spatial.items()):
        pyogrio.write_dataframe(
            table.reset_index(drop=True),
            path,
            layer=name,
            driver="GPKG",
            append=place > 0,
            # Where no site has a place, its type is not told by what is there.
            geometry_type="Point" if name in ("sites", STACKS) else None,
            layer_metadata={"TITLE": spec.title, "DESCRIPTION": spec.subtitle},
            layer_options={"IDENTIFIER": name, "DESCRIPTION": "; ".join(spec.notes)},
        )
    for name, rows in tables.plain.items():
        pyogrio.write_dataframe(rows, path, layer=name, driver="GPKG", append=True)


def _write_styles(database: sqlite3.Connection, spatial: Spatial, spec: MapSpec) -> None:
    database.execute(_STYLES_TABLE)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, ?, ?)",
        ("layer_styles", "attributes", "layer_styles"),
    )
    rows = [
        ("", "", name, "geom", "atlas", _style(name, spec), "", True, spec.title, "", None)
        for name in spatial
    ]
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _style(name: str, spec: MapSpec) -> str:
    return stack_style() if name == STACKS else layer_style(name, spec)


EXPORTER = Exporter("gpkg", "gpkg", "application/geopackage+sqlite3", "data", _write)
